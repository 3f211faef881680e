/** What a recorded thread and its flush worker share. */

/** One number that both threads see: how far the worker's inspector session to the recorded thread is. */
export type WorkerState = Int32Array<SharedArrayBuffer>;

/** The index of the number. */
export const STATE = 0;

/** Values of the number. The worker moves it from NOT_ATTACHED to ATTACHED to DETACHED. */
export const NOT_ATTACHED = 0;
export const ATTACHED = 1;
export const DETACHED = 2;
/** Set by the recorded thread if it ends before the worker attached: the worker must not attach any more. */
export const CANCELLED = 3;

/** The key of the global function that flushes the thread's samples. */
export const FLUSH = Symbol.for('pstat.flush');

/** The name of that function in preload.ts. Recordings know the profiler's own stacks by it. */
export const FLUSH_FUNCTION = 'flushSamples';
