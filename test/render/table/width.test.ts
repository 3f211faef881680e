/** How wide text is, and cutting by it: nothing is wider than it may be, and no character is cut in two. */

import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { cutEnd, cutStart, padEnd, widest, width, wrap } from '../../../src/render/table/width.ts';
import { within } from '../../support/time.ts';

describe('width', () => {
  test.each([
    ['', 0],
    ['main', 4],
    [' a b ', 5],
    ['é', 1],
    ['e\u0301', 1],
    ['資源', 4],
    ['提a', 3],
    ['ﾊﾝｶｸ', 4],
    ['한국어', 6],
    ['🚀', 2],
    ['👨‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['👍🏽', 2],
    ['…', 1],
    ['µs', 2],
    ['→', 1],
    ['שלום', 4],
  ])('of %j is %d', (text, columns) => {
    expect(width(text)).toBe(columns);
  });

  test('is what the table pads by', () => {
    fc.assert(
      fc.property(text, (each) => {
        expect(width(each)).toBe(stringWidth(each));
      }),
    );
  });

  test('of a column is that of its widest cell', () => {
    expect(widest([])).toBe(0);
    expect(widest(['a', '資源', 'abc'])).toBe(4);
  });
});

/** Parts that make trouble: wide, zero-width, joined, composed of several characters. */
const PARTS = [
  'a',
  'b',
  '/',
  '.',
  ' ',
  'é',
  'e\u0301',
  '資',
  '源',
  '한',
  '🚀',
  '👨‍👩‍👧',
  '🇩🇪',
  '👍🏽',
  '…',
  'ｱ',
  '\u0301',
  'a\u0301\u0302\u0303',
  '🏽',
];

const text = fc.array(fc.constantFrom(...PARTS), { maxLength: 14 }).map((parts) => parts.join(''));

function graphemes(whole: string): string[] {
  return Array.from(new Intl.Segmenter().segment(whole), ({ segment }) => segment);
}

describe('cutting', () => {
  const room = fc.integer({ min: 1, max: 20 });

  test('what fits stays as it is', () => {
    fc.assert(
      fc.property(text, (whole) => {
        expect(cutStart(whole, width(whole))).toBe(whole);
        expect(cutEnd(whole, width(whole) + 3)).toBe(whole);
      }),
    );
  });

  test('nothing is wider than it may be', () => {
    fc.assert(
      fc.property(text, room, (whole, columns) => {
        expect(width(cutStart(whole, columns))).toBeLessThanOrEqual(columns);
        expect(width(cutEnd(whole, columns))).toBeLessThanOrEqual(columns);
      }),
      { numRuns: 150 },
    );
  });

  test('no character is cut in two: what is left are whole ones, from the end or from the beginning', () => {
    fc.assert(
      fc.property(text, room, (whole, columns) => {
        fc.pre(width(whole) > columns);
        const all = graphemes(whole);
        const [end, start] = [cutStart(whole, columns), cutEnd(whole, columns)];
        expect(end.startsWith('…')).toBe(true);
        expect(start.endsWith('…')).toBe(true);
        const tails = all.map((_, i) => all.slice(i + 1).join(''));
        const heads = all.map((_, i) => all.slice(0, i).join(''));
        expect(tails).toContain(end.slice(1));
        expect(heads).toContain(start.slice(0, -1));
      }),
      { numRuns: 150 },
    );
  });

  test('as much is left as has room: one character more would be too wide', () => {
    fc.assert(
      fc.property(text, room, (whole, columns) => {
        fc.pre(width(whole) > columns);
        const left = graphemes(cutEnd(whole, columns).slice(0, -1));
        const next = graphemes(whole)[left.length] ?? '';
        expect(width(left.join('')) + 1 + width(next)).toBeGreaterThan(columns);
      }),
    );
  });

  test.each([
    ['/srv/app/main.js', 10, '…p/main.js', '/srv/app/…'],
    ['abc', 1, '…', '…'],
    ['資源提供者', 5, '…供者', '資源…'],
    ['資源提供者', 6, '…供者', '資源…'],
    ['a👨‍👩‍👧b', 3, '…b', 'a…'],
    ['xe\u0301ye\u0301', 3, '…ye\u0301', 'xe\u0301…'],
  ])('%j to %d columns', (whole, columns, end, start) => {
    expect(cutStart(whole, columns)).toBe(end);
    expect(cutEnd(whole, columns)).toBe(start);
  });

  test('a million letters are cut at once', () => {
    within(500, () => {
      expect(cutEnd('x'.repeat(1_000_000), 4)).toBe('xxx…');
      expect(cutStart('x'.repeat(1_000_000), 4)).toBe('…xxx');
    });
  });

  test.each([
    ['end', cutEnd],
    ['start', cutStart],
  ])('50,000 others are cut at once: the %s', (_, cut) => {
    within(200, () => cut('資'.repeat(50_000), 9));
  });
});

describe('padding', () => {
  test('makes every text as wide as asked, or leaves it', () => {
    fc.assert(
      fc.property(text, fc.nat(20), (whole, columns) => {
        const padded = padEnd(whole, columns);
        expect(padded.startsWith(whole)).toBe(true);
        expect(padded.slice(whole.length)).toMatch(/^ *$/);
        expect(padded.length - whole.length).toBe(Math.max(0, columns - width(whole)));
      }),
    );
  });
});

describe('wrapping', () => {
  const words = fc
    .array(fc.constantFrom('a', 'of', 'note:', '資源', '10', 'samples', '🚀', 'supercalifragilistic'), {
      minLength: 1,
      maxLength: 20,
    })
    .map((each) => each.join(' '));

  test('breaks at spaces, within a word only where it is longer than a line, and loses nothing', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 60 }), (whole, columns) => {
        const squeezed = (text: string) => text.replaceAll(' ', '');
        expect(squeezed(wrap(whole, columns).join(''))).toBe(squeezed(whole));
      }),
    );
  });

  test('a line is no wider than asked, unless it is one word', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 60 }), (whole, columns) => {
        for (const line of wrap(whole, columns))
          if (line.includes(' ')) expect(width(line)).toBeLessThanOrEqual(columns);
      }),
    );
  });

  test.each([
    ['took 2.96 ms in all', 11, ['took', '2.96 ms in', 'all']],
    ['took 1,234 µs', 12, ['took', '1,234 µs']],
    ['took <0.1 s, not 2 s)', 12, ['took <0.1 s,', 'not 2 s)']],
    ['has 3 samples, 4 msg', 10, ['has 3', 'samples, 4', 'msg']],
    ['of words s ms', 10, ['of words s', 'ms']],
  ])('a number and its unit stay together: %j', (text, columns, expected) => {
    expect(wrap(text, columns)).toEqual(expected);
  });

  test('a word moves on only where it must', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 60 }), (whole, columns) => {
        const lines = wrap(whole, columns);
        lines.slice(0, -1).forEach((line, i) => {
          const [next = ''] = (lines[i + 1] ?? '').split(' ');
          expect(width(`${line} ${next}`)).toBeGreaterThan(columns);
        });
      }),
    );
  });
});
