/**
 * Lets a process write its files before a signal ends it, if the program has no listener for the signal.
 *
 * A listener of the profiler would change the program: libraries that end the process count the listeners of a signal.
 * So no listener is added. Node's handle of a signal emits through the `process.emit` that it finds when it is created
 * (lib/internal/process/signal.js), and it is created here with one that looks for listeners first. The functions that
 * create and close handles are Node's own listeners of 'newListener' and 'removeListener'. Where Node has no such
 * functions, nothing is held.
 */

import { isMainThread } from 'node:worker_threads';
import { FLUSH_KEY } from '../global-functions.ts';

/** A global function that releases the signals, for a thread that finds this one blocked. */
export const RELEASE_SIGNALS = Symbol.for('pstat.releaseSignals');

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Keep the functions: programs and test frameworks replace them. */
const { kill, pid } = process;

export class SignalHold {
  readonly #onSignal: () => void;
  readonly #create = nodeListener('newListener', 'startListeningIfSignal');
  readonly #close = nodeListener('removeListener', 'stopListeningIfSignal');

  /** @param onSignal called before a signal ends the process; must not throw */
  constructor(onSignal: () => void) {
    this.#onSignal = onSignal;
  }

  /**
   * Holds the signals that the program has no listener for. May be called again: the program may have removed one.
   * Under `pstat record`, the recorder holds them.
   */
  hold(): void {
    if (this.#create === undefined || this.#close === undefined || Symbol.for(FLUSH_KEY) in globalThis) return;
    for (const signal of SIGNALS) {
      if (process.listenerCount(signal) === 0) this.#createHandle(signal, this.#create);
    }
  }

  /** Ends the process as without the profiler again. Listeners of the program stay. */
  release(): void {
    if (this.#close === undefined) return;
    for (const signal of SIGNALS) this.#close(signal);
  }

  #createHandle(signal: NodeJS.Signals, create: (signal: NodeJS.Signals) => void): void {
    const own = Object.getOwnPropertyDescriptor(process, 'emit');
    const emit = (...args: unknown[]): boolean => {
      if (process.listenerCount(signal) > 0) return Reflect.apply(process.emit, process, args);
      this.#onSignal();
      this.release();
      Reflect.apply(kill, process, [pid, signal]);
      return true;
    };
    Object.defineProperty(process, 'emit', { value: emit, configurable: true, writable: true, enumerable: false });
    try {
      create(signal);
    } finally {
      if (own === undefined) Reflect.deleteProperty(process, 'emit');
      else Object.defineProperty(process, 'emit', own);
    }
  }
}

/** Only the main thread receives signals. On Windows they are emulated. */
function nodeListener(event: string, name: string): ((signal: NodeJS.Signals) => void) | undefined {
  if (!isMainThread || process.platform === 'win32') return undefined;
  const { listeners }: NodeJS.EventEmitter = process;
  const found = listeners.call(process, event).find((listener) => listener.name === name);
  return found as ((signal: NodeJS.Signals) => void) | undefined;
}
