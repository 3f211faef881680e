/** The `sourceURL` of the code that the watcher evaluates in a recorded thread. */
export const FLUSH_URL = 'pstat:flush';
