import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { compare } from '../../src/compare/compare.ts';
import type { ComparedFunction, Comparison } from '../../src/compare/comparison.ts';
import type { Stats } from '../../src/query/stats.ts';
import { sampledRun, type Timed, tracedRun, undisturbedRun } from '../support/runs.ts';

/** Twenty functions at about 1 ms, no two runs alike, and what a test adds. */
function run(i: number, more: readonly Timed[] = [], slower = 1): Stats {
  const usual = Array.from({ length: 20 }, (_, fn) => ({
    name: `f${fn}`,
    line: fn + 1,
    time: 1000 * slower * (1 + ((i * 7 + fn * 13) % 17) / 1000),
    calls: 3,
  }));
  return tracedRun([...usual, ...more], `run-${i}.prof`);
}

const runs = (count: number, more: (i: number) => readonly Timed[] = () => [], slower = 1) =>
  Array.from({ length: count }, (_, i) => run(i, more(i), slower));

const sampled = (more: readonly Timed[] = [], each = 100) =>
  sampledRun([...Array.from({ length: 10 }, (_, fn) => ({ name: `f${fn}`, line: fn + 1, calls: each })), ...more]);

function rowNamed(comparison: Comparison, name: string): ComparedFunction {
  const found = comparison.rows.filter((row) => row.name === name);
  expect(found).toHaveLength(1);
  const [row] = found;
  if (row === undefined) throw new Error(name);
  return row;
}

const hot = (time: number, more: Partial<Timed> = {}) => [{ name: 'hot', line: 50, ...more, time }];
const called = ({ rows }: Comparison) => rows.filter(({ self }) => self.significant === true).map(({ name }) => name);

describe('several runs a side', () => {
  const comparison = compare(
    runs(10, (i) => hot(5000 + i)),
    runs(10, (i) => hot(6000 + i)),
  );

  test('name what changed, and nothing else', () => {
    expect(rowNamed(comparison, 'hot').verdict).toBe('slower');
    expect(comparison.rows.filter(({ verdict }) => verdict !== 'no-change').map(({ name }) => name)).toEqual(['hot']);
    expect(called(comparison)).toEqual(['hot']);
  });

  test('tell by how much: of the function itself, in means', () => {
    const { self } = rowNamed(comparison, 'hot');
    expect(self).toMatchObject({ before: 5004.5, after: 6004.5, delta: 1000, min: { before: 5000, after: 6000 } });
    expect(self.ratio).toBeCloseTo(6004.5 / 5004.5, 12);
    expect(self.shift).toBe(1000);
    expect(self.low).toBeLessThanOrEqual(self.shift ?? 0);
    expect(self.high).toBeGreaterThanOrEqual(self.shift ?? 0);
    expect(self.p).toBeCloseTo(2 / 184_756, 12);
  });

  test('test the total by itself', () => {
    expect(comparison).toMatchObject({ verdict: 'slower', total: { significant: true } });
    expect(comparison.total.delta).toBeCloseTo(1000, 6);
    expect(comparison.before).toMatchObject({ runs: 10, requests: null, isProcessKnown: false });
    expect(comparison.before.sources).toHaveLength(10);
    expect(comparison.before.totals).toHaveLength(10);
  });

  test('are one family of all that was tested', () => {
    expect(comparison.family).toEqual({ size: 21, level: 0.05, smallestP: 2 / 184_756, runsNeeded: 6 });
    expect(rowNamed(comparison, 'f3').self.p).not.toBeNull();
  });

  test('are tested by what they are sorted by alone', () => {
    expect(rowNamed(comparison, 'hot').total).toMatchObject({ p: null, significant: null });
    const byTotal = compare(
      runs(10, (i) => hot(5000 + i)),
      runs(10, (i) => hot(6000 + i)),
      { measure: 'total' },
    );
    expect(rowNamed(byTotal, 'hot')).toMatchObject({
      self: { p: null },
      total: { significant: true },
      verdict: 'slower',
    });
  });

  test('tell of what got faster', () => {
    const faster = compare(
      runs(10, (i) => hot(6000 + i)),
      runs(10, (i) => hot(5000 + i)),
    );
    expect(rowNamed(faster, 'hot').verdict).toBe('faster');
    expect(faster.verdict).toBe('faster');
    expect(faster.total.shift).toBeLessThan(0);
  });

  test('that are the same files did not change, and nothing moved', () => {
    const side = runs(10, (i) => hot(5000 + 100 * i));
    const same = compare(side, side);
    expect(same).toMatchObject({ verdict: 'no-change', total: { delta: 0, shift: 0, p: 1, significant: false } });
    for (const { status, verdict, self } of same.rows) {
      expect([status, verdict, self.delta]).toEqual(['matched', 'no-change', 0]);
    }
  });
});

