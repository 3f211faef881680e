/** Where CPython is wrong, `--format pstats` is wrong in the same way, and every other format is right. */

import { describe, expect, test } from 'vitest';
import { callGraph } from '../../src/model/call-graph.ts';
import { buildDictionary } from '../../src/pstats/dictionary.ts';
import { PythonStats, textOf } from '../../src/pstats/python-stats.ts';
import { pstat } from '../support/cli.ts';
import { known } from '../support/reading.ts';
import { type Dict, traced, WORKED_EXAMPLE } from '../support/traced.ts';

const EXAMPLE = 'test/pstats/overwritten.prof';
const OLD_STYLE = 'samples/odd/profile-module.prof';
const REQUEST = 'samples/GET.resource_providers.prof';

async function printed(...args: readonly string[]): Promise<string> {
  return (await pstat([...args, '--format', 'pstats'])).stdout;
}

async function json(...args: readonly string[]) {
  return JSON.parse((await pstat([...args, '--json'])).stdout);
}

function profileOf(dict: Dict) {
  return { counts: 'calls' as const, dictionary: buildDictionary(callGraph(traced(dict)), false), file: null };
}

describe('strip_dirs loses calls of callers that become one', () => {
  const args = ['callees', 'work', EXAMPLE, '--paths', 'base'];

  test('in pstats: 200 of 1200 calls of len', async () => {
    expect(await printed(...args)).toContain(' 200    0.688    0.688  {built-in method builtins.len}');
  });

  test('in others none are lost', async () => {
    const { rows } = await json(...args);
    const edges: { name: string; ncalls: number }[] = rows.flatMap((row: { callees: unknown[] }) => row.callees);
    const lens = edges.filter(({ name }) => name.includes('builtins.len'));
    expect(lens.reduce((sum, { ncalls }) => sum + ncalls, 0)).toBe(1200);
  });
});

describe('add keeps the callees that were listed before', () => {
  const main = '/app/main.py:1(<module>)';
  const more: Dict = { [main]: [1, 1, 1, 2, {}], 'new.py:1(f)': [1, 1, 1, 1, { [main]: [1, 1, 1, 1] }] };

  test('in pstats: what was added has no callers among them', () => {
    const stats = new PythonStats(profileOf(WORKED_EXAMPLE));
    const before = textOf(stats.listCallees([]));
    const after = textOf(stats.add(profileOf(more)).listCallees([{ kind: 'pattern', pattern: 'main' }]));
    expect(before).not.toContain('new.py');
    expect(after).not.toContain('new.py');
    expect(textOf(stats.listFunctions([]))).toContain('new.py:1(f)');
  });

  test('asked after adding, or stripped, it knows', () => {
    const stats = new PythonStats(profileOf(WORKED_EXAMPLE), profileOf(more));
    expect(textOf(stats.listCallees([]))).toContain('new.py:1(f)\n');
    stats.add(profileOf(more)).strip();
    expect(textOf(stats.listCallees([]))).toContain('       2    2.000    2.000  new.py:1(f)');
  });
});

test('callers that are timed are not added to callers that are counted: Python fails, pstat says so', () => {
  const main = '/app/main.py:1(<module>)';
  const counted: Dict = { [main]: [1, 1, 1, 2, {}], 'f.py:1(f)': [1, 1, 1, 1, { [main]: 1 }] };
  const timed: Dict = { 'f.py:1(f)': [1, 1, 1, 1, { [main]: [1, 1, 1, 1] }] };
  expect(() => new PythonStats(profileOf(counted), profileOf(timed))).toThrow('one profile times its callers');
  const twice = new PythonStats(profileOf(counted), profileOf(counted));
  expect(textOf(twice.listCallers([]))).toContain(`f.py:1(f)                 <- ${main}(2)    4.000\n`);
});

