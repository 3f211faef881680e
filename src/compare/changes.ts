/** Figures before and after → a Change. */

import { mean, median } from '../base/averages.ts';
import type { Count } from '../model/count.ts';
import { type Both, mapBoth } from './both.ts';
import type { Change, CountChange } from './comparison.ts';
import type { Shift } from './statistics/hodges-lehmann.ts';

/** Values of one thing, run by run; null on a side that does not have it. */
type Values = Both<readonly number[] | null>;

/** The change of a time of functions: means over runs. Not tested yet. */
export function meanChange(values: Values): Change {
  return changeOf(values, mean);
}

/** The change of a total: medians over runs. Not tested yet. */
export function medianChange(values: Values): Change {
  return changeOf(values, median);
}

function changeOf(values: Values, average: (values: readonly number[]) => number): Change {
  const { before, after } = mapBoth(values, (of) => (of === null ? null : finiteOrNull(average(of))));
  const isUnknown = (values.before !== null && before === null) || (values.after !== null && after === null);
  return {
    before,
    after,
    delta: isUnknown ? null : (after ?? 0) - (before ?? 0),
    ratio: before === null || after === null || before === 0 ? null : after / before,
    min: mapBoth(values, minOf),
    shift: null,
    low: null,
    high: null,
    p: null,
    adjustedP: null,
    significant: null,
  };
}

/** The change with the estimate and the interval of its shift. A side without the function has zeros. */
export function withShift(change: Change, { shift, low, high }: Shift): Change {
  return { ...change, shift: finiteOrNull(shift), low, high };
}

/** Whether the estimate of the shift contradicts the change that the columns show. */
export function hasOneSign({ delta, shift }: Change): boolean {
  return delta !== null && shift !== null && delta * shift > 0;
}

/** Medians of counts. `changed` is not known yet. */
export function countChangeOf(counts: Both<readonly Count[] | null>): CountChange {
  const { before, after } = mapBoth(counts, (of) => (of === null ? null : medianCount(of)));
  return { before, after, delta: subtractCounts(after ?? 0, before ?? 0), changed: null };
}

function medianCount(counts: readonly Count[]): Count {
  const sorted = counts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  const lower = sorted[middle - 1] ?? upper;
  if (sorted.length % 2 === 1) return upper;
  return typeof lower === 'number' && typeof upper === 'number' ? (lower + upper) / 2 : lower;
}

function subtractCounts(a: Count, b: Count): Count {
  if (typeof a === 'bigint' && typeof b === 'bigint') return a - b;
  // The median of an even number of runs may be half a call, which a bigint cannot be.
  const areWhole = Number.isInteger(Number(a)) && Number.isInteger(Number(b));
  const areSafe = typeof a === 'number' && typeof b === 'number';
  return areSafe || !areWhole ? Number(a) - Number(b) : BigInt(a) - BigInt(b);
}

function minOf(values: readonly number[] | null): number | null {
  if (values === null) return null;
  return finiteOrNull(values.reduce((smallest, value) => Math.min(smallest, value), Number.POSITIVE_INFINITY));
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
