import type { CallGraph } from '../model/call-graph.ts';
import { at } from '../model/columns.ts';
import { type Count, knownOrNull } from '../model/count.ts';
import { hasOwnName } from '../model/function-names.ts';
import type { FunctionIndex } from '../model/function-table.ts';
import type { ProfileNote } from '../model/notes.ts';
import type { Profile } from '../model/profile.ts';
import type { Microseconds, RequestFacts, RunMetadata, Unit } from '../model/raw-profile.ts';

/**
 * Totals and metadata of a profile. Times are in µs; null means not known, or not applicable to traced profiles.
 * The breakdown of sampled profiles: `duration = beforeFirstSample + counted + idle + excluded + afterLastSample`, and
 * `+ queued` if `isUndisturbed`.
 */
export interface ProfileSummary {
  /** The files, as the user named them. */
  readonly sources: readonly string[];
  readonly format: string;
  readonly counts: 'samples' | 'calls';
  /** What times are in: µs, or bytes or events of a profile that counts those. */
  readonly unit: Unit;
  /** Whether the profile knows whole stacks, or only caller–callee pairs. */
  readonly stacks: boolean;
  /** From start to end of recording. */
  readonly duration: Microseconds | null;
  /** All counted time, without `(idle)`. */
  readonly counted: Microseconds | null;
  /** Time of `(idle)`. */
  readonly idle: Microseconds | null;
  /** Time removed by --focus, --ignore, --from and --to. */
  readonly excluded: Microseconds | null;
  /** Time without a processor: part of the counted time or, if `isUndisturbed`, separate from it. */
  readonly queued: Microseconds | null;
  readonly isUndisturbed: boolean;
  /** Time before the first sample, in which the profiler starts. */
  readonly beforeFirstSample: Microseconds | null;
  /** Time after the last sample, and of samples of unknown nodes. */
  readonly afterLastSample: Microseconds | null;
  readonly samples: Count | null;
  /** Median time between samples. */
  readonly interval: Microseconds | null;
  readonly ncalls: Count | null;
  readonly pcalls: Count | null;
  /** The denominator of shares: counted time, with `(idle)` if it is a row. */
  readonly shareOf: Microseconds | null;
  readonly notes: readonly SummaryNote[];
  /** The profiled request, if the file has one; never of merged profiles. */
  readonly request?: RequestFacts;
  /** The recorded process and thread, if the file has them; never of merged profiles. */
  readonly run?: RunMetadata;
}

/** The notes of a profile, and those on its functions. */
export type SummaryNote =
  | ProfileNote
  /** Functions with a row for each line that was executing. */
  | { readonly code: 'executing-lines'; readonly count: number }
  /** Cumtimes above the sum of all tottimes. */
  | { readonly code: 'long-cumtimes'; readonly count: number }
  | { readonly code: 'negative-times'; readonly count: number }
  /** Functions with a number of calls that is not known. */
  | { readonly code: 'negative-counts'; readonly count: number };

export function summarize(profile: Profile, graph: CallGraph, withIdle: boolean): ProfileSummary {
  const { sources, format } = profile;
  const notes = [...profile.notes, ...executingLinesNote(profile, graph)];
  const unit = 'callTree' in profile ? profile.unit : 'us';
  const common = { sources, format, counts: profile.counts, unit };
  const counted = knownOrNull(graph.sums.counted * graph.unit);
  if (!('callTree' in profile)) {
    return {
      ...common,
      stacks: false,
      ...NO_TIMELINE,
      counted,
      samples: profile.counts === 'samples' ? graph.sums.selfCount : null,
      ncalls: profile.counts === 'calls' ? sumOfKnown(graph.sums.selfCount, graph) : null,
      pcalls: profile.counts === 'calls' ? sumOfKnown(graph.sums.totalCount, graph) : null,
      shareOf: counted,
      notes: [...notes, ...longCumtimeNote(graph), ...negativeTimesNote(graph), ...negativeCountsNote(graph)],
      ...(profile.run === undefined ? {} : { run: profile.run }),
    };
  }
  const idle = knownOrNull(graph.sums.idle ?? 0);
  return {
    ...common,
    stacks: true,
    duration: knownOrNull(profile.duration),
    counted,
    idle,
    excluded: knownOrNull(profile.excluded),
    queued: profile.queued,
    isUndisturbed: profile.isUndisturbed,
    beforeFirstSample: knownOrNull(profile.beforeFirstSample),
    afterLastSample: knownOrNull(profile.afterLastSample),
    samples: knownOrNull(graph.sums.selfCount),
    interval: profile.interval,
    ncalls: null,
    pcalls: null,
    shareOf: counted === null || idle === null || !withIdle ? counted : counted + idle,
    notes,
    ...(profile.request === undefined ? {} : { request: profile.request }),
    ...(profile.run === undefined ? {} : { run: profile.run }),
  };
}

const NO_TIMELINE = {
  duration: null,
  idle: null,
  excluded: null,
  queued: null,
  isUndisturbed: false,
  beforeFirstSample: null,
  afterLastSample: null,
  interval: null,
};

/** Notes functions that have one row for each line that was executing. */
function executingLinesNote({ linesAreSampled }: Profile, { functions, rows }: CallGraph): SummaryNote[] {
  if (!linesAreSampled) return [];
  const seen = new Map<string, number>();
  for (const fn of rows) {
    if (!hasOwnName(at(functions.name, fn))) continue;
    const key = JSON.stringify([functions.file[fn], functions.name[fn]]);
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const several = [...seen.values()].filter((count) => count > 1).length;
  return several === 0 ? [] : [{ code: 'executing-lines', count: several }];
}

/** Notes cumtimes above the sum of tottimes: a timer ran backwards, or the file has profiles of several threads. */
function longCumtimeNote({ metrics, rows, sums }: CallGraph): SummaryNote[] {
  const rounding = 1e-9 * Math.abs(sums.counted);
  const longer = rows.filter((fn) => (metrics.total[fn] ?? 0) > sums.counted + rounding).length;
  return longer === 0 ? [] : [{ code: 'long-cumtimes', count: longer }];
}

/** A clock that was set back, or a time that was subtracted twice: https://github.com/pypy/pypy/issues/900 */
function negativeTimesNote({ metrics, rows }: CallGraph): SummaryNote[] {
  const negative = rows.filter((fn) => (metrics.self[fn] ?? 0) < 0).length;
  return negative === 0 ? [] : [{ code: 'negative-times', count: negative }];
}

/** pyinstrument writes -1 for the counts that a sampling profiler does not know. */
function negativeCountsNote(graph: CallGraph): SummaryNote[] {
  const negative = graph.rows.filter((fn) => isUnknownCount(fn, graph)).length;
  return negative === 0 ? [] : [{ code: 'negative-counts', count: negative }];
}

function isUnknownCount(fn: FunctionIndex, { metrics, counts }: CallGraph): boolean {
  return counts === 'calls' && ((metrics.selfCount[fn] ?? 0) < 0 || (metrics.totalCount[fn] ?? 0) < 0);
}

/** The sum is not known if one of the counts is not. */
function sumOfKnown(sum: Count | null, graph: CallGraph): Count | null {
  return graph.rows.some((fn) => isUnknownCount(fn, graph)) ? null : sum;
}
