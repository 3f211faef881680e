/**
 * Several profiles as one: functions that are equal become one, call nodes of the same path become one, figures and
 * durations add up. What belongs to one recording alone (its order of samples, its interval) is dropped or, where
 * all agree, kept.
 */

import { cannotMerge } from '../base/errors.ts';
import { plural } from '../base/text.ts';
import { CallTreeBuilder } from './call-tree.ts';
import { at } from './columns.ts';
import { addCounts, type Count } from './count.ts';
import { type FunctionIndex, type FunctionTable, FunctionTableBuilder, functionAt } from './function-table.ts';
import type { EdgesProfile, EdgeTable, Profile, StacksProfile } from './profile.ts';
import type { Seconds, TracedMetrics } from './raw-profile.ts';
import { possiblyRecursive } from './recursion.ts';

/**
 * One profile out of several, in the order given; a single one is returned as it is.
 * Throws PstatError (`missing-data`) for samples with calls.
 */
export function merge(profiles: readonly [Profile, ...Profile[]]): Profile {
  const merging = new ProfileMerger();
  for (const profile of profiles) merging.add(profile);
  return merging.finish() ?? profiles[0];
}

/** Profiles that are being made one, in the order in which they come; none is kept but the first. */
export class ProfileMerger {
  #first: Profile | null = null;
  /** Null while there are no two. */
  #merged: Merger<Profile> | null = null;

  /** Throws PstatError (`missing-data`) for samples with calls, and for stacks with pairs. */
  add(profile: Profile): void {
    if (this.#first === null) {
      this.#first = profile;
    } else {
      this.#merged ??= mergerFor(this.#first);
      this.#merged.add(profile);
    }
  }

  /** All of them as one, the only one as it is, or null for none. Nothing must be added afterwards. */
  finish(): Profile | null {
    return this.#merged === null ? this.#first : this.#merged.finish();
  }
}

/** What profiles of a kind are together. */
interface Merger<Kind extends Profile> {
  add(profile: Kind): void;
  finish(): Kind;
}

/** Takes any profile, and refuses what is not like the first. */
function mergerFor(first: Profile): Merger<Profile> {
  return 'callTree' in first
    ? checkingKind(first, new MergedStacks())
    : checkingKind(first, new MergedEdgesProfile(first.counts));
}

function checkingKind<Kind extends Profile>(first: Kind, merged: Merger<Kind>): Merger<Profile> {
  merged.add(first);
  return { add: (profile) => merged.add(requireSameKind(first, profile)), finish: () => merged.finish() };
}

/** The profiles, if they can be one. Throws PstatError (`missing-data`) for samples with calls, and stacks with pairs. */
export function checkMergeable(profiles: readonly [Profile, ...Profile[]]): readonly [Profile, ...Profile[]] {
  for (const profile of profiles) requireSameKind(profiles[0], profile);
  return profiles;
}

function requireSameKind<Kind extends Profile>(first: Kind, other: Profile): Kind {
  if (isSameKind(first, other)) return other;
  const why = `it holds ${describeContents(other)}, the other ${describeContents(first)}`;
  throw cannotMerge(first.sources[0] ?? '', other.sources[0] ?? '', why);
}

function isSameKind<Kind extends Profile>(first: Kind, other: Profile): other is Kind {
  return describeContents(first) === describeContents(other);
}

function describeContents(profile: Profile): string {
  return 'callTree' in profile
    ? 'samples of stacks'
    : { samples: 'sampled pairs', calls: 'counted calls' }[profile.counts];
}

/** How a name is written where functions are compared. */
type NameRule = (name: string) => string;

class MergedStacks implements Merger<StacksProfile> {
  readonly #metadata = new MergedMetadata();
  readonly #functions: MergedFunctions;
  readonly #nodes = new MergedNodes();
  readonly #times = { duration: 0, beforeFirstSample: 0, afterLastSample: 0, excluded: 0 };
  /** Null once a profile does not know it. */
  #queued: number | null = 0;
  #isUndisturbed = true;
  /** The interval that all have, or null; undefined while there is none. */
  #interval: number | null | undefined;

  constructor(rule: NameRule = withoutAddresses) {
    this.#functions = new MergedFunctions(rule);
  }

  add(profile: StacksProfile): void {
    this.#metadata.add(profile);
    this.#nodes.add(profile.callTree, this.#functions.add(profile.functions));
    for (const time of TIMES) this.#times[time] += profile[time];
    this.#queued = this.#queued === null || profile.queued === null ? null : this.#queued + profile.queued;
    this.#isUndisturbed &&= profile.isUndisturbed;
    this.#interval = this.#interval === undefined || this.#interval === profile.interval ? profile.interval : null;
  }

  finish(): StacksProfile {
    return {
      counts: 'samples',
      ...this.#metadata.finish(),
      functions: this.#functions.finish(),
      callTree: this.#nodes.finish(),
      ...this.#times,
      interval: this.#interval ?? null,
      timeline: null,
      queued: this.#queued,
      isUndisturbed: this.#isUndisturbed,
    };
  }
}

