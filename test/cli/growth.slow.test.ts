/**
 * Time grows with the size of the input, and not with its square: twice the input takes less than 2.5 times as long, where a
 * square would take four times as long. Of several runs counts the shortest with twice the input, and the median with once:
 * one that by luck meets no garbage collection is no measure. Times are of the processor.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { median } from '../../src/base/averages.ts';
import { pstat, type World } from '../support/cli.ts';
import { code, json, plain, withFrames } from '../support/documents.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('growth');

const RUNS = 20;

const MAX_RATIO = 2.5;

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

/** A recording of scripts in many folders, which source maps are looked for in. */
function manyFolders(count: number): string {
  const file = path.join(folder, `${++files}.cpuprofile`);
  const frames = range(4).map((i) => ({ ...code('f', i), url: `https://example.com/${'@a/'.repeat(count)}${i}.js` }));
  writeFileSync(file, json(withFrames(...frames)));
  return file;
}

/** A folder of requests, each with a URL of its own. */
function requests(count: number, urlOf: (i: number) => string): string {
  const at = path.join(folder, `${++files}`);
  mkdirSync(at);
  for (let i = 0; i < count; i++) {
    const pstat = {
      method: 'GET',
      url: urlOf(i),
      status: 200,
      elapsed: 9000,
      busy: 3000,
      pid: 1,
      thread: 0,
      number: i,
    };
    writeFileSync(path.join(at, `${i}.cpuprofile`), json({ ...plain(), pstat }));
  }
  return at;
}

const word = (i: number) =>
  String.fromCharCode(
    ...String(i)
      .split('')
      .map((digit) => 97 + Number(digit)),
  );

/** Routes that are several, but that a file name cannot tell apart. */
const alike = (count: number) => requests(count, (i) => `/${'a'.repeat(200)}${word(i)}`);

/** Each link leads to a file of its own, with characters that are encoded. */
const toFiles = (count: number, length: number) =>
  flat(range(count).map((i) => ({ name: 'f', file: `/${i}${' é%?'.repeat(length / 4)}.js`, line: 1 })));

/** A recording with the text of its files: functions in one, or one in each. */
function withTexts(count: number, perFile: number): string {
  const urlOf = (i: number) => `file:///srv/${Math.floor(i / perFile)}.js`;
  const lines = range(count).map((i) => `function f${i}() { f${i + 1}(); f0(); }`);
  const frames = lines.map((line, i) => ({
    ...code(`f${i}`, i % perFile),
    url: urlOf(i),
    columnNumber: line.indexOf('('),
  }));
  const scripts = range(Math.ceil(count / perFile)).map((file) => ({
    url: `file:///srv/${file}.js`,
    source: lines.slice(file * perFile, (file + 1) * perFile).join('\n'),
    sourceMap: { version: 3, sources: [`${file}.ts`], sourcesContent: ['x'], names: [], mappings: '' },
  }));
  const file = path.join(folder, `${++files}.cpuprofile`);
  writeFileSync(file, json({ ...withFrames(...frames), pstat: { scripts } }));
  return file;
}

/** One function that calls many, each on a line of its own. */
function callsMany(count: number): string {
  const lines = range(count).map((i) => `  f${i}(); same();`);
  const text = ['function main() {', ...lines, '}', ...range(count).map((i) => `function f${i}() {}`)].join('\n');
  const main = { ...code('main', 0), columnNumber: 13 };
  const nodes = [
    { id: 1, callFrame: { ...code('(root)', -1), url: '' }, children: [2] },
    { id: 2, callFrame: main, children: range(count).map((i) => i + 3) },
    ...range(count).map((i) => ({ id: i + 3, callFrame: code(i % 2 ? 'same' : `f${i}`, count + 2 + i) })),
  ];
  const samples = range(count).map((i) => i + 3);
  const times = { startTime: 0, endTime: 1000 * count, samples, timeDeltas: samples.map(() => 1000) };
  const file = path.join(folder, `${++files}.cpuprofile`);
  const scripts = [{ url: main.url, source: text }];
  writeFileSync(file, json({ nodes, ...times, pstat: { scripts } }));
  return file;
}

const SHOW = ['--limit', '0'];

const LINKED = { columns: 120, links: true };

test.each<[name: string, size: number, args: (size: number) => string[], world?: World]>([
  ['top of long names', 400_000, (size) => ['top', longName(size)]],
  ['top of long paths', 400_000, (size) => ['top', longPath(size)]],
  ['top of paths with many folders', 30_000, (size) => ['top', manyFolders(size), '--by', 'package']],
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
  ['requests of many routes', 1000, (size) => ['requests', requests(size, (i) => `/${word(i)}`), ...SHOW]],
  ['requests of one route', 1000, (size) => ['requests', requests(size, (i) => `/a/${i}`)]],
  [
    'requests of long URLs',
    100_000,
    (size) => ['requests', requests(8, (i) => `/${word(i)}${'/a.1-%41'.repeat(size / 8)}`)],
  ],
  [
    'requests of long queries',
    200_000,
    (size) => ['requests', requests(8, (i) => `/${word(i)}?${'a=1&'.repeat(size / 4)}`)],
  ],
  [
    'requests of long segments',
    100_000,
    (size) => ['requests', requests(8, (i) => `/${word(i)}${'aA1_-'.repeat(size / 5)}`)],
  ],
  [
    'file names of --split',
    800,
    (size) => ['convert', alike(size), '--to', 'folded', '--split', 'route', '-o', path.join(folder, `split-${size}`)],
  ],
  ['links to many files', 4000, (size) => ['top', toFiles(size, 40), ...SHOW, '--color', 'always'], LINKED],
  ['links to long paths', 100_000, (size) => ['top', toFiles(8, size), '--color', 'always'], LINKED],
  ['links to paths of the limit', 2000, (size) => ['top', toFiles(size, 2000), '--color', 'always'], LINKED],
  ['list of functions of one file that the profile holds', 1500, (size) => ['list', '', withTexts(size, size)]],
  ['list of files that the profile holds', 1000, (size) => ['list', '', withTexts(size, 1)]],
  ['list of a function that calls many', 1500, (size) => ['list', 'main', callsMany(size)]],
])('%s takes time in proportion to it', async (_, size, args, world = {}) => {
  const [once, twice] = [args(size), args(2 * size)];
  const times: Record<'once' | 'twice', number[]> = { once: [], twice: [] };
  const ratio = () => Math.min(...times.twice) / median(times.once);
  for (let run = 0; run < RUNS && !(ratio() < MAX_RATIO); run++) {
    times.once.push(await timeOf(once, world));
    times.twice.push(await timeOf(twice, world));
  }
  expect(ratio()).toBeLessThan(MAX_RATIO);
});

/** µs of the processor. */
async function timeOf(args: readonly string[], world: World): Promise<number> {
  const before = process.cpuUsage();
  const { code: ended, stderr } = await pstat(args, world);
  expect([ended, stderr.split('\n').find((line) => line.startsWith('pstat:'))]).toEqual([0, undefined]);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

test.each(['pprof', 'folded', 'speedscope'])('%s rejects stacks that it would repeat too often', async (format) => {
  const { code, stderr } = await pstat(['convert', deep(20_000), '--to', format], {});
  expect([code, stderr]).toEqual([2, expect.stringContaining('the stacks are too deep for this format')]);
});
