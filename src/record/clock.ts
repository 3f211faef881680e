/**
 * Two clocks: ours (`process.hrtime`), by which marks are set, and V8's, by which samples are taken. On Linux they are
 * one; elsewhere nothing is assumed, and the difference is measured wherever V8 takes a time between two of ours.
 */

import type { Microseconds } from '../model/raw-profile.ts';

/** Keep the function: fake timers of a test framework replace the property. */
const { hrtime } = process;

/** µs of our clock. `performance.now()` is of another clock, which may differ from this one by a millisecond. */
export function now(): Microseconds {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1e6 + nanoseconds / 1e3;
}

/** What must be added to a time of our clock to have V8's. */
export class ClockOffset {
  #least = -Infinity;
  #most = Infinity;

  /** Learns that V8 read `time`, cut to whole µs, after `before` and before `after` of our clock. */
  learn(time: Microseconds, before: Microseconds, after: Microseconds): void {
    const [least, most] = [time - after, time + 1 - before];
    const drifted = least > this.#most || most < this.#least;
    this.#least = drifted ? least : Math.max(least, this.#least);
    this.#most = drifted ? most : Math.min(most, this.#most);
  }

  /** µs; 0 as long as the two may be one clock. */
  get value(): number {
    if (this.#least <= 0 && this.#most >= 0) return 0;
    return (this.#least + this.#most) / 2;
  }
}
