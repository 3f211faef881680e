/** The numbers that the threads of a recorded process and their watcher share. */

export type SharedMemory = Int32Array<SharedArrayBuffer>;

/** Of the environment data, in which the main thread's workers find it. */
export const MEMORY_KEY = 'pstat.memory';

// Indices.

export const CONNECTION = 0;
/** Whether the watcher holds signals. */
export const SIGNALS = 1;
/** Set to 1 when the main thread begins the last flush that the watcher asks for, and to 2 when it is done. */
export const LAST_FLUSH = 2;
/** How often the watcher made the workers flush because the main thread ends. */
export const WORKER_FLUSHES = 3;
/** + number of the signal: whether the program listens to it. */
export const LISTENING = 8;
/** + number of the signal: how often Node reported it to the program. */
export const EMITTED = 24;
/** + id of the thread: 0 if it is not recorded, otherwise 1 + the number of its flushes. */
export const BEATS = 40;
export const MAX_THREADS = 1000;
export const SIZE = BEATS + MAX_THREADS;

/** Values of CONNECTION: the watcher's inspector session to the main thread. */
export const DISCONNECTED = 0;
export const CONNECTED = 1;
/** The process ends: the watcher must not connect any more. */
export const CLOSED = 2;

/** Values of SIGNALS. */
export const NOT_HELD = 0;
export const HELD = 1;
/** The process ends by a signal: it must have its default effect. */
export const RELEASED = 2;

/** The signals whose default effect would lose the last samples: SIGHUP, SIGINT, SIGTERM. */
export const HELD_SIGNALS = [1, 2, 15] as const;

/** Returns 0 for anything but the name of a held signal. */
export function signalNumber(name: unknown): 0 | (typeof HELD_SIGNALS)[number] {
  return name === 'SIGHUP' ? 1 : name === 'SIGINT' ? 2 : name === 'SIGTERM' ? 15 : 0;
}

/** ms after the start at which a thread flushes: a short program, or a short-lived worker, may be killed at any time. */
export const FIRST_FLUSHES = [64, 192, 448, 960] as const;

/** ms. At most this much is lost if the thread is killed. */
export const FLUSH_INTERVAL = 1000;
