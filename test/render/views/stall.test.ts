/** Tests the sentence of a stall: what ran, for whom, and on which line. */

import { expect, test } from 'vitest';
import type { FunctionInfo } from '../../../src/model/function-table.ts';
import { normalize } from '../../../src/model/normalize/normalize.ts';
import { Stats } from '../../../src/query/stats.ts';
import { stallSentence } from '../../../src/render/views/stall.ts';
import { stallCauseOf } from '../../../src/view/stall-cause.ts';
import { draw } from '../../support/draw.ts';
import { withTicks } from '../../support/lines.ts';

const OWN: Readonly<Record<string, FunctionInfo>> = Object.fromEntries(
  ['load', 'a', 'b', 'c'].map((name, i) => [
    name,
    { kind: 'js', name, file: '/srv/app/settings.js', line: 10 * (i + 1), column: 1 },
  ]),
);
const describe = (name: string): FunctionInfo => OWN[name] ?? { kind: 'native', name, file: '', line: 0, column: 0 };

function sentence(picture: string, ticks: Parameters<typeof withTicks>[1] = []): string {
  const raw = draw(picture, { describe });
  const stats = new Stats(normalize(ticks.length === 0 ? raw : withTicks(raw, ticks), 'test'), { paths: 'base' });
  const date = new Date(2026, 0, 1, 12, 3, 11).getTime();
  const stall = {
    thread: '',
    duration: 1.3e6,
    date,
    state: 'over',
    file: 'stall-120311.cpuprofile',
    skipped: 0,
  } as const;
  return stallSentence({ ...stall, cause: stallCauseOf(stats), names: stats.names });
}

test('names a native with its nearest own caller', () => {
  const text = sentence(`
    load  load  load  load  load
    parse parse parse parse
  `);
  expect(text).toBe('stall of 1.30 s at 12:03:11: 80 % parse ← load (settings.js:10); saved stall-120311.cpuprofile');
});

test('names the line of an own function that most of the time was spent on', () => {
  const text = sentence('load load load load', [[1, 12, 4]]);
  expect(text).toContain('100 % load (settings.js:12);');
});

test('names the innermost own function above what is spread over many', () => {
  const text = sentence(`
    load load load load
    a    b    c    a
  `);
  expect(text).toMatch(/\d+ % (?:below load|a) /);
});