describe('the least weight', () => {
  // The total is 20 ms: 0.3 % of it are 60 µs.
  const light = (time: number) => (i: number) => [{ name: 'light', line: 60, time: time + i / 10 }];

  test('leaves functions below 0.3 % on both sides untested', () => {
    const comparison = compare(runs(10, light(20)), runs(10, light(50)));
    expect(rowNamed(comparison, 'light')).toMatchObject({ verdict: 'untested', self: { p: null, significant: null } });
    expect(comparison.family.size).toBe(20);
  });

  test('is met by one side: a function that drops to nothing is tested', () => {
    expect(rowNamed(compare(runs(10, light(90)), runs(10, light(20))), 'light').verdict).toBe('faster');
    expect(rowNamed(compare(runs(10, light(20)), runs(10, light(90))), 'light').verdict).toBe('slower');
    expect(rowNamed(compare(runs(10, light(90)), runs(10, light(0))), 'light').verdict).toBe('faster');
  });

  test('is not suggested of functions that a filter names', () => {
    const comparison = compare(runs(10, light(20)), runs(10, light(30)), { filter: ['light'] });
    expect(comparison.rows.map(({ name, verdict }) => [name, verdict])).toEqual([['light', 'slower']]);
    expect(comparison.family.size).toBe(1);
  });

  test('is suggested for what an exclusion leaves', () => {
    const dropped = compare(runs(10, light(65)), runs(10, light(90)), { exclude: ['(f'] });
    expect(dropped.rows.map(({ name }) => name)).toEqual(['light']);
    const kept = compare(runs(10, light(20)), runs(10, light(30)), { exclude: ['nothing-like-it'] });
    expect(kept.family.size).toBe(20);
  });
});

describe('everything at once', () => {
  test('that takes longer is slower: no run is divided by a speed of its machine', () => {
    const comparison = compare(runs(10), runs(10, undefined, 1.5));
    expect(comparison).toMatchObject({ verdict: 'slower', total: { significant: true } });
    expect(comparison.total.ratio).toBeCloseTo(1.5, 2);
    expect(comparison.rows.map(({ verdict }) => verdict)).toEqual(new Array(20).fill('slower'));
    expect(comparison.alike).toMatchObject({ functions: 20, of: 20 });
    expect(comparison.alike?.ratio).toBeCloseTo(1.5, 2);
  });

  test('that takes less time is faster', () => {
    const comparison = compare(runs(10, undefined, 1.5), runs(10));
    expect(comparison.verdict).toBe('faster');
    expect(comparison.rows.map(({ verdict }) => verdict)).toEqual(new Array(20).fill('faster'));
  });

  test('stays untouched where one function takes most of the time', () => {
    const comparison = compare(
      runs(10, (i) => hot(50_000 + i)),
      runs(10, (i) => hot(150_000 + i)),
    );
    expect(called(comparison)).toEqual(['hot']);
    expect(comparison.alike).toBeNull();
  });
});

