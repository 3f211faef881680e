/** Real recordings of a program whose changes are known: recordings/compare-machine/README.md. */

import { describe, expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import type { Comparison } from '../../src/compare/comparison.ts';
import type { Stats } from '../../src/query/stats.ts';
import { loadMachineRuns } from '../support/machine-runs.ts';
import { Chance } from '../support/runs.ts';

const [same, same2, wait, noisyPlus] = await Promise.all([
  loadMachineRuns('same'),
  loadMachineRuns('same2'),
  loadMachineRuns('wait'),
  loadMachineRuns('noisy-plus'),
]);

const called = ({ rows }: Comparison) => rows.filter(({ self }) => self.significant === true).map(({ name }) => name);
const others = (comparison: Comparison) => comparison.otherTotals.map(({ basis }) => basis);

describe('all twelve runs a side', () => {
  test('name nothing where nothing changed', () => {
    const comparison = compare(same, same2);
    expect(comparison).toMatchObject({ basis: 'undisturbed', functionBasis: 'undisturbed', alike: null });
    expect(called(comparison)).toEqual([]);
  });

  test('of a program that waits longer are slower, and name the waiting function alone', () => {
    const comparison = compare(same, wait);
    expect(comparison.verdict).toBe('slower');
    expect(called(comparison)).toEqual(['waiter']);
    expect(comparison.total.delta).toBeGreaterThan(70_000);
    expect(comparison.total.delta).toBeLessThan(100_000);
    // CPU time does not see waiting.
    const cpu = comparison.otherTotals.find(({ basis }) => basis === 'cpu')?.change;
    expect(cpu?.delta ?? 0).toBeLessThan(20_000);
  });

  test('beside busy neighbours on one side find the slower function, and call no other', () => {
    for (const before of [same, same2]) {
      const comparison = compare(before, noisyPlus);
      const eight = called(comparison).filter((name) => /^f\d$/.test(name));
      expect(eight).toEqual(['f0']);
      const f0 = comparison.rows.find(({ name }) => name === 'f0');
      expect(f0).toMatchObject({ verdict: 'slower' });
      expect(f0?.self.ratio).toBeGreaterThan(1.2);
      expect(f0?.self.ratio).toBeLessThan(1.4);
    }
  });

  test('beside busy neighbours have nearly the same undisturbed total, though the counted one doubles', () => {
    const comparison = compare(same2, noisyPlus);
    expect(Math.abs((comparison.total.ratio ?? 9) - 1)).toBeLessThan(0.1);
    const counted = comparison.otherTotals.find(({ basis }) => basis === 'counted')?.change;
    expect(counted?.ratio).toBeGreaterThan(1.8);
    expect(comparison.notes).toContainEqual(expect.objectContaining({ code: 'queued', isRemoved: true }));
  });

  test('tell the other times below the undisturbed one', () => {
    for (const after of [same2, wait, noisyPlus])
      expect(others(compare(same, after))).toEqual(['counted', 'cpu', 'elapsed']);
  });
});

test("the undisturbed total of each run is near the kernel's: counted − queued", async () => {
  for (const set of ['same', 'same2', 'wait', 'noisy-plus'] as const) {
    const counted = await loadMachineRuns(set, 'counted');
    const undisturbed = await loadMachineRuns(set);
    undisturbed.forEach(({ summary }, i) => {
      const whole = counted[i]?.summary.counted ?? 0;
      const kernel = whole - (summary.run?.thread?.queued ?? 0);
      expect(Math.abs((summary.counted ?? 0) / kernel - 1)).toBeLessThan(0.02);
    });
  }
});

// ---- random draws ----------------------------------------------------------------------------------------------------

const DRAWS = 200;
const RUNS = 9;

/** Nine runs a side, without repetition, of one set or of two. */
function draw(chance: Chance, before: readonly Stats[], after: readonly Stats[]): Comparison {
  const shuffled = (list: readonly Stats[]) =>
    list
      .map((stats) => ({ stats, key: chance.uniform() }))
      .sort((a, b) => a.key - b.key)
      .map(({ stats }) => stats);
  if (before !== after) return compare(shuffled(before).slice(0, RUNS), shuffled(after).slice(0, RUNS));
  const pool = shuffled(before);
  return compare(pool.slice(0, RUNS), pool.slice(RUNS, 2 * RUNS));
}

type Question = (comparison: Comparison) => boolean;

/** For each question the share of draws of which it is true. */
function shares(seed: string, sides: readonly [readonly Stats[], readonly Stats[]], questions: readonly Question[]) {
  const hits = questions.map(() => 0);
  for (let i = 0; i < DRAWS; i++) {
    const comparison = draw(new Chance(`${seed} ${i}`), ...sides);
    questions.forEach((is, question) => {
      if (is(comparison)) hits[question] = (hits[question] ?? 0) + 1;
    });
  }
  return hits.map((count) => count / DRAWS);
}

const pool = [...same, ...same2];
const isCalled =
  (name: RegExp): Question =>
  (comparison) =>
    called(comparison).some((each) => name.test(each));

/** What chance allows beyond a level: three standard errors. */
const most = (level: number) => level + 3 * Math.sqrt((level * (1 - level)) / DRAWS);

describe(`${DRAWS} random draws of ${RUNS} v ${RUNS} runs`, () => {
  test('call the total changed in 5 % where nothing changed, and a function in no more', () => {
    const isTotal: Question = ({ total }) => total.significant === true;
    const [total, functions] = shares('same', [pool, pool], [isTotal, isCalled(/./)]);
    expect(total).toBeLessThanOrEqual(most(0.05));
    expect(functions).toBeLessThanOrEqual(most(0.05));
  });

  test('find the waiting function always, and call untouched ones in 10 % at most', () => {
    const isSlower: Question = ({ verdict }) => verdict === 'slower';
    const [slower, found, untouched] = shares(
      'wait',
      [pool, wait],
      [isSlower, isCalled(/^waiter$/), isCalled(/^f\d$/)],
    );
    expect([slower, found]).toEqual([1, 1]);
    expect(untouched).toBeLessThanOrEqual(0.1);
  });

  test('find the function that does 30 % more beside busy neighbours in 90 %, and never call it faster', () => {
    const isFaster: Question = ({ rows }) => rows.some(({ name, verdict }) => name === 'f0' && verdict === 'faster');
    const [found, untouched, faster] = shares(
      'plus',
      [pool, noisyPlus],
      [isCalled(/^f0$/), isCalled(/^f[1-7]$/), isFaster],
    );
    expect(found).toBeGreaterThanOrEqual(0.9);
    expect(untouched).toBeLessThanOrEqual(0.1);
    expect(faster).toBe(0);
  });
});
