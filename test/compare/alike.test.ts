import { describe, expect, test } from 'vitest';
import { findAlike, findWork } from '../../src/compare/alike.ts';
import { countChangeOf, meanChange } from '../../src/compare/changes.ts';
import type { Change, CountChange } from '../../src/compare/comparison.ts';

/** A tested function of 1,000 µs that changed by a ratio, with an interval of that ratio ± some of its time. */
function changed(ratio: number, halfWidth = 0.05): Change {
  const change = meanChange({ before: [1000], after: [1000 * ratio] });
  const low = 1000 * (ratio - 1 - halfWidth);
  const high = 1000 * (ratio - 1 + halfWidth);
  return { ...change, shift: 1000 * (ratio - 1), low, high, p: 0.01, adjustedP: 0.01, significant: true };
}

const times = (count: number, change: Change) => new Array<Change>(count).fill(change);
const total = (ratio: number, significant: boolean | null = true) => ({
  total: { ...changed(ratio), significant },
  otherTotals: [],
});

describe('functions that changed alike', () => {
  test('are counted, with their common ratio', () => {
    expect(findAlike(times(10, changed(1.2)), total(1.2))).toEqual({ ratio: 1.2, functions: 10, of: 10 });
  });

  test('may be two thirds of the tested ones', () => {
    expect(findAlike([...times(6, changed(1.2)), ...times(3, changed(1))], total(1.2))).toMatchObject({
      functions: 6,
      of: 9,
    });
    expect(findAlike([...times(6, changed(1.2)), ...times(4, changed(1))], total(1.2))).toBeNull();
  });

  test('became faster alike, too', () => {
    expect(findAlike(times(10, changed(0.5)), total(0.5))).toMatchObject({ ratio: 0.5 });
  });

  test('are not reported without a significant total', () => {
    expect(findAlike(times(10, changed(1.2)), total(1.2, false))).toBeNull();
    expect(findAlike(times(10, changed(1.2)), total(1.2, null))).toBeNull();
  });

  test('are not reported where the total changed in the other direction', () => {
    expect(findAlike(times(10, changed(0.8)), total(1.2))).toBeNull();
  });

  test('are at least five, and changed by 3 % or more', () => {
    expect(findAlike(times(4, changed(1.2)), total(1.2))).toBeNull();
    expect(findAlike(times(5, changed(1.2)), total(1.2))).not.toBeNull();
    expect(findAlike(times(10, changed(1.02)), total(1.02))).toBeNull();
  });

  test('are not reported where only counted time rose: the machine was busy', () => {
    const undisturbed = { basis: 'undisturbed', change: { ...changed(1), significant: false } } as const;
    expect(findAlike(times(10, changed(1.2)), { ...total(1.2), otherTotals: [undisturbed] })).toBeNull();
  });

  test('do not include a new function, which has no ratio', () => {
    const added = meanChange({ before: null, after: [5] });
    expect(findAlike([...times(5, changed(1.2)), ...times(5, added)], total(1.2))).toBeNull();
  });
});

describe('calls that changed alike', () => {
  const calls = (before: number | bigint, after: number | bigint): CountChange =>
    countChangeOf({ before: [before], after: [after] });

  test('give the ratio of the work', () => {
    expect(findWork([calls(100, 400), calls(5, 20), calls(1000, 4000)])).toBe(4);
    expect(findWork([calls(400, 100), calls(20, 5)])).toBe(0.25);
  });

  test('may leave out the few calls of the start, which happen once', () => {
    expect(findWork([calls(1000, 4000), ...new Array<CountChange>(50).fill(calls(1, 1))])).toBe(4);
  });

  test('must be nine tenths of all calls', () => {
    expect(findWork([calls(1000, 4000), calls(500, 500)])).toBeNull();
  });

  test('are not reported where the calls did not change', () => {
    expect(findWork([calls(100, 100), calls(5, 5)])).toBeNull();
    expect(findWork([calls(100, 101)])).toBeNull();
  });

  test('are not known of functions on one side only', () => {
    expect(
      findWork([countChangeOf({ before: null, after: [5] }), countChangeOf({ before: [5], after: null })]),
    ).toBeNull();
    expect(findWork([])).toBeNull();
  });

  test('may be beyond 2^53', () => {
    expect(findWork([calls(2n ** 70n, 2n ** 72n)])).toBe(4);
  });
});
