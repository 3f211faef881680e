/** Counted time of which only the CPU time of the process says how much was disturbance. */

import { describe, expect, test } from 'vitest';
import type { Both } from '../../src/compare/both.ts';
import { meanChange } from '../../src/compare/changes.ts';
import { FunctionTest } from '../../src/compare/test-function.ts';

const RUNS = 10;

/** Values of ten runs, no two alike, within 1 %. */
const runs = (time: number, seed = 0) =>
  Array.from({ length: RUNS }, (_, run) => time * (1 + ((run * 7 + seed * 3) % 11) / 1000));

const bySides = (before: readonly number[], after: readonly number[]): Both<readonly number[]> => ({ before, after });

/** CPU ÷ counted of ten runs a side. */
const ratios = (before: number, after: number) => new FunctionTest(bySides(runs(before, 3), runs(after, 5)));

const tested = (test: FunctionTest, values: Both<readonly number[]>) => test.test(meanChange(values), values);

const SLOWER = bySides(runs(1000), runs(1300, 1));
const UNTOUCHED = bySides(runs(1000), runs(1000, 1));

describe('without CPU times', () => {
  const plain = new FunctionTest(null);

  test('a function is tested as it was recorded', () => {
    expect(tested(plain, SLOWER)).toMatchObject({ adjustedP: null, significant: null });
    expect(tested(plain, SLOWER).p).toBeCloseTo(2 / 184_756, 12);
    expect(tested(plain, UNTOUCHED).p).toBeGreaterThan(0.05);
  });

  test('the shift is that of the recorded times', () => {
    expect(tested(plain, SLOWER).shift).toBeCloseTo(300, -1);
  });
});

describe('where CPU and counted time agree on both sides', () => {
  test('a change is found, and its shift is that of the recorded times', () => {
    const change = tested(ratios(1, 1), SLOWER);
    expect(change.p).toBeLessThan(0.001);
    expect(change.shift).toBe(tested(new FunctionTest(null), SLOWER).shift);
  });

  test('nothing is called of an untouched function', () => {
    expect(tested(ratios(1, 1), UNTOUCHED).p).toBeGreaterThan(0.05);
  });
});

describe('a machine that was busier after', () => {
  // Half of the counted time is without a processor: every function takes twice as long.
  const busy = ratios(1, 0.5);

  test('gives no verdict to an unchanged function', () => {
    expect(tested(busy, bySides(runs(1000), runs(2000, 1))).p).toBeGreaterThan(0.05);
  });

  test('leaves a change visible that holds without the disturbance as well', () => {
    expect(tested(busy, bySides(runs(1000), runs(2600, 1))).p).toBeLessThan(0.001);
  });
});

describe('a program that waits longer after', () => {
  // 12 % of the counted time is waiting: multiplied by CPU ÷ counted, untouched functions would be 12 % faster.
  const waiting = ratios(1, 0.88);

  test('gives no verdict to an unchanged function', () => {
    expect(tested(waiting, UNTOUCHED).p).toBeGreaterThan(0.05);
  });

  test('leaves a change of a function visible', () => {
    expect(tested(waiting, SLOWER).p).toBeLessThan(0.001);
  });
});

describe('a program whose helper threads work more after', () => {
  // Multiplied by CPU ÷ counted, untouched functions would be 30 % slower.
  const garbage = ratios(1, 1.3);

  test('gives no verdict to an unchanged function', () => {
    expect(tested(garbage, UNTOUCHED).p).toBeGreaterThan(0.05);
  });
});

// Runs differ in CPU ÷ counted by ± 15 %: the ratio of the sides is 1.1, and may be anything from 1 to 1.2.
test('a change that holds at one end only of what is known of the ratio is not called', () => {
  const spread = (ratio: number) =>
    Array.from({ length: RUNS }, (_, run) => ratio * (1 + ((run * 7) % 10) / 30 - 0.15));
  const uncertain = new FunctionTest(bySides(spread(1), spread(1.1)));
  const values = bySides(runs(1000), runs(1100, 1));
  expect(tested(new FunctionTest(null), values).p).toBeLessThan(0.001);
  expect(tested(uncertain, values).p).toBeGreaterThan(0.05);
  expect(tested(uncertain, bySides(runs(1000), runs(1600, 1))).p).toBeLessThan(0.001);
});

test('a change that has the other sign under an explanation has p 1', () => {
  // 20 % slower as recorded, and 40 % faster if all of it was disturbance.
  expect(tested(ratios(1, 0.5), bySides(runs(1000), runs(1200, 1))).p).toBe(1);
});

test('a machine that was busier before gives no verdict to an unchanged function', () => {
  expect(tested(ratios(0.5, 1), bySides(runs(2000, 1), runs(1000))).p).toBeGreaterThan(0.05);
});
