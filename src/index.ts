/**
 * pstat as a library.
 *
 * @example
 * import { loadProfile, Stats } from 'pstat-cli';
 *
 * const stats = new Stats(await loadProfile('profile.cpuprofile'));
 * stats.functions({ sort: ['tottime'], limit: 10 }).rows;
 * stats.callers('serializeLinks').rows;
 */

export { type ErrorKind, PstatError } from './base/errors.ts';
export { type CompareOptions, compare } from './compare/compare.ts';
export type {
  Change,
  ComparedFunction,
  ComparedSide,
  Comparison,
  CountChange,
  Family,
  Verdict,
} from './compare/comparison.ts';
export { type WriteProfOptions, writeProf } from './formats/python/write-prof.ts';
export { type LoadOptions, loadProfile, loadProfiles } from './input/load.ts';
export { readProfile } from './input/read-bytes.ts';
export type { ReadOptions } from './input/read-file.ts';
export type { SourceMapOptions } from './input/source-maps.ts';
export {
  buildCallGraph,
  type CallGraph,
  type EdgeIndex,
  type Edges,
  type Metrics,
  type Sums,
} from './model/call-graph.ts';
export type { CallTree, NodeIndex } from './model/call-tree.ts';
export type { Count } from './model/count.ts';
export { applyFocus, type FunctionTest } from './model/focus.ts';
export type { FunctionIndex, FunctionKind, FunctionTable, GeneratedPlace } from './model/function-table.ts';
export type { LineTimes } from './model/line-times.ts';
export { merge } from './model/merge.ts';
export { mergeLines } from './model/merge-lines.ts';
export type { ProfileNote } from './model/notes.ts';
export type {
  EdgesProfile,
  EdgeTable,
  Profile,
  StacksProfile,
  Timeline,
} from './model/profile.ts';
export type { Microseconds, Seconds, TracedMetrics } from './model/raw-profile.ts';
export { applyWindow, type Window } from './model/window.ts';
export type { Grouping } from './query/grouping.ts';
export type { Limit } from './query/limit.ts';
export type { PatternLike } from './query/pattern.ts';
export type { PathStyle } from './query/places.ts';
export type { SortKey } from './query/sort-keys.ts';
export {
  type FunctionResult,
  type FunctionRow,
  type GroupRow,
  type Query,
  type RelationRow,
  Stats,
  type StatsOptions,
} from './query/stats.ts';
export type { ProfileSummary, SummaryNote } from './query/summary.ts';
export {
  type Closable,
  type ProfiledListener,
  type ProfilerMiddleware,
  type ProfilerOptions,
  profiler,
  type ServedRequest,
} from './record/request/profiler.ts';
export { formatNote } from './render/note-words.ts';
