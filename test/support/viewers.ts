/** Recordings that tests of exports compare, and what `pstat` shows of them. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { decodeFileUrl } from '../../src/base/url.ts';
import { pstat } from './cli.ts';

export const FOLDER = mkdtempSync(path.join(tmpdir(), 'pstat-viewers-'));
export const ENV = { ...process.env, PPROF_TMPDIR: FOLDER, HOME: FOLDER };

/** Requests merged; a thread of a trace; recursion, anonymous functions, garbage collection and fractions of µs. */
export const RECORDINGS: readonly (readonly [title: string, file: string])[] = [
  ['a recording', 'samples/resource-providers.cpuprofile'],
  ['a trace', 'samples/node-trace.json.gz'],
  ['merged files', 'samples/placement/profiles/before'],
  ['recursion', recursiveProfile()],
];

/** [tottime, cumtime] in µs. */
export type Times = readonly [number, number];

export interface Row {
  readonly name: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly tottime: number;
  readonly cumtime: number;
  readonly ncalls?: number;
  readonly cumsamples?: number;
}

/** Returns the rows of `pstat top`. */
export async function rowsOf(file: string): Promise<Row[]> {
  const { rows } = JSON.parse((await pstat([file, '--json', '--limit', '0'])).stdout) as { rows: Row[] };
  return rows.filter(({ name }) => name !== '(idle)');
}

export async function convert(file: string, extension: string): Promise<string> {
  const output = path.join(FOLDER, `${path.basename(file)}${extension}`);
  const { code, stderr } = await pstat(['convert', file, '-o', output]);
  expect([code, stderr]).toEqual([0, expect.stringContaining(path.basename(output))]);
  return output;
}

/** Key -> its times, of the keys that only one entry has. */
export function uniqueTimes<Entry>(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string,
  timesOf: (entry: Entry) => Times,
): Map<string, Times> {
  const keys = entries.map(keyOf);
  return new Map(
    entries.flatMap((entry, i) =>
      keys.indexOf(keys[i] ?? '') === i && keys.lastIndexOf(keys[i] ?? '') === i
        ? [[keys[i] ?? '', timesOf(entry)] as const]
        : [],
    ),
  );
}

/** Every function has the times of `pstat top`, to a unit a row. */
export function expectTimes(
  shown: ReadonlyMap<string, Times>,
  expected: ReadonlyMap<string, Times>,
  unit: number,
): void {
  const wrong = [...expected].filter(([key, times]) => {
    const found = shown.get(key);
    const isSmall = times[1] < unit;
    return !isSmall && (found === undefined || times.some((time, i) => Math.abs(time - (found[i] ?? 0)) > unit));
  });
  expect(wrong.map(([key, times]) => [key, times, shown.get(key)])).toEqual([]);
  expect(expected.size).toBeGreaterThan(2);
}

export const rowTimes = ({ tottime, cumtime }: Row): Times => [tottime, cumtime];
export const fileOf = ({ file }: Row) => decodeFileUrl(file ?? '');

/** As @datadog/pprof names functions without a name. */
export const pprofName = ({ name, line, column }: Row) =>
  name !== '' ? name : line === null ? '(anonymous)' : `(anonymous:L#${line}:C#${column})`;

/** Runs `go tool pprof` with all functions and edges, in ns. */
export function goPprof(words: readonly string[], file: string): string {
  const all = ['-unit=ns', '-nodecount=1000000', '-nodefraction=0', '-edgefraction=0'];
  return execFileSync('go', ['tool', 'pprof', ...words, ...all, file], { env: ENV, encoding: 'utf8' });
}

/** Names with <…>, […] or colons, as in C++ and Go, are shortened by pprof. */
export const isShortenedByPprof = ({ name }: Row) => /[<[:]/.test(name);

/** A function as `-filefunctions` names it. */
export const pprofKey = (row: Row) => `${pprofName(row)} ${fileOf(row)}`.trim();

export const isGoMissing = spawnSync('go', ['version']).error !== undefined && process.env['CI'] === undefined;

/** Samples of f → g → f → g, of functions without a name, and of the garbage collector, 100.3 µs apart. */
function recursiveProfile(): string {
  const node = (id: number, functionName: string, lineNumber: number, children: number[] = []) => ({
    id,
    callFrame: {
      functionName,
      scriptId: '1',
      url: lineNumber < 0 ? '' : 'file:///srv/app/a.js',
      lineNumber,
      columnNumber: 3,
    },
    hitCount: 0,
    children,
  });
  const nodes = [
    node(1, '(root)', -1, [2, 8]),
    node(2, 'f', 10, [3]),
    node(3, 'g', 20, [4, 7]),
    node(4, 'f', 10, [5, 6]),
    node(5, 'g', 20),
    node(6, '', 30),
    node(7, '', 40),
    node(8, '(garbage collector)', -1),
  ];
  const samples = [2, 3, 4, 5, 8, 6, 7, 5, 4, 3, 8, 2];
  const timeDeltas = samples.map((_, i) => (i === 0 ? 0 : 100.3));
  const file = path.join(FOLDER, 'recursion.cpuprofile');
  writeFileSync(file, JSON.stringify({ nodes, samples, timeDeltas, startTime: 0, endTime: 1203.6 }));
  return file;
}
