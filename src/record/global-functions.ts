/** The keys, for `Symbol.for`, of properties, mostly of the global object, by which pstat's parts in one process find each other. */

/** Flushes the samples of a recorded thread. */
export const FLUSH_KEY = 'pstat.flush';

/** Writes the files of all requests, because the process ends. */
export const FINISH_REQUESTS_KEY = 'pstat.finishRequests';

/** The recorders that `pstat attach` has put into a thread. */
export const RECORDERS_KEY = 'pstat.recorders';

/** What closes the inspector that `pstat attach` has opened. */
export const GUARD_KEY = 'pstat.guard';

/** Of a worker that is pstat's and not the program's. */
export const OWN_WORKER_KEY = 'pstat.ownWorker';
