import type { CallTree } from './call-tree.ts';
import type { FunctionTable } from './function-table.ts';
import type { Microseconds, RequestFacts, RunMetadata, TracedMetrics } from './raw-profile.ts';

/**
 * A profile, settled: repaired where the time rule says how, every figure final. One file or several merged.
 * Treat it as immutable; everything downstream does.
 */
export type Profile = StacksProfile | EdgesProfile;

/**
 * Stacks with times (V8). `duration = head + (sum of paths.self) + outside + tail`, and `+ queued` if `isUndisturbed`,
 * exactly, for whole µs.
 */
export interface StacksProfile {
  readonly counts: 'samples';
  readonly format: string;
  /** Whether a function's line is the one that was executing, so that one function may stand on many rows. */
  readonly executingLines: boolean;
  /** Where it came from, as the user named it. Several when merged. */
  readonly sources: readonly string[];
  readonly functions: FunctionTable;
  readonly callTree: CallTree;
  /** From start to end of recording; over all files when merged. NaN when not known. */
  readonly duration: Microseconds;
  /** Before the first sample: the profiler's own start. Belongs to no function. */
  readonly beforeFirstSample: Microseconds;
  /** After the last sample, where that is over-long, and the time of samples whose node is not in the file. */
  readonly afterLastSample: Microseconds;
  /** Left out by a window or by the stacks that were asked for. */
  readonly excluded: Microseconds;
  /** Median time between samples; null when not known, or when merged files differ. */
  readonly interval: Microseconds | null;
  /** Each sample in order of time; null when their times are not known, or when merged. */
  readonly timeline: Timeline | null;
  readonly notes: readonly string[];
  /**
   * Time of the counted samples in which the thread was ready but had no processor (queued-time.ts); null when not
   * known. It is part of the samples' time, or, if `isUndisturbed`, a part of the duration by itself.
   */
  readonly queued: Microseconds | null;
  /** Whether the queued time was taken off the samples. */
  readonly isUndisturbed: boolean;
  /** The request that it is of, where the file says so and it is of one file. */
  readonly request?: RequestFacts;
  /** The process and thread that were recorded, where the file says so and it is of one file. */
  readonly run?: RunMetadata;
}

/** Samples in order of time. */
export interface Timeline {
  readonly length: number;
  /** sample -> NodeIndex, -1 for a node that is not in the file */
  readonly node: Int32Array;
  /** sample -> µs since the start of recording */
  readonly time: Float64Array;
  /** sample -> µs that it stands for */
  readonly duration: Float64Array;
}

/** Pairs of functions with times (Python). Times are in seconds, as read: writing them back is exact. */
export interface EdgesProfile {
  readonly counts: 'samples' | 'calls';
  readonly format: string;
  /** Whether a function's line is the one that was executing, so that one function may stand on many rows. */
  readonly executingLines: boolean;
  readonly sources: readonly string[];
  readonly functions: FunctionTable;
  /** The functions with figures, in file order. */
  readonly rows: Int32Array;
  /** row -> figures */
  readonly figures: TracedMetrics;
  readonly edges: EdgeTable;
  readonly notes: readonly string[];
}

/** Caller to callee. Each pair once, in file order. */
export interface EdgeTable {
  readonly length: number;
  /** edge -> FunctionIndex */
  readonly caller: Int32Array;
  /** edge -> FunctionIndex */
  readonly callee: Int32Array;
  /** edge -> figures */
  readonly figures: TracedMetrics;
}
