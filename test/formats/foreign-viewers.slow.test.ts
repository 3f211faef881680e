/**
 * Files of `pstat convert` in the viewers that they are for: each shows the tottime and cumtime of `pstat top`. A missing
 * viewer is skipped by name, and an error in CI.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { pstat } from '../support/cli.ts';
import {
  convert,
  ENV,
  expectTimes,
  FOLDER,
  fileOf,
  goPprof,
  isGoMissing,
  isShortenedByPprof,
  pprofKey,
  RECORDINGS,
  type Row,
  rowsOf,
  rowTimes,
  type Times,
  uniqueTimes,
} from '../support/viewers.ts';

describe.skipIf(isGoMissing)('go tool pprof -top', () => {
  test.each(RECORDINGS)('shows the times of %s', { timeout: 120_000 }, async (_, file) => {
    const text = goPprof(['-top', '-cum', '-filefunctions'], await convert(file, '.pb.gz'));
    const lines = text.matchAll(/^\s*(\d+)(?:ns)?\s+\S+%\s+\S+%\s+(\d+)(?:ns)?\s+\S+%\s+(.+?)(?: \(inline\))?$/gm);
    const shown = new Map(
      [...lines].map(([, flat, cum, name = '']): [string, Times] => [name, [Number(flat) / 1e3, Number(cum) / 1e3]]),
    );
    const rows = (await rowsOf(file)).filter((row) => !isShortenedByPprof(row));
    const expected = uniqueTimes(rows, pprofKey, rowTimes);
    expectTimes(shown, expected, 0.002);
  });
});

describe.skipIf(isGoMissing)('go tool pprof -lines', () => {
  test('shows the time of every line', { timeout: 120_000 }, async () => {
    const file = 'samples/resource-providers.cpuprofile';
    const text = goPprof(['-top', '-lines'], await convert(file, '.pb.gz'));
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
    const name = (row: Row) => `${row.name || '(anonymous)'} ${fileOf(row)}`.trim();
    const expected = uniqueTimes(await rowsOf(file), name, rowTimes);
    expectTimes(timesOf(profile, 1), expected, 1);
  });

  test.each(RECORDINGS)('shows the times of %s from pprof', async (_, file) => {
    const [profile] = readBySpeedscope(await convert(file, '.pb.gz'));
    const expected = uniqueTimes(await rowsOf(file), pprofKey, rowTimes);
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
      ({ name, file = '' }) => `${name} ${file}`.trim(),
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
