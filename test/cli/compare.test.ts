/** pstat compare: whole screens and machine output. */

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pstat, type World } from '../support/cli.ts';
import { code, json, plain, withFrames } from '../support/documents.ts';
import { MACHINE_RUNS } from '../support/machine-runs.ts';
import { RunFiles } from '../support/run-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

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
  ['a program that waits longer', `compare ${MACHINE_RUNS}/same ${MACHINE_RUNS}/wait`],
  ['a busy machine after', `compare ${MACHINE_RUNS}/same2 ${MACHINE_RUNS}/noisy-plus --limit 6`],
  [
    'a busy machine after, counted time',
    `compare ${MACHINE_RUNS}/same2 ${MACHINE_RUNS}/noisy-plus --time counted --limit 3`,
  ],
  ['nothing changed', `compare ${MACHINE_RUNS}/same ${MACHINE_RUNS}/same2 --limit 4`],
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

const files = new RunFiles();

beforeAll(() => {
  files.traced('before', 10, 50);
  files.traced('slower', 10, 90);
  files.traced('before-3', 3, 50);
  files.traced('slower-3', 3, 90);
});

afterAll(() => {
  files.remove();
});

function comparing(before: string, after: string, ...options: readonly string[]) {
  return pstat(['compare', files.at(before), files.at(after), ...options]);
}

describe('a screen', () => {
  test('tells that a function moved, and from which line', async () => {
    const { stdout } = await pstat(
      ['compare', 'samples/before', 'samples/after', '--filter', '_serialize_links'],
      WIDE,
    );
    expect(stdout).toContain('resource_provider.py:33→49');
  });

  test('names the place once for a function of the same place below another root', async () => {
    const [before, after] = ['/app', '/home/me/project'].map((root, i) => {
      const file = path.join(temporaryFolder('roots'), 'a.cpuprofile');
      const frame = (name: string, line: number) => ({ ...code(name, line), url: `${root}/src/a.js` });
      const hot = Array.from({ length: 1 + 3 * i }, () => frame('hot', 9));
      writeFileSync(file, json(withFrames(frame('main', 0), ...hot)));
      return file;
    });
    const { stdout } = await pstat(['compare', before ?? '', after ?? '', '--limit', '0'], WIDE);
    expect(stdout).toMatch(/ hot +src\/a\.js:10$/m);
  });

  test('of two empty profiles is an answer', async () => {
    const empty = 'samples/odd/empty-profile.prof';
    const { stdout, code } = await pstat(['compare', empty, empty]);
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing to compare: neither side has a function.');
  });

  test('of a filter that matches nothing says so, with exit code 1', async () => {
    const { stdout, code } = await comparing('before', 'slower', '--filter', 'nosuch');
    expect(code).toBe(1);
    expect(stdout).toContain('No function matches; patterns are case-sensitive, /name/i is not.');
  });
});

const F = ['before', 'after', 'delta', 'ratio', 'min', 'shift', 'low', 'high', 'p', 'adjustedP', 'significant'];

