/** Whether most functions changed by one ratio: more work, a collector, flags, another Node or another machine. */

import { median, sum } from '../base/averages.ts';
import type { AlikeChange, Change, CountChange, OtherTotal } from './comparison.ts';

/** Of the tested functions, so many must agree with the common ratio. */
const MIN_SHARE = 2 / 3;
const MIN_FUNCTIONS = 5;
/** A smaller common change is no change. */
const MIN_CHANGE = 0.03;

/** The common ratio of the tested functions, if the intervals of two thirds of them contain it; else null. */
export function findAlike(
  tested: readonly Change[],
  { total, otherTotals }: { readonly total: Change; readonly otherTotals: readonly OtherTotal[] },
): AlikeChange | null {
  if (isDisturbance(otherTotals)) return null;
  const known = tested.filter(({ ratio, before }) => ratio !== null && before !== null && before > 0);
  if (total.significant !== true || known.length < MIN_FUNCTIONS) return null;
  const ratio = median(known.map((change) => change.ratio ?? 1));
  const hasTotalsSign = (ratio - 1) * (total.delta ?? 0) > 0;
  const functions = known.filter((change) => holds(change, ratio)).length;
  if (Math.abs(ratio - 1) < MIN_CHANGE || !hasTotalsSign || functions < MIN_SHARE * tested.length) return null;
  return { ratio, functions, of: tested.length };
}

/** Counted time that rose while the thread's undisturbed time did not: the machine was busy, and the program did no more. */
function isDisturbance(otherTotals: readonly OtherTotal[]): boolean {
  return otherTotals.some(({ basis, change }) => basis === 'undisturbed' && change.significant === false);
}

function holds({ before, low, high }: Change, ratio: number): boolean {
  const expected = (ratio - 1) * (before ?? 0);
  return low !== null && high !== null && low <= expected && expected <= high;
}

/** Of all calls, so many must have changed by the common ratio. */
const MIN_CALLS_SHARE = 0.9;
/** By how much a function's ratio may differ from the common one. */
const RATIO_TOLERANCE = 0.02;

/** The ratio by which nearly all calls changed; null where they did not change alike, or not at all. */
export function findWork(counts: readonly CountChange[]): number | null {
  const known = counts
    .map(({ before, after }) => ({ before: Number(before ?? 0), after: Number(after ?? 0) }))
    .filter(({ before, after }) => before > 0 && after > 0)
    .map(({ before, after }) => ({ calls: Math.max(before, after), ratio: after / before }));
  const all = sum(known.map(({ calls }) => calls));
  const ratio = weightedMedian(known, all / 2);
  if (ratio === null || Math.abs(ratio - 1) <= RATIO_TOLERANCE) return null;
  const alike = known.filter((one) => Math.abs(one.ratio / ratio - 1) <= RATIO_TOLERANCE);
  return sum(alike.map(({ calls }) => calls)) >= MIN_CALLS_SHARE * all ? ratio : null;
}

function weightedMedian(values: readonly { calls: number; ratio: number }[], half: number): number | null {
  let seen = 0;
  const middle = values
    .toSorted((a, b) => a.ratio - b.ratio)
    .find(({ calls }) => {
      seen += calls;
      return seen >= half;
    });
  return middle?.ratio ?? null;
}
