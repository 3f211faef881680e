/**
 * The Wilcoxon signed-rank test of pairs, two-sided, and the shift that belongs to it: what a busy machine does to both
 * runs of a pair is not in their difference. It assumes that differences are symmetric, and no distribution of times.
 *
 * Up to 40 pairs the p is exact, ties included: the share of all assignments of signs to the mid-ranks whose sum lies at
 * least as far from its mean as the observed one. Differences of 0 are left out, as Wilcoxon did.
 */

import { sum } from '../../base/averages.ts';
import { at } from '../../model/columns.ts';
import { MAX_EXACT, shareAsExtreme, tailSize } from './exact.ts';
import { type Shift, shiftOf } from './hodges-lehmann.ts';
import { doubledRanks } from './mann-whitney.ts';
import { normalCdf, Z_95 } from './normal.ts';

/** The fewest pairs that can give a p below 0.05: all six differences with one sign have 2 / 64. */
export const MIN_PAIRS = 6;

/** The p of the hypothesis that differences are as often positive as negative; 1 where all are 0. */
export function signedRankP(differences: readonly number[]): number {
  const changed = differences.filter((difference) => difference !== 0);
  if (changed.length === 0) return 1;
  const ranks = doubledRanks(changed.map(Math.abs));
  const observed = sum(ranks.filter((_, i) => at(changed, i) > 0));
  if (changed.length > MAX_EXACT) return normalP(ranks, observed);
  return shareAsExtreme(countRankSums(ranks), { observed, mean: sum(ranks) / 2 });
}

/** The median of the means of every two differences, each with itself too (Walsh averages). May not be empty. */
export function pairedShift(differences: readonly number[]): Shift {
  const means = Float64Array.from(differences.flatMap((a, i) => differences.slice(i).map((b) => (a + b) / 2))).sort();
  return shiftOf(means, cutOff(differences.length));
}

/** sum -> number of ways to choose ranks that add up to it */
function countRankSums(ranks: readonly number[]): Float64Array {
  const ways = new Float64Array(sum(ranks) + 1);
  ways[0] = 1;
  for (const rank of ranks) {
    for (let total = ways.length - 1; total >= rank; total--) ways[total] = at(ways, total) + at(ways, total - rank);
  }
  return ways;
}

/** The variance of a sum of signed mid-ranks is Σ rank² / 4, ties included. */
function normalP(ranks: readonly number[], observed: number): number {
  const deviation = Math.sqrt(sum(ranks.map((rank) => (rank / 2) ** 2)) / 4);
  const distance = Math.abs(observed - sum(ranks) / 2) / 2 - 0.5;
  return Math.min(1, 2 * normalCdf(-Math.max(0, distance) / deviation));
}

/** Which mean from either end bounds the interval, counted from 1; 0 where even the outermost covers too little. */
function cutOff(pairs: number): number {
  if (pairs > MAX_EXACT) {
    const deviation = Math.sqrt((pairs * (pairs + 1) * (2 * pairs + 1)) / 24);
    return Math.floor((pairs * (pairs + 1)) / 4 - Z_95 * deviation);
  }
  return tailSize(countRankSums(Array.from({ length: pairs }, (_, i) => i + 1)));
}
