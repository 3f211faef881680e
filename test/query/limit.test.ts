/** Tests --limit: a number of rows, a share, or 0 for all. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { applyLimit, type Limit } from '../../src/query/limit.ts';

describe('a number', () => {
  test.each<[Limit | undefined, number]>([
    [undefined, 30],
    [0, 30],
    ['0', 30],
    [1, 1],
    ['20', 20],
    [30, 30],
    [31, 30],
    ['1000000', 30],
  ])('%s of 30 rows keeps %s', (limit, kept) => expect(applyLimit(limit, 30)).toBe(kept));

  test('of no rows keeps none', () =>
    expect([applyLimit(0, 0), applyLimit(5, 0), applyLimit('50%', 0)]).toEqual([0, 0, 0]));
});

describe('a share', () => {
  // CPython's results for 6 rows
  test.each([
    ['5%', 0],
    ['10%', 1],
    ['25%', 2],
    ['50%', 3],
    ['99%', 6],
    ['100%', 6],
    ['0%', 0],
  ])('%s of 6 rows keeps %s', (limit, kept) => expect(applyLimit(limit, 6)).toBe(kept));

  test('may have decimals, and keeps ⌊n·p + ½⌋', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(100_000), (hundredths, rows) => {
        const limit = `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}%`;
        const halves = BigInt(rows) * BigInt(hundredths) * 2n + 10_000n;
        // An exact half of a decimal share may round either way, as in pstats: 43.48 is not a binary fraction.
        fc.pre(halves % 20_000n !== 0n);
        expect(applyLimit(limit, rows)).toBe(Number(halves / 20_000n));
      }),
      { numRuns: 250 },
    );
  });

  test('in whole percent is exact, with halves rounded up', () => {
    for (let percent = 0; percent <= 100; percent++) {
      for (let rows = 0; rows <= 200; rows++) {
        expect(applyLimit(`${percent}%`, rows)).toBe(Number((BigInt(rows * percent) + 50n) / 100n));
      }
    }
  });
});

describe('an invalid limit', () => {
  test.each<Limit>(['', 'x', '-1', -1, 1.5, '1.5', '101%', '-5%', '%', '10 %', '1e3', Number.NaN, Infinity, '0x10'])(
    "'%s' is an error that says what works",
    (limit) => {
      expect(() => applyLimit(limit, 30)).toThrow(PstatError);
      expect(() => applyLimit(limit, 30)).toThrow(/20, 10% or 0/);
    },
  );
});
