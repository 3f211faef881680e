/**
 * Hodges and Lehmann's shift: by how much is one side larger? The median of all differences between a value of one and
 * a value of the other, with the interval that goes with Mann and Whitney's test.
 */

import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { within } from '../model/columns.ts';
import { median } from './median.ts';

/** A shift and the 95 % interval that holds it; null where so few values allow none. */
export interface Shift {
  readonly shift: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** From `before` to `after`. Both must hold values. */
export function hodgesLehmann(before: readonly number[], after: readonly number[]): Shift {
  const differences = Float64Array.from(after.flatMap((b) => before.map((a) => b - a))).sort();
  const cut = cutOff(before.length, after.length);
  return {
    shift: median(differences),
    low: cut === 0 ? null : within(differences[cut - 1]),
    high: cut === 0 ? null : within(differences[differences.length - cut]),
  };
}

const TAIL = 0.025;

/** More values than this are cut by the normal form. */
const MOST_EXACT = 40;

/** Which difference from either end bounds the interval, counted from 1; 0 where even the outermost hold too little. */
function cutOff(m: number, n: number): number {
  if (m + n > MOST_EXACT) {
    const spread = Math.sqrt((m * n * (m + n + 1)) / 12);
    return Math.max(0, Math.floor((m * n) / 2 + normalQuantile(TAIL, 0, 1) * spread));
  }
  const ways = waysToU(m, n);
  const all = ways.reduce((total, count) => total + count, 0);
  let below = 0;
  let cut = 0;
  while (below + within(ways[cut]) <= TAIL * all) below += within(ways[cut++]);
  return cut;
}

/** U -> number of orders of m and n values, none equal, that give it. */
function waysToU(m: number, n: number): Float64Array {
  // Dealing values from the largest down: one of the second side is beaten by every one of the first still to come.
  let row: Float64Array[] = Array.from({ length: n + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= m; i++) {
    const next: Float64Array[] = [Float64Array.of(1)];
    for (let j = 1; j <= n; j++) {
      const ways = new Float64Array(i * j + 1);
      const withoutFirst = row[j] ?? new Float64Array();
      const withoutSecond = next[j - 1] ?? new Float64Array();
      withoutFirst.forEach((count, u) => {
        ways[u + j] = (ways[u + j] ?? 0) + count;
      });
      withoutSecond.forEach((count, u) => {
        ways[u] = (ways[u] ?? 0) + count;
      });
      next.push(ways);
    }
    row = next;
  }
  return row[n] ?? new Float64Array();
}
