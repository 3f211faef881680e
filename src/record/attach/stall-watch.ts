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
  #facts: LoopFacts | null = null;
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
  take(facts: LoopFacts): Stall[] {
    this.#facts = facts;
    const date = Date.now();
    const over = facts.gaps
      .filter(([after]) => after !== this.#reported)
      .map(([after, end]): Stall => ({ after, end, state: 'over', date: date - (facts.now - end) / 1e3 }));
    return facts.now - facts.turn < LONG_STALL ? over : [...over, ...this.takeOpen('goes on')];
  }

  /** Returns the stall that was not over when the facts were taken last. */
  takeOpen(state: Stall['state']): Stall[] {
    const facts = this.#facts;
    if (facts === null || facts.turn === this.#reported || facts.now - facts.turn < this.limit) return [];
    this.#reported = facts.turn;
    return [{ after: facts.turn, end: facts.now, state, date: Date.now() }];
  }
}
