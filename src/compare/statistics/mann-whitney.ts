/**
 * The Mann–Whitney U test, two-sided: do the values of one side tend to be larger than those of the other? It assumes
 * nothing about the distribution of times, which is not normal.
 *
 * Up to 40 values the p is exact, ties included: the share of all assignments of the pooled mid-ranks to the two sides
 * whose rank sum lies at least as far from its mean as the observed one. Beyond that it is the normal approximation
 * with corrections for ties and continuity, as in R's wilcox.test and SciPy's mannwhitneyu.
 */

import { sum } from '../../base/averages.ts';
import { getOrInsert } from '../../base/maps.ts';
import { at } from '../../model/columns.ts';
import { MAX_EXACT, shareAsExtreme } from './exact.ts';
import { normalCdf } from './normal.ts';

/** The p of the hypothesis that both sides come from one distribution; 1 if a side is empty or all values are equal. */
export function mannWhitneyP(
  before: readonly number[],
  after: readonly number[],
  cache: RankSumCache = new Map(),
): number {
  const pooled = [...before, ...after];
  if (before.length === 0 || after.length === 0) return 1;
  const ranks = doubledRanks(pooled);
  const observed = sum(ranks.slice(0, before.length));
  return pooled.length <= MAX_EXACT
    ? exactP(ranks, before.length, { observed, cache })
    : normalP(ranks, before.length, observed);
}

/** The smallest p that so many runs a side can give when no two values are equal. */
export function smallestP(before: number, after: number): number {
  return before === 0 || after === 0 ? 1 : Math.min(1, 2 / binomial(before + after, before));
}

/** The runs a side from which one function of a family of so many can reach the level after adjustment. */
export function runsNeeded(level: number, family: number): number {
  let runs = 2;
  while (smallestP(runs, runs) > level / Math.max(1, family)) runs++;
  return runs;
}

/** Rank-sum distributions by side size and ranks. Without ties all functions of a comparison share one. */
export type RankSumCache = Map<string, Float64Array>;

/** Twice the mid-rank of each value: a whole number, so that sums of them can be counted. */
export function doubledRanks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => at(values, a) - at(values, b));
  const ranks = new Array<number>(values.length);
  let start = 0;
  while (start < order.length) {
    const value = at(values, at(order, start));
    let end = start + 1;
    while (end < order.length && at(values, at(order, end)) === value) end++;
    // Ranks start + 1 … end, whose mean is (start + 1 + end) / 2.
    for (let i = start; i < end; i++) ranks[at(order, i)] = start + 1 + end;
    start = end;
  }
  return ranks;
}

function exactP(
  ranks: readonly number[],
  size: number,
  { observed, cache }: { readonly observed: number; readonly cache: RankSumCache },
): number {
  const key = `${size} of ${ranks.toSorted((a, b) => a - b).join()}`;
  const ways = getOrInsert(cache, key, () => countRankSums(ranks, size));
  return shareAsExtreme(ways, { observed, mean: (size * sum(ranks)) / ranks.length });
}

/** sum -> number of ways to choose `size` of the ranks that add up to it */
function countRankSums(ranks: readonly number[], size: number): Float64Array {
  const width = sum(ranks) + 1;
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(width));
  at(ways, 0)[0] = 1;
  let largest = 0;
  for (const rank of ranks) {
    largest += rank;
    for (let chosen = size; chosen >= 1; chosen--) {
      const into = at(ways, chosen);
      const from = at(ways, chosen - 1);
      for (let total = largest; total >= rank; total--) into[total] = at(into, total) + at(from, total - rank);
    }
  }
  return at(ways, size);
}

function normalP(ranks: readonly number[], size: number, observed: number): number {
  const all = ranks.length;
  const other = all - size;
  const distance = Math.abs(observed / 2 - (size * (all + 1)) / 2) - 0.5;
  const variance = ((size * other) / 12) * (all + 1 - tieTerm(ranks) / (all * (all - 1)));
  if (variance <= 0) return 1;
  return Math.min(1, 2 * normalCdf(-Math.max(0, distance) / Math.sqrt(variance)));
}

/** Σ (t³ − t) over groups of t equal values. */
function tieTerm(ranks: readonly number[]): number {
  const sizes = new Map<number, number>();
  for (const rank of ranks) sizes.set(rank, (sizes.get(rank) ?? 0) + 1);
  return sum([...sizes.values()].map((size) => size ** 3 - size));
}

function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) result = (result * (n - i + 1)) / i;
  return result;
}
