/** A thread that reads files, seen from the one that asks it to. */

import { Worker } from 'node:worker_threads';
import type { FoundFile } from '../find-files.ts';
import type { Outcome } from '../outcome.ts';
import { type Answer, type Order, type Question, unpacked } from './messages.ts';

/** Beside the sources' own place in the bundle, whose chunks lie in a folder of their own. */
const MODULE = new URL('../input/workers/worker.js', import.meta.url);

/** In bytes: what a file costs, however small it is. */
const A_FILE = 10_000;

export class ReadingThread {
  /** Null where none could be started, and after its end. */
  #worker: Worker | null = started();
  readonly #waiting = new Map<number, (outcome: Outcome | null) => void>();
  #orders = 0;
  #isClosing = false;
  /** How much it has been given that it has not read yet. */
  load = 0;

  constructor() {
    const lost = () => this.#lose();
    this.#worker
      ?.on('message', ({ number, parcel }: Answer) => this.#settle(number, unpacked(parcel)))
      // Out of memory, or nothing that it could load: what it was asked is read elsewhere.
      .on('error', lost)
      .on('messageerror', lost)
      .on('exit', lost)
      .unref();
  }

  get isAlive(): boolean {
    return this.#worker !== null;
  }

  /** Null if the thread came to its end before. */
  async read({ path, bytes }: FoundFile, question: Question): Promise<Outcome | null> {
    const number = this.#orders++;
    this.load += bytes + A_FILE;
    try {
      return await new Promise((resolve) => {
        if (this.#worker === null) return resolve(null);
        this.#waiting.set(number, resolve);
        this.#worker.ref();
        this.#worker.postMessage({ number, path, question } satisfies Order);
      });
    } finally {
      this.load -= bytes + A_FILE;
    }
  }

  /** What is still being read is wanted no more, here or elsewhere. */
  async close(): Promise<void> {
    this.#waiting.clear();
    // Its end is waited for, whatever it answers until then, and an idle process would not wait.
    this.#isClosing = true;
    this.#worker?.ref();
    await this.#worker?.terminate();
  }

  #settle(number: number, outcome: Outcome | null): void {
    this.#waiting.get(number)?.(outcome);
    this.#waiting.delete(number);
    // Nobody waits: whoever forgets to end it may end the process.
    if (this.#waiting.size === 0 && !this.#isClosing) this.#worker?.unref();
  }

  #lose(): void {
    this.#worker = null;
    for (const number of [...this.#waiting.keys()]) this.#settle(number, null);
  }
}

/** Null where there may be none: too many threads, or a process that is not allowed any. */
function started(): Worker | null {
  try {
    return new Worker(MODULE, { execArgv: [] });
  } catch {
    return null;
  }
}
