import { expect, test } from 'vitest';
import { quietSpans } from '../../src/sources/quiet-spans.ts';
import { type Language, tokenize } from '../../src/sources/tokens.ts';

/** Returns the source with its quiet parts in brackets. */
function mark(text: string, language: Language): string {
  const spans = quietSpans(tokenize(text, language), language);
  const lines = text
    .split('\n')
    .map((line, i) =>
      (spans.get(i + 1) ?? []).reduceRight(
        (marked, { start, end }) => `${marked.slice(0, start)}[${marked.slice(start, end)}]${marked.slice(end)}`,
        line,
      ),
    );
  return lines.join('\n');
}

test('comments, strings and keywords are quiet, on each of their lines', () => {
  expect(mark("/* two\nlines */ const a = 'b' + `c`; // e", 'js')).toBe(
    "[/* two]\n[lines */] [const] a = ['b'] + [`c`]; [// e]",
  );
  expect(mark('def f(x):  # why\n  return """a\nb""" + x', 'python')).toBe(
    '[def] f(x):  [# why]\n  [return] ["""a]\n[b"""] + x',
  );
});

test('properties and calls with the name of a keyword are not', () => {
  expect(mark('map.delete(get(type)); x = { default: 1, of }', 'js')).toBe(
    'map.delete(get(type)); x = { default: 1, of }',
  );
  expect(mark('for (const x of y) if (x) return null', 'js')).toBe('[for] ([const] x [of] y) [if] (x) [return] [null]');
});
