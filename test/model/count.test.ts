/** Tests that counts of any size are exact. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addCounts, type Count, narrow } from '../../src/model/count.ts';

const SAFE = Number.MAX_SAFE_INTEGER;
const counts: fc.Arbitrary<Count> = fc
  .oneof(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), fc.maxSafeInteger().map(BigInt))
  .map(narrow);

test('addCounts is exact', () => {
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      expect(BigInt(addCounts(a, b))).toBe(BigInt(a) + BigInt(b));
    }),
  );
});

test('a count is a number if a number holds it exactly, otherwise a bigint', () => {
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      const sum = addCounts(a, b);
      expect(typeof sum).toBe(Number.isSafeInteger(Number(sum)) ? 'number' : 'bigint');
    }),
  );
  expect(addCounts(SAFE, 1)).toBe(2n ** 53n);
  expect(addCounts(2n ** 53n, -1)).toBe(SAFE);
  expect(narrow(BigInt(SAFE))).toBe(SAFE);
  expect(narrow(2n ** 53n)).toBe(2n ** 53n);
});

test.each<[Count, Count]>([
  [Number.NaN, 1],
  [1, Number.NaN],
  [2n ** 60n, Number.NaN],
  [Number.NaN, 2n ** 60n],
])('a sum with an unknown count is unknown: %s + %s', (a, b) => expect(addCounts(a, b)).toBeNaN());