const TIMES = ['duration', 'beforeFirstSample', 'afterLastSample', 'excluded'] as const;

class MergedEdgesProfile implements Merger<EdgesProfile> {
  readonly #counts: EdgesProfile['counts'];
  readonly #origins = new MergedMetadata();
  readonly #functions: MergedFunctions;
  readonly #rows = new Map<FunctionIndex, number>();
  readonly #figures = new MergedFigures();
  readonly #edges = new MergedEdges();

  constructor(counts: EdgesProfile['counts'], rule: NameRule = withoutAddresses) {
    this.#counts = counts;
    this.#functions = new MergedFunctions(rule);
  }

  add(profile: EdgesProfile): void {
    this.#origins.add(profile);
    const translation = this.#functions.add(profile.functions);
    profile.rows.forEach((fn, row) => {
      this.#figures.add(this.#rowOf(at(translation, fn)), profile.figures, row);
    });
    this.#edges.add(profile.edges, translation);
  }

  /** Rows are numbered in order of first appearance. */
  #rowOf(fn: FunctionIndex): number {
    const row = this.#rows.get(fn) ?? this.#rows.size;
    this.#rows.set(fn, row);
    return row;
  }

  finish(): EdgesProfile {
    return {
      counts: this.#counts,
      ...this.#origins.finish(),
      functions: this.#functions.finish(),
      rows: Int32Array.from(this.#rows.keys()),
      figures: this.#figures.columns,
      edges: this.#edges.finish(),
    };
  }
}

/** What is said of where profiles come from, of all of them. */
class MergedMetadata {
  readonly #formats = new Set<string>();
  readonly #sources: string[] = [];
  readonly #notes = new MergedNotes();
  #executingLines = false;

  add(profile: Profile): void {
    this.#formats.add(profile.format);
    this.#sources.push(...profile.sources);
    this.#notes.add(profile);
    this.#executingLines ||= profile.executingLines;
  }

  finish() {
    return {
      format: [...this.#formats].join(', '),
      executingLines: this.#executingLines,
      sources: this.#sources,
      notes: this.#notes.finish(),
    };
  }
}

/** Functions of all profiles, under the names by which they are compared. */
class MergedFunctions {
  readonly #table = new FunctionTableBuilder();
  readonly #rule: NameRule;

  constructor(rule: NameRule) {
    this.#rule = rule;
  }

  /** FunctionIndex of the table that is added -> FunctionIndex of the merged one. */
  add(from: FunctionTable): Int32Array {
    return Int32Array.from({ length: from.length }, (_, fn) => {
      const info = functionAt(from, fn);
      return this.#table.intern({ ...info, name: this.#rule(info.name) });
    });
  }

  finish(): FunctionTable {
    return this.#table.finish();
  }
}

/** A trie over call paths: a node is one step from its parent's merged node. */
class MergedNodes {
  readonly #tree = new CallTreeBuilder();
  readonly #nodeOf = new PairNumbers();

  add(tree: StacksProfile['callTree'], translation: Int32Array): void {
    const mergedNode = new Int32Array(tree.length);
    for (let node = 0; node < tree.length; node++) {
      const parent = at(tree.parent, node);
      const above = parent === -1 ? -1 : at(mergedNode, parent);
      const merged = this.#step(above, at(translation, at(tree.function, node)));
      this.#tree.add(merged, at(tree.self, node), at(tree.samples, node));
      mergedNode[node] = merged;
    }
  }

  #step(parent: number, fn: FunctionIndex): number {
    const known = this.#nodeOf.length;
    const node = this.#nodeOf.of(parent, fn);
    if (node === known) this.#tree.push(parent, fn);
    return node;
  }

  finish(): StacksProfile['callTree'] {
    return this.#tree.finish().tree;
  }
}

class MergedEdges {
  readonly #caller: FunctionIndex[] = [];
  readonly #callee: FunctionIndex[] = [];
  readonly #edgeOf = new PairNumbers();
  readonly #figures = new MergedFigures();

  add(pairs: EdgeTable, translation: Int32Array): void {
    for (let edge = 0; edge < pairs.length; edge++) {
      const caller = at(translation, at(pairs.caller, edge));
      const callee = at(translation, at(pairs.callee, edge));
      this.#figures.add(this.#edge(caller, callee), pairs.figures, edge);
    }
  }

