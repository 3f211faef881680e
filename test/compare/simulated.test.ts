/** Sets of runs between which nothing changed: what is called significant all the same must stay within the level. */

import { describe, expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import { Chance, type Program, simulate } from '../support/runs.ts';

/** Sixty functions; lognormal noise; in each run a machine up to 40 % faster or slower. */
const PROGRAM: Program = { functions: 60, noise: 0.1, machine: 0.4 };
const LEVEL = 0.05;

/** The shares of comparisons in which some function, and in which the whole, is called significant. */
function falseAlarms(seed: string, comparisons: number, draw: (chance: Chance) => Parameters<typeof compare>) {
  let functions = 0;
  let wholes = 0;
  for (let i = 0; i < comparisons; i++) {
    const { rows, whole } = compare(...draw(new Chance(`${seed} ${i}`)));
    if (rows.some(({ self }) => self.significant === true)) functions++;
    if (whole.significant === true) wholes++;
  }
  // What chance allows: three standard errors.
  const most = LEVEL + 3 * Math.sqrt((LEVEL * (1 - LEVEL)) / comparisons);
  return { functions: functions / comparisons, whole: wholes / comparisons, most };
}

describe('false alarms', () => {
  const twice = (runs: number, program: Program) => (chance: Chance) =>
    [simulate(runs, chance, program), simulate(runs, chance, program)] as const;

  test.each([
    ['10 v 10 runs', 150, twice(10, PROGRAM)],
    ['5 v 5 runs', 300, twice(5, PROGRAM)],
    ['10 v 10 runs of few functions', 300, twice(10, { ...PROGRAM, functions: 6 })],
    ['10 v 10 sampled runs', 60, twice(10, { ...PROGRAM, noise: 0.05, samples: 1000 })],
    ['5 v 5 sampled runs', 150, twice(5, { ...PROGRAM, noise: 0.05, samples: 1000 })],
    [
      '6 v 6 runs on a machine that is 40 % slower after',
      200,
      (chance: Chance) =>
        [
          simulate(6, chance, { ...PROGRAM, machine: 0.05 }),
          simulate(6, chance, { ...PROGRAM, machine: 0.05, slower: 1.4 }),
        ] as const,
    ],
  ])('%s', (name, comparisons, draw) => {
    const { functions, whole, most } = falseAlarms(name, comparisons, (chance) => [...draw(chance)]);
    expect(functions).toBeLessThanOrEqual(most);
    expect(whole).toBeLessThanOrEqual(most);
  });
});
