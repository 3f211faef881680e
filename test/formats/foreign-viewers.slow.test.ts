/**
 * Files of `pstat convert` in the viewers that they are for: each shows the tottime and cumtime of `pstat top`. A missing
 * viewer is skipped by name, and an error in CI.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeFileUrl } from '../../src/base/url.ts';
import { pstat } from '../support/cli.ts';

const FOLDER = mkdtempSync(path.join(tmpdir(), 'pstat-viewers-'));
const ENV = { ...process.env, PPROF_TMPDIR: FOLDER, HOME: FOLDER };

/** Requests merged; a thread of a trace; recursion, anonymous functions, garbage collection and fractions of µs. */
const RECORDINGS: readonly (readonly [title: string, file: string])[] = [
  ['a recording', 'samples/resource-providers.cpuprofile'],
  ['a trace', 'samples/node-trace.json.gz'],
  ['merged files', 'samples/placement/profiles/before'],
  ['recursion', recursiveProfile()],
];

/** [tottime, cumtime] in µs. */
type Times = readonly [number, number];

interface Row {
  readonly name: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly tottime: number;
  readonly cumtime: number;
}

/** Returns the rows of `pstat top`. */
async function rowsOf(file: string): Promise<Row[]> {
  const { rows } = JSON.parse((await pstat([file, '--json', '--limit', '0'])).stdout) as { rows: Row[] };
  return rows.filter(({ name }) => name !== '(idle)');
}

async function convert(file: string, extension: string): Promise<string> {
  const output = path.join(FOLDER, `${path.basename(file)}${extension}`);
  const { code, stderr } = await pstat(['convert', file, '-o', output]);
  expect([code, stderr]).toEqual([0, expect.stringContaining(path.basename(output))]);
  return output;
}

