import { describe, expect, test } from 'vitest';
import { PstatError } from '../../src/base/errors.ts';
import { compare } from '../../src/compare/compare.ts';
import type { ComparedFunction, Comparison } from '../../src/compare/comparison.ts';
import type { Stats } from '../../src/query/stats.ts';
import { sampledRun, type Timed, tracedRun } from '../support/runs.ts';

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

describe('several runs a side', () => {
  const comparison = compare(
    runs(10, (i) => hot(5000 + i)),
    runs(10, (i) => hot(6000 + i)),
  );

  test('what changed is told from noise, and nothing else', () => {
    expect(rowNamed(comparison, 'hot').verdict).toBe('slower');
    expect(comparison.rows.filter(({ verdict }) => verdict !== 'noise').map(({ name }) => name)).toEqual(['hot']);
    expect(comparison.rows.filter(({ self }) => self.significant === true)).toHaveLength(1);
  });

  test('by how much: of the function itself', () => {
    const { self } = rowNamed(comparison, 'hot');
    expect(self).toMatchObject({ before: 5004.5, after: 6004.5, delta: 1000, least: { before: 5000, after: 6000 } });
    expect(self.ratio).toBeCloseTo(6004.5 / 5004.5, 12);
    expect(self.shift).toBeGreaterThan(950);
    expect(self.low).toBeLessThanOrEqual(self.shift ?? 0);
    expect(self.high).toBeGreaterThanOrEqual(self.shift ?? 0);
    expect(self.p).toBeCloseTo(2 / 184756, 12);
  });

  test('the whole', () => {
    expect(comparison.whole).toMatchObject({ significant: true });
    expect(comparison.whole.delta).toBeCloseTo(1000, 6);
  });

  test('the family is all that was tested', () => {
    expect(comparison.family).toEqual({ size: 21, level: 0.05, smallestP: 2 / 184756, runsNeeded: 6 });
    expect(rowNamed(comparison, 'f3').self.p).not.toBeNull();
  });

  test('only what is sorted by is tested', () => {
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

  test('faster', () => {
    const faster = compare(
      runs(10, (i) => hot(6000 + i)),
      runs(10, (i) => hot(5000 + i)),
    );
    expect(rowNamed(faster, 'hot').verdict).toBe('faster');
    expect(faster.whole.shift).toBeLessThan(0);
  });
});

describe('weight', () => {
  // The whole is 20 ms: 0.3 % of it are 60 µs.
  const light = (time: number) => (i: number) => [{ name: 'light', line: 60, time: time + i / 10 }];

  test('below 0.3 % of the whole a function is not tested', () => {
    const comparison = compare(runs(10, light(20)), runs(10, light(70)));
    expect(rowNamed(comparison, 'light')).toMatchObject({ verdict: 'light', self: { significant: null } });
    expect(comparison.family.size).toBe(20);
  });

  test('above it, it is', () => {
    const comparison = compare(runs(10, light(65)), runs(10, light(90)));
    expect(rowNamed(comparison, 'light').verdict).toBe('slower');
    expect(comparison.family.size).toBe(21);
  });

  test('a filter makes the family, whatever it weighs', () => {
    const comparison = compare(runs(10, light(20)), runs(10, light(30)), { filter: ['light'] });
    expect(comparison.rows.map(({ name, verdict }) => [name, verdict])).toEqual([['light', 'slower']]);
    expect(comparison.family.size).toBe(1);
  });

  test('an exclusion drops rows', () => {
    const comparison = compare(runs(10, light(65)), runs(10, light(90)), { exclude: ['(f'] });
    expect(comparison.rows.map(({ name }) => name)).toEqual(['light']);
  });

  // "Only functions whose pooled median is at least 0.3 % of the whole are tested": what is left over has no weight given to it.
  test('an exclusion does not let in what weighs too little', () => {
    const comparison = compare(runs(10, light(20)), runs(10, light(30)), { exclude: ['nothing-like-it'] });
    expect(comparison.family.size).toBe(20);
  });
});

describe('the machine', () => {
  test('a side that is slower as a whole is no verdict', () => {
    const comparison = compare(runs(10), runs(10, undefined, 1.5));
    expect(comparison.rows.filter(({ self }) => self.significant === true)).toEqual([]);
    expect(comparison.whole.significant).toBe(false);
    expect(comparison.whole.ratio).toBeCloseTo(1.5, 3);
    expect((comparison.after.factors[0] ?? 0) / (comparison.before.factors[0] ?? 1)).toBeCloseTo(1.5, 2);
  });

  test('what changed beside that is found, by its own measure', () => {
    const comparison = compare(
      runs(10, (i) => hot(5000 + i)),
      runs(10, (i) => hot(1.5 * (6000 + i)), 1.5),
    );
    for (const { self } of [...comparison.rows, { self: comparison.whole }])
      expect(self.significant).toBe(self.adjustedP === null ? null : self.adjustedP <= comparison.family.level);
    const significant = comparison.rows.filter(({ self }) => self.significant === true);
    expect(significant.map(({ name, verdict }) => [name, verdict])).toEqual([['hot', 'slower']]);
    expect(significant[0]?.self).toMatchObject({ before: 5004.5, after: 9006.75 });
  });

  test('one function that takes the most does not make the others seem to move the other way', () => {
    const comparison = compare(
      runs(10, (i) => hot(50_000 + i)),
      runs(10, (i) => hot(150_000 + i)),
    );
    expect(comparison.rows.filter(({ self }) => self.significant === true).map(({ name }) => name)).toEqual(['hot']);
  });
});

describe('too few runs', () => {
  test.each([
    [2, 2],
    [3, 3],
    [1, 10],
  ])('%i v %i: nothing is tested, nothing is pretended', (before, after) => {
    const comparison = compare(
      runs(before, () => hot(1000)),
      runs(after, () => hot(9000)),
    );
    expect(comparison.whole).toMatchObject({ p: null, significant: null });
    for (const { self } of comparison.rows) expect(self).toMatchObject({ p: null, significant: null });
    expect(comparison.family.size).toBe(0);
    expect(comparison.notes[0]).toMatch(/can never tell .*: record \d+ a side/);
  });
});

describe('one run a side', () => {
  test('traced: no p, no interval; a time that differs is unclear', () => {
    const comparison = compare([run(0, hot(5000))], [run(0, hot(9000))]);
    expect(comparison.whole).toMatchObject({ p: null, significant: null, low: null, high: null });
    for (const { self, total } of comparison.rows) {
      expect(self).toMatchObject({ p: null, significant: null, low: null, high: null });
      expect(total.significant).toBeNull();
    }
    expect(rowNamed(comparison, 'hot').verdict).toBe('unclear');
  });

  test('traced: calls are exact', () => {
    const comparison = compare([run(0, hot(5000, { calls: 9241 }))], [run(0, hot(5000, { calls: 6244 }))]);
    expect(rowNamed(comparison, 'hot')).toMatchObject({
      verdict: 'count',
      count: { before: 9241, after: 6244, delta: -2997, changed: true },
    });
  });

  test('sampled: inside the sampling error nothing is said', () => {
    const comparison = compare([sampled([{ name: 'hot', calls: 100 }])], [sampled([{ name: 'hot', calls: 110 }])]);
    const { verdict, self, count } = rowNamed(comparison, 'hot');
    expect(verdict).toBe('noise');
    // 100 ± 10 and 110 ± 10.5 samples of 1 ms
    expect(self.low).toBeCloseTo(10_000 - 1960 * Math.sqrt(210), 6);
    expect(self.high).toBeCloseTo(10_000 + 1960 * Math.sqrt(210), 6);
    expect(self).toMatchObject({ p: null, significant: null });
    expect(count).toMatchObject({ before: 100, after: 110, changed: null });
  });

  test('sampled: outside it, it is unclear', () => {
    const comparison = compare([sampled([{ name: 'hot', calls: 100 }])], [sampled([{ name: 'hot', calls: 200 }])]);
    expect(rowNamed(comparison, 'hot')).toMatchObject({ verdict: 'unclear', self: { significant: null } });
  });

  // As if one had been sampled: 1/√n of none would be no error at all.
  test('sampled: a function that was not caught on top has an error, too', () => {
    const comparison = compare([sampled([{ name: 'hot', calls: 4 }])], [sampled([{ name: 'hot', calls: 0 }])]);
    const { low, high } = rowNamed(comparison, 'hot').self;
    expect((high ?? 0) - (low ?? 0)).toBeCloseTo(2 * 1960 * Math.hypot(2, 1), 6);
  });
});

describe('on one side only', () => {
  test('new and removed', () => {
    const comparison = compare(
      runs(10, () => [{ name: 'old', line: 60, time: 100 }]),
      runs(10, () => [{ name: 'fresh', line: 61, time: 100 }]),
    );
    expect(rowNamed(comparison, 'old')).toMatchObject({
      status: 'removed',
      verdict: 'removed',
      self: { after: null, p: null, significant: null },
    });
    expect(rowNamed(comparison, 'fresh')).toMatchObject({
      status: 'new',
      verdict: 'new',
      self: { before: null, ratio: null, p: null },
    });
    expect(comparison.family.size).toBe(20);
  });

  test('a moved function is one row, and says where it was', () => {
    const comparison = compare(
      runs(10, () => [{ name: 'links', line: 33, time: 100 }]),
      runs(10, () => [{ name: 'links', line: 49, time: 100 }]),
    );
    expect(rowNamed(comparison, 'links')).toMatchObject({ status: 'moved', line: 49, cameFrom: 'app/main.js:33' });
  });

  test('a few samples are no news', () => {
    const comparison = compare([sampled([{ name: 'old', calls: 9 }])], [sampled([{ name: 'fresh', calls: 10 }])]);
    expect(rowNamed(comparison, 'old')).toMatchObject({ status: 'removed', verdict: 'light' });
    expect(rowNamed(comparison, 'fresh')).toMatchObject({ status: 'new', verdict: 'new' });
  });

  // "Over several runs changed only if the two sides' ranges do not overlap": its calls are 0 to 0 and 0 to 1.
  test('a function of one run in ten, a collector’s callback, is no news either', () => {
    const comparison = compare(
      runs(10),
      runs(10, (i) => (i === 4 ? [{ name: 'callback', line: 70, time: 5 }] : [])),
    );
    expect(rowNamed(comparison, 'callback')).toMatchObject({ status: 'new', verdict: 'light' });
  });
});

describe('calls', () => {
  test('that changed in every run are proof', () => {
    const calls = (from: number) => (i: number) => hot(1000 + (i % 3), { calls: from + (i % 4) });
    expect(rowNamed(compare(runs(10, calls(100)), runs(10, calls(104))), 'hot').count.changed).toBe(true);
    expect(rowNamed(compare(runs(10, calls(100)), runs(10, calls(104))), 'hot').verdict).toBe('count');
    expect(rowNamed(compare(runs(10, calls(100)), runs(10, calls(103))), 'hot').count.changed).toBe(false);
  });
});

describe('names', () => {
  test('memory addresses tell no two functions apart', () => {
    const at = (address: string) => [{ name: `<function f at 0x${address}>`, line: 60, time: 100 }];
    const comparison = compare(
      runs(4, (i) => at(`7f1${i}`)),
      runs(4, (i) => at(`7f2${i}`)),
    );
    expect(rowNamed(comparison, '<function f>')).toMatchObject({ status: 'matched', count: { before: 1, after: 1 } });
  });

  test('two that an address told apart add up', () => {
    const both = (i: number) => [
      { name: `<function f at 0x1${i}>`, line: 60, time: 100 },
      { name: `<function f at 0x2${i}>`, line: 60, time: 50 },
    ];
    expect(rowNamed(compare(runs(1, both), runs(1, both)), '<function f>')).toMatchObject({
      self: { before: 150 },
      count: { before: 2 },
    });
  });

  test('a filter sees both names of a file', () => {
    const comparison = compare(
      [run(0, [{ name: 'f', file: '/srv/app/old.js', time: 1 }])],
      [run(0, [{ name: 'g', file: '/srv/app/new.js', time: 1 }])],
      { filter: ['/old|new/'] },
    );
    expect(comparison.rows.map(({ name }) => name).sort()).toEqual(['f', 'g']);
  });
});

describe('refused', () => {
  test('an empty side', () => {
    expect(() => compare([], [run(0)])).toThrow(PstatError);
    expect(() => compare([run(0)], [])).toThrow(PstatError);
  });

  test('samples against calls, also within a side', () => {
    expect(() => compare([run(0)], [sampled()])).toThrow(PstatError);
    expect(() => compare([run(0), sampled()], [run(0)])).toThrow(PstatError);
  });
});

test('idle time is nobody’s', () => {
  const comparison = compare(
    [sampled([{ name: '(idle)', file: '', line: 0, calls: 500, kind: 'idle' }])],
    [sampled([{ name: '(idle)', file: '', line: 0, calls: 5, kind: 'idle' }])],
  );
  expect(comparison.rows.map(({ name }) => name)).not.toContain('(idle)');
  expect(comparison.whole.delta).toBe(0);
});

test('nothing against nothing', () => {
  const { rows, whole } = compare([tracedRun([])], [tracedRun([])]);
  expect(rows).toEqual([]);
  expect(whole).toMatchObject({ before: 0, after: 0, delta: 0, ratio: null, p: null, significant: null });
});

test('a set with itself: everything is noise, nothing moved', () => {
  const side = runs(10, (i) => hot(5000 + 100 * i));
  const comparison = compare(side, side);
  expect(comparison.whole).toMatchObject({ delta: 0, shift: 0, p: 1, significant: false });
  for (const { status, verdict, self } of comparison.rows) {
    expect([status, verdict, self.delta]).toEqual(['matched', 'noise', 0]);
  }
});
