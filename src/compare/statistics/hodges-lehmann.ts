/**
 * The Hodges–Lehmann estimate of a shift: the median of all differences between a value of one side and a value of the
 * other, with the interval that corresponds to the Mann–Whitney test.
 */

import { median } from '../../base/averages.ts';
import { getOrInsert } from '../../base/maps.ts';
import { at } from '../../model/columns.ts';
import { MAX_EXACT, tailSize } from './exact.ts';
import { Z_95 } from './normal.ts';

/** A shift and its 95 % interval; the bounds are null where too few values allow none. */
export interface Shift {
  readonly shift: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** The shift from `before` to `after`. Neither may be empty. */
export function hodgesLehmann(before: readonly number[], after: readonly number[]): Shift {
  const differences = Float64Array.from(after.flatMap((b) => before.map((a) => b - a))).sort();
  return shiftOf(differences, cachedCutOff(before.length, after.length));
}

/** @param cut which value from either end bounds the interval, counted from 1; 0 for no interval */
export function shiftOf(ascending: Float64Array, cut: number): Shift {
  return {
    shift: median(ascending),
    low: cut === 0 ? null : at(ascending, cut - 1),
    high: cut === 0 ? null : at(ascending, ascending.length - cut),
  };
}

/** Sizes of the sides -> cut-off. All functions of a comparison share one. */
const cutOffs = new Map<string, number>();

function cachedCutOff(m: number, n: number): number {
  return getOrInsert(cutOffs, `${m} ${n}`, () => cutOff(m, n));
}

/** Which difference from either end bounds the interval, counted from 1; 0 where even the outermost covers too little. */
function cutOff(m: number, n: number): number {
  if (m + n > MAX_EXACT) {
    const deviation = Math.sqrt((m * n * (m + n + 1)) / 12);
    return Math.max(0, Math.floor((m * n) / 2 - Z_95 * deviation));
  }
  return tailSize(countWaysToU(m, n));
}

/** U -> number of orders of m and n values, no two equal, that give this U. */
function countWaysToU(m: number, n: number): Float64Array {
  // If the largest value is of the second side, all m of the first lie below it; else one of the first is out.
  let row: Float64Array[] = Array.from({ length: n + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= m; i++) {
    const next: Float64Array[] = [Float64Array.of(1)];
    for (let j = 1; j <= n; j++) {
      const ways = new Float64Array(i * j + 1);
      at(row, j).forEach((count, u) => {
        ways[u + j] = at(ways, u + j) + count;
      });
      at(next, j - 1).forEach((count, u) => {
        ways[u] = at(ways, u) + count;
      });
      next.push(ways);
    }
    row = next;
  }
  return at(row, n);
}
