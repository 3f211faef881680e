/** Recordings of one program, built by different tools: builds/README.md. */

import { cpSync, readFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { loadProfile, type SourceMapOptions, Stats } from '../../src/index.ts';
import { at } from '../../src/model/columns.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const BUILDS = path.join(import.meta.dirname, 'builds');

let folder = '';

beforeEach(() => {
  folder = temporaryFolder('builds');
});

/** Copies a build to another folder than that of the recording, written long before it. Returns the recording. */
function copyBuild(tool: string): string {
  const build = path.join(folder, 'dist', tool);
  cpSync(path.join(BUILDS, tool), build, { recursive: true });
  for (const name of ['main.js', 'main.cjs', 'work.js', 'slow.js']) {
    try {
      utimesSync(path.join(build, name), 1e9, 1e9);
    } catch {
      // not in this build
    }
  }
  return path.join(build, 'recording.cpuprofile');
}

interface Place {
  readonly name: string;
  readonly place: string;
}

async function placesOf(recording: string, sourceMaps: SourceMapOptions | null): Promise<Place[]> {
  const { rows } = new Stats(await loadProfile(recording, { sourceMaps })).functions({ limit: 0 });
  return rows.map(({ name, file, line, column }) => ({ name, place: `${file}:${line}:${column}` }));
}

/** The functions of the program that have samples, by the line where they are declared. */
const DECLARED: Readonly<Record<string, string>> = {
  'slow.ts:2': 'slow',
  'work.ts:8': 'makeRows',
  'work.ts:21': 'sortAll',
  'work.ts:22': '',
  'work.ts:25': 'get total',
  'work.ts:26': '',
  'work.ts:30': 'serializeRow',
  'work.ts:36': 'fib',
  'work.ts:40': 'run',
};

/** What the tool makes anonymous: webpack inlines functions that are called once, tsx wraps arrow functions. */
const ANONYMOUS: Readonly<Record<string, readonly string[]>> = {
  webpack: ['slow', 'makeRows', 'run'],
  tsx: ['serializeRow'],
};

/** Rollup removes the call of `fib`, whose result is not used. */
const REMOVED: Readonly<Record<string, string>> = { rollup: 'work.ts:36' };

const ON_DISK = ['tsc', 'esbuild', 'esbuild-min', 'esbuild-inline', 'webpack', 'rollup'];
const CARRIED = ['tsx', 'vitest'];

describe.each([...ON_DISK, ...CARRIED])('%s', (tool) => {
  async function declared(): Promise<Record<string, string>> {
    const places = await placesOf(copyBuild(tool), { sourcePath: [folder] });
    const rows = places.flatMap(({ name, place }) => {
      const [, file, line] = /\/src\/((?:work|slow)\.ts):(\d+):\d+$/.exec(place) ?? [];
      return file === undefined || line === '1' ? [] : [[`${file}:${line}`, name] as const];
    });
    return Object.fromEntries(rows);
  }

  test('shows every function at the line of its declaration, with its name', async () => {
    const anonymous = ANONYMOUS[tool] ?? [];
    const expected = Object.entries(DECLARED)
      .filter(([line]) => line !== REMOVED[tool])
      .map(([line, name]) => [line, anonymous.includes(name) ? '' : name]);
    expect(Object.keys(await declared()).sort()).toEqual(expected.map(([line]) => line).sort());
    expect(await declared()).toEqual(Object.fromEntries(expected));
  });

  test('names lines that declare a function in the source', async () => {
    for (const [place, name] of Object.entries(await declared())) {
      const [file = '', line] = place.split(':');
      const text = readFileSync(path.join(BUILDS, 'src', `${file}.txt`), 'utf8').split('\n');
      expect(at(text, Number(line) - 1)).toMatch(name === '' ? /=>|function/ : new RegExp(`\\b${name}\\b`));
    }
  });

  test('keeps the generated places beside the original ones, and shows them without source maps', async () => {
    const recording = copyBuild(tool);
    const profile = await loadProfile(recording, { sourceMaps: { sourcePath: [folder] } });
    const plain = await placesOf(recording, null);
    const { functions } = profile;
    const moved = (functions.generated ?? []).filter((generated) => generated !== null);
    expect(moved.length).toBeGreaterThan(5);
    for (const { file, line, column } of moved) {
      expect(plain.map(({ place }) => place)).toContain(`${file}:${line}:${column}`);
    }
  });
});

/** Lines of the source with samples, as `file:line`. */
async function sampledLines(tool: string): Promise<string[]> {
  const profile = await loadProfile(copyBuild(tool), { sourceMaps: { sourcePath: [folder] } });
  if (!('callTree' in profile) || profile.callTree.lines === null) throw new Error('no lines');
  const { functions, callTree } = profile;
  const { lines } = profile.callTree;
  const found = new Set<string>();
  for (let node = 0; node < callTree.length; node++) {
    for (let entry = at(lines.start, node); entry < at(lines.start, node + 1); entry++) {
      found.add(`${path.basename(at(functions.file, at(callTree.function, node)))}:${at(lines.line, entry)}`);
    }
  }
  return [...found];
}

/** The lines with code of the functions: declarations and statements. */
const STATEMENTS =
  /^(?:slow\.ts:(?:2|3|4|5)|work\.ts:(?:8|9|10|11|18|2[1256]|3[0-367]|4\d|5[0-2])|work\.test\.ts:\d+|main\.ts:3)$/;

test.each(['tsc', 'esbuild', 'rollup', 'vitest'])('%s: moves executing lines to the source', async (tool) => {
  const lines = await sampledLines(tool);
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.filter((line) => !STATEMENTS.test(line))).toEqual([]);
});

test.each(['esbuild-min', 'webpack', 'tsx'])(
  '%s: has no lines where one generated line holds the program',
  async (tool) => {
    expect(await sampledLines(tool)).toEqual([]);
  },
);

test.each(ON_DISK)('%s: uses the maps of a named folder, however new they are', async (tool) => {
  const recording = copyBuild(tool);
  const build = path.dirname(recording);
  const now = Date.now() / 1000 + 100;
  for (const name of tool === 'webpack' ? ['main.cjs'] : ['main.js']) utimesSync(path.join(build, name), now, now);
  const files = (await placesOf(recording, { named: build })).map(({ place }) => place);
  expect(files.filter((file) => file.includes('src/work.ts:30')).length).toBe(1);
});
