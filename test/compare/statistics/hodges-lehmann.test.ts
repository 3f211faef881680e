import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hodgesLehmann } from '../../../src/compare/statistics/hodges-lehmann.ts';
import { mannWhitneyP } from '../../../src/compare/statistics/mann-whitney.ts';

describe('equals', () => {
  test('the example of Hollander and Wolfe, 1973', () => {
    const atTerm = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const { shift, low, high } = hodgesLehmann([1.15, 0.88, 0.9, 0.74, 1.21], atTerm);
    expect(shift).toBeCloseTo(0.305, 10);
    expect(low).toBeCloseTo(-0.15, 10);
    expect(high).toBeCloseTo(0.76, 10);
  });

  test('R for ten and ten values', () => {
    const before = [12.1, 11.7, 13.4, 12.9, 11.2, 14.1, 12.5, 13.0, 12.2, 11.9];
    const after = [13.3, 12.8, 14.6, 13.9, 12.4, 15.2, 13.7, 14.0, 11.8, 13.6];
    const { shift, low, high } = hodgesLehmann(before, after);
    expect(shift).toBeCloseTo(1.1, 10);
    expect(low).toBeCloseTo(0.1, 10);
    expect(high).toBeCloseTo(2, 10);
  });

  test('R for four and five values', () => {
    expect(hodgesLehmann([5, 9, 1, 14], [2, 20, 31, 8, 17])).toEqual({ shift: 7.5, low: -7, high: 26 });
  });
});

test('too few values give no interval', () => {
  expect(hodgesLehmann([1], [3])).toEqual({ shift: 2, low: null, high: null });
  expect(hodgesLehmann([1, 2, 3], [4, 5, 6])).toEqual({ shift: 3, low: null, high: null });
  expect(hodgesLehmann([1, 2, 3, 4], [4, 5, 6, 7])).toEqual({ shift: 3, low: 0, high: 6 });
});

const values = (least: number, most: number) =>
  fc.uniqueArray(fc.integer({ min: 0, max: 1e9 }), { minLength: least, maxLength: most });

test('the interval contains exactly the shifts that the test does not reject', () => {
  fc.assert(
    fc.property(values(4, 12), values(4, 12), (before, after) => {
      const { low, high } = hodgesLehmann(before, after);
      // Half a unit inside and outside: there no two values are equal.
      const p = (shift: number) =>
        mannWhitneyP(
          before,
          after.map((value) => value - shift),
        );
      expect(low).not.toBeNull();
      expect(p((low ?? 0) + 0.5)).toBeGreaterThan(0.05);
      expect(p((low ?? 0) - 0.5)).toBeLessThanOrEqual(0.05);
      expect(p((high ?? 0) - 0.5)).toBeGreaterThan(0.05);
      expect(p((high ?? 0) + 0.5)).toBeLessThanOrEqual(0.05);
    }),
    { numRuns: 60 },
  );
});

test('moves with the values and changes sign with the sides', () => {
  fc.assert(
    fc.property(values(1, 8), values(1, 8), fc.integer({ min: -1000, max: 1000 }), (before, after, by) => {
      const { shift, low, high } = hodgesLehmann(before, after);
      const moved = hodgesLehmann(
        before,
        after.map((value) => value + by),
      );
      expect(moved).toEqual({
        shift: shift + by,
        low: low === null ? null : low + by,
        high: high === null ? null : high + by,
      });
      const turned = hodgesLehmann(after, before);
      expect(turned.shift + shift).toBeCloseTo(0, 6);
      if (low !== null && high !== null) expect([turned.low, turned.high]).toEqual([0 - high, 0 - low]);
      if (low !== null) expect(low).toBeLessThanOrEqual(shift);
      if (high !== null) expect(high).toBeGreaterThanOrEqual(shift);
    }),
  );
});

test('uses the normal approximation beyond 40 values', () => {
  const before = Array.from({ length: 25 }, (_, i) => i);
  const after = Array.from({ length: 25 }, (_, i) => i + 100.5);
  // 625/2 − 1.96·√(625·51/12) = 211.3: the 211th from either end.
  const differences = after.flatMap((b) => before.map((a) => b - a)).sort((a, b) => a - b);
  expect(hodgesLehmann(before, after)).toEqual({
    shift: 100.5,
    low: differences[210],
    high: differences[625 - 211],
  });
});
