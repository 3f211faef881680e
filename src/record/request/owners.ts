/** Whose turn it is on the thread, as a number. Requests are counted from FIRST_REQUEST on. */
export type Owner = number;

/** Nobody known: the server itself, timers of the program, requests that began before anyone looked. */
export const NOBODY: Owner = 0;
/** The profiler. */
export const PROFILER: Owner = 1;
/** Requests that are not profiled. */
export const PASSING: Owner = 2;
export const FIRST_REQUEST: Owner = 3;
