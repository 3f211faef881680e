/**
 * The test of a function's time.
 *
 * On a machine that others use, counted time also grows where the thread had no processor. Where only the CPU time of
 * the process is known, its ratio to counted time cannot tell that from waiting, nor from helper threads. So a change
 * is called only if it shows under each explanation of the ratio: that all of it is disturbance, and that all of the
 * difference between the sides is the program's own, at either end of its 95 % interval.
 */

import { type Both, mapBoth } from './both.ts';
import { hasOneSign, meanChange, withShift } from './changes.ts';
import type { Change } from './comparison.ts';
import { hodgesLehmann } from './statistics/hodges-lehmann.ts';
import { mannWhitneyP, type RankSumCache } from './statistics/mann-whitney.ts';

/** Values of both sides, a function's absence as zeros. */
type SideValues = Both<readonly number[]>;

/** Multiplies the times of a run by the run's own factor; only to decide whether a change holds, never to show. */
type Explanation = SideValues;

export class FunctionTest {
  readonly #explanations: readonly Explanation[];
  readonly #cache: RankSumCache = new Map();

  /** @param cpuRatios process -> CPU ÷ counted time; null where the times are to be tested as they are */
  constructor(cpuRatios: SideValues | null) {
    this.#explanations = cpuRatios === null ? [] : explanationsOf(cpuRatios);
  }

  /** The change with its shift and its p: the largest p under any explanation. */
  test(change: Change, values: SideValues): Change {
    const shifted = withShift(change, hodgesLehmann(values.before, values.after));
    const ps = this.#explanations.map((explanation) => this.#pUnder(explanation, values, shifted));
    return { ...shifted, p: Math.max(this.#p(values), ...ps) };
  }

  #p({ before, after }: SideValues): number {
    return mannWhitneyP(before, after, this.#cache);
  }

  /** 1 where the change has the other sign under this explanation. */
  #pUnder(explanation: Explanation, values: SideValues, shown: Change): number {
    const scaled = mapBoth(values, (times, side) => times.map((time, run) => time * (explanation[side][run] ?? 1)));
    const { delta } = meanChange(scaled);
    const hasSameSign = hasOneSign(withShift(shown, hodgesLehmann(scaled.before, scaled.after)));
    return hasSameSign && (delta ?? 0) * (shown.delta ?? 0) > 0 ? this.#p(scaled) : 1;
  }
}

function explanationsOf(ratios: SideValues): Explanation[] {
  const logs = mapBoth(ratios, (of) => of.map(Math.log));
  const { low, high } = hodgesLehmann(logs.before, logs.after);
  const ends = [low, high].filter((end) => end !== null);
  return [
    ratios,
    ...ends.map((end) => ({ before: ratios.before, after: ratios.after.map((ratio) => ratio / Math.exp(end)) })),
  ];
}
