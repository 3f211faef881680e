import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MIN_PAIRS, pairedShift, signedRankP } from '../../../src/compare/statistics/signed-rank.ts';

/** Hamilton's depression scale at two visits. */
const FIRST = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
const SECOND = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
const differences = SECOND.map((value, i) => value - (FIRST[i] ?? 0));

describe('equals', () => {
  test('the example of Hollander and Wolfe, 1973', () => {
    expect(signedRankP(differences)).toBeCloseTo(0.0390625, 10);
    const { shift, low, high } = pairedShift(differences);
    expect(shift).toBeCloseTo(-0.46, 10);
    expect(low).toBeCloseTo(-0.786, 10);
    expect(high).toBeCloseTo(-0.01, 10);
  });

  test('SciPy with ties', () => {
    expect(signedRankP([1, 1, 2, 2, 2, -3, -1, 4, 5, 5])).toBeCloseTo(0.06640625, 10);
  });

  test('SciPy for 45 pairs, by the normal approximation', () => {
    const many = Array.from({ length: 45 }, (_, i) => (i % 3 === 2 ? -(i + 1) : i + 1));
    expect(signedRankP(many)).toBeCloseTo(0.0763703886884, 10);
  });
});

test('six pairs are the fewest that can reach 5 %', () => {
  const equal = (pairs: number) => Array.from({ length: pairs }, (_, i) => i + 1);
  expect(signedRankP(equal(MIN_PAIRS))).toBe(2 / 64);
  expect(signedRankP(equal(MIN_PAIRS - 1))).toBe(2 / 32);
  expect(pairedShift(equal(MIN_PAIRS))).toMatchObject({ low: 1, high: 6 });
  expect(pairedShift(equal(MIN_PAIRS - 1))).toMatchObject({ low: null, high: null });
});

test('pairs without a difference are no evidence', () => {
  expect(signedRankP([0, 0, 0, 0, 0, 0])).toBe(1);
  expect(signedRankP([1, 2, 3, 4, 5, 6, 0, 0])).toBe(signedRankP([1, 2, 3, 4, 5, 6]));
});

test('the p is the share of all assignments of signs that are at least as extreme', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 9 }), (values) => {
      const changed = values.filter((value) => value !== 0);
      const rank = (value: number) =>
        changed.filter((other) => Math.abs(other) < Math.abs(value)).length +
        (changed.filter((other) => Math.abs(other) === Math.abs(value)).length + 1) / 2;
      const ranks = changed.map(rank);
      const half = ranks.reduce((sum, value) => sum + value, 0) / 2;
      const distance = (isPositive: (i: number) => boolean) =>
        Math.abs(ranks.reduce((sum, value, i) => sum + (isPositive(i) ? value : 0), 0) - half);
      const observed = distance((i) => (changed[i] ?? 0) > 0);
      const signs = Array.from({ length: 2 ** changed.length }, (_, bits) => distance((i) => ((bits >> i) & 1) === 1));
      const extreme = signs.filter((value) => value >= observed - 1e-9).length;
      expect(signedRankP(values)).toBeCloseTo(extreme / signs.length, 10);
    }),
  );
});

test('the interval contains exactly the shifts that the test does not reject', () => {
  const values = fc.uniqueArray(fc.integer({ min: -1e9, max: 1e9 }), { minLength: MIN_PAIRS, maxLength: 14 });
  fc.assert(
    fc.property(values, (pairs) => {
      const { low, high } = pairedShift(pairs);
      // A quarter inside and outside: there no two distances from 0 are equal, since means are halves.
      const p = (shift: number) => signedRankP(pairs.map((value) => value - shift));
      expect(low).not.toBeNull();
      expect(p((low ?? 0) + 0.25)).toBeGreaterThan(0.05);
      expect(p((low ?? 0) - 0.25)).toBeLessThanOrEqual(0.05);
      expect(p((high ?? 0) - 0.25)).toBeGreaterThan(0.05);
      expect(p((high ?? 0) + 0.25)).toBeLessThanOrEqual(0.05);
    }),
    { numRuns: 60 },
  );
});

test('the interval of more than 40 pairs is that of the normal approximation', () => {
  const pairs = Array.from({ length: 45 }, (_, i) => (i - 10) ** 3);
  const means = pairs.flatMap((a, i) => pairs.slice(i).map((b) => (a + b) / 2)).sort((a, b) => a - b);
  // 45·46/4 − 1.96·√(45·46·91/24) = 343.9: the 343rd from either end.
  expect(pairedShift(pairs)).toMatchObject({ low: means[342], high: means[means.length - 343] });
});
