/** Python's regular expressions. The expected results are those of CPython 3.11. */

import { describe, expect, test } from 'vitest';
import { pythonRegExp } from '../../src/pstats/python-regexp.ts';

/** Pattern, texts that it finds, texts that it does not find. */
const MEANINGS: readonly (readonly [pattern: string, found: readonly string[], not: readonly string[]])[] = [
  ['', ['', 'a'], []],
  ['\\(work\\)$', ['x.py:1(work)', 'x.py:1(work)\n'], ['x.py:1(worker)', 'x.py:1(work)\n\n']],
  ['\\(work\\)\\Z', ['x.py:1(work)'], ['x.py:1(work)\n']],
  ['\\A/app', ['/app/x.py'], ['x/app', '\n/app']],
  ['(?m)^b$', ['a\nb', 'b\na'], ['ab']],
  ['(?m)\\Ab', ['b\na'], ['a\nb']],
  ['(?i)sql', ['SQL', 'sQl'], ['sq']],
  ['(?i)k', ['\u212a'], []],
  ['(?i)[k-l]', ['K', 'L', '\u212a'], ['M']],
  ['(?i)[^k-l]', ['M'], ['K', 'l']],
  ['a.b', ['a b', 'a\rb'], ['a\nb']],
  ['(?s)a.b', ['a\nb'], []],
  ['sql|json', ['sql', 'json'], ['xml']],
  ['(?:ab)+?c', ['ababc'], ['c']],
  ['(?P<c>\\w)(?P=c)', ['aa', 'baab'], ['aba']],
  ['(?P<c>\\w)\\1', ['aa'], ['ab']],
  ['(?i)(a)\\1', ['aA'], []],
  ['\\d', ['٣'], ['½', 'a']],
  ['^\\w+$', ['é½Ⅷ_'], ['e-']],
  ['\\s', ['\x1c', '\x85', '\u3000'], ['\ufeff', 'a']],
  ['\\W\\D\\S', ['--x'], ['a1 ']],
  ['\\bé', ['é', ' é'], ['aé']],
  ['\\B', ['ab'], ['a']],
  ['[]a]', [']', 'a'], ['b']],
  ['[^]a]', ['b'], [']', 'a']],
  ['[^\\W_]', ['a'], ['_', '-']],
  ['[^\\d\\s]', ['a'], ['1', ' ']],
  ['[a-]', ['-', 'a'], ['b']],
  ['[-a]', ['-', 'a'], ['b']],
  ['[+--]', ['+', ',', '-'], ['.']],
  ['[\\]/]', [']', '/'], ['[']],
  ['[\\x41-\\u0043]', ['A', 'B', 'C'], ['D']],
  ['[[a&&b]', ['[', '&', 'b'], [']']],
  ['a{2}', ['aa'], ['a{2']],
  ['^a{,2}$', ['', 'aa'], ['aaa']],
  ['a{', ['a{'], ['a']],
  ['a{}', ['a{}'], ['a']],
  ['{m}]', ['{m}]'], ['m']],
  ['(?<=json)/', ['json/'], ['jso/']],
  ['(?<!json)/(?=x)', ['jso/x'], ['json/x', 'jso/y']],
  ['work(?!er)', ['work'], ['worker']],
  ['\\x41\\u0042', ['AB'], []],
  ["\\'\\ \\-\\_\\<\\/", ["' -_</"], []],
  ['^.$', ['\u{1f680}'], ['']],
  ['^$', [''], ['\u{1f680}']],
  ['/', ['/'], ['']],
];

describe('pythonRegExp', () => {
  test.each(MEANINGS)('%j finds %j and not %j', (pattern, found, not) => {
    const expression = pythonRegExp(pattern);
    for (const text of found) expect([text, expression?.test(text)]).toEqual([text, true]);
    for (const text of not) expect([text, expression?.test(text)]).toEqual([text, false]);
  });

  test.each([
    ...['(', ')', '[', '[]', '[^]', '*', '^*', '$*', 'a**', 'a+?+', 'a{2}{3}', 'a{2,1}', '(?<n>x)', '(?P<1>x)'],
    ...['(?P<n>a)(?P<n>b)', '(?P=n)', '\\1', '\\y', '\\p{L}', '\\k<n>', '\\cA', '\\', '[\\', '\\x4', '[z-a]'],
    ...['[a-\\d]', '[\\A]', '(?', '(?P>n)', '(?P<n', '('.repeat(10_000)],
  ])('returns null for the invalid %j', (pattern) => {
    expect(pythonRegExp(pattern)).toBeNull();
  });

  test.each([
    ['(a)?(?(1)b|c)', '(?(…'],
    ['(?>a+)b', '(?>…'],
    ['a(?#comment)b', '(?#…'],
    ['a++b', 'the possessive quantifier ++'],
    ['a{2,}+b', 'the possessive quantifier {2,}+'],
    ['x(?i:y)', '(?i:…'],
    ['(?x) a b', '(?x)…'],
    ['a(?i)', '(?i)…'],
    ['\\N{BULLET}', 'the escape \\N'],
    ['[\\103]', 'the escape \\103'],
    ['\\0', 'the escape \\0'],
  ])('rejects the unsupported %j by naming %j', (pattern, construct) => {
    expect(() => pythonRegExp(pattern)).toThrow(
      expect.objectContaining({
        kind: 'query',
        message: `${construct} is not supported in a regular expression; rewrite it without`,
      }),
    );
  });

  test('rejects a pattern that is too large for V8', () => {
    expect(() => pythonRegExp('x'.repeat(60_000))).toThrow('a regular expression of this size is not supported');
  });
});
