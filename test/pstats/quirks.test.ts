/** `--format pstats` repeats mistakes of CPython; other formats do not. */

import { describe, expect, test } from 'vitest';
import { buildCallGraph } from '../../src/model/call-graph.ts';
import { buildDictionary } from '../../src/pstats/dictionary.ts';
import { type Listing, PythonStats } from '../../src/pstats/python-stats.ts';
import { pstat } from '../support/cli.ts';
import { known } from '../support/reading.ts';
import { type Dict, traced, WORKED_EXAMPLE } from '../support/traced.ts';

const textOf = ({ lines }: Listing) => lines.map((line) => `${line}\n`).join('');

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
  return { counts: 'calls' as const, dictionary: buildDictionary(buildCallGraph(traced(dict)), false), file: null };
}

describe('calls of callers that strip_dirs makes equal', () => {
  const args = ['callees', 'work', EXAMPLE, '--paths', 'base'];

  test('are lost in pstats', async () => {
    expect(await printed(...args)).toContain(' 200    0.688    0.688  {built-in method builtins.len}');
  });

  test('are added up in other formats', async () => {
    const { rows } = await json(...args);
    const edges: { name: string; ncalls: number }[] = rows.flatMap((row: { callees: unknown[] }) => row.callees);
    const lens = edges.filter(({ name }) => name.includes('builtins.len'));
    expect(lens.reduce((sum, { ncalls }) => sum + ncalls, 0)).toBe(1200);
  });
});

describe('callees after add', () => {
  const main = '/app/main.py:1(<module>)';
  const more: Dict = { [main]: [1, 1, 1, 2, {}], 'new.py:1(f)': [1, 1, 1, 1, { [main]: [1, 1, 1, 1] }] };

  test('do not include added profiles if they were listed before', () => {
    const stats = new PythonStats(profileOf(WORKED_EXAMPLE));
    const before = textOf(stats.listCallees([]));
    const after = textOf(stats.add(profileOf(more)).listCallees([{ kind: 'pattern', pattern: 'main' }]));
    expect(before).not.toContain('new.py');
    expect(after).not.toContain('new.py');
    expect(textOf(stats.listFunctions([]))).toContain('new.py:1(f)');
  });

  test('include added profiles if they are first listed then, or after strip', () => {
    const stats = new PythonStats(profileOf(WORKED_EXAMPLE), profileOf(more));
    expect(textOf(stats.listCallees([]))).toContain('new.py:1(f)\n');
    stats.add(profileOf(more)).strip();
    expect(textOf(stats.listCallees([]))).toContain('       2    2.000    2.000  new.py:1(f)');
  });
});

test('rejects adding timed callers to counted ones, where Python raises an exception', () => {
  const main = '/app/main.py:1(<module>)';
  const counted: Dict = { [main]: [1, 1, 1, 2, {}], 'f.py:1(f)': [1, 1, 1, 1, { [main]: 1 }] };
  const timed: Dict = { 'f.py:1(f)': [1, 1, 1, 1, { [main]: [1, 1, 1, 1] }] };
  expect(() => new PythonStats(profileOf(counted), profileOf(timed))).toThrow('one profile times its callers');
  const twice = new PythonStats(profileOf(counted), profileOf(counted));
  expect(textOf(twice.listCallers([]))).toContain(`f.py:1(f)                 <- ${main}(2)    4.000\n`);
});

test('accepts the key cum, which the browser of pstats rejects', async () => {
  expect(await printed(EXAMPLE, '--sort', 'cum')).toBe(await printed(EXAMPLE, '--sort', 'cu'));
});

describe('callers of a function', () => {
  const args = ['callers', 'builtins.len|append', EXAMPLE, '--sort', 'calls', '--limit', '1'];

  test('are all listed by name in pstats, whatever the order and the limit', async () => {
    const text = await printed(...args);
    expect(text).toMatch(/app\/lib\/util.py:10\(work\)\n.*opt\/lib\/util.py:10\(work\)\n/);
  });

  test('are limited in other formats', async () => {
    const { rows } = await json('callers', 'builtins.len', EXAMPLE, '--sort', 'calls', '--limit', '1');
    expect(rows).toHaveLength(1);
    expect(rows[0].callers).toHaveLength(1);
  });
});

test('lists all functions of one name in every format', async () => {
  const { rows } = await json(EXAMPLE);
  expect(rows.filter(({ name }: { name: string }) => name === 'work')).toHaveLength(2);
  expect((await printed(EXAMPLE)).match(/\(work\)/g)).toHaveLength(2);
});

test('prints three decimals of a second in pstats and all digits in JSON', async () => {
  expect(await printed(REQUEST, '--sort', 'nfl', '--limit', '1')).toContain('0.000');
  const { rows } = await json(REQUEST, '--sort', 'nfl', '--limit', '1');
  expect(rows[0].tottime).toBeGreaterThan(0);
});

test('sorts by time per call only in other formats', async () => {
  const { code, stderr } = await pstat([EXAMPLE, '--format', 'pstats', '--sort', 'percall']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^pstat: 'percall' is not a sort key; use one of calls, ncalls, /);
  expect((await pstat([EXAMPLE, '--sort', 'percall'])).code).toBe(0);
});

test('prints shares and thousands separators only in a table', async () => {
  expect(await printed(EXAMPLE)).toContain('     1200    2.688');
  const { stdout } = await pstat([EXAMPLE]);
  expect(stdout).toContain('1,200');
  expect(stdout).toContain('%');
});

test('strips whole folders with --paths base and keeps one in short paths', async () => {
  expect(await printed(REQUEST, '--paths', 'base')).toContain(' __init__.py:');
  expect((await pstat([REQUEST, '--filter', '__init__.py', '--limit', '0'])).stdout).toMatch(/\w\/__init__\.py:/);
});

describe('the time of a caller that was only counted', () => {
  test('is the cumulative time of the caller in pstats', async () => {
    const text = await printed('callers', 'encode\\)', OLD_STYLE);
    expect(text).toMatch(/<- .*__init__\.py:183\(dumps\)\(30\) {4}0\.001\n/);
  });

  test('is unknown in other formats', async () => {
    const { rows } = await json('callers', 'encode)', OLD_STYLE);
    expect(rows[0].callers[0]).toMatchObject({ ncalls: 30, cumtime: null });
  });
});

describe('an empty list', () => {
  test('prints only a note in pstats and exits with 1', async () => {
    const { stdout, stderr, code } = await pstat(['callers', 'nothing-like-it', EXAMPLE, '--format', 'pstats']);
    expect(stdout).toBe('');
    expect(stderr).toBe('note: no function is left after the restrictions\n');
    expect(code).toBe(1);
  });

  test('prints a sentence in other formats and exits with 1', async () => {
    const { stdout, code } = await pstat(['callers', 'nothing-like-it', EXAMPLE]);
    expect(stdout).not.toBe('');
    expect(code).toBe(1);
  });
});

test('totals include all functions, whatever the filter', async () => {
  expect(await printed(EXAMPLE, '--restrict', 'append')).toContain(
    '1266 function calls (1260 primitive calls) in 6.000',
  );
  const { profile } = await json(EXAMPLE, '--filter', 'append');
  expect(known(profile.ncalls)).toBe(1266);
});
