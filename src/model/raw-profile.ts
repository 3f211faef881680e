import type { AmountUnit } from '../base/units.ts';
import type { Count } from './count.ts';
import type { FunctionTable } from './function-table.ts';
import type { ProfileNote } from './notes.ts';
import type { EdgesProfile, Profile } from './profile.ts';

/** A row of RawNodes, in file order. */
export type RawNodeIndex = number;

/** Time in microseconds, the unit of V8's files. */
export type Microseconds = number;

/** Time in seconds, the unit of Python's files. */
export type Seconds = number;

export type Unit = AmountUnit;

/** What a reader returns: the file's contents, checked but not interpreted. */
export type RawProfile = RawStacksProfile | RawEdgesProfile | NormalizedProfile;

/** What a report holds: a profile that was normalized, and perhaps filtered, before it was written. */
export interface NormalizedProfile {
  readonly normalized: Profile;
}

/** Samples of stacks over time, as V8 records them. normalize/sampled.ts turns it into a Profile. */
export interface RawStacksProfile {
  readonly counts: 'samples';
  /** As headers show it: `V8 CPU profile`. */
  readonly format: string;
  /** @default 'us' */
  readonly unit?: Unit;
  /** Whether lines are those that were executing, so that one function may have many rows. */
  readonly linesAreSampled: boolean;
  readonly functions: FunctionTable;
  readonly nodes: RawNodes;
  /** sample -> RawNodeIndex, -1 for a node that is not in the file; null if the file has no samples. */
  readonly samples: Int32Array | null;
  /** sample -> µs since the start of recording, as long as `samples`; null if the file has no times. */
  readonly times: Float64Array | null;
  /**
   * sample -> amount that it stands for, as long as `samples`, if the file has amounts of its own. Then times are in order,
   * or null if the file has sums.
   */
  readonly sampleDurations?: Float64Array;
  /** sample -> number of samples that it stands for, with `sampleDurations`; NaN if not known, absent for one each */
  readonly sampleHits?: Float64Array;
  /** sample -> 1-based line that was executing, 0 if not known, as long as `samples` */
  readonly sampleLines?: Int32Array;
  /** µs from start to end of recording; null if the file has none or an impossible one. */
  readonly duration: Microseconds | null;
  /** What the reader noticed or repaired. */
  readonly notes: readonly ProfileNote[];
  /** The profiled request, if the file has one. */
  readonly request?: RequestFacts;
  /** The recorded process and thread, if the file has them. */
  readonly run?: RunMetadata;
  /** Source maps and texts of the code that ran, if the file has them. */
  readonly scripts?: readonly Script[];
}

/** What a recording keeps of a script. */
export interface Script {
  /** As call frames name it. */
  readonly url: string;
  /** The source map as JSON, not checked; null for none. */
  readonly sourceMap: unknown;
  /** The text that ran; null if it was not kept. */
  readonly source: string | null;
}

/**
 * The process and thread of a recording, which `pstat record` and the request profiler write as `pstat.run`. All times
 * are from the profiler's start to its stop. Fields that the file lacks, or that are invalid, are null.
 */
export interface RunMetadata {
  /** Random, one per process: in containers every server has the same pid. */
  readonly id: string | null;
  readonly pid: number | null;
  /** Node's version, such as `v20.19.0`. */
  readonly node: string | null;
  /** ms since 1970. */
  readonly start: number | null;
  /** Requested time between samples. */
  readonly interval: Microseconds | null;
  readonly elapsed: Microseconds | null;
  /** CPU time of the whole process, user and system, helper threads included. */
  readonly cpu: Microseconds | null;
  /** Times of the recorded thread; null if the kernel does not provide them. */
  readonly thread: ThreadTimes | null;
  /** Time of samples in which `pstat record` itself worked; they are `(idle)` in the profile. */
  readonly profiler: Microseconds | null;
  /** The block that it was recorded in, from 1, where two versions ran in turn (`pstat ab`); else null. */
  readonly block: number | null;
  /** The folder of the version that ran there. */
  readonly root: string | null;
}

/** From Linux's schedstat: https://docs.kernel.org/scheduler/sched-stats.html */
export interface ThreadTimes {
  /** Time on a processor. */
  readonly cpu: Microseconds;
  /** Time ready to run, but without a processor. */
  readonly queued: Microseconds;
}

/** The request of a profile. Fields that the file lacks, or that are invalid, are null. */
export interface RequestFacts {
  readonly method: string;
  /** As the client sent it. */
  readonly url: string;
  /** The pattern of the framework's route, such as `/customers/:id`. */
  readonly route: string | null;
  /** Also null if no response headers were sent. */
  readonly status: number | null;
  /** Whether the response ended early. */
  readonly aborted: boolean;
  /** Whether the profile ended before the response. */
  readonly cut: boolean;
  /** ms since 1970. */
  readonly start: number | null;
  /** From the request to the end of its response. */
  readonly elapsed: Microseconds | null;
  /** Time that the thread worked for the request. */
  readonly busy: Microseconds | null;
  /** Time of samples in which the profiler itself worked within the request; they are `(idle)` in the profile. */
  readonly profiler: Microseconds | null;
  /** Number of requests since the previous file that were not profiled because others were. */
  readonly skipped: number | null;
  /** Number of samples left out because they belong to other requests, or to no known request. */
  readonly others: number | null;
  readonly unattributed: number | null;
  /** Process and thread, such as `12/0`. */
  readonly worker: string | null;
  /** Number of the request in its thread, from 1; requests that were not profiled count too. */
  readonly number: number | null;
}

/** The call tree in file order: any order, one or several roots, no cycles (readers check). */
export interface RawNodes {
  readonly length: number;
  /** RawNodeIndex -> RawNodeIndex of the caller, -1 for a root */
  readonly parent: Int32Array;
  /** RawNodeIndex -> FunctionIndex */
  readonly function: Int32Array;
  /** RawNodeIndex -> V8's own number of samples with this node on top; null if the file has none */
  readonly hitCount: Int32Array | Float64Array | null;
  /** V8's positionTicks, for files without `sampleLines` */
  readonly positionTicks?: PositionTicks;
}

/** Samples by line: https://chromedevtools.github.io/devtools-protocol/v8/Profiler/#type-PositionTickInfo */
export interface PositionTicks {
  readonly length: number;
  /** entry -> RawNodeIndex */
  readonly node: Int32Array;
  /** entry -> 1-based line */
  readonly line: Int32Array;
  /** entry -> samples of the node on this line */
  readonly ticks: Float64Array;
}

/**
 * Caller–callee pairs, as Python's profilers record them: counted calls, or the samples of Python 3.15's sampler. Nothing
 * is left to normalize.
 */
export type RawEdgesProfile = Omit<EdgesProfile, 'sources' | 'run'>;

/**
 * The four numbers of the pstats format: https://docs.python.org/3/library/profile.html. NaN if the file does not have
 * them (edges of the pure-Python profiler).
 */
export interface TracedMetrics {
  /** all calls, or samples on top of the stack */
  readonly selfCount: readonly Count[];
  /** calls that were not already on the stack, or samples anywhere on it */
  readonly totalCount: readonly Count[];
  /** seconds in the function itself */
  readonly self: readonly Seconds[];
  /** seconds with everything it called */
  readonly total: readonly Seconds[];
}
