/** A program that does four times its work, as under REPEAT=4: slower, alike, and never the opposite. */

import { describe, expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import type { Comparison } from '../../src/compare/comparison.ts';
import { Chance, sampledRun, tracedRun } from '../support/runs.ts';

const RUNS = 8;

/** name -> ms of one repetition */
const WORK: Readonly<Record<string, number>> = { parse: 40, sort: 25, render: 15, hash: 10, format: 6, escape: 4 };

/** Ten modules are loaded once, whatever is repeated. */
const MODULES = Array.from({ length: 10 }, (_, i) => ({ name: `module${i}`, line: 100 + i }));

/** Python under cProfile: every call is counted. */
function traced(repeat: number, chance: Chance) {
  const ofRun = chance.lognormal(0.08);
  const repeated = Object.entries(WORK).map(([name, ms], i) => ({
    name,
    line: i + 1,
    time: 1000 * ms * repeat * ofRun * chance.lognormal(0.03),
    calls: 500 * (i + 1) * repeat,
  }));
  const loaded = MODULES.map((module) => ({ ...module, time: 200 * ofRun * chance.lognormal(0.03), calls: 1 }));
  return tracedRun([...repeated, ...loaded]);
}

/** V8, a sample every 1 ms. */
function sampled(repeat: number, chance: Chance) {
  const ofRun = chance.lognormal(0.08);
  const repeated = Object.entries(WORK).map(([name, ms], i) => ({
    name,
    line: i + 1,
    calls: chance.poisson(ms * repeat * ofRun * chance.lognormal(0.03)),
  }));
  const loaded = MODULES.map((module) => ({ ...module, calls: chance.poisson(0.2 * ofRun) }));
  return sampledRun([...repeated, ...loaded]);
}

describe.each([
  ['Python, traced', traced],
  ['V8, sampled', sampled],
])('%s', (kind, run) => {
  const runs = (repeat: number) =>
    Array.from({ length: RUNS }, (_, i) => run(repeat, new Chance(`${kind} ${repeat} ${i}`)));
  const [once, fourTimes] = [runs(1), runs(4)];
  const verdicts = ({ rows }: Comparison) => new Set(rows.map(({ verdict }) => verdict));

  test('four times the work is slower, × 4', () => {
    const comparison = compare(once, fourTimes);
    expect(comparison).toMatchObject({ verdict: 'slower', total: { significant: true } });
    expect(comparison.total.ratio).toBeGreaterThan(3.5);
    expect(comparison.total.ratio).toBeLessThan(4.5);
    expect(verdicts(comparison)).not.toContain('faster');
  });

  test('a quarter of the work is faster', () => {
    const comparison = compare(fourTimes, once);
    expect(comparison.verdict).toBe('faster');
    expect(comparison.total.ratio).toBeLessThan(0.3);
    expect(verdicts(comparison)).not.toContain('slower');
  });

  test('each repeated function says the same', () => {
    const { rows } = compare(once, fourTimes);
    for (const name of Object.keys(WORK)) expect(rows.find((row) => row.name === name)?.verdict).toBe('slower');
  });

  test('the same work is no change', () => {
    expect(compare(once, runs(1)).verdict).toBe('no-change');
  });
});

describe('the work that traced calls tell', () => {
  const [once, fourTimes] = [1, 4].map((repeat) => [0, 1].map((i) => traced(repeat, new Chance(`work ${i}`))));

  test('is × 4, though modules are loaded once', () => {
    expect(compare(once ?? [], fourTimes ?? []).work).toBe(4);
    expect(compare(fourTimes ?? [], once ?? []).work).toBe(0.25);
  });

  test('is found by one run a side: counts are exact', () => {
    expect(compare(once?.slice(0, 1) ?? [], fourTimes?.slice(0, 1) ?? []).work).toBe(4);
  });

  test('is not found where the calls did not change', () => {
    expect(compare(once ?? [], once ?? []).work).toBeNull();
  });
});
