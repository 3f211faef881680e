/** Tests numbers as text. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countChangeFormat, formatCount, parseTime, timeWord } from '../../src/base/units.ts';

test('a count has no digits that are not known', () => {
  expect(formatCount(9_007_199_254_740_991)).toBe('9,007,199,254,740,991');
  expect(formatCount(2 ** 60)).toBe('1.153e+18');
  expect(formatCount(2n ** 60n)).toBe('1,152,921,504,606,846,976');
});

test('changes of counts in a column have all a decimal, or none', () => {
  const formatted = (...column: (number | bigint | null)[]) => column.map(countChangeFormat(column));
  expect(formatted(4, -1, 0, null, 3n)).toEqual(['+4', '-1', '0', '?', '+3']);
  expect(formatted(-3.3, -1, 0, null, 3n)).toEqual(['-3.3', '-1.0', '0', '?', '+3.0']);
});

test('a time is written with all of its digits, to a thousandth of a µs', () => {
  expect([0, 2e6, 1500, 1200.5, 300e3].map(timeWord)).toEqual(['0s', '2s', '1500us', '1200.5us', '300ms']);
  fc.assert(
    fc.property(fc.nat(2 ** 40), (thousandths) => {
      expect(parseTime(timeWord(thousandths / 1000))).toBe(thousandths / 1000);
    }),
  );
});

test('a time needs a unit, unless it is 0', () => {
  expect(['0', '0s', '5', '00', ''].map(parseTime)).toEqual([0, 0, null, null, null]);
});
