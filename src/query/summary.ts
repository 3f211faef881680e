import { plural } from '../base/text.ts';
import type { CallGraph } from '../model/call-graph.ts';
import { at } from '../model/columns.ts';
import type { Count } from '../model/count.ts';
import { hasOwnName } from '../model/merge.ts';
import type { Profile } from '../model/profile.ts';
import type { Microseconds, RequestFacts, RunMetadata } from '../model/raw-profile.ts';

/**
 * What a profile holds as a whole. Times in µs; null is "not known", and "there is no such thing" for traced profiles.
 * The law, for sampled ones: `duration = head + whole + idle + excluded + tail`, and `+ queued` if `isUndisturbed`.
 */
export interface ProfileSummary {
  /** The files, as the user named them. */
  readonly sources: readonly string[];
  readonly format: string;
  readonly counts: 'samples' | 'calls';
  /** Whether stacks are known, or only pairs of functions. */
  readonly stacks: boolean;
  /** From start to end of recording. */
  readonly duration: Microseconds | null;
  /** All counted time, `(idle)` left out. */
  readonly counted: Microseconds | null;
  /** Time in which nothing ran. */
  readonly idle: Microseconds | null;
  /** Time that the question left out. */
  readonly excluded: Microseconds | null;
  /** Time without a processor, part of the counted time or, if `isUndisturbed`, beside it; null where it is not known. */
  readonly queued: Microseconds | null;
  readonly isUndisturbed: boolean;
  /** Before the first sample: the profiler's own start. */
  readonly beforeFirstSample: Microseconds | null;
  /** After the last sample, and in samples that belong nowhere. */
  readonly afterLastSample: Microseconds | null;
  readonly samples: Count | null;
  /** Median time between samples. */
  readonly interval: Microseconds | null;
  readonly ncalls: Count | null;
  readonly pcalls: Count | null;
  /** What shares are of: the whole, and `(idle)` where it was asked for. */
  readonly shareOf: Microseconds | null;
  readonly notes: readonly string[];
  /** The request that it is of, where the file says so and there is one. */
  readonly request?: RequestFacts;
  /** The process and thread that were recorded, where the file says so and there is one. */
  readonly run?: RunMetadata;
}

export function summarize(profile: Profile, graph: CallGraph, withIdle: boolean): ProfileSummary {
  const { sources, format } = profile;
  const notes = [...profile.notes, ...executingLinesNote(profile, graph)];
  const common = { sources, format, counts: profile.counts };
  const counted = knownOrNull(graph.sums.counted * graph.unit);
  if (!('callTree' in profile)) {
    return {
      ...common,
      stacks: false,
      ...NO_TIMELINE,
      counted: counted,
      samples: profile.counts === 'samples' ? graph.sums.selfCount : null,
      ncalls: profile.counts === 'calls' ? graph.sums.selfCount : null,
      pcalls: profile.counts === 'calls' ? graph.sums.totalCount : null,
      shareOf: counted,
      notes: [...notes, ...longCumtimeNote(graph)],
    };
  }
  const idle = knownOrNull(graph.sums.idle ?? 0);
  return {
    ...common,
    stacks: true,
    duration: knownOrNull(profile.duration),
    counted: counted,
    idle,
    excluded: knownOrNull(profile.excluded),
    queued: profile.queued,
    isUndisturbed: profile.isUndisturbed,
    beforeFirstSample: knownOrNull(profile.beforeFirstSample),
    afterLastSample: knownOrNull(profile.afterLastSample),
    samples: graph.sums.selfCount,
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

/** Functions that stand on a row for each line of theirs that was executing. */
function executingLinesNote({ executingLines }: Profile, { functions, rows }: CallGraph): string[] {
  if (!executingLines) return [];
  const seen = new Map<string, number>();
  for (const fn of rows) {
    if (!hasOwnName(at(functions.name, fn))) continue;
    const key = JSON.stringify([functions.file[fn], functions.name[fn]]);
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const several = [...seen.values()].filter((count) => count > 1).length;
  if (several === 0) return [];
  return [
    `${plural(several, 'function')} ${several === 1 ? 'stands' : 'stand'} on a row for each line executing; --merge-lines makes them one`,
  ];
}

/** A timer that ran backwards, or profiles of several threads in one file: the file says so and is believed. */
function longCumtimeNote({ figures, rows, sums }: CallGraph): string[] {
  const rounding = 1e-9 * Math.abs(sums.counted);
  const longer = rows.filter((fn) => (figures.total[fn] ?? 0) > sums.counted + rounding).length;
  if (longer === 0) return [];
  const subject = longer === 1 ? 'one cumtime is' : `${longer} cumtimes are`;
  return [`${subject} longer than all tottimes together; the file's numbers are shown as they are`];
}

function knownOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