describe('--json', () => {
  test('is the object of schema 2', async () => {
    const { stdout } = await comparing('before', 'slower', '--json');
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({
      schema: 2,
      view: 'compare',
      measure: 'tottime',
      counts: 'calls',
      basis: 'counted',
      functionBasis: 'counted',
      verdict: 'slower',
      otherTotals: {},
      parts: { listed: [{ name: 'hot' }], others: { functions: 0 } },
      alike: null,
      work: null,
      gate: null,
      matched: 13,
      notes: [],
    });
    for (const side of ['before', 'after']) {
      expect(answer[side]).toMatchObject({ runs: 10, requests: null, processKnown: false });
      expect(answer[side].sources).toHaveLength(10);
      expect(answer[side].totals).toHaveLength(10);
    }
    expect(answer.family).toMatchObject({ size: 13, level: 0.05, runsNeeded: 6 });
    expect(Object.keys(answer.total)).toEqual(F);
    expect(answer.rows).toHaveLength(13);
    const { tottime, cumtime, ncalls, ...row } = answer.rows[0];
    expect(row).toEqual({
      name: 'hot',
      file: '/srv/app/main.py',
      line: 500,
      column: null,
      status: 'matched',
      movedFrom: null,
      hint: null,
      verdict: 'slower',
    });
    expect(Object.keys(tottime)).toEqual(F);
    expect(Object.keys(tottime.min)).toEqual(['before', 'after']);
    expect(tottime).toMatchObject({ significant: true });
    expect(tottime.delta).toBeCloseTo(40_255, -2);
    expect(Object.keys(cumtime)).toEqual(F);
    expect(cumtime).toMatchObject({ p: null, significant: null });
    expect(ncalls).toEqual({ before: 10, after: 10, delta: 0, changed: false });
  });

  test('has the other totals by their names, and notes with a code and a text', async () => {
    const { stdout } = await pstat(['compare', `${MACHINE_RUNS}/same`, `${MACHINE_RUNS}/wait`, '--json']);
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ basis: 'undisturbed', functionBasis: 'undisturbed', verdict: 'slower' });
    expect(Object.keys(answer.otherTotals)).toEqual(['counted', 'cpu', 'elapsed']);
    expect(Object.keys(answer.otherTotals.cpu)).toEqual(F);
    expect(answer.notes[0]).toMatchObject({
      code: 'waits-longer',
      text: expect.stringMatching(/^CPU time did not change significantly/),
    });
  });

  test('counts samples where samples were taken', async () => {
    const args = ['compare', 'samples/compare/base-1.cpuprofile', 'samples/compare/nohash.cpuprofile', '--json'];
    const { rows, total } = JSON.parse((await pstat(args)).stdout);
    expect(total).toMatchObject({ p: null, significant: null });
    expect(rows[0]).toMatchObject({
      name: 'hashAll',
      status: 'removed',
      tottime: { after: null, ratio: null },
      samples: { before: 433, after: null, changed: null },
    });
    expect(rows[0]).not.toHaveProperty('ncalls');
  });

  test('has a hint with the name of the other function', async () => {
    const args = ['compare', 'samples/compare/base-1.cpuprofile', 'samples/compare/renamed.cpuprofile', '--json'];
    const { rows } = JSON.parse((await pstat(args)).stdout);
    const hints = rows.flatMap(({ hint }: { hint: unknown }) => (hint === null ? [] : [hint]));
    expect(hints).toContainEqual({ kind: 'renamed', name: 'comparator' });
  });

  test('of a filter that matches nothing is still printed', async () => {
    const { stdout, code } = await comparing('before', 'slower', '--json', '--filter', 'nothing-like-it');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ rows: [], matched: 0, total: { significant: true } });
  });
});

describe('--time', () => {
  const compareMachine = (...options: string[]) =>
    pstat(['compare', `${MACHINE_RUNS}/same2`, `${MACHINE_RUNS}/noisy-plus`, '--json', ...options]);

  test.each([
    ['auto', 'undisturbed', 'undisturbed'],
    ['undisturbed', 'undisturbed', 'undisturbed'],
    ['counted', 'counted', 'counted'],
    ['cpu', 'cpu', 'counted'],
    ['elapsed', 'elapsed', 'counted'],
  ])('%s is %s, with %s time of functions', async (time, basis, functionBasis) => {
    expect(JSON.parse((await compareMachine('--time', time)).stdout)).toMatchObject({ basis, functionBasis });
  });

  test('auto is counted time of all where some files know no undisturbed time', async () => {
    const { stdout, code } = await pstat([
      'compare',
      `${MACHINE_RUNS}/same`,
      'samples/compare/base-1.cpuprofile',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ basis: 'counted', functionBasis: 'counted' });
  });

  test('undisturbed is rejected where a file does not know it', async () => {
    const { stderr, code } = await comparing('before', 'slower', '--time', 'undisturbed');
    expect(code).toBe(2);
    expect(stderr).toMatch(/0\.prof.*does not say how long the thread had no processor/s);
  });
});

