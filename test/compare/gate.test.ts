import { describe, expect, test } from 'vitest';
import { type CompareOptions, compare } from '../../src/compare/compare.ts';
import {
  evaluateGate,
  type GateOptions,
  type GateTarget,
  gateExitCode,
  parseThreshold,
} from '../../src/compare/gate.ts';
import type { Stats } from '../../src/query/stats.ts';
import { type Timed, tracedRun } from '../support/runs.ts';

describe('a threshold', () => {
  test.each([
    ['5%', { percent: 5, microseconds: null }],
    ['0%', { percent: 0, microseconds: null }],
    ['2.5%', { percent: 2.5, microseconds: null }],
    ['3ms', { percent: null, microseconds: 3000 }],
    ['1.5s', { percent: null, microseconds: 1.5e6 }],
    ['200us', { percent: null, microseconds: 200 }],
  ])('may be %s', (text, threshold) => {
    expect(parseThreshold(text)).toEqual(threshold);
  });

  test.each(['', '5', '%', '-5%', '5 %', '5.%', '+3ms', '3 parsecs', 'NaN%', '1e3%'])('is not %j', (text) => {
    expect(parseThreshold(text)).toBeNull();
  });
});

/** Runs of nineteen functions at 1 ms below `main`, and what a test adds; no two alike, within `spread` of 17. */
function runs(more: readonly Timed[], { count = 10, spread = 0.001, source = 'run' } = {}) {
  return Array.from({ length: count }, (_, run) => {
    const noisy = (time: number, fn: number) => time * (1 + spread * ((run * 7 + fn * 13) % 17));
    const usual = Array.from({ length: 19 }, (_, fn) => ({
      name: `f${fn}`,
      line: fn + 1,
      time: noisy(1000, fn),
      caller: 'main',
    }));
    const added = more.map((timed, fn) => ({
      line: 60 + fn,
      caller: 'main',
      ...timed,
      time: noisy(timed.time ?? 0, fn),
    }));
    return tracedRun([{ name: 'main', line: 90, time: 1 }, ...usual, ...added], `${source}-${run}.prof`);
  });
}

type Sides = [before: Stats[], after: Stats[]];

const hot = (time: number, name = 'hot') => [{ name, time }];

function gate(
  threshold: string,
  target: GateTarget,
  sides: Sides,
  { isStrict = false, ...options }: CompareOptions & Pick<Partial<GateOptions>, 'isStrict'> = {},
) {
  const parsed = parseThreshold(threshold);
  if (parsed === null) throw new Error(threshold);
  return evaluateGate(compare(...sides, options), { target, threshold: parsed, isStrict });
}

describe('the outcome', () => {
  // 29 ms grow by 3.5: 12 % of the total, 35 % of the function.
  const sides: Sides = [runs(hot(10_000)), runs(hot(13_500))];

  test.each([
    ['5%', 'total', 'failed', 3],
    ['11%', 'total', 'failed', 3],
    ['14%', 'total', 'passed', 0],
    ['3ms', 'total', 'failed', 3],
    ['4ms', 'total', 'passed', 0],
    ['0%', 'total', 'failed', 3],
    ['34%', 'function', 'failed', 3],
    ['38%', 'function', 'passed', 0],
    ['3ms', 'function', 'failed', 3],
    ['4ms', 'function', 'passed', 0],
  ] as const)('above %s of the %s is %s, exit code %i', (threshold, target, outcome, code) => {
    const result = gate(threshold, target, sides);
    expect([result.outcome, gateExitCode(result)]).toEqual([outcome, code]);
  });

  test('names the failures with their size', () => {
    expect(gate('5%', 'total', sides).failures).toEqual([
      { name: null, file: null, line: null, delta: expect.closeTo(3500, -2), percent: expect.closeTo(12, 0) },
    ]);
    expect(gate('5%', 'function', sides).failures).toEqual([
      {
        name: 'hot',
        file: '/srv/app/main.js',
        line: 60,
        delta: expect.closeTo(3528, -2),
        percent: expect.closeTo(35, 3),
      },
    ]);
    expect(gate('14%', 'total', sides).failures).toEqual([]);
  });

  test('of what got faster is passed', () => {
    expect(gate('0%', 'total', [sides[1], sides[0]]).outcome).toBe('passed');
  });

  test('follows the measure', () => {
    expect(gate('30%', 'function', sides, { measure: 'total' }).failures).toMatchObject([{ name: 'hot' }]);
  });

  test('is passed where the whole interval lies below the threshold', () => {
    expect(gate('5%', 'total', [runs(hot(10_000)), runs(hot(10_000))]).outcome).toBe('passed');
  });

  test('is undecided where the interval contains the threshold, and says what could not be seen', () => {
    const wide = (name: string) => runs(hot(10_000, name), { spread: 0.02 });
    const result = gate('3%', 'total', [wide('hot'), wide('hot')]);
    expect(result).toMatchObject({ outcome: 'undecided', failures: [], reason: null });
    expect(result.undecided[0]?.percent).toBeGreaterThan(3);
    expect(gateExitCode(result)).toBe(0);
    expect(gateExitCode({ ...result, isStrict: true })).toBe(4);
  });

  test('is failed whatever else is undecided', () => {
    const before = [...hot(10_000), { name: 'noisy', time: 5000 }];
    const after = [...hot(20_000), { name: 'noisy', time: 5000 }];
    const result = gate('5%', 'function', [runs(before, { spread: 0.01 }), runs(after, { spread: 0.01 })]);
    expect(result.outcome).toBe('failed');
    expect(result.failures.map(({ name }) => name)).toEqual(['hot']);
    expect(result.undecided.length).toBeGreaterThan(0);
  });
});

