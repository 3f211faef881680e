/** Finds the stalls of an event loop in what a timer in the thread has seen. */

import type { Microseconds } from '../../model/raw-profile.ts';
import { stallPeriod } from '../flight/stall-period.ts';
import { LONG_STALL, type Stall } from '../flight/stall-reports.ts';

/** All times are µs of the thread's clock, which on Linux is V8's. */
export interface LoopFacts {
  readonly now: Microseconds;
  /** The last turn of the loop that was seen. */
  readonly turn: Microseconds;
  /** Times without a turn since the facts before, from a turn to the next one. */
  readonly gaps: readonly (readonly [after: Microseconds, end: Microseconds])[];
}

export class StallWatch {
  readonly limit: Microseconds;
  /** The time since the last turn of the loop, when the facts were taken last. */
  #open: Omit<Stall, 'state'> | null = null;
  /** The start of a stall that was reported before it was over. */
  #reported: Microseconds | null = null;

  constructor(limit: Microseconds) {
    this.limit = limit;
  }

  /** µs between two looks at the loop. */
  get period(): Microseconds {
    return stallPeriod(this.limit);
  }

  /** Returns the stalls. A stall that goes on is returned once, when it has lasted for a while. */
  take({ now, turn, gaps }: LoopFacts): Stall[] {
    const date = Date.now();
    this.#open = { after: turn, end: now, date };
    const over = gaps
      .filter(([after]) => after !== this.#reported)
      .map(([after, end]): Stall => ({ after, end, state: 'over', date: date - (now - end) / 1e3 }));
    return now - turn < LONG_STALL ? over : [...over, ...this.takeOpen('goes on')];
  }

  /** Returns the stall that was not over when the facts were taken last. */
  takeOpen(state: Stall['state']): Stall[] {
    const open = this.#open;
    if (open === null || open.after === this.#reported || open.end - open.after < this.limit) return [];
    this.#reported = open.after;
    return [{ ...open, state }];
  }
}