test('cum is refused there though it has one meaning; it is taken here', async () => {
  expect(await printed(EXAMPLE, '--sort', 'cum')).toBe(await printed(EXAMPLE, '--sort', 'cu'));
});

describe('callers stand in the order of their names, all of them', () => {
  const args = ['callers', 'builtins.len|append', EXAMPLE, '--sort', 'calls', '--limit', '1'];

  test('in pstats, whatever the order and the limit', async () => {
    const text = await printed(...args);
    expect(text).toMatch(/app\/lib\/util.py:10\(work\)\n.*opt\/lib\/util.py:10\(work\)\n/);
  });

  test('in others the limit holds inside too', async () => {
    const { rows } = await json('callers', 'builtins.len', EXAMPLE, '--sort', 'calls', '--limit', '1');
    expect(rows).toHaveLength(1);
    expect(rows[0].callers).toHaveLength(1);
  });
});

test('functions of one name are all there, here and there', async () => {
  const { rows } = await json(EXAMPLE);
  expect(rows.filter(({ name }: { name: string }) => name === 'work')).toHaveLength(2);
  expect((await printed(EXAMPLE)).match(/\(work\)/g)).toHaveLength(2);
});

test('three decimals of a second, where others show what there is', async () => {
  expect(await printed(REQUEST, '--sort', 'nfl', '--limit', '1')).toContain('0.000');
  const { rows } = await json(REQUEST, '--sort', 'nfl', '--limit', '1');
  expect(rows[0].tottime).toBeGreaterThan(0);
});

test('no order by time per call, where others have one', async () => {
  const { code, stderr } = await pstat([EXAMPLE, '--format', 'pstats', '--sort', 'percall']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^pstat: --sort 'percall' is not a key; use one of calls, ncalls, /);
  expect((await pstat([EXAMPLE, '--sort', 'percall'])).code).toBe(0);
});

test('no shares and no separators of thousands, where a table has them', async () => {
  expect(await printed(EXAMPLE)).toContain('     1200    2.688');
  const { stdout } = await pstat([EXAMPLE]);
  expect(stdout).toContain('1,200');
  expect(stdout).toContain('%');
});

test('stripped paths are all alike, where short ones keep a folder', async () => {
  expect(await printed(REQUEST, '--paths', 'base')).toContain(' __init__.py:');
  expect((await pstat([REQUEST, '--filter', '__init__.py', '--limit', '0'])).stdout).toMatch(/\w\/__init__\.py:/);
});

describe('a count of calls stands before the whole cumulative time of the caller', () => {
  test('in pstats', async () => {
    const text = await printed('callers', 'encode\\)', OLD_STYLE);
    expect(text).toMatch(/<- .*__init__\.py:183\(dumps\)\(30\) {4}0\.001\n/);
  });

  test('in others the time of that call is not known', async () => {
    const { rows } = await json('callers', 'encode)', OLD_STYLE);
    expect(rows[0].callers[0]).toMatchObject({ ncalls: 30, cumtime: null });
  });
});

describe('a list that is left empty', () => {
  test('in pstats is nothing at all; stderr says why, and so does the exit code', async () => {
    const { stdout, stderr, code } = await pstat(['callers', 'nothing-like-it', EXAMPLE, '--format', 'pstats']);
    expect(stdout).toBe('');
    expect(stderr).toBe('note: no function is left after the restrictions\n');
    expect(code).toBe(1);
  });

  test('in others is said', async () => {
    const { stdout, code } = await pstat(['callers', 'nothing-like-it', EXAMPLE]);
    expect(stdout).not.toBe('');
    expect(code).toBe(1);
  });
});

test('totals are of all functions, in pstats and elsewhere', async () => {
  expect(await printed(EXAMPLE, '--restrict', 'append')).toContain(
    '1266 function calls (1260 primitive calls) in 6.000',
  );
  const { profile } = await json(EXAMPLE, '--filter', 'append');
  expect(known(profile.ncalls)).toBe(1266);
});
