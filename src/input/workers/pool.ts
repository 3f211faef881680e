/** Reads files on several workers and yields the outcomes in the order of the files. */

import type { FoundFile } from '../find-files.ts';
import { type Outcome, outcomeOf } from '../outcome.ts';
import type { Progress } from '../progress.ts';
import type { WorkerOptions } from './messages.ts';
import { WorkerClient } from './worker-client.ts';

/** Files per worker that are being read, or were read and wait for their turn. */
const MAX_FILES_PER_WORKER = 4;

/** Bytes of such files, unless it is a single one: a profile takes several times the memory of its file. */
const MAX_BYTES_IN_FLIGHT = 128_000_000;

export interface PoolOptions {
  readonly workers: number;
  readonly options: WorkerOptions;
  readonly progress: Progress;
}

/** Yields the outcome of each file, in order. Returning from the generator ends the workers. */
export async function* readOnWorkers(
  files: readonly FoundFile[],
  poolOptions: PoolOptions,
): AsyncGenerator<Outcome, void> {
  const pool = new WorkerPool(poolOptions);
  const inFlight: PendingRead[] = [];
  try {
    for (const file of files) {
      while (isFull(inFlight, poolOptions.workers, file.bytes)) yield await takeOldest(inFlight);
      inFlight.push({ bytes: file.bytes, outcome: pool.read(file) });
    }
    while (inFlight.length > 0) yield await takeOldest(inFlight);
  } finally {
    await pool.close();
  }
}

interface PendingRead {
  readonly bytes: number;
  /** Never rejects: a file may fail long before its turn. */
  readonly outcome: Promise<Outcome>;
}

function isFull(inFlight: readonly PendingRead[], workers: number, nextBytes: number): boolean {
  if (inFlight.length === 0) return false;
  const bytes = inFlight.reduce((sum, file) => sum + file.bytes, nextBytes);
  return inFlight.length >= workers * MAX_FILES_PER_WORKER || bytes > MAX_BYTES_IN_FLIGHT;
}

function takeOldest(inFlight: PendingRead[]): Promise<Outcome> {
  const oldest = inFlight.shift();
  if (oldest === undefined) throw new RangeError('no file is being read');
  return oldest.outcome;
}

class WorkerPool {
  readonly #workers: readonly WorkerClient[];
  readonly #options: WorkerOptions;
  readonly #progress: Progress;

  constructor({ workers, options, progress }: PoolOptions) {
    this.#workers = Array.from({ length: workers }, () => new WorkerClient());
    this.#options = options;
    this.#progress = progress;
  }

  /** Reads a file on the worker with the least load; on this thread if no worker is left. */
  async read(file: FoundFile): Promise<Outcome> {
    const fromWorker = await this.#leastLoaded()?.read(file, this.#options);
    const outcome = fromWorker ?? (await outcomeOf(file.path, this.#options));
    this.#progress.finish(file);
    return outcome;
  }

  #leastLoaded(): WorkerClient | undefined {
    const alive = this.#workers.filter((worker) => worker.isAlive);
    return alive.reduce<WorkerClient | undefined>(
      (least, worker) => (least === undefined || worker.load < least.load ? worker : least),
      undefined,
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }
}
