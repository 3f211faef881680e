import type { CallTree } from './call-tree.ts';
import type { FunctionTable } from './function-table.ts';
import type { ProfileNote } from './notes.ts';
import type { Microseconds, RequestFacts, RunMetadata, Script, TracedMetrics, Unit } from './raw-profile.ts';

/** A normalized profile of one file or of several merged ones, with final times and counts. Immutable. */
export type Profile = StacksProfile | EdgesProfile;

/**
 * A profile that knows whole stacks (V8). Exactly, for whole µs:
 * `duration = beforeFirstSample + Σ callTree.self + excluded + afterLastSample`, and `+ queued` if `isUndisturbed`.
 */
export interface StacksProfile {
  readonly counts: 'samples';
  /** What `self` and all times are in: µs, or another amount that the file counts. */
  readonly unit: Unit;
  readonly format: string;
  /** Whether lines are those that were executing, so that one function may have many rows. */
  readonly linesAreSampled: boolean;
  /** The files, as the user named them; several if merged. */
  readonly sources: readonly string[];
  readonly functions: FunctionTable;
  readonly callTree: CallTree;
  /** From start to end of recording; the sum over merged files. NaN if not known. */
  readonly duration: Microseconds;
  /** Time before the first sample, in which the profiler starts. Belongs to no function. */
  readonly beforeFirstSample: Microseconds;
  /** The over-long rest after the last sample, and the time of samples whose node is not in the file. */
  readonly afterLastSample: Microseconds;
  /** Time removed by a window, focus or ignore. */
  readonly excluded: Microseconds;
  /** Median time between samples; null if not known or if merged files differ. */
  readonly interval: Microseconds | null;
  /** The samples in order of time; null if their times are not known, and for merged profiles. */
  readonly timeline: Timeline | null;
  readonly notes: readonly ProfileNote[];
  /**
   * Time in which the thread was ready but had no processor (queued-time.ts); null if not known. It is part of the
   * counted time, or, if `isUndisturbed`, a separate part of the duration.
   */
  readonly queued: Microseconds | null;
  /** Whether queued time was subtracted from the samples. */
  readonly isUndisturbed: boolean;
  /** The profiled request, if the file has one; never of merged profiles. */
  readonly request?: RequestFacts;
  /** The recorded process and thread, if the file has them; never of merged profiles. */
  readonly run?: RunMetadata;
  /** Source maps and texts of the code that ran, if the file has them; never of merged profiles. */
  readonly scripts?: readonly Script[];
}

/** Samples in order of time. */
export interface Timeline {
  readonly length: number;
  /** sample -> NodeIndex, -1 for a node that is not in the file */
  readonly node: Int32Array;
  /** sample -> µs since the start of recording */
  readonly time: Float64Array;
  /** sample -> sample duration, the µs that it stands for */
  readonly duration: Float64Array;
  /** sample -> 1-based line of the node's file that was executing, 0 if not known; null if the file has none */
  readonly line: Int32Array | null;
  /** sample -> µs after it that were subtracted as queued time; null where none was */
  readonly subtracted: Float64Array | null;
}

/** A profile that knows only caller–callee pairs (Python). Times stay in seconds as read, so writing them is exact. */
export interface EdgesProfile {
  readonly counts: 'samples' | 'calls';
  readonly format: string;
  /** Whether lines are those that were executing, so that one function may have many rows. */
  readonly linesAreSampled: boolean;
  readonly sources: readonly string[];
  readonly functions: FunctionTable;
  /** The functions that have metrics, in file order; without those that the file names only as callers. */
  readonly rows: Int32Array;
  /** row -> metrics */
  readonly metrics: TracedMetrics;
  readonly edges: EdgeTable;
  readonly notes: readonly ProfileNote[];
  /** The recorded process, if `runs.json` beside the file says it; never of merged profiles. */
  readonly run?: RunMetadata;
}

/** Edges from caller to callee, each once, in file order. */
export interface EdgeTable {
  readonly length: number;
  /** edge -> FunctionIndex */
  readonly caller: Int32Array;
  /** edge -> FunctionIndex */
  readonly callee: Int32Array;
  /** edge -> metrics */
  readonly metrics: TracedMetrics;
}
