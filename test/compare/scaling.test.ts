import { describe, expect, test } from 'vitest';
import { speedFactors } from '../../src/compare/scaling.ts';
import { Chance } from '../support/runs.ts';

/** function -> run -> µs: sixty functions of unlike weight, each time off by up to 1 %. */
function times(runs: number, factor: (run: number, fn: number) => number, functions = 60): number[][] {
  const chance = new Chance('scaling');
  return Array.from({ length: functions }, (_, fn) =>
    Array.from({ length: runs }, (_, run) => 100 * (fn + 1) * (1 + 0.01 * chance.uniform()) * factor(run, fn)),
  );
}

test('runs alike are 1', () => {
  for (const factor of speedFactors(
    times(6, () => 1),
    6,
  ))
    expect(factor).toBeCloseTo(1, 2);
});

test('one changed function of sixty moves no factor', () => {
  const unchanged = speedFactors(
    times(6, () => 1),
    6,
  );
  const changed = speedFactors(
    times(6, (run, fn) => (fn === 59 && run >= 3 ? 10 : 1)),
    6,
  );
  changed.forEach((factor, run) => {
    expect(factor).toBeCloseTo(unchanged[run] ?? 0, 3);
  });
});

test('a third of them changed moves the factors by no more than the noise', () => {
  const changed = speedFactors(
    times(6, (run, fn) => (fn % 3 === 0 && run >= 3 ? 5 : 1)),
    6,
  );
  for (const factor of changed) expect(Math.abs(factor - 1)).toBeLessThan(0.01);
});

test('runs that are slower as a whole are found, and by how much', () => {
  const [a = 0, b = 0, c = 0, d = 0] = speedFactors(
    times(4, (run) => [1, 1.4, 0.8, 1][run] ?? 1),
    4,
  );
  expect(b / a).toBeCloseTo(1.4, 2);
  expect(c / a).toBeCloseTo(0.8, 2);
  expect(d / a).toBeCloseTo(1, 2);
});

test('the factors are around 1: an ordinary run has it', () => {
  const factors = speedFactors(
    times(5, (run) => run + 1),
    5,
  );
  expect(factors.toSorted((a, b) => a - b)[2]).toBe(1);
});

describe('too little to go by', () => {
  test('few functions', () => {
    expect(
      speedFactors(
        times(4, (run) => run + 1, 4),
        4,
      ),
    ).toEqual([1, 1, 1, 1]);
    expect(
      speedFactors(
        times(4, (run) => run + 1, 5),
        4,
      ),
    ).not.toEqual([1, 1, 1, 1]);
  });

  test('functions that a run does not hold do not count', () => {
    const holes = times(4, (run) => run + 1, 8).map((row, fn) =>
      fn < 4 ? row.map((time, run) => (run === 2 ? 0 : time)) : row,
    );
    expect(speedFactors(holes, 4)).toEqual([1, 1, 1, 1]);
  });

  test('none at all', () => {
    expect(speedFactors([], 3)).toEqual([1, 1, 1]);
  });
});