describe('the smallest change', () => {
  /** Ten runs of `time` µs, their spread given in µs. */
  const wide = (time: number, spread: number) => (i: number) => hot(time + (spread * i) / 10);

  test('of a function is 3 %: its whole interval must lie beyond', () => {
    const verdict = (after: number) =>
      rowNamed(compare(runs(10, wide(10_000, 100)), runs(10, wide(after, 100))), 'hot').verdict;
    expect(verdict(10_500)).toBe('slower');
    expect(verdict(10_200)).toBe('no-change');
    // The estimate is above 3 %, the near end of its interval below.
    expect(verdict(10_330)).toBe('no-change');
    expect(verdict(9500)).toBe('faster');
    expect(verdict(9800)).toBe('no-change');
  });

  test('leaves the p as it is', () => {
    const { self } = rowNamed(compare(runs(10, wide(10_000, 100)), runs(10, wide(10_200, 100))), 'hot');
    expect(self.adjustedP).toBeLessThan(0.05);
    expect(self.low).toBeGreaterThan(0);
    expect(self.significant).toBe(false);
  });

  test('is 5 % where the machine was busier on one side', () => {
    const side = (time: number, late: number) =>
      Array.from({ length: 10 }, (_, i) =>
        undisturbedRun(
          [
            { name: 'hot', line: 2, calls: time + i },
            { name: 'rest', calls: 2000 + i, late },
          ],
          { run: { id: `${time} ${i}`, interval: 1000, thread: { cpu: 1, queued: late * (2000 + i) } } },
        ),
      );
    const isCalled = (...sides: Parameters<typeof compare>) => called(compare(...sides)).includes('hot');
    expect(isCalled(side(1000, 0), side(1045, 0))).toBe(true);
    expect(isCalled(side(1000, 0), side(1045, 500))).toBe(false);
    expect(isCalled(side(1000, 500), side(1045, 0))).toBe(false);
    expect(isCalled(side(1000, 0), side(1080, 500))).toBe(true);
  });
});

// Most runs are slower, and one of before is far slower than all.
test('a change whose shift has another sign than its columns is no change', () => {
  const before = runs(10, (i) => hot(i === 9 ? 60_000 : 5000 + i));
  const comparison = compare(
    before,
    runs(10, (i) => hot(6000 + i)),
  );
  const { self, verdict } = rowNamed(comparison, 'hot');
  expect(self.delta).toBeLessThan(0);
  expect(self.shift).toBeGreaterThan(0);
  expect(self.adjustedP).toBeLessThan(0.05);
  expect([self.significant, verdict]).toEqual([false, 'no-change']);
});

describe('too few runs', () => {
  test.each([
    [1, 1],
    [2, 2],
    [3, 3],
    [1, 10],
    [10, 3],
  ])('%i v %i: no p anywhere, and the verdict is inconclusive', (before, after) => {
    const comparison = compare(
      runs(before, () => hot(1000)),
      runs(after, () => [...hot(9000), { name: 'fresh', line: 61, time: 900 }]),
    );
    expect(comparison).toMatchObject({ verdict: 'inconclusive', total: { p: null, significant: null, low: null } });
    for (const { self, total } of comparison.rows) {
      expect(self).toMatchObject({ p: null, adjustedP: null, significant: null, low: null, high: null });
      expect(total).toMatchObject({ p: null, significant: null });
    }
    expect(rowNamed(comparison, 'hot').verdict).toBe('inconclusive');
    expect(rowNamed(comparison, 'fresh').self).toMatchObject({ before: null, after: 900, delta: 900 });
  });

  test('say how many the family needs', () => {
    expect(compare(runs(1), runs(1)).family).toMatchObject({ size: 20, runsNeeded: 6 });
  });
});

