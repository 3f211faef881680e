/** Columns of numbers are read back exactly, whatever they are. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
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

test('seconds take a third of what doubles take', () => {
  const values = Array.from({ length: 1000 }, (_, i) => (1000 + 37 * i) * 1e-9);
  expect(packColumns('', new Map([['a', values]])).length).toBeLessThan(4 * 1000);
});
