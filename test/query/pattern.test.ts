/** Tests patterns: plain text, or a regular expression between slashes. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { type PatternLike, parsePattern } from '../../src/query/pattern.ts';

const NAME = 'file:///srv/app/lib/util.js:10(serializeLinks)';

function matches(pattern: PatternLike, text = NAME): boolean {
  return parsePattern(pattern)(text);
}

describe('plain text', () => {
  test('matches anywhere', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (before, wanted, after) => {
        fc.pre(!wanted.startsWith('/'));
        expect(matches(wanted, before + wanted + after)).toBe(true);
        expect(matches(wanted, before)).toBe(before.includes(wanted));
      }),
    );
  });

  test('is case-sensitive', () => expect([matches('Links'), matches('links')]).toEqual([true, false]));
  test('has no special characters', () => {
    expect(['util.js', '(serialize', ':10('].map((text) => matches(text))).toEqual([true, true, true]);
    expect(['util.j.', '^file', '.*', '[s]'].map((text) => matches(text))).toEqual([false, false, false, false]);
  });
  test("'' matches everything", () => expect([matches(''), matches('', '')]).toEqual([true, true]));
});

describe('a pattern between slashes', () => {
  test('is a regular expression that matches anywhere', () => {
    expect(matches('/util\\.[jt]s/')).toBe(true);
    expect(matches('/^util/')).toBe(false);
    expect(matches('/\\(serializeLinks\\)$/')).toBe(true);
  });

  test('may have flags', () => expect([matches('/links/i'), matches('/links/')]).toEqual([true, false]));
  test('may contain slashes', () => expect(matches('/lib/util/')).toBe(true));
  test('matches a character beyond U+FFFF with a dot and the flag u', () =>
    expect(['/^.$/u', '/^.$/'].map((pattern) => matches(pattern, '\u{1f680}'))).toEqual([true, false]));
});

describe('is plain text if it is a path', () => {
  test.each(['/srv/app/lib/util.js', '/srv/app/lib', '/srv', '/', '/srv/app/lib/util.js:10'])('%s', (path) =>
    expect(matches(path)).toBe(true),
  );

  test('is plain text if its flags are invalid', () => {
    expect(matches('/lib/nosuchflags', '/lib/nosuchflags.js')).toBe(true);
    expect(matches('/l.b/ii', '/lib/ii')).toBe(false);
    expect(matches('/l.b/ii', '/l.b/ii')).toBe(true);
  });
});

describe('a RegExp', () => {
  test('matches anywhere, every time, with any flags', () => {
    for (const expression of [/util/, /util/g, /UTIL/gi]) {
      const pattern = parsePattern(expression);
      expect([pattern(NAME), pattern(NAME), pattern('x'), pattern(NAME)]).toEqual([true, true, false, true]);
    }
  });

  test('given as text with the flag g matches every time', () => {
    const pattern = parsePattern('/util/g');
    expect([pattern(NAME), pattern(NAME), pattern(NAME)]).toEqual([true, true, true]);
  });
});

describe('an invalid regular expression', () => {
  test.each(['/(/', '/[a/', '/a**/i', '/\\/', '/(?<n>a)(?<n>b)\\k<m>/', '/+/'])('%s is rejected', (pattern) => {
    const error = errorOf(pattern);
    expect(error.kind).toBe('query');
    expect(error.message).toContain(`'${pattern}'`);
    expect(error.message).not.toContain('\n');
  });

  test('is rejected with the reason', () => expect(errorOf('/(/').message).toMatch(/unterminated group/));

  test('is escaped in the message', () => expect(errorOf('/(\x1b[31m/').message).not.toContain('\x1b'));
});

function errorOf(pattern: string): PstatError {
  try {
    parsePattern(pattern);
  } catch (error) {
    if (error instanceof PstatError) return error;
    throw error;
  }
  throw new Error(`${pattern} parses`);
}
