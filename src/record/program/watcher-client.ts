/** The watcher thread, as the main thread of a recorded process sees it. */

import path from 'node:path';
import { MessagePort, Worker } from 'node:worker_threads';
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
    this.worker = new Worker(path.join(__dirname, 'watcher.cjs'), options);
    defineProperty(this.worker, 'emit', { value: () => true }); // no event reaches the program's EventEmitter
    ignoreMessages(this.worker);
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

/** "Online" is a message, and creating its event takes the time by a `process.hrtime` that may be a fake (Node 18). */
function ignoreMessages(worker: object): void {
  const key = Object.getOwnPropertySymbols(worker).find(({ description }) => description === 'kPort');
  const port = key === undefined ? null : (worker as Record<symbol, unknown>)[key];
  if (port instanceof MessagePort) port.removeAllListeners('message');
}

/** @param limit ms */
function spinUntil(isDone: () => boolean, limit: number): void {
  const end = now() + limit * 1000;
  while (!isDone() && now() < end);
}

/** ms. */
const MAX_WAIT = 1000;
const MAX_WORKER_WAIT = 200;
