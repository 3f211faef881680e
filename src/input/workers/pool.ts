/** Files read by several threads at once, and given back in their order. */

import type { FoundFile } from '../find-files.ts';
import { type Outcome, outcomeOf } from '../outcome.ts';
import type { Progress } from '../progress.ts';
import type { Question } from './messages.ts';
import { ReadingThread } from './worker-client.ts';

/** Files for each thread that are being read, or were read and wait for their turn. */
const AHEAD = 4;

/** Bytes of such files, unless it is one alone: what is read takes several times the room. */
const MOST_BYTES_AHEAD = 128_000_000;

export interface PoolOptions {
  readonly threads: number;
  readonly question: Question;
  readonly progress: Progress;
}

/** What becomes of each file, in their order. Ending the generator ends the threads. */
export async function* readOnThreads(files: readonly FoundFile[], options: PoolOptions): AsyncGenerator<Outcome, void> {
  const pool = new ThreadPool(options);
  const underway: Underway[] = [];
  try {
    for (const file of files) {
      while (isFull(underway, options.threads, file.bytes)) yield await oldest(underway);
      underway.push({ bytes: file.bytes, outcome: pool.read(file) });
    }
    while (underway.length > 0) yield await oldest(underway);
  } finally {
    await pool.close();
  }
}

interface Underway {
  readonly bytes: number;
  /** Never rejected: it may fail long before its turn. */
  readonly outcome: Promise<Outcome>;
}

function isFull(underway: readonly Underway[], threads: number, nextBytes: number): boolean {
  if (underway.length === 0) return false;
  const bytes = underway.reduce((sum, file) => sum + file.bytes, nextBytes);
  return underway.length >= threads * AHEAD || bytes > MOST_BYTES_AHEAD;
}

function oldest(underway: Underway[]): Promise<Outcome> {
  const first = underway.shift();
  if (first === undefined) throw new RangeError('no file is under way');
  return first.outcome;
}

class ThreadPool {
  readonly #threads: readonly ReadingThread[];
  readonly #question: Question;
  readonly #progress: Progress;

  constructor({ threads, question, progress }: PoolOptions) {
    this.#threads = Array.from({ length: threads }, () => new ReadingThread());
    this.#question = question;
    this.#progress = progress;
  }

  /** What cannot be read elsewhere is read here. */
  async read(file: FoundFile): Promise<Outcome> {
    const elsewhere = await this.#idlest()?.read(file, this.#question);
    const outcome = elsewhere ?? (await outcomeOf(file.path, this.#question));
    this.#progress.finish(file);
    return outcome;
  }

  #idlest(): ReadingThread | undefined {
    const alive = this.#threads.filter((thread) => thread.isAlive);
    return alive.reduce<ReadingThread | undefined>(
      (idlest, thread) => (idlest === undefined || thread.load < idlest.load ? thread : idlest),
      undefined,
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}
