import type { Count } from './count.ts';
import type { FunctionTable } from './function-table.ts';

/** A row of RawNodes, in file order. */
export type RawNodeIndex = number;

/** Time in microseconds, the unit V8 writes. */
export type Microseconds = number;

/** Time in seconds, the unit Python writes. */
export type Seconds = number;

/** What a reader hands over: what stands in the file, checked but not interpreted. */
export type RawProfile = RawStacksProfile | RawEdgesProfile;

/** Samples of stacks over time, as V8 records them. timeline.ts turns it into a Profile. */
export interface RawStacksProfile {
  readonly counts: 'samples';
  /** As a header names it: `V8 CPU profile`. */
  readonly format: string;
  /** Whether a function's line is the one that was executing, so that one function has many. */
  readonly executingLines: boolean;
  readonly functions: FunctionTable;
  readonly nodes: RawNodes;
  /** sample -> RawNodeIndex, -1 for a node that is not in the file; null when the file has no samples. */
  readonly samples: Int32Array | null;
  /** sample -> µs since the start of recording, as long as `samples`; null when the file has no times. */
  readonly times: Float64Array | null;
  /** µs from start to end of recording; null when the file does not say, or what it says cannot be. */
  readonly duration: Microseconds | null;
  /** What the reader noticed or repaired, a sentence each. */
  readonly notes: readonly string[];
  /** The request that it is of, where the file says so. */
  readonly request?: RequestFacts;
  /** The process and thread that were recorded, where the file says so. */
  readonly run?: RunMetadata;
}

/**
 * The process and thread of a recording, as `pstat record` and the request profiler write it under `pstat.run`. All
 * figures are from the profiler's start to its stop. What the file does not say, or says wrongly, is null.
 */
export interface RunMetadata {
  /** Random, one for each process: in containers every server has the same pid. */
  readonly id: string | null;
  readonly pid: number | null;
  /** The version of Node, as `v20.19.0`. */
  readonly node: string | null;
  /** ms since 1970. */
  readonly start: number | null;
  /** Requested time between samples. */
  readonly interval: Microseconds | null;
  readonly elapsed: Microseconds | null;
  /** CPU time of the whole process, user and system, helper threads included. */
  readonly cpu: Microseconds | null;
  /** Times of the recorded thread; null where the kernel does not tell. */
  readonly thread: ThreadTimes | null;
}

/** From Linux's schedstat: https://docs.kernel.org/scheduler/sched-stats.html */
export interface ThreadTimes {
  /** On a processor. */
  readonly cpu: Microseconds;
  /** Ready to run, but without a processor. */
  readonly queued: Microseconds;
}

/** What a profile of one request says of it. Whatever the file does not say, or not rightly, is null. */
export interface RequestFacts {
  readonly method: string;
  /** As the client sent it. */
  readonly url: string;
  readonly status: number | null;
  /** The response did not reach its end; or the profile was ended before. */
  readonly aborted: boolean;
  readonly cut: boolean;
  /** ms since 1970. */
  readonly start: number | null;
  readonly elapsed: Microseconds | null;
  /** That the thread worked for it. */
  readonly busy: Microseconds | null;
  /** Requests that passed unprofiled since the file before. */
  readonly skipped: number | null;
  /** Samples of other requests, and of nobody known, that were left out. */
  readonly others: number | null;
  readonly unattributed: number | null;
  /** Its process and thread, as `12/0`. */
  readonly worker: string | null;
  /** Which request of that thread it was, counted from 1. */
  readonly number: number | null;
}

/** The call tree as the file draws it: any order, one or several roots, no cycles (readers check). */
export interface RawNodes {
  readonly length: number;
  /** RawNodeIndex -> RawNodeIndex of the caller, -1 for a root */
  readonly parent: Int32Array;
  /** RawNodeIndex -> FunctionIndex */
  readonly function: Int32Array;
  /** RawNodeIndex -> samples with this node on top, by V8's own count; null when the file has none */
  readonly hitCount: Int32Array | Float64Array | null;
}

/**
 * Pairs of functions, as Python's profilers record them: counted calls, or the samples of Python 3.15's sampler, which
 * keeps no stacks either.
 */
export interface RawEdgesProfile {
  readonly counts: 'samples' | 'calls';
  /** As a header names it: `Python profile`. */
  readonly format: string;
  /** Whether a function's line is the one that was executing, so that one function has many. */
  readonly executingLines: boolean;
  readonly functions: FunctionTable;
  /** The functions that have figures, in file order; callers that the file names only as such are left out. */
  readonly rows: Int32Array;
  /** row -> figures, one column entry for each of `rows` */
  readonly figures: TracedMetrics;
  /** edge -> FunctionIndex of the caller */
  readonly callers: Int32Array;
  /** edge -> FunctionIndex of the callee */
  readonly callees: Int32Array;
  /** edge -> figures */
  readonly edgeFigures: TracedMetrics;
  readonly notes: readonly string[];
}

/** The four numbers of the pstats format. NaN where the file does not say (edges of the pure-Python profiler). */
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
