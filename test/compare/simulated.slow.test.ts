/** Sets of runs between which nothing changed: what is called significant all the same must stay within the level. */

import { describe, expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import type { Stats } from '../../src/query/stats.ts';
import { Chance, type Program, sampledRun, simulate } from '../support/runs.ts';

/** Sixty functions that vary by 10 % each, in runs that vary by 8 %. */
const PROGRAM: Program = { functions: 60, noise: 0.1, runNoise: 0.08 };
const LEVEL = 0.05;

type Draw = (chance: Chance) => readonly [readonly Stats[], readonly Stats[]];

/** The shares of comparisons in which some function, and in which the total, is called significant. */
function falseAlarms(seed: string, comparisons: number, draw: Draw) {
  let functions = 0;
  let totals = 0;
  for (let i = 0; i < comparisons; i++) {
    const { rows, total } = compare(...draw(new Chance(`${seed} ${i}`)));
    if (rows.some(({ self }) => self.significant === true)) functions++;
    if (total.significant === true) totals++;
  }
  // What chance allows: three standard errors.
  const most = LEVEL + 3 * Math.sqrt((LEVEL * (1 - LEVEL)) / comparisons);
  return { functions: functions / comparisons, total: totals / comparisons, most };
}

const twice =
  (runs: number, program: Program): Draw =>
  (chance) => [simulate(runs, chance, program), simulate(runs, chance, program)];

/**
 * Requests of a few processes: each process is slower or faster by a factor of its own. Of the variance of requests,
 * 0.3 is between processes (the intraclass correlation).
 */
function requests(processes: number, perProcess: number, chance: Chance): Stats[] {
  const spread = 0.2;
  return Array.from({ length: processes }, (_, process) => {
    const ofProcess = chance.lognormal(spread * Math.sqrt(0.3));
    return Array.from({ length: perProcess }, () => {
      const time = 20 * ofProcess * chance.lognormal(spread * Math.sqrt(0.7));
      const functions = Array.from({ length: 6 }, (_, fn) => ({
        name: `f${fn}`,
        line: fn + 1,
        calls: chance.poisson(time / 6),
      }));
      return sampledRun(functions, { request: { worker: `${process}/0`, busy: 1000 * time } });
    });
  }).flat();
}

const served =
  (processes: number, perProcess: number): Draw =>
  (chance) => [requests(processes, perProcess, chance), requests(processes, perProcess, chance)];

describe('without a change, 5 % of comparisons at most call the total changed, and no more call a function', () => {
  test.each<[string, number, Draw]>([
    ['10 v 10 runs', 150, twice(10, PROGRAM)],
    ['5 v 5 runs', 300, twice(5, PROGRAM)],
    ['10 v 10 runs of few functions', 300, twice(10, { ...PROGRAM, functions: 6 })],
    ['10 v 10 sampled runs', 60, twice(10, { ...PROGRAM, noise: 0.05, samples: 1000 })],
    ['5 v 5 sampled runs', 150, twice(5, { ...PROGRAM, noise: 0.05, samples: 1000 })],
    ['4 v 4 processes of 10 requests', 150, served(4, 10)],
    ['8 v 8 processes of 5 requests', 100, served(8, 5)],
  ])('%s', (name, comparisons, draw) => {
    const { functions, total, most } = falseAlarms(name, comparisons, draw);
    expect(functions).toBeLessThanOrEqual(most);
    expect(total).toBeLessThanOrEqual(most);
  });
});

test('requests of one process are one run, however many there are', () => {
  const chance = new Chance('one process');
  const { verdict, total, before } = compare(requests(1, 40, chance), requests(1, 40, chance));
  expect([verdict, total.p, before.runs, before.requests]).toEqual(['inconclusive', null, 1, 40]);
});
