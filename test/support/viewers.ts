/** Recordings that tests of exports compare, and what `pstat` shows of them. */

import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { decodeFileUrl } from '../../src/base/url.ts';
import { pstat } from './cli.ts';
import { recursion } from './recursion.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const FOLDER = temporaryFolder('viewers');
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

function recursiveProfile(): string {
  const file = path.join(FOLDER, 'recursion.cpuprofile');
  writeFileSync(file, recursion());
  return file;
}
