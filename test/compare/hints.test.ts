/** Functions on one side only, functions that moved, and what may explain them. */

import { describe, expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import type { ComparedFunction, Comparison } from '../../src/compare/comparison.ts';
import { type Timed, tracedRun } from '../support/runs.ts';

/** Ten functions at about 1 ms that `main` calls, no two runs alike, and what a test adds. */
const runs = (count: number, more: (i: number) => readonly Timed[]) =>
  Array.from({ length: count }, (_, i) => {
    const usual = Array.from({ length: 10 }, (_, fn) => ({
      name: `f${fn}`,
      line: fn + 1,
      time: 1000 * (1 + ((i * 7 + fn * 13) % 17) / 1000),
      caller: 'main',
    }));
    return tracedRun([{ name: 'main', line: 90, time: 5 }, ...usual, ...more(i)], `run-${i}.prof`);
  });

const taking =
  (name: string, time: number, more: Partial<Timed> = {}) =>
  (i: number) => [{ name, line: 60, time: time + i, caller: 'main', ...more }];
const nothing = () => [];

function rowNamed({ rows }: Comparison, name: string): ComparedFunction | undefined {
  expect(rows.filter((row) => row.name === name)).toHaveLength(1);
  return rows.find((row) => row.name === name);
}

describe('a function on one side only', () => {
  test('is new or removed where that is significant: it is tested against zeros', () => {
    const added = rowNamed(compare(runs(10, nothing), runs(10, taking('fresh', 500))), 'fresh');
    expect(added).toMatchObject({
      status: 'new',
      verdict: 'new',
      self: { before: null, after: 504.5, delta: 504.5, ratio: null, shift: 504.5, significant: true },
    });
    const gone = rowNamed(compare(runs(10, taking('old', 500)), runs(10, nothing)), 'old');
    expect(gone).toMatchObject({
      status: 'removed',
      verdict: 'removed',
      self: { before: 504.5, after: null, delta: -504.5, significant: true },
    });
  });

  test('is part of the family', () => {
    const without = compare(runs(10, nothing), runs(10, nothing)).family.size;
    expect(compare(runs(10, nothing), runs(10, taking('fresh', 500))).family.size).toBe(without + 1);
  });

  test('that few runs have is inconclusive', () => {
    const comparison = compare(
      runs(10, nothing),
      runs(10, (i) => (i < 3 ? taking('seldom', 900)(i) : [])),
    );
    expect(rowNamed(comparison, 'seldom')).toMatchObject({
      status: 'new',
      verdict: 'inconclusive',
      self: { significant: false },
    });
  });

  test('that takes too little time to be tested is inconclusive, unless its calls are certain', () => {
    const few = (i: number) => (i === 4 ? taking('callback', 5)(i) : []);
    expect(rowNamed(compare(runs(10, nothing), runs(10, few)), 'callback')?.verdict).toBe('inconclusive');
    const always = compare(runs(10, nothing), runs(10, taking('setup', 5)));
    expect(rowNamed(always, 'setup')).toMatchObject({ verdict: 'new', self: { significant: null } });
  });

  test('of one run a side is inconclusive', () => {
    const comparison = compare(runs(1, taking('old', 500)), runs(1, taking('fresh', 500, { line: 61 })));
    expect(rowNamed(comparison, 'old')?.verdict).toBe('inconclusive');
    expect(rowNamed(comparison, 'fresh')?.verdict).toBe('inconclusive');
  });
});

describe('a function that moved', () => {
  test('is one row, and says where it was', () => {
    const comparison = compare(
      runs(10, taking('links', 100, { line: 33 })),
      runs(10, taking('links', 100, { line: 49 })),
    );
    expect(rowNamed(comparison, 'links')).toMatchObject({
      status: 'moved',
      line: 49,
      movedFrom: 'app/main.js:33',
      verdict: 'no-change',
    });
  });

  test('to a file that is there on both sides is recognized by its unique name', () => {
    const inFile = (file: string, time: number) =>
      runs(10, (i) => [
        { name: 'a', file: '/srv/app/a.js', time: 50, caller: 'main' },
        { name: 'b', file: '/srv/app/b.js', time: 50, caller: 'main' },
        { name: 'parseVersion', file, line: 7, time: time + i, caller: 'main' },
      ]);
    const comparison = compare(inFile('/srv/app/a.js', 500), inFile('/srv/app/b.js', 900));
    expect(rowNamed(comparison, 'parseVersion')).toMatchObject({
      status: 'moved',
      movedFrom: 'app/a.js:7',
      verdict: 'slower',
    });
  });

  test('is not recognized by a name that two functions have', () => {
    const inFiles = (first: string, second: string) =>
      runs(4, () => [
        { name: 'a', file: '/srv/app/a.js', time: 50 },
        { name: 'b', file: '/srv/app/b.js', time: 50 },
        { name: 'get', file: first, line: 7, time: 500 },
        { name: 'get', file: second, line: 70, time: 500 },
      ]);
    const { rows } = compare(inFiles('/srv/app/a.js', '/srv/app/a.js'), inFiles('/srv/app/b.js', '/srv/app/b.js'));
    const statuses = rows.filter(({ name }) => name === 'get').map(({ status }) => status);
    expect(statuses.sort()).toEqual(['new', 'new', 'removed', 'removed']);
  });
});

describe('renamed?', () => {
  const leaf = (name: string) => (i: number) => [
    ...taking(name, 800)(i),
    { name: 'inner', line: 80, time: 40 + i, caller: name },
  ];

  test('is suggested for a removed and a new function with the same callers and callees, in both rows', () => {
    const comparison = compare(runs(10, leaf('compare')), runs(10, leaf('comparator')));
    const [from, to] = [rowNamed(comparison, 'compare'), rowNamed(comparison, 'comparator')];
    expect([from?.verdict, to?.verdict]).toEqual(['removed', 'new']);
    expect(from?.hint).toMatchObject({ kind: 'renamed', name: 'comparator' });
    expect(to?.hint).toMatchObject({ kind: 'renamed', name: 'compare' });
    expect(comparison.rows[to?.hint?.row ?? -1]).toBe(from);
  });

  test('is suggested for one run a side as well', () => {
    expect(rowNamed(compare(runs(1, leaf('compare')), runs(1, leaf('comparator'))), 'comparator')?.hint?.kind).toBe(
      'renamed',
    );
  });

  test('is not suggested where several have the same callers and callees', () => {
    const two = (i: number) => [...taking('left', 800)(i), ...taking('right', 800, { line: 61 })(i)];
    const comparison = compare(runs(10, taking('compare', 800)), runs(10, two));
    expect(comparison.rows.filter(({ hint }) => hint !== null)).toEqual([]);
    const reverse = compare(runs(10, two), runs(10, taking('compare', 800)));
    expect(reverse.rows.filter(({ hint }) => hint !== null)).toEqual([]);
  });

  test('is not suggested of functions with other callees, nor of functions without a caller', () => {
    const alone = (name: string) => (i: number) => [{ name, line: 60, time: 800 + i }];
    expect(rowNamed(compare(runs(10, leaf('compare')), runs(10, taking('other', 800))), 'other')?.hint).toBeNull();
    expect(rowNamed(compare(runs(10, alone('compare')), runs(10, alone('other'))), 'other')?.hint).toBeNull();
  });

  test('is not suggested where the other row is not shown', () => {
    const comparison = compare(runs(10, leaf('compare')), runs(10, leaf('comparator')), { filter: ['comparator'] });
    expect(comparison.rows.map(({ name, hint }) => [name, hint])).toEqual([['comparator', null]]);
  });
});

describe('inlined?', () => {
  const outer = (own: number, inner: number) => (i: number) => [
    { name: 'outer', line: 60, time: own + i, caller: 'main' },
    ...(inner === 0 ? [] : [{ name: 'inner', line: 70, time: inner + i, caller: 'outer' }]),
  ];

  test('is suggested for a caller whose tottime rose when its callee was removed', () => {
    const comparison = compare(runs(10, outer(1000, 600)), runs(10, outer(1600, 0)));
    const row = rowNamed(comparison, 'outer');
    expect(row).toMatchObject({ verdict: 'slower', hint: { kind: 'inlined', name: 'inner' } });
    expect(comparison.rows[row?.hint?.row ?? -1]).toMatchObject({ name: 'inner', verdict: 'removed' });
    expect(comparison.verdict).toBe('no-change');
  });

  test('is not suggested where the caller did not take a quarter of the time', () => {
    const comparison = compare(runs(10, outer(1000, 600)), runs(10, outer(1100, 0)));
    expect(rowNamed(comparison, 'outer')).toMatchObject({ verdict: 'slower', hint: null });
  });

  test('is not suggested where the callee had two callers', () => {
    const two = (own: number, inner: number) => (i: number) => {
      const [caller, ...callees] = outer(own, inner)(i);
      return [...(caller === undefined ? [] : [caller]), ...callees.map((fn) => ({ ...fn, caller: ['outer', 'f1'] }))];
    };
    const comparison = compare(runs(10, two(1000, 600)), runs(10, two(1600, 0)));
    expect(rowNamed(comparison, 'inner')).toMatchObject({ verdict: 'removed', self: { delta: -604.5 } });
    expect(rowNamed(comparison, 'outer')).toMatchObject({ verdict: 'slower', hint: null });
  });
});
