/** Columns of numbers are read back exactly, whatever they are. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BrokenColumnsError } from '../../src/base/packed-bytes.ts';
import { packColumns, unpackColumns } from '../../src/base/packed-columns.ts';

/** As CPython makes seconds of nanoseconds, and sums of them. */
const seconds = fc.array(fc.nat(2 ** 30).map((nanoseconds) => nanoseconds * 1e-9));
const durations = fc.array(fc.integer({ min: 900, max: 1100 }));
const numbers = fc.array(fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double(), fc.constantFrom(-0, Number.NaN)));

test.each([
  ['numbers', numbers],
  ['seconds', seconds],
  [
    'sums of seconds',
    seconds.map((all) => all.map((_, i) => all.slice(0, i + 1).reduce((sum, each) => sum + each, 0))),
  ],
  ['durations', durations],
])('%s', (_, columns) => {
  fc.assert(
    fc.property(columns, (values) => {
      const packed = unpackColumns(packColumns('head', new Map([['a', values]])));
      expect([...(packed.columns.get('a') ?? [])]).toEqual(values);
    }),
  );
});

test.each([[2 ** 51], [2 ** 52], [Number.MAX_SAFE_INTEGER], [Number.MIN_SAFE_INTEGER, 0], [-5e-324], [-1e-10, 1e-9]])(
  '%d is read back',
  (...values) => {
    const packed = unpackColumns(packColumns('head', new Map([['a', values]])));
    expect([...(packed.columns.get('a') ?? [])]).toEqual(values);
  },
);

describe('indexes', () => {
  const columns = (values: readonly number[]) => unpackColumns(packColumns('', new Map([['a', values]]))).columns;

  test('are read as whole numbers, of one byte and of several', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (values) => {
        expect(columns(values).indexes('a', { min: -(2 ** 31), end: 2 ** 31 })).toEqual(Int32Array.from(values));
      }),
    );
  });

  test.each([
    [[0, 1, -1], 'a[2] is -1, out of range'],
    [[0, 500], 'a[1] is 500, out of range'],
    [[0, 2 ** 40], `a[1] is ${2 ** 40}, out of range`],
    [[0, 1.5], 'has a column a that is not of whole numbers'],
  ])('%j of 0 to 499 are an error', (values, message) => {
    expect(() => columns(values).indexes('a', { min: 0, end: 500 })).toThrow(new BrokenColumnsError(message));
  });

  test('that end too early are an error', () => {
    // The second byte says that a third follows.
    const packed = packColumns('', new Map([['a', [300]]]));
    packed[packed.length - 1] = 130;
    expect(() => unpackColumns(packed).columns.indexes('a', { min: 0, end: 500 })).toThrow('ends too early');
  });
});

test('seconds take a third of what doubles take', () => {
  const values = Array.from({ length: 1000 }, (_, i) => (1000 + 37 * i) * 1e-9);
  expect(packColumns('', new Map([['a', values]])).length).toBeLessThan(4 * 1000);
});