describe('the parts of the change', () => {
  const two = (a: number, b: number) => (i: number) => [...hot(a + i), { name: 'warm', line: 51, time: b + i }];
  const { parts } = compare(runs(10, two(5000, 3000)), runs(10, two(6000, 2500)));

  test('add up to the change of the means', () => {
    expect(parts?.listed.map(({ name, delta }) => [name, Math.round(delta)])).toEqual([
      ['hot', 1000],
      ['warm', -500],
    ]);
    const sum = (parts?.listed ?? []).reduce((all, { delta }) => all + delta, 0) + (parts?.others.delta ?? 0);
    expect(sum).toBeCloseTo(parts?.delta ?? 0, 6);
  });

  test('are at most three by name', () => {
    const many = compare(runs(10), runs(10, undefined, 1.5)).parts;
    expect([many?.listed.length, many?.others.functions]).toEqual([3, 17]);
  });

  test('are null where the total did not change', () => {
    expect(compare(runs(10), runs(10)).parts).toBeNull();
  });

  test('of one run a side are the largest differences', () => {
    const single = compare([run(0, hot(5000))], [run(0, hot(9000))]).parts;
    expect(single).toMatchObject({ delta: 4000, listed: [{ name: 'hot', delta: 4000 }], others: { functions: 0 } });
  });
});

describe('calls', () => {
  const calls = (from: number) => (i: number) => hot(1000 + (i % 3), { calls: from + (i % 4) });

  test('that changed without a change of time have a verdict of their own', () => {
    const { verdict, count } = rowNamed(compare(runs(10, calls(100)), runs(10, calls(104))), 'hot');
    expect([verdict, count.changed]).toEqual(['calls-changed', true]);
  });

  test('of one run a side are exact, and no verdict', () => {
    const comparison = compare([run(0, hot(5000, { calls: 9241 }))], [run(0, hot(5000, { calls: 6244 }))]);
    expect(rowNamed(comparison, 'hot').count).toEqual({ before: 9241, after: 6244, delta: -2997, changed: null });
  });

  test('of samples are compared without a test', () => {
    const comparison = compare([sampled([{ name: 'hot', calls: 4 }])], [sampled([{ name: 'hot', calls: 9 }])]);
    expect(rowNamed(comparison, 'hot').count).toEqual({ before: 4, after: 9, delta: 5, changed: null });
    expect(comparison.work).toBeNull();
  });
});

describe('names', () => {
  test('do not differ by memory addresses', () => {
    const at = (address: string) => [{ name: `<function f at 0x${address}>`, line: 60, time: 100 }];
    const comparison = compare(
      runs(4, (i) => at(`7f1${i}`)),
      runs(4, (i) => at(`7f2${i}`)),
    );
    expect(rowNamed(comparison, '<function f>')).toMatchObject({ status: 'matched', count: { before: 1, after: 1 } });
  });

  test('that only an address distinguished add up', () => {
    const both = (i: number) => [
      { name: `<function f at 0x1${i}>`, line: 60, time: 100 },
      { name: `<function f at 0x2${i}>`, line: 60, time: 50 },
    ];
    expect(rowNamed(compare(runs(1, both), runs(1, both)), '<function f>')).toMatchObject({
      self: { before: 150 },
      count: { before: 2 },
    });
  });

  test('of both sides are seen by a filter', () => {
    const comparison = compare(
      [run(0, [{ name: 'f', file: '/srv/app/old.js', time: 1 }])],
      [run(0, [{ name: 'g', file: '/srv/app/new.js', time: 1 }])],
      { filter: ['/old|new/'] },
    );
    expect(comparison.rows.map(({ name }) => name).sort()).toEqual(['f', 'g']);
  });
});

test('samples against calls are rejected', () => {
  expect(() => compare([run(0)], [sampled()])).toThrow(PstatError);
});

test('idle time is of no function and not part of the total', () => {
  const idle = (calls: number) => [sampled([{ name: '(idle)', file: '', line: 0, calls, kind: 'idle' }])];
  const comparison = compare(idle(500), idle(5));
  expect(comparison.rows.map(({ name }) => name)).not.toContain('(idle)');
  expect(comparison.total.delta).toBe(0);
});

test('two empty profiles have no rows and no ratio', () => {
  const { rows, total } = compare([tracedRun([])], [tracedRun([])]);
  expect(rows).toEqual([]);
  expect(total).toMatchObject({ before: 0, after: 0, delta: 0, ratio: null, p: null, significant: null });
});
