import { describe, expect, test } from 'vitest';
import { changeOf, countChangeOf, type Values, withSamplingError } from '../../src/compare/changes.ts';
import { mannWhitneyP } from '../../src/compare/mann-whitney.ts';

const exact = (before: readonly number[], after: readonly number[]) => mannWhitneyP(before, after);

const same = (values: Values, test: typeof exact | null = exact) => changeOf(values, values, test);

describe('a time', () => {
  test('medians and least values as recorded; shift, interval and p as scaled', () => {
    const recorded = { before: [10, 20, 30, 40], after: [50, 60, 70, 90] };
    const scaled = { before: [1, 2, 3, 4], after: [5, 6, 7, 8] };
    expect(changeOf(recorded, scaled, exact)).toEqual({
      before: 25,
      after: 65,
      delta: 40,
      scaledBefore: 2.5,
      ratio: 65 / 25,
      least: { before: 10, after: 50 },
      shift: 4,
      low: 1,
      high: 7,
      p: 2 / 70,
      adjustedP: null,
      significant: null,
    });
  });

  test('not to be tested: no p, and the rest all the same', () => {
    expect(same({ before: [1, 2, 3, 4], after: [5, 6, 7, 8] }, null)).toMatchObject({ p: null, shift: 4, low: 1 });
  });

  test('on one side only: no ratio, no interval, no p', () => {
    expect(same({ before: null, after: [3, 1, 2] })).toEqual({
      before: null,
      after: 2,
      delta: 2,
      scaledBefore: null,
      ratio: null,
      least: { before: null, after: 1 },
      shift: 2,
      low: null,
      high: null,
      p: null,
      adjustedP: null,
      significant: null,
    });
    expect(same({ before: [5], after: null })).toMatchObject({
      before: 5,
      after: null,
      delta: -5,
      scaledBefore: 5,
      shift: -5,
      ratio: null,
    });
  });

  test('nothing before: no ratio', () => {
    expect(same({ before: [0], after: [4] })).toMatchObject({ delta: 4, ratio: null });
    expect(same({ before: [4], after: [0] })).toMatchObject({ delta: -4, ratio: 0 });
  });

  test('a new function without time of its own has a shift, as a removed one has', () => {
    expect(same({ before: [0], after: null }).shift).toBeCloseTo(0);
    expect(same({ before: null, after: [0] }).shift).toBe(0);
  });

  test('what sampling allows is laid around the shift', () => {
    const change = withSamplingError(same({ before: [100], after: [160] }), { before: 30, after: 40 });
    expect(change).toMatchObject({ shift: 60, low: 60 - 1.96 * 50, high: 60 + 1.96 * 50 });
  });
});

describe('a count', () => {
  test('of calls is exact: one run a side tells', () => {
    expect(countChangeOf([9241], [6244], 'calls')).toEqual({ before: 9241, after: 6244, delta: -2997, changed: true });
    expect(countChangeOf([5], [5], 'calls')).toEqual({ before: 5, after: 5, delta: 0, changed: false });
  });

  test('over several runs the ranges must not overlap', () => {
    expect(countChangeOf([1, 9, 5], [10, 12, 11], 'calls').changed).toBe(true);
    expect(countChangeOf([10, 12, 11], [1, 9, 5], 'calls').changed).toBe(true);
    expect(countChangeOf([1, 10, 5], [10, 12, 11], 'calls').changed).toBe(false);
    expect(countChangeOf([0, 6, 0, 30], [0, 0, 0, 30], 'calls').changed).toBe(false);
  });

  test('of samples proves nothing', () => {
    expect(countChangeOf([10, 20], [30, 40], 'samples')).toEqual({ before: 15, after: 35, delta: 20, changed: null });
  });

  test('on one side only counts as none on the other', () => {
    expect(countChangeOf(null, [1, 1], 'calls')).toEqual({ before: null, after: 1, delta: 1, changed: true });
    expect(countChangeOf(null, [1, 0], 'calls').changed).toBe(false);
    expect(countChangeOf([3], null, 'calls')).toEqual({ before: 3, after: null, delta: -3, changed: true });
  });

  test('beyond 2^53 stays exact', () => {
    const large = 2n ** 70n;
    expect(countChangeOf([large], [large + 1n], 'calls')).toEqual({
      before: large,
      after: large + 1n,
      delta: 1n,
      changed: true,
    });
  });

  test('beyond 2^53 against half a call, the median of an even number of runs', () => {
    expect(countChangeOf([2n ** 70n], [7, 8], 'calls')).toMatchObject({ before: 2n ** 70n, after: 7.5, changed: true });
  });
});
