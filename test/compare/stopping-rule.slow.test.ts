/** `pstat ab --until`: blocks until the interval of the total is narrow. What is called is simulated, block by block. */

import { describe, expect, test } from 'vitest';
import { FIRST_LOOK, isPreciseEnough } from '../../src/compare/stopping-rule.ts';
import { testTotal } from '../../src/compare/test-total.ts';
import { Chance } from '../support/runs.ts';

/** A machine: gives the time of one run after the other, 100 without noise. */
type Machine = (chance: Chance) => () => number;

/** @param spread in percent of the time */
const MACHINES: Readonly<Record<string, (spread: number) => Machine>> = {
  'normal noise': (spread) => (chance) => () => 100 + spread * chance.normal(),
  'skewed noise': (spread) => (chance) => () => 100 - spread * Math.log(chance.uniform()),
  'now and then a run that is disturbed': (spread) => (chance) => () =>
    100 + 0.5 * spread * chance.normal() + (chance.uniform() < 0.15 ? 6 * spread : 0),
  'noise without a variance': (spread) => (chance) => () =>
    100 + (0.7 * spread * chance.normal()) / Math.sqrt(-Math.log(chance.uniform())),
  'a machine that becomes slower': (spread) => (chance) => {
    const slope = 0.5 * spread * chance.normal();
    let run = 0;
    return () => 100 + slope * run++ + spread * chance.normal();
  },
  'drift to and fro': (spread) => (chance) => {
    let drift = 0;
    return () => {
      drift = 0.8 * drift + 0.6 * spread * chance.normal();
      return 100 + drift + 0.3 * spread * chance.normal();
    };
  },
  'calm and busy times': (spread) => (chance) => {
    let scale = 1;
    return () => {
      if (chance.uniform() < 0.1) scale = Math.exp(1.2 * chance.normal());
      return 100 + spread * scale * chance.normal();
    };
  },
};

const WIDTH = 0.05;
const MAX = 20;

/** @param change of the second version, a factor */
function run(machine: Machine, chance: Chance, change = 1) {
  const next = machine(chance);
  const totals = { before: [] as number[], after: [] as number[], isPaired: true };
  for (let block = 1; ; block++) {
    const first = next();
    const second = next();
    const [before, after] = block % 2 === 1 ? [first, second] : [second, first];
    totals.before.push(before);
    totals.after.push(after * change);
    if (block < FIRST_LOOK) continue;
    const total = testTotal(totals);
    if (block === MAX || isPreciseEnough(total, WIDTH)) return { total, blocks: block };
  }
}

/** 20,000 series of each machine gave at most 4.99 %. */
const SERIES = 2000;
/** Two standard errors of so many series above 5 %. */
const LIMIT = 0.05 + 2 * Math.sqrt((0.05 * 0.95) / SERIES);

describe('without a difference, about 5 % of 2,000 series at most are called slower or faster', () => {
  test.each([
    ['normal noise', 2],
    ['normal noise', 3],
    ['normal noise', 5],
    ['skewed noise', 4],
    ['now and then a run that is disturbed', 2],
    ['noise without a variance', 3],
    ['a machine that becomes slower', 3],
    ['drift to and fro', 6],
    ['calm and busy times', 2],
  ])(
    '%s, %i %',
    (name, spread) => {
      const machine = MACHINES[name]?.(spread) ?? expect.unreachable();
      let called = 0;
      for (let i = 0; i < SERIES; i++) {
        if (run(machine, new Chance(`${name} ${spread} ${i}`)).total.significant === true) called++;
      }
      expect(called / SERIES).toBeLessThanOrEqual(LIMIT);
    },
    600_000,
  );
});

test('a difference of 10 % is found, after fewer blocks where the machine is quiet', () => {
  const series = (spread: number) =>
    Array.from({ length: 300 }, (_, i) =>
      run((chance) => () => 100 + spread * chance.normal(), new Chance(`${spread} ${i}`), 1.1),
    );
  const [quiet, busy] = [series(1), series(4)];
  const found = (list: typeof quiet) =>
    list.filter(({ total }) => total.significant === true && (total.delta ?? 0) > 0);
  expect(found(quiet)).toHaveLength(300);
  expect(found(busy).length / 300).toBeGreaterThanOrEqual(0.98);
  const blocks = (list: typeof quiet) => list.reduce((sum, each) => sum + each.blocks, 0) / list.length;
  expect(blocks(quiet)).toBeLessThan(9);
  expect(blocks(busy)).toBeGreaterThan(12);
});
