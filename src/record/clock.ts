/**
 * Two clocks: pstat's (`process.hrtime`), which times the marks, and V8's, which times the samples. On Linux they are
 * the same. Elsewhere the difference is unknown and is measured whenever V8 reads its clock between two readings of
 * pstat's.
 */

import type { Microseconds } from '../model/raw-profile.ts';

/** Keep the function: the fake timers of a test framework replace the property. */
const { hrtime } = process;

/** Returns µs of pstat's clock. `performance.now()` uses another clock, which can differ by a millisecond. */
export function now(): Microseconds {
  const time = hrtime(); // no destructuring: the program may replace the iterator of arrays
  return time[0] * 1e6 + time[1] / 1e3;
}

/** Estimates the difference to add to a time of pstat's clock to get V8's. */
export class ClockOffset {
  #min = -Infinity;
  #max = Infinity;

  /** Adds a reading: V8 read `time`, truncated to whole µs, between `before` and `after` of pstat's clock. */
  addReading(time: Microseconds, before: Microseconds, after: Microseconds): void {
    const [min, max] = [time - after, time + 1 - before];
    const hasDrifted = min > this.#max || max < this.#min;
    this.#min = hasDrifted ? min : Math.max(min, this.#min);
    this.#max = hasDrifted ? max : Math.min(max, this.#max);
  }

  /** µs; 0 while the readings allow that both clocks are the same. */
  get value(): number {
    if (this.#min <= 0 && this.#max >= 0) return 0;
    return (this.#min + this.#max) / 2;
  }
}
