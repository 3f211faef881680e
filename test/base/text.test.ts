/** Escapes: what a terminal obeys or does not show is written out, and what people read stays. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeControls, escapeJsonControls, headOf, quote, shorten, tailOf } from '../../src/base/text.ts';

describe('escapeControls', () => {
  test.each([
    ['a\tb\nc\rd', 'a\\tb\\nc\\rd'],
    ['\u001b[31m\u009b\u007f', '\\x1b[31m\\x9b\\x7f'],
    ['\u202egnp\u2066', '\\u202egnp\\u2066'],
    ['\u{e0041}\u{e0100}', '\\u{e0041}\\u{e0100}'],
    ['\u3164\u115f\uffa0\u2800', '\\u3164\\u115f\\uffa0\\u2800'],
    ['a\u200bb\u00adc\u200cd', 'a\\u200bb\\xadc\\u200cd'],
    ['a\u{13430}b', 'a\\u{13430}b'],
    ['a\u00a0b\u3000', 'a\\xa0b\\u3000'],
    ['\ud800a\udc00', '\\ud800a\\udc00'],
    ['f\ufe0f 1\ufe0f 👩\ufe0f', 'f\\ufe0f 1\\ufe0f 👩\\ufe0f'],
    ['a\u200db 👩\u200d', 'a\\u200db 👩\\u200d'],
  ])('writes %j as %s', (text, escaped) => {
    expect(escapeControls(text)).toBe(escaped);
  });

  test.each(['main', 'é e\u0301', '資源', '한국어', 'שלום', 'µs → …', '🚀 👨‍👩‍👧 👩🏽‍💻 🏳️‍🌈 ❤️‍🔥 ❤️ 1️⃣ 🇩🇪 👍🏽'])(
    'leaves %s as it is',
    (text) => {
      expect(escapeControls(text)).toBe(text);
    },
  );

  const unit = fc.oneof(
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    fc.constantFrom('\u200d', '\ufe0f', '👩', '❤', '🏽', '1', '\u20e3'),
  );
  const units = fc.array(unit).map((parts) => parts.join(''));

  test('changes nothing that is escaped already', () => {
    const property = fc.property(units, (text) => {
      expect(escapeControls(escapeControls(text))).toBe(escapeControls(text));
    });
    fc.assert(property);
  });

  test('in JSON keeps the value', () => {
    const property = fc.property(units, (text) => {
      expect(JSON.parse(escapeJsonControls(JSON.stringify(text)))).toBe(text);
    });
    fc.assert(property);
    expect(escapeJsonControls('"\u{e0041}\u202e"')).toBe('"\\udb40\\udc41\\u202e"');
  });
});

describe('a text that is cut', () => {
  test.each([
    ['a🚀b', 2, 'a', 'b'],
    ['a🚀b', 3, 'a🚀', '🚀b'],
    ['🚀', 1, '', ''],
    ['abc', 9, 'abc', 'abc'],
  ])('%s at %i units keeps whole characters', (text, length, head, tail) => {
    expect(headOf(text, length)).toBe(head);
    expect(tailOf(text, length)).toBe(tail);
  });

  test('keeps its beginning and its end', () => {
    expect(shorten(`start${'x'.repeat(100)}end`, 20)).toBe('startxxxxxxxxx…xxend');
    expect(shorten('as it is', 20)).toBe('as it is');
    expect(quote('\u0000'.repeat(5000)).length).toBeLessThan(170);
  });
});