describe('--format csv', () => {
  test('has the figures of every row', async () => {
    const { stdout } = await comparing('before', 'slower', '--format', 'csv');
    const [head = '', first = '', ...others] = stdout.trim().split('\n');
    const times = ['before', 'after', 'delta', 'shift', 'low', 'high'].map((field) => `${field}_us`);
    const change = [...times, 'ratio', 'p', 'adjusted_p', 'significant'];
    expect(head.split(',').map((title) => title.replaceAll('"', ''))).toEqual([
      ...['verdict', 'status', 'moved_from', 'name', 'file', 'line', 'column'],
      ...change.map((field) => `tottime_${field}`),
      ...change.map((field) => `cumtime_${field}`),
      ...['ncalls_before', 'ncalls_after', 'ncalls_changed'],
    ]);
    expect(first).toMatch(/^"slower","matched",,"hot","\/srv\/app\/main\.py",500,,/);
    expect(others).toHaveLength(12);
    expect(first.split(',')).toHaveLength(head.split(',').length);
  });

  test('sends the verdict and the notes to stderr', async () => {
    const { stdout, stderr } = await comparing('before-3', 'slower-3', '--format', 'csv');
    expect(stdout).not.toContain('inconclusive:');
    expect(stderr).toContain('inconclusive: 3 runs before and 3 runs after are too few for a verdict');
    expect((await comparing('before', 'slower', '--format', 'csv')).stderr).toMatch(/^23\.5% slower \(/);
  });
});

describe('--format markdown', () => {
  test('has what the screen shows', async () => {
    const { stdout } = await comparing('before', 'slower', '--format', 'markdown', '--fail-above', '5%');
    for (const text of ['**23.5% slower', 'FAILED: total', '`hot`', '`app/main.py:500`'])
      expect(stdout).toContain(text);
    const cells = stdout
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.split(' | ').length);
    expect(new Set(cells).size).toBe(1);
    // Two lines of titles; rows without any change are left out, as on the screen.
    expect(cells).toHaveLength(2 + 1);
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

describe('rejected with exit 2', () => {
  test.each([
    [['samples/before'], 'compare takes two paths, BEFORE and AFTER, and 1 is given'],
    [['samples/before', 'samples/after', 'samples/before'], 'and 3 are given'],
    [['samples/before', 'samples/resource-providers.cpuprofile'], 'the sides have no route in common'],
    [['samples/odd/big-integers.prof', 'samples/odd/plain.cpuprofile'], 'samples and counted calls cannot be compared'],
    [['samples/before', 'samples/after', '--sort', 'name,stdname', '--sort', 'line'], "'stdname' is not a sort key"],
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

  test('is by evidence; or by name, line, count; or reversed', async () => {
    expect((await order())[0]).toBe('hot');
    expect((await order('--reverse')).at(-1)).toBe('hot');
    expect((await order('--sort', 'name')).slice(0, 3)).toEqual(['f0', 'f1', 'f10']);
    expect((await order('--sort', 'line')).slice(0, 3)).toEqual(['f0', 'f1', 'f2']);
    expect(await order('--sort', 'line', '--reverse', '--limit', '1')).toEqual(['hot']);
  });
});

test('sides of which most runs have no such time do have some', async () => {
  const folder = temporaryFolder('half');
  for (const side of ['a', 'b']) {
    mkdirSync(path.join(folder, side));
    for (const run of [1, 2, 3, 4]) {
      writeFileSync(
        path.join(folder, side, `${run}.folded`),
        `main;work ${run}000\n${run === 1 ? 'main;rare 500\n' : ''}`,
      );
    }
  }
  const sides = [path.join(folder, 'a'), path.join(folder, 'b')];
  const { stdout } = await pstat(['compare', ...sides, '--value', 'us', '--focus', 'rare'], USUAL);
  expect(stdout).toContain('nothing to compare: no time in half of the runs or more');
  const { stdout: none } = await pstat(['compare', ...sides, '--value', 'us', '--focus', 'nowhere'], USUAL);
  expect(none).toContain('nothing to compare: no time on either side');
});

test('files of a side that are not profiles are skipped and counted', async () => {
  const folder = temporaryFolder('skipped');
  writeFileSync(path.join(folder, 'a.cpuprofile'), JSON.stringify(plain()));
  writeFileSync(path.join(folder, 'notes.txt'), 'nothing');
  const { stdout } = await pstat(['compare', folder, 'samples/compare/base-1.cpuprofile'], WIDE);
  expect(stdout).toContain('note: skipped 1 file in ');
  const { stdout: text } = await pstat(['compare', folder, 'samples/compare/base-1.cpuprofile', '--json']);
  expect(JSON.parse(text).notes).toContainEqual(expect.objectContaining({ code: 'skipped-files', folder, count: 1 }));
});
