/** pstat compare: whole screens, machine output, and what a build server does with it. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pstat, type World } from '../support/cli.ts';
import { type Entry, prof } from '../support/marshal.ts';

const env = { NO_COLOR: '1' };
const NARROW: World = { columns: 60, env };
const USUAL: World = { columns: 80, env };
const WIDE: World = { columns: 120, env };

const BEFORE = 'samples/before/GET.resource_providers.105ms.1795332256.prof';
const AFTER = 'samples/after/GET.resource_providers.101ms.1795332259.prof';

const SCREENS: readonly (readonly [name: string, command: string])[] = [
  ['ten v ten', 'compare samples/before samples/after'],
  ['ten v ten by cumtime', 'compare samples/before samples/after --sort cumtime --limit 8'],
  ['one v one, traced', `compare ${BEFORE} ${AFTER} --limit 10`],
  ['one v one, sampled', 'compare samples/compare/base-1.cpuprofile samples/compare/slowsort.cpuprofile --limit 10'],
  ['removed', 'compare samples/compare/base-1.cpuprofile samples/compare/nohash.cpuprofile --limit 10'],
  ['renamed', 'compare samples/compare/base-1.cpuprofile samples/compare/renamed.cpuprofile --limit 10'],
  ['the same work twice', 'compare samples/compare/base-1.cpuprofile samples/compare/base-2.cpuprofile --limit 10'],
];

describe.each([NARROW, USUAL, WIDE])('a screen of $columns columns', (world) => {
  test.each(SCREENS)('%s', async (name, command) => {
    const { stdout, stderr, code } = await pstat(command.split(' '), world);
    const screen = `$ pstat ${command}\n${stdout}${stderr === '' ? '' : `stderr: ${stderr}`}exit ${code}\n`;
    await expect(screen).toMatchFileSnapshot(`goldens-compare/${name} (${world.columns}).txt`);
  });

  test.each(SCREENS)('%s fits', async (_, command) => {
    const { stdout } = await pstat(command.split(' '), world);
    expect(stdout.split('\n').filter((line) => stringWidth(line) > (world.columns ?? 0))).toEqual([]);
  });
});

// ---- sets that were never recorded ------------------------------------------------------------------------------------

let folder = '';

/** A set of runs: twelve functions at 10 ms, and one at `hot` ms. No two runs are quite alike. */
function write(name: string, count: number, hot: number, hotName = 'hot'): void {
  mkdirSync(path.join(folder, name));
  for (let run = 0; run < count; run++) {
    const entry = (line: number, fn: string, ms: number): Entry => {
      const time = (ms * (1 + ((run * 7 + line * 13) % 17) / 1000)) / 1000;
      return { key: ['/srv/app/main.py', line, fn], cc: 10, nc: 10, tt: time, ct: time };
    };
    const usual = Array.from({ length: 12 }, (_, fn) => entry(10 * fn + 1, `f${fn}`, 10));
    writeFileSync(path.join(folder, name, `${run}.prof`), prof(...usual, entry(500, hotName, hot)));
  }
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pstat-compare-'));
  write('before', 10, 50);
  write('same', 10, 50);
  write('slower', 10, 90);
  write('renamed', 10, 90, 'warm');
  write('before-3', 3, 50);
  write('slower-3', 3, 90);
  write('before-4', 4, 50);
  write('slower-4', 4, 90);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function comparing(before: string, after: string, ...options: readonly string[]) {
  return pstat(['compare', path.join(folder, before), path.join(folder, after), ...options]);
}

describe('for a build server: the exit code', () => {
  // 170 ms grow by 40: 23.5 % of the whole, 80 % of hot.
  test.each([
    [0, 'before', 'slower', ''],
    [1, 'before', 'slower', '--fail-above 5%'],
    [1, 'before', 'slower', '--fail-above 0%'],
    [1, 'before', 'slower', '--fail-above 23%'],
    [0, 'before', 'slower', '--fail-above 24%'],
    [1, 'before', 'slower', '--fail-above 39ms'],
    [0, 'before', 'slower', '--fail-above 41ms'],
    [0, 'before', 'same', '--fail-above 0%'],
    [0, 'slower', 'before', '--fail-above 0%'],
    [1, 'before', 'slower', '--fail-above 5% --fail-on whole'],
    [1, 'before', 'slower', '--fail-above 79% --fail-on function'],
    [0, 'before', 'slower', '--fail-above 81% --fail-on function'],
    [1, 'before', 'slower', '--fail-on function'],
    [1, 'before', 'slower', '--fail-above 5% --fail-on function --filter hot'],
    [0, 'before', 'slower', '--fail-above 5% --fail-on function --filter f1'],
    [0, 'before', 'slower', '--fail-above 5% --fail-on function --exclude hot'],
    [2, 'before', 'slower', '--fail-above 5% --fail-on function --filter nothing-like-it'],
    [0, 'before', 'slower', '--fail-above 24% --strict'],
    [0, 'before-3', 'slower-3', '--strict'],
    [0, 'before-3', 'slower-3', '--fail-above 5%'],
    [1, 'before-3', 'slower-3', '--fail-above 5% --strict'],
    [0, 'before-3', 'slower-3', '--fail-above 5% --fail-on function'],
    [1, 'before-3', 'slower-3', '--fail-above 5% --fail-on function --strict'],
    [1, 'before-4', 'slower-4', '--fail-above 5%'],
    [0, 'before-4', 'slower-4', '--fail-above 5% --fail-on function'],
    [2, 'before', 'slower', '--fail-above 5'],
    [2, 'before', 'slower', '--fail-above fast'],
    [2, 'before', 'slower', '--fail-above 5% --fail-on rows'],
    [1, 'before', 'slower', '--filter nothing-like-it'],
    [2, 'before', 'slower', '--sort stdname'],
    [2, 'before', 'nowhere', ''],
  ])('%i: %s %s %s', async (code, before, after, options) => {
    const outcome = await comparing(before, after, ...options.split(' ').filter(Boolean));
    expect(outcome.code).toBe(code);
  });

  test('what failed is named', async () => {
    expect((await comparing('before', 'slower', '--fail-above', '5%')).stdout).toContain('FAILED: the whole +23.3%\n');
    const { stdout } = await comparing(
      'before',
      'slower',
      '--fail-above',
      '5%',
      '--fail-on',
      'function',
      '--limit',
      '1',
    );
    expect(stdout).toMatch(/^FAILED: hot \+\d\d\.\d%$/m);
  });

  test('what passed is said', async () => {
    expect((await comparing('before', 'same', '--fail-above', '5%')).stdout).toContain('passed: nothing got slower');
    expect((await comparing('before', 'same')).stdout).not.toContain('passed');
  });

  test('too few runs to decide is said, whether it passes or not', async () => {
    const { stdout } = await comparing('before-3', 'slower-3', '--fail-above', '5%');
    expect(stdout).toContain('note: too few runs to decide: record 6 a side; passed, as --strict is not given');
    expect(stdout).not.toMatch(/^(?:passed|FAILED)/m);
    expect(stdout).toMatch(/3 v 3 runs can never tell a change from noise at 5%: record 6 a side/);
    const strict = await comparing('before-3', 'slower-3', '--fail-above', '5%', '--strict');
    expect(strict.stdout).toContain('FAILED: too few runs to decide: record 6 a side\n');
  });

  test('a row that is not shown fails as well', async () => {
    const { stdout, code } = await comparing(
      'before',
      'slower',
      '--fail-on',
      'function',
      '--limit',
      '1',
      '--sort',
      'name',
    );
    expect(code).toBe(1);
    expect(stdout).toContain('FAILED: hot');
  });
});

describe('nothing is passed over in silence', () => {
  // The filter matches the row that was removed, which cannot be watched.
  test('a renamed function that is watched does not pass', async () => {
    const outcome = await comparing(
      'before',
      'renamed',
      '--fail-above',
      '5%',
      '--fail-on',
      'function',
      '--filter',
      '/\\(hot\\)/',
    );
    expect([outcome.stdout, outcome.code]).toEqual(['', 2]);
  });

  // 4 v 4 runs give no p below 0.029; thirteen functions need 0.004, but hot went from 50 to 90 ms.
  test('too few runs for a function are undecided, though they suffice for the whole', async () => {
    const args = ['--fail-above', '5%', '--fail-on', 'function', '--strict'];
    expect((await comparing('before-4', 'slower-4', ...args)).code).toBe(1);
  });

  test('too few runs for a function: that is said', async () => {
    const { stdout } = await comparing('before-4', 'slower-4', '--fail-above', '5%', '--fail-on', 'function');
    expect(stdout).toContain('too few runs to decide');
  });

  test('csv tells what failed', async () => {
    const { stdout, stderr } = await comparing(
      'before',
      'slower',
      '--fail-above',
      '5%',
      '--format',
      'csv',
      '--limit',
      '1',
    );
    expect(stdout).not.toContain('whole');
    expect(stderr).toContain('FAILED: the whole +23.3%');
  });

  test('csv tells what became of the whole', async () => {
    const { stdout, stderr } = await comparing('before', 'slower', '--format', 'csv');
    expect(stdout).not.toContain('whole');
    expect(stderr).toContain('verdict  the whole got slower');
  });

  test('a table tells that a function moved', async () => {
    const { stdout } = await pstat(
      ['compare', 'samples/before', 'samples/after', '--filter', '_serialize_links'],
      WIDE,
    );
    expect(stdout).toContain('resource_provider.py:33→49');
  });

  test('two empty profiles are an answer', async () => {
    const empty = 'samples/odd/empty-profile.prof';
    const { stdout, code } = await pstat(['compare', empty, empty]);
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing to compare: neither side holds a function.');
  });

  test('two routes, one a side, are not compared', async () => {
    for (const route of ['a', 'b']) {
      mkdirSync(path.join(folder, `requests-${route}`));
      const entry: Entry = { key: ['/x.py', 1, 'f'], cc: 1, nc: 1, tt: 1, ct: 1 };
      writeFileSync(path.join(folder, `requests-${route}`, `GET.${route}.000012ms.1552408596.prof`), prof(entry));
    }
    const { stdout, stderr, code } = await comparing('requests-a', 'requests-b');
    expect([stdout, code]).toEqual(['', 2]);
    expect(stderr).toMatch(/routes: GET\.a, GET\.b/);
  });
});

const F = [
  'before',
  'after',
  'delta',
  'scaledBefore',
  'ratio',
  'least',
  'shift',
  'low',
  'high',
  'p',
  'adjustedP',
  'significant',
];

describe('--json', () => {
  test('is the object that was promised', async () => {
    const { stdout } = await comparing('before', 'slower', '--json');
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ schema: 1, view: 'compare', matched: 13, notes: [], failures: null });
    for (const side of ['before', 'after']) {
      expect(answer[side].runs).toBe(10);
      expect(answer[side].sources).toHaveLength(10);
      expect(answer[side].factors).toHaveLength(10);
    }
    expect(answer.family).toMatchObject({ size: 13, level: 0.05 });
    expect(Object.keys(answer.whole)).toEqual(F);
    expect(answer.rows).toHaveLength(13);
    const { tottime, cumtime, ncalls, ...row } = answer.rows[0];
    expect(row).toMatchObject({ name: 'hot', file: '/srv/app/main.py', line: 500, column: null, status: 'matched' });
    expect(Object.keys(tottime)).toEqual(F);
    expect(Object.keys(tottime.least)).toEqual(['before', 'after']);
    expect(tottime).toMatchObject({ significant: true });
    expect(tottime.delta).toBeCloseTo(40_255, -2);
    expect(Object.keys(cumtime)).toEqual(F);
    expect(cumtime).toMatchObject({ p: null, significant: null });
    expect(ncalls).toEqual({ before: 10, after: 10, delta: 0, changed: false });
  });

  test('counts samples where samples were taken', async () => {
    const args = ['compare', 'samples/compare/base-1.cpuprofile', 'samples/compare/nohash.cpuprofile', '--json'];
    const { rows, whole, family } = JSON.parse((await pstat(args)).stdout);
    expect(whole).toMatchObject({ p: null, significant: null });
    expect(family.size).toBe(0);
    expect(rows[0]).toMatchObject({
      name: 'hashAll',
      status: 'removed',
      tottime: { after: null, ratio: null },
      samples: { before: 433, after: null, changed: null },
    });
    expect(rows[0]).not.toHaveProperty('ncalls');
  });

  test('a filter that matches nothing still prints it', async () => {
    const { stdout, code } = await comparing('before', 'slower', '--json', '--filter', 'nothing-like-it');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ rows: [], matched: 0, whole: { significant: true } });
  });

  test('names what failed', async () => {
    const { stdout } = await comparing('before', 'slower', '--json', '--fail-above', '5%', '--fail-on', 'function');
    expect(JSON.parse(stdout)).toMatchObject({ failures: [expect.stringMatching(/^hot \+\d\d\.\d%$/)] });
  });
});

