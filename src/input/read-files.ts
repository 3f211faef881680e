/** Many files → the outcome of each, in their order. */

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { FoundFile } from './find-files.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { Progress } from './progress.ts';
import type { ReadOptions } from './read-file.ts';

export type { Outcome };

export interface ReadEachOptions extends Omit<ReadOptions, 'onBytes'> {
  readonly onProgress?: ((read: number, total: number) => void) | undefined;
}

/**
 * Bytes that make a worker worth its start: 40 ms, and code that is compiled again. Measured: two workers are even with
 * none at 2 MB (25 files of Python, or 200 of V8) and take half the time at 80 MB. Together they use a quarter more
 * processor time, so they gain nothing while other programs keep the cores busy.
 */
const MIN_BYTES_PER_WORKER = 2_000_000;

/** Reads files, on workers if that is faster, a few at a time. A caller that stops early must return the generator. */
export async function* readEach(
  files: readonly FoundFile[],
  { thread = null, onProgress }: ReadEachOptions,
): AsyncGenerator<Outcome, void> {
  const progress = new Progress(files, onProgress);
  const workers = workerCount(files);
  if (workers > 1) {
    const { readOnWorkers } = await import('./workers/pool.ts');
    yield* readOnWorkers(files, { workers, options: { thread }, progress });
    return;
  }
  for (const file of files) {
    const outcome = await outcomeOf(file.path, { thread, onBytes: (bytes) => progress.add(bytes) });
    progress.finish(file);
    yield outcome;
  }
}

/** The number of workers that are worth their start; 0 or 1 for none. */
function workerCount(files: readonly FoundFile[]): number {
  // A worker cannot load TypeScript.
  if (import.meta.url.endsWith('.ts')) return 0;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const workers = Math.min(availableParallelism(), files.length, Math.floor(bytes / MIN_BYTES_PER_WORKER));
  return workers > 1 && isAddressSpaceLimited() ? 0 : workers;
}

/** With limited address space (`ulimit -v`), V8 may find none for a worker's code, and then aborts the process. */
function isAddressSpaceLimited(): boolean {
  try {
    return !/^Max address space +unlimited/m.test(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    // Not Linux.
    return false;
  }
}
