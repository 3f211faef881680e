import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mannWhitneyP, runsNeeded, smallestP } from '../../../src/compare/statistics/mann-whitney.ts';
import { valuesWithU } from '../../support/ranks.ts';

// Hollander and Wolfe, Nonparametric Statistical Methods, 1973, page 69: permeability of human membranes.
const AT_TERM = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
const EARLY = [1.15, 0.88, 0.9, 0.74, 1.21];

describe('equals', () => {
  test('the example of Hollander and Wolfe', () => {
    expect(mannWhitneyP(AT_TERM, EARLY)).toBeCloseTo(0.2544, 4);
    expect(mannWhitneyP(AT_TERM, EARLY)).toBe(764 / 3003);
  });

  // The two-sided 5 % table of Mann and Whitney's U: the largest U that is significant.
  test.each([
    [4, 4, 0],
    [5, 5, 2],
    [6, 6, 5],
    [7, 7, 8],
    [8, 8, 13],
    [9, 9, 17],
    [10, 10, 23],
    [5, 10, 8],
    [12, 15, 49],
    [20, 20, 127],
  ])('the critical U of %i and %i values in the table, %i', (m, n, critical) => {
    const p = (u: number) => mannWhitneyP(...valuesWithU(m, n, u));
    expect(p(critical)).toBeLessThanOrEqual(0.05);
    expect(p(critical + 1)).toBeGreaterThan(0.05);
  });

  test('wilcox.test of R for ten and ten values', () => {
    const before = [12.1, 11.7, 13.4, 12.9, 11.2, 14.1, 12.5, 13.0, 12.2, 11.9];
    const after = [13.3, 12.8, 14.6, 13.9, 12.4, 15.2, 13.7, 14.0, 11.8, 13.6];
    expect(mannWhitneyP(before, after)).toBeCloseTo(0.043257052544978233, 14);
  });
});

/** By definition: of all ways to assign the values to the sides, the share whose rank sum is as far from its mean. Whole numbers only. */
function byPermutation(before: readonly number[], after: readonly number[]): number {
  const pooled = [...before, ...after];
  const doubled = pooled.map(
    (value) =>
      2 * pooled.filter((other) => other < value).length + pooled.filter((other) => other === value).length + 1,
  );
  const total = doubled.reduce((sum, rank) => sum + rank, 0);
  const far = (sum: number) => Math.abs(pooled.length * sum - before.length * total);
  const observed = far(doubled.slice(0, before.length).reduce((sum, rank) => sum + rank, 0));
  let ways = 0;
  let asFar = 0;
  const assign = (from: number, left: number, sum: number): void => {
    if (left === 0) {
      ways++;
      if (far(sum) >= observed) asFar++;
      return;
    }
    for (let i = from; i <= doubled.length - left; i++) assign(i + 1, left - 1, sum + (doubled[i] ?? 0));
  };
  assign(0, before.length, 0);
  return asFar / ways;
}

const side = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 6 });
const large = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 25, maxLength: 40 });

describe('up to 40 values', () => {
  test('equals the exact permutation test, ties included', () => {
    fc.assert(
      fc.property(side, side, (before, after) => {
        expect(mannWhitneyP(before, after)).toBeCloseTo(byPermutation(before, after), 12);
      }),
      { numRuns: 100 },
    );
  });

  test('is symmetric in the sides', () => {
    fc.assert(
      fc.property(side, side, (before, after) => {
        expect(mannWhitneyP(before, after)).toBe(mannWhitneyP(after, before));
      }),
    );
  });

  test('depends on the order of the values only', () => {
    fc.assert(
      fc.property(side, side, (before, after) => {
        const other = (values: readonly number[]) => values.map((value) => Math.exp(value) - 1000);
        expect(mannWhitneyP(other(before), other(after))).toBe(mannWhitneyP(before, after));
      }),
    );
  });

  test('is exact for 40 values and approximate for 41', () => {
    expect(mannWhitneyP(...valuesWithU(20, 20, 0))).toBeCloseTo(2 / 137846528820, 18);
    expect(mannWhitneyP(...valuesWithU(20, 21, 0))).toBeGreaterThan(1e-9);
  });
});

describe('beyond 40 values: the normal form, as SciPy 1.17 has it', () => {
  const list = (length: number, value: (i: number) => number) => Array.from({ length }, (_, i) => value(i));

  test.each([
    ['a few ties', list(25, (i) => (i * 7) % 23), list(30, (i) => ((i * 5) % 29) + 3), 0.011463504161594095],
    [
      'none',
      list(21, (i) => ((i * i) % 41) + i / 100),
      list(21, (i) => ((i * i) % 37) + 8 + i / 1000),
      0.10740497958129895,
    ],
    ['nothing but ties', list(40, (i) => i % 3), list(35, (i) => (i + 1) % 4), 0.025899188473649946],
    ['sides of unlike size', list(50, (i) => i), list(3, (i) => 100 + i), 0.004137205189453595],
    ['all equal', list(30, () => 1), list(30, () => 1), 1],
  ])('%s', (_, before, after, p) => {
    expect(mannWhitneyP(before, after)).toBeCloseTo(p, 12);
  });

  test('is a probability and symmetric in the sides', () => {
    fc.assert(
      fc.property(large, large, (before, after) => {
        const p = mannWhitneyP(before, after);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(mannWhitneyP(after, before)).toBeCloseTo(p, 12);
      }),
      { numRuns: 30 },
    );
  });
});

test('is 1 for an empty side and for equal values', () => {
  expect(mannWhitneyP([], [1, 2])).toBe(1);
  expect(mannWhitneyP([1, 2], [])).toBe(1);
  expect(mannWhitneyP([5, 5, 5, 5], [5, 5, 5, 5])).toBe(1);
});

describe('number of runs', () => {
  test('smallestP is the p of two disjoint sides', () => {
    expect(smallestP(3, 3)).toBeCloseTo(0.1, 12);
    expect(smallestP(4, 4)).toBeCloseTo(2 / 70, 12);
    expect(smallestP(1, 10)).toBeCloseTo(2 / 11, 12);
    expect(smallestP(1, 1)).toBe(1);
    expect(smallestP(0, 10)).toBe(1);
    expect(smallestP(10, 10)).toBeCloseTo(mannWhitneyP(...valuesWithU(10, 10, 0)), 15);
  });

  test('ten runs a side suffice for the largest possible family of 333 functions', () => {
    expect(runsNeeded(0.05, 1)).toBe(4);
    expect(runsNeeded(0.05, 60)).toBe(7);
    expect(runsNeeded(0.05, 333)).toBeLessThanOrEqual(10);
    for (let family = 1; family <= 333; family++) {
      const runs = runsNeeded(0.05, family);
      expect(smallestP(runs, runs)).toBeLessThanOrEqual(0.05 / family);
      expect(smallestP(runs - 1, runs - 1)).toBeGreaterThan(0.05 / family);
    }
  });
});
