/** The ±% of sampled times, against a sum over the samples one by one. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { merge } from '../../src/model/merge.ts';
import { mergeLines } from '../../src/model/merge-lines.ts';
import { normalize } from '../../src/model/normalize/normalize.ts';
import type { StacksProfile } from '../../src/model/profile.ts';
import { applyWindow } from '../../src/model/window.ts';
import { Stats } from '../../src/query/stats.ts';
import { fromStacks } from '../support/draw.ts';
import { profileOf, type StackSample, stackSamples } from '../support/stacks.ts';
import { traced, WORKED_EXAMPLE } from '../support/traced.ts';

/** Name -> errors, from the samples that have the function on top, or anywhere on their stack. */
function errorsOf(stacks: readonly StackSample[]): Record<string, (number | null)[]> {
  const errors: Record<string, (number | null)[]> = {};
  const filled = stacks.map(({ stack, weight }) => ({ stack: stack.length === 0 ? ['(no stack)'] : stack, weight }));
  for (const name of new Set(filled.flatMap(({ stack }) => stack))) {
    const total = filled.filter(({ stack }) => stack.includes(name));
    errors[name] = [total.filter(({ stack }) => stack.at(-1) === name), total].map((samples) =>
      relativeError(samples.map(({ weight }) => weight)),
    );
  }
  return errors;
}

function relativeError(durations: readonly number[]): number | null {
  const time = durations.reduce((sum, duration) => sum + duration, 0);
  const squares = durations.reduce((sum, duration) => sum + duration ** 2, 0);
  if (durations.length === 0) return null;
  return time === 0 ? 1 / Math.sqrt(durations.length) : Math.sqrt(squares) / time;
}

function expectErrors(profile: StacksProfile, stacks: readonly StackSample[]): void {
  const expected = errorsOf(stacks);
  const { rows } = new Stats(profile).functions();
  expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(expected).sort());
  for (const { name, selfError, totalError } of rows) {
    const [self = null, total = null] = expected[name] ?? [];
    expect([name, selfError === null, totalError === null]).toEqual([name, self === null, total === null]);
    expect(selfError ?? 0).toBeCloseTo(self ?? 0, 12);
    expect(totalError ?? 0).toBeCloseTo(total ?? 0, 12);
  }
}

test('is 1/√n for n samples of equal duration', () => {
  const stacks = [...Array(4).fill(['main', 'a']), ['main', 'b'], ['main', 'a', 'a']];
  const { rows } = new Stats(normalize(fromStacks(stacks), 'equal')).functions();
  expect(rows).toMatchObject([
    { name: 'a', selfError: expect.closeTo(1 / Math.sqrt(5), 12), totalError: expect.closeTo(1 / Math.sqrt(5), 12) },
    { name: 'b', selfError: 1, totalError: 1 },
    { name: 'main', selfError: null, totalError: expect.closeTo(1 / Math.sqrt(6), 12) },
  ]);
});

test('is 1/√n for hit counts without samples, with and without a duration', () => {
  const raw = fromStacks([['a'], ['b']]);
  const hitCount = Int32Array.from(raw.nodes.function, (fn) => (raw.functions.name[fn] === 'a' ? 9 : 0));
  for (const duration of [9000, null]) {
    const profile = normalize(
      { ...raw, nodes: { ...raw.nodes, hitCount }, samples: null, times: null, duration },
      'hits',
    );
    const row = new Stats(profile).functions().rows.find(({ name }) => name === 'a');
    expect(row?.selfError).toBeCloseTo(1 / 3, 12);
  }
});

test('is null for traced profiles', () => {
  for (const row of new Stats(traced(WORKED_EXAMPLE)).functions().rows) {
    expect(row).toMatchObject({ selfError: null, totalError: null });
  }
});

describe('is √Σd² / Σd over the sample durations', () => {
  test('of a file', () => {
    fc.assert(fc.property(stackSamples, (stacks) => expectErrors(profileOf(stacks), stacks)));
  });

  test('after merging files, and after merging lines', () => {
    fc.assert(
      fc.property(stackSamples, stackSamples, (first, second) => {
        const merged = merge([profileOf(first), profileOf(second)]);
        for (const profile of [merged, mergeLines(merged)])
          expectErrors(profile as StacksProfile, [...first, ...second]);
      }),
    );
  });

  test('inside a window, whose edges clip the durations', () => {
    fc.assert(
      fc.property(stackSamples, fc.nat(20_000), fc.nat(20_000), (stacks, from, length) => {
        const to = from + length + 1;
        let time = 0;
        const inside = stacks.flatMap(({ stack, weight }) => {
          const start = time;
          time += weight;
          const clipped = Math.max(0, Math.min(time, to) - Math.max(start, from));
          return clipped > 0 || (start >= from && start < to) ? [{ stack, weight: clipped }] : [];
        });
        const { rows } = new Stats(applyWindow(profileOf(stacks), { from, to })).functions();
        const expected = errorsOf(inside);
        for (const { name, total, totalError } of rows) {
          if (total !== null && total > 0) expect(totalError).toBeCloseTo(expected[name]?.[1] ?? Number.NaN, 12);
        }
      }),
    );
  });

  test('of the stacks that a focus keeps', () => {
    fc.assert(
      fc.property(stackSamples, (stacks) => {
        const kept = stacks.filter(({ stack }) => stack.includes('a'));
        const { profile } = new Stats(profileOf(stacks), { focus: ['/\\(a\\)$/'] });
        expectErrors(profile as StacksProfile, kept);
      }),
    );
  });
});
