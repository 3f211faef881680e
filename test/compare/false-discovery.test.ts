import fc from 'fast-check';
import { expect, test } from 'vitest';
import { significantAmong } from '../../src/compare/false-discovery.ts';

// Benjamini and Hochberg 1995, section 3.1: fifteen hypotheses about myocardial infarction. Four are rejected at 5 %.
const PUBLISHED = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
];

test('Benjamini and Hochberg’s example', () => {
  expect(significantAmong(PUBLISHED, 0.05)).toEqual(PUBLISHED.map((_, i) => i < 4));
});

test('the order in which they come does not matter', () => {
  const mixed = PUBLISHED.toReversed();
  expect(significantAmong(mixed, 0.05)).toEqual(mixed.map((p) => p <= 0.0095));
});

test('it steps up: a p too large by itself passes with those after it', () => {
  expect(significantAmong([0.02, 0.03, 0.04, 0.05], 0.05)).toEqual([true, true, true, true]);
  expect(significantAmong([0.02, 0.03, 0.04, 0.051], 0.05)).toEqual([false, false, false, false]);
});

test('none, one, and equal ones', () => {
  expect(significantAmong([], 0.05)).toEqual([]);
  expect(significantAmong([0.05], 0.05)).toEqual([true]);
  expect(significantAmong([0.0501], 0.05)).toEqual([false]);
  expect(significantAmong([0.03, 0.03, 0.9], 0.05)).toEqual([true, true, false]);
});

/** The same by adjusted values: from the largest down, the least of p·m/rank so far. */
function adjusted(ps: readonly number[]): number[] {
  const order = ps.map((p, i) => ({ p, i })).sort((a, b) => b.p - a.p);
  const result = new Array<number>(ps.length);
  let least = 1;
  order.forEach(({ p, i }, down) => {
    least = Math.min(least, (p * ps.length) / (ps.length - down));
    result[i] = least;
  });
  return result;
}

test('it is the adjusted p against the level', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9973 }), { maxLength: 40 }), (numbers) => {
      const ps = numbers.map((number) => (number / 9973) ** 3);
      expect(significantAmong(ps, 0.05)).toEqual(adjusted(ps).map((p) => p <= 0.05));
    }),
  );
});
