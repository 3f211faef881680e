/** pstat compare for a build server: the exit code, and what it says. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pstat } from '../support/cli.ts';
import { type Entry, prof } from '../support/marshal.ts';
import { RunFiles } from '../support/run-files.ts';

const files = new RunFiles();

beforeAll(() => {
  files.traced('before', 10, 50);
  files.traced('same', 10, 50);
  files.traced('slower', 10, 90);
  files.traced('renamed', 10, 90, { hotName: 'warm' });
  files.traced('noisy', 10, 50, { noise: 20 });
  for (const count of [3, 4]) {
    files.traced(`before-${count}`, count, 50);
    files.traced(`slower-${count}`, count, 90);
  }
  files.traced('unknown', 5, Number.NaN);
  files.traced('requests', 10, 50, { extension: '000012ms.1552408596.prof' });
});

afterAll(() => {
  files.remove();
});

function comparing(before: string, after: string, ...options: readonly string[]) {
  return pstat(['compare', files.at(before), files.at(after), ...options]);
}

const words = (options: string) => options.split(' ').filter(Boolean);

// 170 ms grow by 40: 23.5 % of the total, 80 % of hot.
describe('the exit code', () => {
  test.each([
    [0, 'before', 'slower', ''],
    [3, 'before', 'slower', '--fail-above 5%'],
    [3, 'before', 'slower', '--fail-above 0%'],
    [3, 'before', 'slower', '--fail-above 22%'],
    [0, 'before', 'slower', '--fail-above 26%'],
    [3, 'before', 'slower', '--fail-above 38ms'],
    [0, 'before', 'slower', '--fail-above 44ms'],
    [0, 'before', 'same', '--fail-above 5%'],
    [0, 'slower', 'before', '--fail-above 0%'],
    [3, 'before', 'slower', '--fail-above 5% --fail-on total'],
    [3, 'before', 'slower', '--fail-above 78% --fail-on function'],
    [0, 'before', 'slower', '--fail-above 85% --fail-on function'],
    [3, 'before', 'slower', '--fail-above 0% --fail-on function'],
    [3, 'before', 'slower', '--fail-above 0% --fail-on total'],
    [3, 'before', 'slower', '--fail-above 5% --fail-on function --filter hot'],
    [0, 'before', 'slower', '--fail-above 5% --fail-on function --filter f1'],
    [0, 'before', 'slower', '--fail-above 5% --fail-on function --exclude hot'],
    [3, 'before', 'slower', '--fail-above 5% --time counted'],
  ])('is %i for %s v %s %s', async (code, before, after, options) => {
    expect((await comparing(before, after, ...words(options))).code).toBe(code);
  });

  test.each([
    [0, 'before-3', 'slower-3', ''],
    [0, 'before-3', 'slower-3', '--fail-above 5%'],
    [4, 'before-3', 'slower-3', '--fail-above 5% --strict'],
    [0, 'before-3', 'slower-3', '--fail-above 5% --fail-on function'],
    [4, 'before-3', 'slower-3', '--fail-above 5% --fail-on function --strict'],
    [3, 'before-4', 'slower-4', '--fail-above 5%'],
    [3, 'before-4', 'slower-4', '--fail-above 5% --strict'],
    [0, 'before-4', 'slower-4', '--fail-above 5% --fail-on function'],
    [4, 'before-4', 'slower-4', '--fail-above 5% --fail-on function --strict'],
    [0, 'noisy', 'noisy', '--fail-above 1%'],
    [4, 'noisy', 'noisy', '--fail-above 1% --strict'],
    [0, 'before', 'same', '--fail-above 5% --strict'],
    [0, 'requests', 'requests', '--fail-above 5%'],
    [4, 'requests', 'requests', '--fail-above 5% --strict'],
  ])('is %i where that may be undecided: %s v %s %s', async (code, before, after, options) => {
    expect((await comparing(before, after, ...words(options))).code).toBe(code);
  });

  test.each([
    [2, '--fail-above 5'],
    [2, '--fail-above fast'],
    [2, '--fail-above 5% --fail-on rows'],
    [2, '--fail-above 5% --fail-on whole'],
    [2, '--strict'],
    [2, '--fail-above 5% --filter nosuch'],
    [2, '--fail-above 5% --fail-on function --filter nosuch'],
    [2, '--fail-on function --filter nosuch'],
    [1, '--filter nosuch'],
    [2, '--sort stdname'],
    [2, '--time busy'],
    [2, '--time never'],
  ])('is %i for %s', async (code, options) => {
    expect((await comparing('before', 'slower', ...words(options))).code).toBe(code);
  });

  test('is 2 for a path that is not there', async () => {
    expect((await comparing('before', 'nowhere')).code).toBe(2);
  });
});

describe('the screen', () => {
  test('names what failed', async () => {
    expect((await comparing('before', 'slower', '--fail-above', '5%')).stdout).toContain(
      'FAILED: total +23.5% (limit 5%)\n',
    );
    const { stdout } = await comparing('before', 'slower', ...words('--fail-above 5ms --fail-on function --limit 1'));
    expect(stdout).toMatch(/^FAILED: hot \+[\d.]+ ms \(limit 5\.00 ms\)$/m);
  });

  test('names a row that is not shown', async () => {
    const { stdout, code } = await comparing(
      'before',
      'slower',
      ...words('--fail-above 0% --fail-on function --limit 1 --sort name'),
    );
    expect(code).toBe(3);
    expect(stdout).toContain('FAILED: hot');
  });

  test('says what passed, where a gate was asked for', async () => {
    expect((await comparing('before', 'same', '--fail-above', '5%')).stdout).toContain(
      'passed: nothing got slower by 5% or more\n',
    );
    expect((await comparing('before', 'same')).stdout).not.toMatch(/passed|FAILED/);
  });

  test.each([
    ['before', 'slower', '--fail-above 5%'],
    ['before-3', 'slower-3', '--fail-above 5%'],
    ['before-3', 'slower-3', '--fail-above 5% --strict'],
    ['noisy', 'noisy', '--fail-above 1% --strict'],
    ['before', 'slower', '--fail-above 5% --filter nosuch'],
  ])('says passed only with exit code 0: %s v %s %s', async (before, after, options) => {
    const { stdout, code } = await comparing(before, after, ...words(options));
    expect(/^passed/m.test(stdout)).toBe(false);
    expect(code === 0 ? stdout : '').not.toContain('FAILED');
  });

  test('says that too few runs decide nothing', async () => {
    const { stdout } = await comparing('before-3', 'slower-3', '--fail-above', '5%');
    expect(stdout).toContain('undecided, not failed: too few runs; record 4 or more for each side\n');
    expect(stdout).toContain('inconclusive: 3 runs before and 3 runs after are too few for a verdict;');
    const strict = await comparing('before-3', 'slower-3', '--fail-above', '5%', '--strict');
    expect(strict.stdout).toContain('FAILED: undecided: too few runs; record 4 or more for each side\n');
  });

  test('says that times are not known, and takes none of them for 0', async () => {
    const { stdout } = await comparing('unknown', 'before', '--fail-above', '5%', '--limit', '1');
    expect(stdout).toContain('inconclusive: the times are not known\nundecided, not failed: the times are not known\n');
    expect(stdout).toMatch(/^total +not known\nbefore /m);
    expect((await comparing('unknown', 'before', '--filter', 'hot')).stdout).toMatch(/^ +\? +50\.\d +\? +0 +hot /m);
  });

  test('says which change could not have been seen', async () => {
    const { stdout } = await comparing('noisy', 'noisy', '--fail-above', '1%');
    expect(stdout).toMatch(
      /^undecided, not failed: a change of up to \+\d+\.\d% could not be seen, and the limit is 1%; record more runs$/m,
    );
  });

  test('says that a strict gate needs the processes of requests', async () => {
    const { stdout } = await comparing('requests', 'requests', '--fail-above', '5%', '--strict');
    expect(stdout).toContain('FAILED: undecided: the files do not say which process served each request');
  });
});

describe('a function that is watched', () => {
  test('and was renamed is judged under its new name', async () => {
    const { stdout, code } = await comparing('before', 'renamed', ...words('--fail-above 5% --fail-on function'));
    expect(code).toBe(3);
    expect(stdout).toMatch(/^FAILED: warm \+\d+\.\d ms \(limit 5%\)$/m);
  });

  test('and was removed passes: its row is the only one', async () => {
    const args = ['--fail-above', '5%', '--fail-on', 'function', '--filter', '/\\(hot\\)/'];
    expect((await comparing('before', 'renamed', ...args)).code).toBe(0);
  });
});

describe('a program that reads the answer', () => {
  test('finds the gate as an object', async () => {
    const { stdout } = await comparing('before', 'slower', ...words('--json --fail-above 5% --fail-on function'));
    expect(JSON.parse(stdout).gate).toEqual({
      passed: false,
      outcome: 'failed',
      target: 'function',
      threshold: { percent: 5, microseconds: null },
      strict: false,
      failures: [
        {
          name: 'hot',
          file: '/srv/app/main.py',
          line: 500,
          delta: expect.closeTo(40_260, -2),
          percent: expect.closeTo(80, 0),
        },
      ],
      undecided: [],
      reason: null,
    });
  });

  test('finds passed: null where nothing was decided', async () => {
    const { stdout } = await comparing('before-3', 'slower-3', '--json', '--fail-above', '5%');
    expect(JSON.parse(stdout).gate).toMatchObject({ passed: null, outcome: 'undecided', reason: 'too-few-runs' });
    const passed = await comparing('before', 'same', '--json', '--fail-above', '5%');
    expect(JSON.parse(passed.stdout).gate).toMatchObject({ passed: true, outcome: 'passed', failures: [] });
    expect(JSON.parse((await comparing('before', 'same', '--json')).stdout).gate).toBeNull();
  });

  test('finds what failed on stderr, beside a CSV', async () => {
    const { stdout, stderr, code } = await comparing('before', 'slower', ...words('--fail-above 5% --format csv'));
    expect(stdout).not.toContain('total +');
    expect(stderr).toContain('FAILED: total +23.5% (limit 5%)');
    expect(code).toBe(3);
  });
});

test('two empty profiles are an answer, and decide nothing', async () => {
  const empty: Entry[] = [];
  mkdirSync(files.at('empty'));
  writeFileSync(files.at('empty/0.prof'), prof(...empty));
  const { stdout, code } = await comparing('empty', 'empty', '--fail-above', '5%');
  expect(code).toBe(0);
  expect(stdout).toContain('undecided, not failed: too few runs');
});

describe('a selection that matches nothing', () => {
  const PLACEMENT = ['samples/placement/profiles/before', 'samples/placement/profiles/after'];

  test.each(['--filter', '--focus'])('by %s exits with 1, and with 2 if it should be checked', async (option) => {
    const { stdout, code } = await pstat(['compare', ...PLACEMENT, option, 'nosuch']);
    expect(stdout).toContain('No function matches');
    expect(code).toBe(1);
    const checked = await pstat(['compare', ...PLACEMENT, option, 'nosuch', '--fail-above', '5%']);
    expect(checked.stderr).toMatch(/leave nothing to check/);
    expect(checked.code).toBe(2);
  });

  test('of stacks has no time', async () => {
    const { stdout } = await pstat(['compare', ...PLACEMENT, '--focus', 'nosuch', '--json']);
    const { total, otherTotals } = JSON.parse(stdout);
    for (const { before, after } of [total, ...Object.values<typeof total>(otherTotals)])
      expect([before, after]).toEqual([0, 0]);
  });
});