/** Key -> its times, of the keys that only one entry has. */
function uniqueTimes<Entry>(
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
function expectTimes(shown: ReadonlyMap<string, Times>, expected: ReadonlyMap<string, Times>, unit: number): void {
  const wrong = [...expected].filter(([key, times]) => {
    const found = shown.get(key);
    const isSmall = times[1] < unit;
    return !isSmall && (found === undefined || times.some((time, i) => Math.abs(time - (found[i] ?? 0)) > unit));
  });
  expect(wrong.map(([key, times]) => [key, times, shown.get(key)])).toEqual([]);
  expect(expected.size).toBeGreaterThan(2);
}

const rowTimes = ({ tottime, cumtime }: Row): Times => [tottime, cumtime];
const fileOf = ({ file }: Row) => decodeFileUrl(file ?? '');

/** As @datadog/pprof names functions without a name. */
const pprofName = ({ name, line, column }: Row) =>
  name !== '' ? name : line === null ? '(anonymous)' : `(anonymous:L#${line}:C#${column})`;

const isGoMissing = spawnSync('go', ['version']).error !== undefined && process.env['CI'] === undefined;

describe.skipIf(isGoMissing)('go tool pprof -top', () => {
  test.each(RECORDINGS)('shows the times of %s', { timeout: 120_000 }, async (_, file) => {
    const words = ['-top', '-cum', '-unit=ns', '-filefunctions', '-nodecount=1000000', '-nodefraction=0'];
    const output = await convert(file, '.pb.gz');
    const text = execFileSync('go', ['tool', 'pprof', ...words, output], { env: ENV, encoding: 'utf8' });
    const lines = text.matchAll(
      /^\s*(\d+)(?:ns)?\s+[\d.]+%\s+[\d.]+%\s+(\d+)(?:ns)?\s+[\d.]+%\s+(.+?)(?: \(inline\))?$/gm,
    );
    const shown = new Map(
      [...lines].map(([, flat, cum, name = '']): [string, Times] => [name, [Number(flat) / 1e3, Number(cum) / 1e3]]),
    );
    // It shortens names of C++ and Go, with <…>, […] or colons in them.
    const rows = (await rowsOf(file)).filter(({ name }) => !/[<[:]/.test(name));
    const expected = uniqueTimes(rows, (row) => `${pprofName(row)} ${fileOf(row)}`.trim(), rowTimes);
    expectTimes(shown, expected, 0.002);
  });
});

describe.skipIf(isGoMissing)('go tool pprof -lines', () => {
  test('shows the time of every line', { timeout: 120_000 }, async () => {
    const file = 'samples/resource-providers.cpuprofile';
    const words = ['-top', '-lines', '-unit=ns', '-nodecount=1000000', '-nodefraction=0'];
    const output = await convert(file, '.pb.gz');
    const text = execFileSync('go', ['tool', 'pprof', ...words, output], { env: ENV, encoding: 'utf8' });
    const shown: Record<string, number> = {};
    for (const [, flat, place = ''] of text.matchAll(/^\s*(\d+)(?:ns)?\s+[\d.]+%\s.*\s(\S+:\d+)(?: \(inline\))?$/gm))
      shown[place] = (shown[place] ?? 0) + Number(flat) / 1000;
    const { rows } = JSON.parse((await pstat([file, '--by', 'line', '--json', '--limit', '0'])).stdout) as {
      rows: Row[];
    };
    const expected = rows.filter((row) => row.file !== null && row.line !== null && row.tottime > 0);
    expect(expected.length).toBeGreaterThan(50);
    for (const row of expected) {
      const place = `${fileOf(row)}:${row.line}`;
      expect([place, shown[place]]).toEqual([place, row.tottime]);
    }
  });
});

interface SpeedscopeProfile {
  readonly unit: string;
  readonly functions: readonly {
    readonly name: string;
    readonly file?: string;
    readonly self: number;
    readonly total: number;
  }[];
}

function readBySpeedscope(file: string): SpeedscopeProfile[] {
  return JSON.parse(execFileSync('node', ['test/support/speedscope.mjs', file], { encoding: 'utf8', stdio: 'pipe' }));
}

describe('speedscope', () => {
  const single = RECORDINGS.filter(([title]) => title !== 'merged files');

  test.each(single)('shows the times of %s from its own format', async (_, file) => {
    const [profile] = readBySpeedscope(await convert(file, '.speedscope.json'));
    const name = (row: Row) => `${row.name || '(anonymous)'} ${fileOf(row)}`;
    const expected = uniqueTimes(await rowsOf(file), name, rowTimes);
    expectTimes(timesOf(profile, 1), expected, 1);
  });

  test.each(RECORDINGS)('shows the times of %s from pprof', async (_, file) => {
    const [profile] = readBySpeedscope(await convert(file, '.pb.gz'));
    const expected = uniqueTimes(await rowsOf(file), (row) => `${pprofName(row)} ${fileOf(row)}`, rowTimes);
    expectTimes(timesOf(profile, 1000), expected, 0.002);
  });

  test('has a profile a file', async () => {
    const output = path.join(FOLDER, 'two.speedscope.json');
    await pstat(['convert', 'samples/resource-providers.cpuprofile', 'samples/node-trace.json.gz', '-o', output]);
    expect(readBySpeedscope(output)).toHaveLength(2);
  });

  function timesOf(profile: SpeedscopeProfile | undefined, perMicrosecond: number): Map<string, Times> {
    return uniqueTimes(
      profile?.functions ?? [],
      ({ name, file = '' }) => `${name} ${file}`,
      ({ self, total }): Times => [self / perMicrosecond, total / perMicrosecond],
    );
  }
});

/** `npm ci --prefix test/formats/viewers`: it needs Node 24. */
const VIEWERS = path.resolve('test/formats/viewers/node_modules');
const NODE_24 = path.join(VIEWERS, 'node/bin/node');
const isFirefoxMissing = !existsSync(NODE_24) && process.env['CI'] === undefined;

describe.skipIf(isFirefoxMissing)("Firefox's profiler-cli", () => {
  const profilerCli = (...words: readonly string[]) =>
    spawnSync(NODE_24, [path.join(VIEWERS, '@firefox-devtools/profiler-cli/dist/profiler-cli.js'), ...words], {
      env: ENV,
      encoding: 'utf8',
    });
  const single = RECORDINGS.filter(([title]) => title !== 'merged files');

  test.each(single)('shows the times of %s', { timeout: 120_000 }, async (_, file) => {
    const output = await convert(file, '.firefox.json');
    const session = ['--session', `pstat-${process.pid}`];
    // Its daemon has half a second to start, which a machine at work may not give it.
    for (let tries = 0; tries < 5 && profilerCli('load', output, ...session).status !== 0; tries++);
    const { stdout } = profilerCli('thread', 'functions', ...session, '--limit', '0', '--json');
    profilerCli('stop', ...session);
    const { functions } = JSON.parse(stdout) as {
      functions: { name: string; selfSamples: number; totalSamples: number }[];
    };
    const shown = uniqueTimes(
      functions,
      ({ name }) => name,
      ({ selfSamples, totalSamples }): Times => [selfSamples * 1e3, totalSamples * 1e3],
    );
    // It takes what stands before a ` for the name of a library.
    const rows = (await rowsOf(file)).filter(({ name }) => !name.includes('`'));
    const expected = uniqueTimes(rows, ({ name }) => name || '(anonymous)', rowTimes);
    expectTimes(shown, expected, 1);
  });
});

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
