/** A worker that reads files, as the main thread sees it. */

import { Worker } from 'node:worker_threads';
import type { FoundFile } from '../find-files.ts';
import type { Outcome } from '../outcome.ts';
import { deserializeOutcome, type ReadRequest, type ReadResponse, type WorkerOptions } from './messages.ts';

/** Relative to the bundle's chunks folder, where this code is. */
const MODULE = new URL('../input/workers/worker.js', import.meta.url);

/** The cost of a file besides its bytes, in bytes. */
const FILE_OVERHEAD_BYTES = 10_000;

export class WorkerClient {
  /** Null if no worker could be started, and after its end. */
  #worker: Worker | null = startWorker();
  readonly #pending = new Map<number, (outcome: Outcome | null) => void>();
  #requests = 0;
  #isClosing = false;
  /** Bytes requested and not read yet. */
  load = 0;

  constructor() {
    // It ran out of memory or could not load its code. The main thread reads its files.
    const onLost = () => this.#abandon();
    this.#worker
      ?.on('message', ({ id, result }: ReadResponse) => this.#settle(id, deserializeOutcome(result)))
      .on('error', onLost)
      .on('messageerror', onLost)
      .on('exit', onLost)
      .unref();
  }

  get isAlive(): boolean {
    return this.#worker !== null;
  }

  /** Reads a file. Returns null if the worker ended before it was read. */
  async read({ path, bytes }: FoundFile, options: WorkerOptions): Promise<Outcome | null> {
    const id = this.#requests++;
    this.load += bytes + FILE_OVERHEAD_BYTES;
    try {
      return await new Promise((resolve) => {
        if (this.#worker === null) return resolve(null);
        this.#pending.set(id, resolve);
        this.#worker.ref();
        this.#worker.postMessage({ id, path, options } satisfies ReadRequest);
      });
    } finally {
      this.load -= bytes + FILE_OVERHEAD_BYTES;
    }
  }

  /** Ends the worker. Pending reads never settle. */
  async close(): Promise<void> {
    this.#pending.clear();
    // Keeps the process alive until the worker has ended.
    this.#isClosing = true;
    this.#worker?.ref();
    await this.#worker?.terminate();
  }

  #settle(id: number, outcome: Outcome | null): void {
    this.#pending.get(id)?.(outcome);
    this.#pending.delete(id);
    // An idle worker does not keep the process alive.
    if (this.#pending.size === 0 && !this.#isClosing) this.#worker?.unref();
  }

  #abandon(): void {
    this.#worker = null;
    for (const id of [...this.#pending.keys()]) this.#settle(id, null);
  }
}

/** Returns null if there may be no more threads, or the process may not start any. */
function startWorker(): Worker | null {
  try {
    return new Worker(MODULE, { execArgv: [] });
  } catch {
    return null;
  }
}
