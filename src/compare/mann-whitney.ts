/**
 * Mann and Whitney's test: do values of one side tend to be larger than those of the other? It assumes nothing about
 * how times are distributed, which is as well, for they are not normal.
 *
 * Two-sided. Up to 40 values the p is exact: of all ways to deal the pooled mid-ranks to the two sides, the share whose
 * rank sum lies as far from its mean as the one observed. Beyond, the normal form with corrections for ties and
 * continuity, as R's wilcox.test and SciPy's mannwhitneyu state it.
 */

import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import ranks from '@stdlib/stats-ranks';

/** More values than this are tested by the normal form; the two agree there to three digits. */
const MOST_EXACT = 40;

/** The p of "both sides come from one distribution"; 1 where a side is empty or all values are equal. */
export function mannWhitneyP(
  before: readonly number[],
  after: readonly number[],
  known: KnownDistributions = new Map(),
): number {
  const pooled = [...before, ...after];
  if (before.length === 0 || after.length === 0) return 1;
  // Twice the mid-ranks are whole numbers, so that sums of them can be counted.
  const doubled = ranks(pooled).map((rank) => Math.round(2 * rank));
  const observed = sum(doubled.slice(0, before.length));
  return pooled.length <= MOST_EXACT
    ? exactP(doubled, before.length, { observed, known })
    : normalP(doubled, before.length, observed);
}

/** The least p that so many runs a side can give when no two values are equal. */
export function smallestP(before: number, after: number): number {
  return before === 0 || after === 0 ? 1 : Math.min(1, 2 / binomial(before + after, before));
}

/** Runs a side from which a single function among `family` can be told from noise. */
export function runsNeeded(level: number, family: number): number {
  let runs = 2;
  while (smallestP(runs, runs) > level / Math.max(1, family)) runs++;
  return runs;
}

/** Distributions of rank sums that were counted before: without ties, all functions of a comparison share one. */
export type KnownDistributions = Map<string, Float64Array>;

function exactP(
  doubled: readonly number[],
  size: number,
  { observed, known }: { readonly observed: number; readonly known: KnownDistributions },
): number {
  const key = `${size} of ${doubled.toSorted((a, b) => a - b).join()}`;
  const ways = known.get(key) ?? waysToSum(doubled, size);
  known.set(key, ways);
  const mean = (size * sum(doubled)) / doubled.length;
  const distance = Math.abs(observed - mean) - 1e-9;
  let asFar = 0;
  let all = 0;
  ways.forEach((count, total) => {
    all += count;
    if (Math.abs(total - mean) >= distance) asFar += count;
  });
  return Math.min(1, asFar / all);
}

/** sum -> number of ways to choose `size` of the ranks that add up to it */
function waysToSum(doubled: readonly number[], size: number): Float64Array {
  const width = sum(doubled) + 1;
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(width));
  (ways[0] ?? new Float64Array(1))[0] = 1;
  for (const rank of doubled) {
    for (let chosen = size; chosen >= 1; chosen--) {
      const into = ways[chosen] ?? new Float64Array();
      const from = ways[chosen - 1] ?? new Float64Array();
      for (let total = width - 1; total >= rank; total--) into[total] = (into[total] ?? 0) + (from[total - rank] ?? 0);
    }
  }
  return ways[size] ?? new Float64Array();
}

function normalP(doubled: readonly number[], size: number, observed: number): number {
  const all = doubled.length;
  const other = all - size;
  const distance = Math.abs(observed / 2 - (size * (all + 1)) / 2) - 0.5;
  const variance = ((size * other) / 12) * (all + 1 - tieTerm(doubled) / (all * (all - 1)));
  if (variance <= 0) return 1;
  return Math.min(1, 2 * normalCdf(-Math.max(0, distance) / Math.sqrt(variance), 0, 1));
}

/** Σ (t³ − t) over groups of t equal values. */
function tieTerm(doubled: readonly number[]): number {
  const sizes = new Map<number, number>();
  for (const rank of doubled) sizes.set(rank, (sizes.get(rank) ?? 0) + 1);
  return sum([...sizes.values()].map((size) => size ** 3 - size));
}

function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) result = (result * (n - i + 1)) / i;
  return result;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
