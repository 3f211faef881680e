/**
 * Reads how long a thread ran on a processor, and how long it was ready to run but queued for one.
 *
 * Linux counts both in /proc/PID/task/TID/schedstat: "time spent on the cpu (in nanoseconds)", "time spent waiting on
 * a runqueue (in nanoseconds)" and the number of time slices (https://docs.kernel.org/scheduler/sched-stats.html).
 * `/proc/thread-self` is the thread that opens the file; an open descriptor stays with that thread.
 */

import { closeSync, openSync, readSync } from 'node:fs';
import type { ThreadTimes } from '../model/raw-profile.ts';

/** Keep the functions: a program that mocks `fs` can also change the imports of this module. */
const [open, read, close] = [openSync, readSync, closeSync];

/** Bytes. Three 64-bit numbers take at most 63, so a longer file is never accepted as complete. */
const BUFFER_SIZE = 128;

export class ThreadCpuClock {
  readonly #file: string;
  readonly #buffer = Buffer.alloc(BUFFER_SIZE);
  /** Null until the first reading. */
  #descriptor: number | null = null;
  #isUnavailable = false;

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Returns the times since the thread started, or null where the kernel does not report them; never throws. The
   * descriptor stays open: in a loop, a reading takes 1.5 µs, and 6.5 µs with opening and closing.
   *
   * A program can close descriptors that it did not open, and another file can get the number. So the content is
   * checked, and after a failed reading the descriptor is neither read nor closed again.
   */
  read(): ThreadTimes | null {
    if (this.#isUnavailable) return null;
    const isFirst = this.#descriptor === null;
    const times = this.#readFile();
    if (times !== null) return times;
    this.#isUnavailable = true;
    if (isFirst) this.#closeDescriptor();
    return null;
  }

  /** Closes the descriptor; the next reading opens the file again. Never throws. */
  close(): void {
    if (this.#descriptor !== null && this.read() !== null) this.#closeDescriptor();
  }

  #readFile(): ThreadTimes | null {
    try {
      this.#descriptor ??= open(this.#file, 'r');
      const size = read(this.#descriptor, this.#buffer, 0, BUFFER_SIZE, 0);
      return parseSchedstat(this.#buffer.toString('latin1', 0, size));
    } catch {
      return null; // not Linux, no /proc, not permitted (--permission), or the descriptor was closed
    }
  }

  #closeDescriptor(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = null;
    try {
      if (descriptor !== null) close(descriptor);
    } catch {
      // Already closed.
    }
  }
}

/** The clock of this thread: each thread loads its own copy of this module. */
export const threadCpuClock = new ThreadCpuClock('/proc/thread-self/schedstat');

/**
 * Parses `cpu queued slices`, the times in ns. Returns null for anything else, and if the first is 0: kernels without
 * the counters print zeros (proc_pid_schedstat in fs/proc/base.c), and a thread that reads the file has run.
 */
export function parseSchedstat(text: string): ThreadTimes | null {
  const match = /^(\d{1,20}) (\d{1,20}) \d{1,20}\n?$/.exec(text);
  const cpu = match?.[1]; // no destructuring: the program may replace the iterator of arrays
  const queued = match?.[2];
  if (cpu === undefined || queued === undefined || Number(cpu) === 0) return null;
  return { cpu: Number(cpu) / 1e3, queued: Number(queued) / 1e3 };
}
