/** Figures of one thing, before and after, made into a Change. */

import type { Count } from '../model/count.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import type { Change, CountChange } from './comparison.ts';
import { median } from './median.ts';
import { hodgesLehmann } from './shift.ts';

/** Values of one thing, run by run; null on a side that does not hold it. */
export interface Values {
  readonly before: readonly number[] | null;
  readonly after: readonly number[] | null;
}

/** A change over runs, not yet judged among its family. `scaled` are the values with the machine's speed taken out; `test` gives their p, null where none can. */
export function changeOf(
  values: Values,
  scaled: Values,
  test: ((before: readonly number[], after: readonly number[]) => number) | null,
): Change {
  const before = values.before === null ? null : known(median(values.before));
  const after = values.after === null ? null : known(median(values.after));
  const shift = shiftOf(scaled);
  return {
    before,
    after,
    delta: before === null && after === null ? null : (after ?? 0) - (before ?? 0),
    scaledBefore: scaled.before === null ? null : known(median(scaled.before)),
    ratio: before === null || after === null || before === 0 ? null : after / before,
    least: { before: least(values.before), after: least(values.after) },
    ...shift,
    p: test === null || scaled.before === null || scaled.after === null ? null : test(scaled.before, scaled.after),
    adjustedP: null,
    significant: null,
  };
}

function shiftOf({ before, after }: Values): Pick<Change, 'shift' | 'low' | 'high'> {
  if (before === null || after === null) {
    const value = after === null ? -median(before ?? []) : median(after);
    return { shift: known(value), low: null, high: null };
  }
  return hodgesLehmann(before, after);
}

/** z of a 95 % interval. */
const Z = 1.96;

/**
 * The interval of a single run a side: with n samples, a time is known to 1/√n of itself. It covers the error of
 * sampling alone; what a machine does from one run to the next is not in it.
 */
export function withSamplingError(change: Change, error: { before: Microseconds; after: Microseconds }): Change {
  if (change.shift === null) return change;
  const reach = Z * Math.hypot(error.before, error.after);
  return { ...change, low: change.shift - reach, high: change.shift + reach };
}

/** Samples are no proof, for their number is chance; calls are: one run that differs from all others, or a whole side. */
export function countChangeOf(
  before: readonly Count[] | null,
  after: readonly Count[] | null,
  counts: 'samples' | 'calls',
): CountChange {
  const from = before === null ? null : medianCount(before);
  const to = after === null ? null : medianCount(after);
  const delta = difference(to ?? 0, from ?? 0);
  return {
    before: from,
    after: to,
    delta,
    changed: counts === 'samples' ? null : rangesDiffer(before ?? [0], after ?? [0]),
  };
}

/** Whether every count of one side lies above every count of the other: callbacks of a collector make counts jitter. */
function rangesDiffer(before: readonly Count[], after: readonly Count[]): boolean {
  const [lowBefore, highBefore] = range(before);
  const [lowAfter, highAfter] = range(after);
  return highBefore < lowAfter || highAfter < lowBefore;
}

function range(counts: readonly Count[]): [Count, Count] {
  const [first = 0] = counts;
  return counts.reduce<[Count, Count]>(
    ([low, high], count) => [count < low ? count : low, count > high ? count : high],
    [first, first],
  );
}

function medianCount(counts: readonly Count[]): Count {
  const sorted = counts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  const lower = sorted[middle - 1] ?? upper;
  if (sorted.length % 2 === 1) return upper;
  return typeof lower === 'number' && typeof upper === 'number' ? (lower + upper) / 2 : lower;
}

function difference(a: Count, b: Count): Count {
  if (typeof a === 'bigint' && typeof b === 'bigint') return a - b;
  // A median of an even number of runs may be half a call: then the difference is one of numbers.
  const areWhole = Number.isInteger(Number(a)) && Number.isInteger(Number(b));
  const areSafe = typeof a === 'number' && typeof b === 'number';
  return areSafe || !areWhole ? Number(a) - Number(b) : BigInt(a) - BigInt(b);
}

function least(values: readonly number[] | null): number | null {
  if (values === null) return null;
  return known(values.reduce((smallest, value) => Math.min(smallest, value), Number.POSITIVE_INFINITY));
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
