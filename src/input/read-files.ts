/** Many files → what becomes of each, in their order. */

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { FoundFile } from './find-files.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { Progress } from './progress.ts';
import type { ReadOptions } from './read-bytes.ts';

export type { Outcome };

export interface ReadEachOptions extends Omit<ReadOptions, 'onBytes'> {
  readonly onProgress?: ((read: number, total: number) => void) | undefined;
}

/**
 * What makes a thread worth its start: some 40 ms, and code that is compiled anew. By the time that each thread worked,
 * two were even with none at 2 MB (25 files of Python, or 200 of V8), and took half as long at 80 MB. They work a
 * quarter more between them, so they gain nothing where other programs keep the cores busy.
 */
const BYTES_FOR_A_THREAD = 2_000_000;

/** Reads the files, on threads where that pays. A few are held at a time. Whoever leaves early must end it. */
export async function* readEach(
  files: readonly FoundFile[],
  { thread = null, onProgress }: ReadEachOptions,
): AsyncGenerator<Outcome, void> {
  const progress = new Progress(files, onProgress);
  const threads = threadsFor(files);
  if (threads > 1) {
    const { readOnThreads } = await import('./workers/pool.ts');
    yield* readOnThreads(files, { threads, question: { thread }, progress });
    return;
  }
  for (const file of files) {
    const outcome = await outcomeOf(file.path, { thread, onBytes: (bytes) => progress.add(bytes) });
    progress.finish(file);
    yield outcome;
  }
}

/** How many threads pay; fewer than two never do. */
function threadsFor(files: readonly FoundFile[]): number {
  // A thread cannot load the sources as they are.
  if (import.meta.url.endsWith('.ts')) return 0;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const threads = Math.min(availableParallelism(), files.length, Math.floor(bytes / BYTES_FOR_A_THREAD));
  return threads > 1 && isSpaceLimited() ? 0 : threads;
}

/** Where address space is limited (`ulimit -v`), V8 may find none for a thread's code, and then ends the process. */
function isSpaceLimited(): boolean {
  try {
    return !/^Max address space +unlimited/m.test(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    // No Linux.
    return false;
  }
}