describe('--format csv', () => {
  test('has the figures of every row', async () => {
    const { stdout } = await comparing('before', 'slower', '--format', 'csv');
    const [head = '', first = '', ...others] = stdout.trim().split('\n');
    const titles = head.split(',').map((title) => title.replaceAll('"', ''));
    for (const title of [
      'verdict',
      'status',
      'cameFrom',
      'name',
      'file',
      'line',
      'tottime_before',
      'tottime_after',
      'tottime_delta',
      'tottime_ratio',
      'tottime_shift',
      'tottime_low',
      'tottime_high',
      'tottime_p',
      'tottime_adjustedP',
      'tottime_significant',
      'cumtime_delta',
      'ncalls_before',
      'ncalls_after',
      'ncalls_changed',
    ]) {
      expect(titles).toContain(title);
    }
    expect(first).toMatch(/^"slower","matched",,"hot","\/srv\/app\/main\.py",500,,/);
    expect(others).toHaveLength(12);
    expect(first.split(',')).toHaveLength(titles.length);
  });

  test('sends the notes to the error stream', async () => {
    const { stdout, stderr } = await comparing('before-3', 'slower-3', '--format', 'csv');
    expect(stdout).not.toContain('note');
    expect(stderr).toContain('3 v 3 runs can never tell');
  });
});

