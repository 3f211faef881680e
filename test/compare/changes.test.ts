import { describe, expect, test } from 'vitest';
import { countChangeOf, hasOneSign, meanChange, medianChange, withShift } from '../../src/compare/changes.ts';
import { hodgesLehmann } from '../../src/compare/statistics/hodges-lehmann.ts';

const NOT_TESTED = { shift: null, low: null, high: null, p: null, adjustedP: null, significant: null };

describe('a change of a time', () => {
  test('is of medians for the total and of means for functions', () => {
    const values = { before: [10, 20, 30, 100], after: [50, 60, 70, 120] };
    expect(medianChange(values)).toEqual({
      before: 25,
      after: 65,
      delta: 40,
      ratio: 65 / 25,
      min: { before: 10, after: 50 },
      ...NOT_TESTED,
    });
    expect(meanChange(values)).toEqual({
      before: 40,
      after: 75,
      delta: 35,
      ratio: 75 / 40,
      min: { before: 10, after: 50 },
      ...NOT_TESTED,
    });
  });

  test('on one side only has no ratio, and its delta is what the function takes', () => {
    expect(meanChange({ before: null, after: [3, 1, 2] })).toEqual({
      before: null,
      after: 2,
      delta: 2,
      ratio: null,
      min: { before: null, after: 1 },
      ...NOT_TESTED,
    });
    expect(meanChange({ before: [5], after: null })).toMatchObject({ before: 5, after: null, delta: -5, ratio: null });
  });

  test('of nothing before has no ratio', () => {
    expect(meanChange({ before: [0], after: [4] })).toMatchObject({ delta: 4, ratio: null });
    expect(meanChange({ before: [4], after: [0] })).toMatchObject({ delta: -4, ratio: 0 });
  });

  test('of a time that is not known on one side is not known', () => {
    for (const change of [meanChange, medianChange]) {
      expect(change({ before: [1, Number.NaN, 3, 4], after: [1] })).toMatchObject({
        before: null,
        after: 1,
        delta: null,
      });
      expect(change({ before: [1], after: [1, 2, Number.NaN] })).toMatchObject({ before: 1, after: null, delta: null });
    }
  });

  test('of infinite times is not known', () => {
    const infinite = [Number.POSITIVE_INFINITY];
    expect(meanChange({ before: infinite, after: [1] })).toMatchObject({ before: null, min: { before: null } });
    expect(
      withShift(meanChange({ before: infinite, after: infinite }), hodgesLehmann(infinite, infinite)).shift,
    ).toBeNull();
  });

  test('gets the Hodges–Lehmann shift with its interval', () => {
    const [before, after] = [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ];
    expect(withShift(meanChange({ before, after }), hodgesLehmann(before, after))).toMatchObject({
      delta: 4,
      shift: 4,
      low: 1,
      high: 7,
    });
  });
});

describe('one sign', () => {
  const change = (delta: number | null, shift: number | null) => ({
    ...meanChange({ before: [1], after: [1] }),
    delta,
    shift,
  });

  test.each<[number | null, number | null, boolean]>([
    [1, 2, true],
    [-1, -2, true],
    [1, -2, false],
    [-1, 2, false],
    [0, 2, false],
    [1, 0, false],
    [null, 2, false],
    [1, null, false],
  ])('of delta %s and shift %s: %s', (delta, shift, expected) => {
    expect(hasOneSign(change(delta, shift))).toBe(expected);
  });
});

describe('a change of a count', () => {
  test('is of medians', () => {
    expect(countChangeOf({ before: [10, 20], after: [30, 40, 90] })).toEqual({
      before: 15,
      after: 40,
      delta: 25,
      changed: null,
    });
  });

  test('on one side only counts as none on the other', () => {
    expect(countChangeOf({ before: null, after: [1, 1] })).toMatchObject({ before: null, after: 1, delta: 1 });
    expect(countChangeOf({ before: [3], after: null })).toMatchObject({ before: 3, after: null, delta: -3 });
  });

  test('beyond 2^53 is exact', () => {
    const large = 2n ** 70n;
    expect(countChangeOf({ before: [large], after: [large + 1n] })).toMatchObject({
      before: large,
      after: large + 1n,
      delta: 1n,
    });
    expect(countChangeOf({ before: [large], after: [5] })).toMatchObject({ delta: 5n - large });
    expect(countChangeOf({ before: [7, large, 8], after: [7, 7, 7] })).toMatchObject({
      before: 8,
      after: 7,
      delta: -1,
    });
  });

  test('beyond 2^53 against half a call, the median of an even number of runs, is a number', () => {
    expect(countChangeOf({ before: [2n ** 70n], after: [7, 8] })).toMatchObject({
      before: 2n ** 70n,
      after: 7.5,
      delta: 7.5 - 2 ** 70,
    });
  });
});
