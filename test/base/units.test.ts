/** Tests numbers as text. */

import { expect, test } from 'vitest';
import { countChangeFormat, formatCount } from '../../src/base/units.ts';

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