describe('too few runs', () => {
  const sides = (count: number): Sides => [runs(hot(10_000), { count }), runs(hot(30_000), { count })];

  test.each([1, 3])('%i v the same: undecided, whatever the times', (count) => {
    for (const target of ['total', 'function'] as const) {
      const result = gate('5%', target, sides(count));
      expect(result).toMatchObject({ outcome: 'undecided', reason: 'too-few-runs', failures: [] });
      expect([gateExitCode(result), gateExitCode({ ...result, isStrict: true })]).toEqual([0, 4]);
    }
  });

  test('for a function are undecided, though they suffice for the total', () => {
    expect(gate('5%', 'total', sides(4)).outcome).toBe('failed');
    expect(gate('5%', 'function', sides(4))).toMatchObject({ outcome: 'undecided', reason: null });
    expect(gate('5%', 'function', sides(6)).outcome).toBe('failed');
  });
});

describe('requests of unknown processes', () => {
  const sides = (source: string): Sides => [runs(hot(10_000), { source }), runs(hot(30_000), { source })];
  const named = (time: number) =>
    Array.from({ length: 10 }, (_, i) =>
      tracedRun([{ name: 'f', time: time + i }], `GET.x.000012ms.155240859${i}.prof`),
    );

  test('are accepted by a gate that is not strict', () => {
    expect(gate('5%', 'total', [named(10_000), named(30_000)])).toMatchObject({ outcome: 'failed', reason: null });
  });

  test('are not accepted by a strict gate, whether slower or not', () => {
    for (const after of [10_000, 30_000]) {
      const result = gate('5%', 'total', [named(10_000), named(after)], { isStrict: true });
      expect(result).toMatchObject({ outcome: 'undecided', reason: 'unknown-processes' });
      expect(gateExitCode(result)).toBe(4);
    }
  });

  test('are not those of whole programs: a file is a process', () => {
    expect(gate('5%', 'total', sides('run'), { isStrict: true })).toMatchObject({ outcome: 'failed', reason: null });
  });
});

describe('a function on one side only', () => {
  test('that is new fails by a percentage of the total', () => {
    const sides: Sides = [runs([]), runs(hot(1200, 'fresh'))];
    // 1,200 of 19,000 µs are 6.3 %.
    expect(gate('6%', 'function', sides)).toMatchObject({
      outcome: 'failed',
      failures: [{ name: 'fresh', percent: null, delta: expect.closeTo(1210, -1) }],
    });
    expect(gate('7%', 'function', sides).outcome).toBe('passed');
    expect(gate('1ms', 'function', sides).outcome).toBe('failed');
  });

  test('that was removed fails nothing', () => {
    expect(gate('3%', 'function', [runs(hot(1200, 'old')), runs([])])).toMatchObject({
      outcome: 'passed',
      failures: [],
    });
  });

  test('that was renamed is judged by the sum of both', () => {
    const renamed = (after: number): Sides => [runs(hot(10_000, 'compare')), runs(hot(after, 'comparator'))];
    expect(gate('5%', 'function', renamed(10_000))).toMatchObject({ outcome: 'passed', failures: [] });
    // Ten times the work under a new name.
    expect(gate('5%', 'function', renamed(100_000))).toMatchObject({
      outcome: 'failed',
      failures: [{ name: 'comparator', delta: expect.closeTo(90_720, -2), percent: expect.closeTo(900, 0) }],
    });
  });

  test('that was inlined is judged together with its caller', () => {
    const inlined = (own: number): Sides => [
      runs([
        { name: 'outer', time: 10_000 },
        { name: 'inner', time: 6000, caller: 'outer' },
      ]),
      runs([{ name: 'outer', time: own }]),
    ];
    expect(gate('5%', 'function', inlined(16_000))).toMatchObject({ outcome: 'passed', failures: [] });
    expect(gate('5%', 'function', inlined(20_000))).toMatchObject({
      outcome: 'failed',
      failures: [{ name: 'outer', delta: expect.closeTo(4080, -2), percent: expect.closeTo(25.3, 0) }],
    });
  });
});

test('the largest that could not be seen comes first', () => {
  const wide = [...hot(10_000), { name: 'warm', time: 5000 }];
  const { undecided } = gate('1%', 'function', [runs(wide, { spread: 0.02 }), runs(wide, { spread: 0.02 })]);
  const sizes = undecided.map(({ delta }) => delta ?? 0);
  expect(sizes.length).toBeGreaterThan(1);
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
});

test('times that are not known are undecided, and not for too few runs', () => {
  const sides: Sides = [runs(hot(Number.NaN), { count: 5 }), runs(hot(10_000), { count: 5 })];
  for (const target of ['total', 'function'] as const)
    expect(gate('5%', target, sides)).toMatchObject({ outcome: 'undecided', reason: 'unknown-times', failures: [] });
});

test('what was left out by a filter is not checked', () => {
  const sides: Sides = [runs(hot(10_000)), runs(hot(30_000))];
  expect(gate('5%', 'function', sides, { exclude: ['hot'] }).outcome).toBe('passed');
  expect(gate('5%', 'function', sides, { filter: ['hot'] }).failures).toMatchObject([{ name: 'hot' }]);
});
