/** Watches the event loop of a thread over the inspector: a timer in the thread notes when the loop did not turn for long. */

import type { Microseconds } from '../../model/raw-profile.ts';
import { stallPeriod } from '../flight/stall-period.ts';
import { LONG_STALL, type Stall } from '../flight/stall-reports.ts';
import { type CdpChannel, RemoteObject } from './cdp.ts';
import { watchLoop } from './thread-expressions.ts';

/** What the timer knows. All times are µs of the thread's clock, which on Linux is V8's. */
interface LoopFacts {
  readonly now: Microseconds;
  /** The last turn of the loop that was seen. */
  readonly last: Microseconds;
  /** Times without a turn since the start, from a turn to the next one. */
  readonly gaps: readonly (readonly [after: Microseconds, end: Microseconds])[];
}

export class StallWatch {
  readonly #limit: Microseconds;
  readonly #watch: RemoteObject;
  /** µs between two looks at the loop. */
  readonly period: Microseconds;
  /** Gaps that were received. The thread forgets them when it is asked again. */
  #known = 0;
  #facts: LoopFacts | null = null;
  /** The start of a stall that was reported before it was over. */
  #reported: Microseconds | null = null;

  private constructor(limit: Microseconds, watch: RemoteObject) {
    this.#limit = limit;
    this.#watch = watch;
    this.period = stallPeriod(limit);
  }

  /** Throws PstatError. */
  static async start(channel: CdpChannel, limit: Microseconds): Promise<StallWatch> {
    const expression = watchLoop({ limit, period: stallPeriod(limit) / 1e3 });
    return new StallWatch(limit, await RemoteObject.create(channel, expression));
  }

  /** Returns the stalls since the last call. A stall that goes on is returned once, when it has lasted for a while. */
  async take(): Promise<Stall[]> {
    const facts = (await this.#watch.call('take', this.#known)) as LoopFacts;
    this.#known = facts.gaps.length;
    this.#facts = facts;
    const date = Date.now();
    const over = facts.gaps
      .filter(([after]) => after !== this.#reported)
      .map(([after, end]): Stall => ({ after, end, state: 'over', date: date - (facts.now - end) / 1e3 }));
    if (facts.now - facts.last < LONG_STALL || facts.last === this.#reported) return over;
    return [...over, ...this.takeOpen('goes on')];
  }

  /** Returns the stall that was not over when the stalls were taken last. */
  takeOpen(state: Stall['state']): Stall[] {
    const facts = this.#facts;
    if (facts === null || facts.last === this.#reported || facts.now - facts.last < this.#limit) return [];
    this.#reported = facts.last;
    return [{ after: facts.last, end: facts.now, state, date: Date.now() }];
  }

  /** Removes the timer. */
  async stop(): Promise<void> {
    await this.#watch.call('stop');
  }
}
