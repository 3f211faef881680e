/** Exact distributions: a statistic -> the number of equally likely cases that have it. */

import { sum } from '../../base/averages.ts';
import { at } from '../../model/columns.ts';

/** Up to this number of values the distributions are exact; there the normal approximation agrees to three digits. */
export const MAX_EXACT = 40;

/** The share of the cases whose statistic lies at least as far from its mean as the observed one: a two-sided p. */
export function shareAsExtreme(ways: Float64Array, { observed, mean }: { observed: number; mean: number }): number {
  // Sums of mid-ranks are whole; their mean may be rounded.
  const distance = Math.abs(observed - mean) - 1e-9;
  let asExtreme = 0;
  let all = 0;
  for (let statistic = 0; statistic < ways.length; statistic++) {
    all += at(ways, statistic);
    if (Math.abs(statistic - mean) >= distance) asExtreme += at(ways, statistic);
  }
  return asExtreme / all;
}

/** The probability below a 95 % interval. */
const TAIL = 0.025;

/** The number of the smallest statistics that together have at most the tail's share of the cases. */
export function tailSize(ways: Float64Array): number {
  const tail = TAIL * sum(ways);
  let below = 0;
  let size = 0;
  while (below + at(ways, size) <= tail) below += at(ways, size++);
  return size;
}
