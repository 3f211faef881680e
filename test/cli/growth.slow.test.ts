/**
 * Time grows with the size of the input, and not with its square: twice the input takes less than three times as long. The
 * shortest of several runs counts, in time of the processor; a square would take four times as long.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { pstat } from '../support/cli.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'pstat-growth-'));
afterAll(() => rmSync(folder, { recursive: true }));

const RUNS = 8;

const MAX_RATIO = 3;

interface Frame {
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
}

let files = 0;

/** Writes a speedscope file; returns its path. */
function put(frames: readonly Frame[], samples: readonly (readonly number[])[]): string {
  const file = path.join(folder, `${++files}.speedscope.json`);
  const weights = samples.map(() => 1000);
  const profiles = [{ type: 'sampled', name: 'a', unit: 'microseconds', startValue: 0, endValue: 0, samples, weights }];
  writeFileSync(file, JSON.stringify({ shared: { frames }, profiles }));
  return file;
}

const range = (length: number) => Array.from({ length }, (_, i) => i);

/** Functions of their own, each with a sample. */
function flat(frames: readonly Frame[]): string {
  return put(
    frames,
    frames.map((_, i) => [i]),
  );
}

const functions = (count: number, side: string) =>
  flat(range(count).map((i) => ({ name: `f${i}`, file: `/srv/${side}/file-${i}.js`, line: i + 1 })));

/** Each function calls the next one, and has time of its own. Stacks are short in the file: events. */
function deep(depth: number): string {
  const file = path.join(folder, `${++files}.speedscope.json`);
  const events = [
    ...range(depth).map((i) => ({ type: 'O', frame: i % 50, at: i })),
    ...range(depth).map((i) => ({ type: 'C', frame: (depth - 1 - i) % 50, at: depth + i })),
  ];
  const frames = range(51).map((i) => ({ name: `f${i}` }));
  const profiles = [{ type: 'evented', name: 'a', unit: 'milliseconds', startValue: 0, endValue: 2 * depth, events }];
  writeFileSync(file, JSON.stringify({ shared: { frames }, profiles }));
  return file;
}

/** Each level has two callees, of which one goes on: no chain can be joined. */
function comb(depth: number): string {
  const file = path.join(folder, `${++files}.speedscope.json`);
  const down = range(depth).flatMap((i) => [
    { type: 'O', frame: 0, at: 2 * i },
    { type: 'O', frame: 1, at: 2 * i },
    { type: 'C', frame: 1, at: 2 * i + 1 },
  ]);
  const up = range(depth).map(() => ({ type: 'C', frame: 0, at: 2 * depth }));
  const profiles = [
    { type: 'evented', name: 'a', unit: 'milliseconds', startValue: 0, endValue: 2 * depth, events: [...down, ...up] },
  ];
  writeFileSync(file, JSON.stringify({ shared: { frames: [{ name: 'level' }, { name: 'leaf' }] }, profiles }));
  return file;
}

/** Files with one name in common and nothing else. */
const renamed = (count: number, side: string) =>
  flat(
    range(count).flatMap((i) => [
      { name: 'render', file: `/srv/${side}-${i}/index.js`, line: 1 },
      { name: `${side}${i}`, file: `/srv/${side}-${i}/index.js`, line: 9 },
    ]),
  );

const longName = (length: number) => flat(range(4).map((i) => ({ name: `${i} ${'ab. '.repeat(length / 4)}` })));

const longPath = (length: number) =>
  flat(range(4).map((i) => ({ name: 'f', file: `/${i}${'/a-b.1'.repeat(length / 6)}` })));

const SHOW = ['--limit', '0'];

test.each<[name: string, size: number, args: (size: number) => string[]]>([
  ['top of long names', 400_000, (size) => ['top', longName(size)]],
  ['top of long paths', 400_000, (size) => ['top', longPath(size)]],
  ['top of many functions', 10_000, (size) => ['top', functions(size, 'a'), ...SHOW]],
  ['top of deep stacks', 100_000, (size) => ['top', deep(size)]],
  ['callers in deep stacks', 100_000, (size) => ['callers', 'f1', deep(size)]],
  ['tree of deep stacks', 50_000, (size) => ['tree', deep(size), ...SHOW]],
  ['tree of a deep comb', 10_000, (size) => ['tree', comb(size), ...SHOW, '--min', '0%']],
  ['tree of a deep comb, as JSON', 10_000, (size) => ['tree', comb(size), '--json', '--min', '0%']],
  ['tree of many functions', 8_000, (size) => ['tree', functions(size, 'a'), ...SHOW, '--min', '0%']],
  ['flame of deep stacks', 20_000, (size) => ['flame', deep(size)]],
  ['list of many functions', 4_000, (size) => ['list', '', functions(size, 'a')]],
  ['list of long names', 400_000, (size) => ['list', '', longName(size)]],
  ['compare of many functions', 10_000, (size) => ['compare', functions(size, 'a'), functions(size, 'b')]],
  ['compare of renamed files', 5_000, (size) => ['compare', renamed(size, 'a'), renamed(size, 'b')]],
  ['compare of long names', 200_000, (size) => ['compare', longName(size), longName(size + 4)]],
  ['compare of long paths', 200_000, (size) => ['compare', longPath(size), longPath(size + 6)]],
  ['compare of deep stacks', 50_000, (size) => ['compare', deep(size), deep(size)]],
  ['convert of deep stacks to firefox', 50_000, (size) => ['convert', deep(size), '--to', 'firefox']],
  ['convert of deep stacks to cpuprofile', 50_000, (size) => ['convert', deep(size), '--to', 'cpuprofile']],
  ['convert of deep stacks to callgrind', 50_000, (size) => ['convert', deep(size), '--to', 'callgrind']],
  ['convert of many functions to pprof', 8_000, (size) => ['convert', functions(size, 'a'), '--to', 'pprof']],
  ['convert of many functions to prof', 8_000, (size) => ['convert', functions(size, 'a'), '--to', 'prof']],
  ['convert of long names to folded', 400_000, (size) => ['convert', longName(size), '--to', 'folded']],
])('%s takes time in proportion to it', async (_, size, args) => {
  const [once, twice] = [args(size), args(2 * size)];
  const times = { once: Number.POSITIVE_INFINITY, twice: Number.POSITIVE_INFINITY };
  for (let run = 0; run < RUNS && !(times.twice < MAX_RATIO * times.once); run++) {
    times.once = Math.min(times.once, await timeOf(once));
    times.twice = Math.min(times.twice, await timeOf(twice));
  }
  expect(times.twice / times.once).toBeLessThan(MAX_RATIO);
});

/** µs of the processor. */
async function timeOf(args: readonly string[]): Promise<number> {
  const before = process.cpuUsage();
  const { code, stderr } = await pstat(args, {});
  expect([code, stderr.split('\n').find((line) => line.startsWith('pstat:'))]).toEqual([0, undefined]);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

test.each(['pprof', 'folded', 'speedscope'])('%s refuses stacks that it would repeat too often', async (format) => {
  const { code, stderr } = await pstat(['convert', deep(20_000), '--to', format], {});
  expect([code, stderr]).toEqual([2, expect.stringContaining('the stacks are too deep for this format')]);
});
