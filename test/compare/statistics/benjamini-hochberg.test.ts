import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adjustPs } from '../../../src/compare/statistics/benjamini-hochberg.ts';

function significantAmong(ps: readonly number[], level: number): boolean[] {
  return adjustPs(ps).map((p) => p <= level);
}

// Benjamini and Hochberg 1995, section 3.1: fifteen hypotheses about myocardial infarction. Four are rejected at 5 %.
const PUBLISHED = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
];

test('reproduces the example of Benjamini and Hochberg 1995', () => {
  expect(significantAmong(PUBLISHED, 0.05)).toEqual(PUBLISHED.map((_, i) => i < 4));
});

test('does not depend on the order of the tests', () => {
  const mixed = PUBLISHED.toReversed();
  expect(significantAmong(mixed, 0.05)).toEqual(mixed.map((p) => p <= 0.0095));
});

test('steps up: a p that is too large by itself passes with larger ones that pass', () => {
  expect(significantAmong([0.02, 0.03, 0.04, 0.05], 0.05)).toEqual([true, true, true, true]);
  expect(significantAmong([0.02, 0.03, 0.04, 0.051], 0.05)).toEqual([false, false, false, false]);
});

test('handles no test, one test and equal ps', () => {
  expect(significantAmong([], 0.05)).toEqual([]);
  expect(significantAmong([0.05], 0.05)).toEqual([true]);
  expect(significantAmong([0.0501], 0.05)).toEqual([false]);
  expect(significantAmong([0.03, 0.03, 0.9], 0.05)).toEqual([true, true, false]);
});

test('adjusts as computed by hand', () => {
  expect(adjustPs([0.04, 0.01, 0.03, 1])).toEqual([0.16 / 3, 0.04, 0.16 / 3, 1].map((p) => expect.closeTo(p, 12)));
});

/** The step itself: all up to the last, in order of size, that is at most its part of the level. */
function passing(ps: readonly number[], level: number): boolean[] {
  const sorted = ps.toSorted((a, b) => a - b);
  const last = sorted.findLastIndex((p, i) => p <= (level * (i + 1)) / ps.length);
  return ps.map((p) => p <= (sorted[last] ?? Number.NEGATIVE_INFINITY));
}

const manyPs = fc
  .array(fc.integer({ min: 1, max: 9973 }), { maxLength: 40 })
  .map((numbers) => numbers.map((number) => (number / 9973) ** 3));

test('an adjusted p is at most the level exactly where the step-up procedure rejects', () => {
  fc.assert(
    fc.property(manyPs, fc.constantFrom(0.01, 0.05, 0.2), (ps, level) => {
      expect(significantAmong(ps, level)).toEqual(passing(ps, level));
    }),
  );
});

test('an adjusted p is at least its p, at most 1, and keeps the order', () => {
  fc.assert(
    fc.property(manyPs, (ps) => {
      const adjusted = adjustPs(ps);
      ps.forEach((p, i) => {
        expect(adjusted[i]).toBeGreaterThanOrEqual(p);
        expect(adjusted[i]).toBeLessThanOrEqual(1);
        ps.forEach((other, j) => {
          if (p < other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] ?? 0);
        });
      });
    }),
  );
});