  #edge(caller: FunctionIndex, callee: FunctionIndex): number {
    const known = this.#edgeOf.length;
    const edge = this.#edgeOf.of(caller, callee);
    if (edge === known) {
      this.#caller.push(caller);
      this.#callee.push(callee);
    }
    return edge;
  }

  finish(): EdgeTable {
    return {
      length: this.#edgeOf.length,
      caller: Int32Array.from(this.#caller),
      callee: Int32Array.from(this.#callee),
      figures: this.#figures.columns,
    };
  }
}

/** Numbers for pairs of whole numbers, in order of first appearance. The second should be the one of fewer values. */
class PairNumbers {
  /** second -> first -> number. One key for both would be a text, or a number too large to be found fast. */
  readonly #numbers: Map<number, number>[] = [];
  length = 0;

  of(first: number, second: number): number {
    this.#numbers[second] ??= new Map();
    const ofSecond = this.#numbers[second];
    const known = ofSecond.get(first);
    if (known !== undefined) return known;
    ofSecond.set(first, this.length);
    return this.length++;
  }
}

/** Rows of figures, each of which others are added to. */
class MergedFigures {
  readonly columns = {
    selfCount: [] as Count[],
    totalCount: [] as Count[],
    self: [] as Seconds[],
    total: [] as Seconds[],
  };

  add(into: number, from: TracedMetrics, row: number): void {
    const { selfCount, totalCount, self, total } = this.columns;
    selfCount[into] = addCounts(selfCount[into] ?? 0, at(from.selfCount, row));
    totalCount[into] = addCounts(totalCount[into] ?? 0, at(from.totalCount, row));
    self[into] = (self[into] ?? 0) + at(from.self, row);
    total[into] = (total[into] ?? 0) + at(from.total, row);
  }
}

/**
 * The profile with one row for each name and file, whatever the line: Bun and Python's sampler write the line that was
 * executing, so that a function stands on many. Functions without a name of their own are left alone.
 */
export function mergeLines(profile: Profile): Profile {
  const { functions } = profile;
  const key = (fn: FunctionIndex) => JSON.stringify([at(functions.file, fn), at(functions.name, fn)]);
  const isNamed = (fn: FunctionIndex) => hasOwnName(at(functions.name, fn));
  const asWritten = (name: string) => name;
  const first = new Map<string, number>();
  functions.line.forEach((line, fn) => {
    first.set(key(fn), Math.min(line, first.get(key(fn)) ?? line));
  });
  const line = functions.line.map((own, fn) => (isNamed(fn) ? (first.get(key(fn)) ?? own) : own));
  const column = functions.column.map((own, fn) => (isNamed(fn) ? 0 : own));
  const moved = { ...functions, line, column };
  if ('callTree' in profile) {
    const merged = new MergedStacks(asWritten);
    merged.add({ ...profile, functions: moved });
    return { ...merged.finish(), notes: profile.notes, executingLines: false };
  }
  const lines = { ...profile, functions: moved };
  const merging = new MergedEdgesProfile(profile.counts, asWritten);
  merging.add(lines);
  const merged = merging.finish();
  return { ...merged, notes: [...profile.notes, ...addedTimesNote(lines, merged)], executingLines: false };
}

/**
 * Of pairs, cumtimes can only be added up. Where two rows of a function stood on one stack, time counts for each;
 * that can be where the function, now one, may call itself.
 */
function addedTimesNote(lines: EdgesProfile, merged: EdgesProfile): string[] {
  if (merged.rows.length === lines.rows.length) return [];
  const key = ({ functions }: EdgesProfile, fn: FunctionIndex) => JSON.stringify(functionAt(functions, fn));
  const rowsOf = new Map<string, number>();
  for (const fn of lines.rows) rowsOf.set(key(lines, fn), (rowsOf.get(key(lines, fn)) ?? 0) + 1);
  const recursive = possiblyRecursive(merged.edges);
  const several = merged.rows.filter((fn) => recursive.has(fn) && (rowsOf.get(key(merged, fn)) ?? 0) > 1).length;
  if (several === 0) return [];
  return [
    several === 1
      ? '1 function may be recursive: its cumtime is the sum over its lines, and may count time more than once'
      : `${several} functions may be recursive: their cumtimes are sums over their lines, and may count time more than once`,
  ];
}

/** Whether the name tells a function from others of its file: `<lambda>` and nothing at all do not. */
export function hasOwnName(name: string): boolean {
  return !/^(?:$|<(?!module>))/.test(name);
}

/** The name without ` at 0x7f13…`. */
export function withoutAddresses(name: string): string {
  return name.includes(' at 0x') ? name.replace(/ at 0x[0-9a-fA-F]+/g, '') : name;
}

/** Above this many, the notes of many files would bury the answer. */
const MAX_NOTES = 6;

/** The notes of all, each with its file; of a crowd of them the first. */
export function mergeNotes(profiles: readonly Profile[]): string[] {
  const notes = new MergedNotes();
  for (const profile of profiles) notes.add(profile);
  return notes.finish();
}

class MergedNotes {
  readonly #first: string[] = [];
  #notes = 0;
  #noted = 0;
  #profiles = 0;

  add({ notes, sources: [source = ''] }: Profile): void {
    this.#first.push(...notes.slice(0, MAX_NOTES - this.#first.length).map((note) => `${source}: ${note}`));
    this.#notes += notes.length;
    this.#noted += notes.length > 0 ? 1 : 0;
    this.#profiles++;
  }

  finish(): string[] {
    if (this.#notes <= MAX_NOTES) return this.#first;
    const more = `${this.#noted} of ${plural(this.#profiles, 'file')} have notes, shown when one is asked alone; among them`;
    return this.#first.slice(0, 1).map((note) => `${more} ${note}`);
  }
}
