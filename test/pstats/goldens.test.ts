/** Compares `--format pstats` with the output of CPython 3.11 (make-pstats-goldens.py writes the goldens). */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { pstat } from '../support/cli.ts';

const GOLDENS = 'test/pstats/goldens';

interface Case {
  readonly args: readonly string[];
  readonly printed: string;
}

/** The commands of a golden and their output, which ends at the next `$ [`. */
function casesOf(golden: string): Case[] {
  const text = readFileSync(`${GOLDENS}/${golden}`, 'utf8');
  return text
    .split(/^\$ (?=\[".*"\]$)/m)
    .slice(1)
    .map((block) => {
      const end = block.indexOf('\n');
      return { args: JSON.parse(block.slice(0, end)), printed: block.slice(end + 1) };
    });
}

/** Encodes and decodes the text, which turns half a surrogate pair into U+FFFD. */
const written = (text: string) => Buffer.from(text).toString();

const withoutDates = (text: string) => text.replace(/^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} {4}/gm, 'DATE    ');

describe.each(readdirSync(GOLDENS))('%s', (golden) => {
  const cases = casesOf(golden);

  test('has more than ten commands', () => {
    expect(cases.length).toBeGreaterThan(10);
  });

  test.each(cases)('pstat $args', async ({ args, printed }) => {
    const { stdout, code } = await pstat([...args, '--format', 'pstats']);
    expect(withoutDates(written(stdout))).toBe(printed);
    const isShown = /^ +(?:Ordered by|Random listing)/m.test(printed);
    expect(code).toBe(isShown ? 0 : 1);
  });
});
