/** Python's regular expressions; what is said of CPython here was asked of 3.11. */

import { describe, expect, test } from 'vitest';
import { pythonRegExp } from '../../../src/pstats/regexp/translate.ts';

/** Pattern, what it finds, what it does not. */
const MEANINGS: readonly (readonly [pattern: string, found: readonly string[], not: readonly string[]])[] = [
  ['', ['', 'a'], []],
  ['\\(work\\)$', ['x.py:1(work)', 'x.py:1(work)\n'], ['x.py:1(worker)', 'x.py:1(work)\n\n']],
  ['\\(work\\)\\Z', ['x.py:1(work)'], ['x.py:1(work)\n']],
  ['\\A/app', ['/app/x.py'], ['x/app', '\n/app']],
  ['(?m)^b$', ['a\nb', 'b\na'], ['ab']],
  ['(?i)sql', ['SQL', 'sQl'], ['sq']],
  ['(?i)k', ['\u212a'], []],
  ['(?i)[k-l]', ['K', 'L', '\u212a'], ['M']],
  ['x(?i:y)', ['xY', 'xy'], ['Xy']],
  ['(?i)x(?-i:y)', ['Xy'], ['xY']],
  ['a.b', ['a b'], ['a\nb']],
  ['(?s)a.b', ['a\nb'], []],
  ['(?x) a b # c', ['ab'], ['a b']],
  ['(?P<c>\\w)(?P=c)', ['aa', 'baab'], ['aba']],
  ['(?P<c>\\w)\\1', ['aa'], ['ab']],
  ['(?i)(a)\\1', ['aA'], []],
  ['\\d', ['٣'], ['½', 'a']],
  ['(?a)\\d', ['3'], ['٣']],
  ['^\\w+$', ['é½Ⅷ_'], ['e-']],
  ['\\s', ['\x1c', '\x85', '\u3000'], ['\ufeff', 'a']],
  ['\\bé', ['é', ' é'], ['aé']],
  ['\\B', ['ab'], ['', 'a']],
  ['[]a]', [']', 'a'], ['b']],
  ['[^\\W_]', ['a'], ['_', '-']],
  ['[a-]', ['-', 'a'], ['b']],
  ['[[a&&b]', ['[', '&', 'b'], [']']],
  ['a{2}', ['aa'], ['a{2']],
  ['^a{,2}$', ['', 'aa'], ['aaa']],
  ['a{', ['a{'], ['a']],
  ['a{}', ['a{}'], ['a']],
  ['(?<=json)/', ['json/'], ['jso/']],
  ['^(?>a+)a', [], ['aaa']],
  ['^a++a', [], ['aaa']],
  ['a(?#comment)*b', ['b', 'aab'], []],
  ['\\x41\\u0042\\103\\0', ['ABC\0'], []],
  ['^.$', ['\u{1f680}'], ['']],
  ['^$', [''], ['\u{1f680}']],
  ['/', ['/'], ['']],
];

test.each(MEANINGS)('%j finds %j, not %j', (pattern, found, not) => {
  const expression = pythonRegExp(pattern);
  for (const text of found) expect([text, expression?.test(text)]).toEqual([text, true]);
  for (const text of not) expect([text, expression?.test(text)]).toEqual([text, false]);
});

const INVALID = [
  ...['(', ')', '[', '[]', '*', '^*', 'a**', 'a{2}{3}', 'a{2,1}', '(?<n>x)', '(?P<1>x)', '(?P<n>a)(?P<n>b)', '(?P=n)'],
  ...[
    '\\1',
    '(a\\1)',
    '\\y',
    '\\',
    '\\x4',
    '\\400',
    '[z-a]',
    '[a-\\d]',
    '[\\A]',
    'a(?i)',
    '(?L)a',
    '(?i-i:a)',
    '(?-i)',
  ],
  ...['(?<=a+)b', '(?#', '(?', '(?P>n)', '\\U00110000', 'a{4294967295}'],
];

test.each(INVALID)('%j is invalid', (pattern) => {
  expect(pythonRegExp(pattern)).toBeNull();
});

test.each(['(a)?(?(1)b|c)', '\\N{BULLET}'])('%j is not found wrong, though it may be beyond JavaScript', (pattern) => {
  try {
    expect(pythonRegExp(pattern)).toBeInstanceOf(RegExp);
  } catch (error) {
    expect(error).toMatchObject({ kind: 'query' });
  }
});

test('ten thousand open groups are no trouble', () => {
  const depth = 10_000;
  expect(pythonRegExp('('.repeat(depth))).toBeNull();
});

describe('case is ignored as Python ignores it', () => {
  test.each([
    ['(?i)ß', 'ẞ', true],
    ['(?i)\\u2126', 'ω', true],
    ['(?i)β', 'ϐ', true],
    ['(?i)ǆ', 'ǅ', true],
    ['(?i)i', 'İ', true],
    ['(?i)i', 'ı', true],
    ['(?i)[k-s]', '\u212a', true],
    ['(?ia)[k-s]', '\u212a', false],
    ['(?ia)ö', 'Ö', false],
    ['(?ia)o', 'O', true],
    ['(?it)o', 'O', true],
  ])('%s in %s: %s', (pattern, text, found) => {
    expect(pythonRegExp(pattern)?.test(text)).toBe(found);
  });
});

test.each(['x'.repeat(60_000), '('.repeat(20_000) + ')'.repeat(20_000)])(
  'one too large for V8 is refused',
  (pattern) => {
    expect(() => pythonRegExp(pattern)).toThrow('it is too large');
  },
);

test.each(['\\N{BULLET', '\\N', '(?(1)a)', '(?(x)a)'])('%s is none', (pattern) => {
  expect(pythonRegExp(pattern)).toBeNull();
});
