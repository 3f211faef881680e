/** What is found: the total, and one function of many. */

import { expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import type { Comparison } from '../../src/compare/comparison.ts';
import { Chance, type Program, simulate } from '../support/runs.ts';

const SIMULATIONS = 120;

/** Sixty functions that vary by 3 % each. */
const PROGRAM: Program = { functions: 60, noise: 0.03, runNoise: 0.02 };

function simulated(seed: string, runs: number, program: Program, changed: Partial<Program>): Comparison[] {
  return Array.from({ length: SIMULATIONS }, (_, i) => {
    const chance = new Chance(`${seed} ${i}`);
    return compare(simulate(runs, chance, program), simulate(runs, chance, { ...program, ...changed }));
  });
}

const isCalled = ({ rows }: Comparison) => rows.some(({ name, verdict }) => name === 'f0' && verdict === 'slower');
const share = (comparisons: readonly Comparison[], is: (comparison: Comparison) => boolean) =>
  comparisons.filter(is).length / comparisons.length;

test('10 v 10 runs find 15 % more in one function of sixty, and hardly name another', () => {
  const comparisons = simulated('power', 10, PROGRAM, { change: 1.15 });
  const wrongOf = ({ rows }: Comparison) => {
    const names = rows.filter(({ self }) => self.significant === true).map(({ name }) => name);
    return names.length === 0 ? 0 : names.filter((name) => name !== 'f0').length / names.length;
  };
  expect(share(comparisons, isCalled)).toBeGreaterThanOrEqual(0.95);
  // Benjamini and Hochberg promise that 5 % of what is called is wrong, on average.
  expect(comparisons.reduce((sum, each) => sum + wrongOf(each), 0) / SIMULATIONS).toBeLessThanOrEqual(0.05 + 0.03);
});

test('7 v 7 runs, the number that the family needs, find 50 % more', () => {
  const comparisons = simulated('seven', 7, PROGRAM, { change: 1.5 });
  expect(new Set(comparisons.map(({ family }) => family.runsNeeded))).toEqual(new Set([7]));
  expect(share(comparisons, isCalled)).toBe(1);
});

test('10 v 10 runs that vary by 8 % find 20 % more in everything', () => {
  const comparisons = simulated('all', 10, { ...PROGRAM, runNoise: 0.08 }, { all: 1.2 });
  expect(share(comparisons, ({ verdict }) => verdict === 'slower')).toBeGreaterThanOrEqual(0.9);
  expect(share(comparisons, ({ verdict }) => verdict === 'faster')).toBe(0);
  expect(share(comparisons, ({ rows }) => rows.some(({ verdict }) => verdict === 'faster'))).toBe(0);
});

test.each([4, 10])('%i runs a side find twice the work in everything, always', (runs) => {
  const program = { ...PROGRAM, runNoise: 0.08 };
  const slower = simulated('double', runs, program, { all: 2 });
  expect(new Set(slower.map(({ verdict }) => verdict))).toEqual(new Set(['slower']));
  expect(share(slower, ({ rows }) => rows.some(({ verdict }) => verdict === 'faster'))).toBe(0);
  const faster = simulated('half', runs, program, { all: 0.5 });
  expect(new Set(faster.map(({ verdict }) => verdict))).toEqual(new Set(['faster']));
});

test('10 v 10 runs of twice the work in everything say that functions changed alike', () => {
  const comparisons = simulated('alike', 10, { ...PROGRAM, functions: 12 }, { all: 2 });
  expect(share(comparisons, ({ alike }) => alike !== null && Math.abs(alike.ratio - 2) < 0.1)).toBeGreaterThanOrEqual(
    0.95,
  );
});