describe('--format markdown', () => {
  test('carries what the screen shows', async () => {
    const { stdout } = await comparing('before', 'slower', '--format', 'markdown', '--fail-above', '5%');
    for (const text of [
      'slower: +39.9 ms',
      '13 functions were tested',
      'FAILED: the whole',
      '`hot`',
      '`app/main.py:500`',
    ]) {
      expect(stdout).toContain(text);
    }
    const cells = stdout
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.split(' | ').length);
    expect(new Set(cells).size).toBe(1);
    expect(cells).toHaveLength(2 + 13);
  });

  test('escapes names', async () => {
    const args = [
      'compare',
      'samples/odd/hostile-names.cpuprofile',
      'samples/odd/plain.cpuprofile',
      '--format',
      'markdown',
      '--limit',
      '0',
    ];
    const { stdout } = await pstat(args);
    expect(stdout).not.toMatch(/^[^`]*<script/m);
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('refused with exit 2', () => {
  test.each([
    [['samples/before'], 'compare takes two paths, BEFORE and AFTER, and 1 is given'],
    [['samples/before', 'samples/after', 'samples/before'], 'and 3 are given'],
    [['samples/before', 'samples/resource-providers.cpuprofile'], 'samples and counted calls cannot be compared'],
    [['samples/before', 'samples/after', '--sort', 'stdname'], 'is not a key'],
    [['samples/before', 'samples/after', '--idle'], '--idle does not go with compare'],
  ])('%j', async (words, message) => {
    const { stdout, stderr, code } = await pstat(['compare', ...words]);
    expect([stdout, code]).toEqual(['', 2]);
    expect(stderr).toContain(message);
  });
});

describe('the order of rows', () => {
  const order = async (...options: string[]) =>
    JSON.parse((await comparing('before', 'slower', '--json', ...options)).stdout).rows.map(
      (row: { name: string }) => row.name,
    );

  test('what is sure first; or by name, line, count; or turned round', async () => {
    expect((await order())[0]).toBe('hot');
    expect((await order('--reverse')).at(-1)).toBe('hot');
    expect((await order('--sort', 'name')).slice(0, 3)).toEqual(['f0', 'f1', 'f10']);
    expect((await order('--sort', 'line')).slice(0, 3)).toEqual(['f0', 'f1', 'f2']);
    expect(await order('--sort', 'line', '--reverse', '--limit', '1')).toEqual(['hot']);
  });
});
