/** The watcher thread, as the main thread of a recorded process sees it. */

import path from 'node:path';
import { MessagePort, Worker, type WorkerOptions } from 'node:worker_threads';
import { now } from '../clock.ts';
import { compareExchange, defineProperty, loadAtomic, storeAtomic, waitAtomic } from './natives.ts';
import {
  BEATS,
  CLOSED,
  CONNECTED,
  CONNECTION,
  DISCONNECTED,
  HELD,
  MAX_THREADS,
  NOT_HELD,
  RELEASED,
  type SharedMemory,
  SIGNALS,
  WORKER_FLUSHES,
} from './shared-memory.ts';

export class Watcher {
  private readonly memory: SharedMemory;
  private readonly worker: Worker;
  private readonly post: (message: string) => void;

  constructor(memory: SharedMemory) {
    this.memory = memory;
    // Workers have no signals; --expose-internals gives the watcher the binding that has them.
    // Its streams are not piped: the program's own would be opened for that.
    const options = {
      workerData: memory,
      env: {},
      execArgv: ['--expose-internals'],
      name: 'pstat',
      stdout: true,
      stderr: true,
    };
    this.worker = startWithoutEvents(path.join(__dirname, 'watcher.cjs'), options);
    defineProperty(this.worker, 'emit', { value: () => true }); // no event reaches the program's EventEmitter
    this.worker.unref();
    const post = this.worker.postMessage;
    this.post = (message) => Reflect.apply(post, this.worker, [message]);
  }

  isWorker(worker: unknown): boolean {
    return worker === this.worker;
  }

  /** Gives signals their default effect back. */
  releaseSignals(): void {
    if (compareExchange(this.memory, SIGNALS, NOT_HELD, RELEASED) !== HELD) return;
    this.post('release signals');
    waitAtomic(this.memory, SIGNALS, HELD, MAX_WAIT);
  }

  /** The end of the main thread ends its workers: they flush before. */
  flushWorkers(): void {
    if (!this.hasWorkers()) return;
    const before = loadAtomic(this.memory, WORKER_FLUSHES);
    this.post('flush workers');
    spinUntil(() => loadAtomic(this.memory, WORKER_FLUSHES) !== before, MAX_WORKER_WAIT);
  }

  private hasWorkers(): boolean {
    for (let thread = 1; thread < MAX_THREADS; thread++) if (this.memory[BEATS + thread] !== 0) return true;
    return false;
  }

  /** Waits until no inspector session is left: Node would print "Waiting for the debugger to disconnect". */
  disconnect(): void {
    if (compareExchange(this.memory, CONNECTION, DISCONNECTED, CLOSED) !== CONNECTED) return;
    // V8 answers and disconnects only while JavaScript runs.
    spinUntil(() => loadAtomic(this.memory, CONNECTION) !== CONNECTED, MAX_WAIT);
    storeAtomic(this.memory, CONNECTION, CLOSED);
    spinUntil(() => false, 1);
  }
}

/**
 * Starts a worker whose ports make no events: creating one takes the time by a `process.hrtime` that may be a fake
 * (Node 18). "Online" is a message, and the port that a worker is sent closes on the side that sent it.
 */
function startWithoutEvents(file: string, options: WorkerOptions): Worker {
  const { prototype } = MessagePort;
  const { postMessage } = prototype;
  const ports: unknown[] = [];
  prototype.postMessage = function (...args) {
    ports.push(this, ...(args[1] ?? []));
    Reflect.apply(postMessage, this, args);
  };
  try {
    return new Worker(file, options);
  } finally {
    prototype.postMessage = postMessage;
    const closing = Object.getOwnPropertySymbols(prototype).find(({ description }) => description === 'handle_onclose');
    for (const port of ports) {
      if (!(port instanceof MessagePort)) continue;
      port.removeAllListeners('message');
      if (closing !== undefined) defineProperty(port, closing, { value: () => undefined });
    }
  }
}

/** @param limit ms */
function spinUntil(isDone: () => boolean, limit: number): void {
  const end = now() + limit * 1000;
  while (!isDone() && now() < end);
}

/** ms. */
const MAX_WAIT = 1000;
const MAX_WORKER_WAIT = 200;
