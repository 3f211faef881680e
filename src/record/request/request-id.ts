/**
 * The number of a request, or one of the values below for work of no profiled request. Each time and sample has one
 * owner.
 */
export type RequestId = number;

/** Work of no known request: the server itself, timers of the program, requests that began before profiling. */
export const UNATTRIBUTED: RequestId = 0;
/** Work of the profiler. */
export const PROFILER: RequestId = 1;
/** Work of a request that is not profiled. */
export const UNPROFILED_REQUEST: RequestId = 2;
/** Requests are numbered from here on. */
export const FIRST_REQUEST: RequestId = 3;
