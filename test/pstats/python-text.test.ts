import { expect, test } from 'vitest';
import {
  countCodePoints,
  formatCtime,
  formatEightWide,
  formatThreeDecimals,
  reprFraction,
  reprString,
} from '../../src/pstats/python-text.ts';

test.each<[number, string]>([
  [0.0625, '   0.062'],
  [0.1875, '   0.188'],
  [0.3125, '   0.312'],
  [1.5625, '   1.562'],
  [-0.0625, '  -0.062'],
  [0.0005, '   0.001'],
  [0.0015, '   0.002'],
  [-0.0001, '  -0.000'],
  [-0, '  -0.000'],
  [123456.789, '123456.789'],
  [2 ** 45 + 0.0625, '35184372088832.062'],
  [1e21, '1000000000000000000000.000'],
  [1e22, '10000000000000000000000.000'],
  [Number.POSITIVE_INFINITY, '     inf'],
  [Number.NEGATIVE_INFINITY, '    -inf'],
  [Number.NaN, '     nan'],
])('formats %d as %j', (seconds, text) => {
  expect(formatEightWide(seconds)).toBe(text);
  expect(formatThreeDecimals(seconds)).toBe(text.trim());
});

test.each<[number, string]>([
  [0.5, '0.5'],
  [0, '0.0'],
  [-0, '-0.0'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [1.5e-7, '1.5e-07'],
  [5e-324, '5e-324'],
])('formats the fraction %d as %s', (value, text) => {
  expect(reprFraction(value)).toBe(text);
});

test.each<[string, string]>([
  ['util', "'util'"],
  ["it's", '"it\'s"'],
  [`it's "x"`, `'it\\'s "x"'`],
  ['"x"', `'"x"'`],
  ['\\(work\\)$', "'\\\\(work\\\\)$'"],
  ['a\tb\n\x1b', "'a\\tb\\n\\x1b'"],
  ['é日 \u{1f680}', "'é日 \u{1f680}'"],
  ['\xa0\u202e\u{e0001}', "'\\xa0\\u202e\\U000e0001'"],
])('formats %j as %s', (text, repr) => {
  expect(reprString(text)).toBe(repr);
});

test('counts a character beyond U+FFFF once', () => {
  expect(countCodePoints('a\u{1f680}')).toBe(2);
});

test('formats a date in local time and pads its day with a blank', () => {
  const seconds = new Date(2024, 0, 5, 3, 4, 5).getTime() / 1000;
  expect(formatCtime(seconds)).toBe('Fri Jan  5 03:04:05 2024');
  expect(formatCtime(seconds + 0.999)).toBe('Fri Jan  5 03:04:05 2024');
});
