/** Tests that times of lines add up, whatever happens to a profile. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apportion } from '../../src/model/apportion.ts';
import { linesOfNodes } from '../../src/model/call-tree.ts';
import { applyFocus } from '../../src/model/focus.ts';
import { type LineTimes, sumLines } from '../../src/model/line-times.ts';
import { merge } from '../../src/model/merge.ts';
import { normalizeStacks } from '../../src/model/normalize/sampled.ts';
import type { Profile, StacksProfile } from '../../src/model/profile.ts';
import { applyWindow } from '../../src/model/window.ts';
import { draw } from '../support/draw.ts';
import { linesOf, type Tick, withTicks } from '../support/lines.ts';

/** main → a, b; nodes: 0 root, 1 main, 2 a, 3 b */
const DRAWN = draw(`
  main main main main main
       a    a    b    a
`);

function ticked(...ticks: readonly Tick[]) {
  return normalizeStacks(withTicks(DRAWN, ticks), 'drawn');
}

describe('ticks of a node', () => {
  test('divide its time and its samples', () => {
    expect(linesOf(ticked([1, 3, 1], [2, 10, 2], [2, 12, 1]))).toEqual(['main:3 1000/1', 'a:10 2000/2', 'a:12 1000/1']);
  });

  test('on a line that V8 repeats add up', () => {
    expect(linesOf(ticked([2, 12, 1], [2, 10, 1], [2, 12, 1]))).toEqual(['a:10 1000/1', 'a:12 2000/2']);
  });

  test('divide a time that is no multiple by the largest remainder', () => {
    expect(linesOf(ticked([1, 1, 2], [1, 2, 2], [1, 3, 2]))).toEqual(['main:1 334/1', 'main:2 333/0', 'main:3 333/0']);
  });

  test('that has no file belong to no line', () => {
    const native = draw('write', { describe: (name) => ({ kind: 'native', name, file: '', line: 0, column: 0 }) });
    expect(linesOf(normalizeStacks(withTicks(native, [[1, 7, 1]]), 'drawn'))).toEqual([]);
  });
});

describe('samples with lines', () => {
  const profile = normalizeStacks({ ...DRAWN, sampleLines: Int32Array.of(3, 10, 12, 0, 10) }, 'drawn');

  test('give their lines their own durations', () => {
    expect(linesOf(profile)).toEqual(['main:3 1000/1', 'a:10 2000/2', 'a:12 1000/1']);
  });

  test('are clipped by a window', () => {
    const part = applyWindow(profile, { from: 1500, to: 4250 });
    expect(linesOf(part)).toEqual(['a:10 750/1', 'a:12 1000/1']);
    expect('callTree' in part && part.callTree.lines?.areScaled).toBe(false);
  });

  test('keep their lines where they are out of order', () => {
    const times = Float64Array.of(0, 2000, 1000, 3000, 4000);
    const raw = {
      ...DRAWN,
      times,
      samples: Int32Array.of(1, 2, 2, 3, 2),
      sampleLines: Int32Array.of(3, 12, 10, 20, 10),
    };
    expect(linesOf(normalizeStacks({ ...raw, duration: 5500 }, 'drawn'))).toEqual([
      'main:3 1000/1',
      'a:10 2500/2',
      'a:12 1000/1',
      'b:20 1000/1',
    ]);
  });
});

test('a window scales the ticks of the whole recording, and says so', () => {
  const part = applyWindow(ticked([1, 3, 1], [2, 10, 2], [2, 12, 1]), { from: 1000, to: 2500 });
  expect(linesOf(part)).toEqual(['a:10 1000/1', 'a:12 500/1']);
  expect('callTree' in part && part.callTree.lines?.areScaled).toBe(true);
});

test('focus and ignore keep the lines of the stacks that they keep', () => {
  const profile = ticked([1, 3, 1], [2, 10, 2], [2, 12, 1], [3, 20, 1]);
  const isA = (fn: number) => profile.functions.name[fn] === 'a';
  expect(linesOf(applyFocus(profile, [isA], []))).toEqual(['a:10 2000/2', 'a:12 1000/1']);
  expect(linesOf(applyFocus(profile, [], [isA]))).toEqual(['main:3 1000/1', 'b:20 1000/1']);
});

describe('the lines of one node alone are those that it has among all', () => {
  const recordings: Readonly<Record<string, () => StacksProfile>> = {
    ticks: () => ticked([1, 3, 1], [2, 10, 2], [2, 12, 1], [3, 9, 1]),
    samples: () => normalizeStacks({ ...DRAWN, sampleLines: Int32Array.of(3, 10, 12, 0, 10) }, 'drawn'),
  };
  const parts: Readonly<Record<string, (profile: Profile) => Profile>> = {
    whole: (profile) => profile,
    window: (profile) => applyWindow(profile, { from: 500, to: 4250 }),
    filter: (profile) => applyFocus(profile, [], [(fn) => profile.functions.name[fn] === 'b']),
    both: (profile) => parts['filter']?.(applyWindow(profile, { from: 500, to: 4250 })) ?? profile,
  };
  for (const [recording, record] of Object.entries(recordings)) {
    test.each(Object.entries(parts))(`${recording}, %s`, (_, partOf) => {
      // Profiles of their own: the lines of all are kept once they are found.
      const [one, all] = [partOf(record()), partOf(record())];
      if (!('callTree' in one && 'callTree' in all)) throw new Error('no stacks');
      const entries = (lines: LineTimes | null, node: number) =>
        (['line', 'self', 'samples'] as const).map((column) =>
          [...(lines?.[column] ?? [])].slice(lines?.start[node], lines?.start[node + 1]),
        );
      for (let node = 0; node < all.callTree.length; node++) {
        const isWanted = Uint8Array.from({ length: all.callTree.length }, (_, each) => Number(each === node));
        const lines = linesOfNodes(one.callTree, isWanted);
        expect(entries(lines, node)).toEqual(entries(all.callTree.lines, node));
        expect(lines?.areScaled).toBe(all.callTree.lines?.areScaled);
      }
    });
  }
});

test('merging adds up lines of equal nodes, also beside a profile without lines', () => {
  const one = ticked([1, 3, 1], [2, 10, 2], [2, 12, 1]);
  const other = ticked([2, 12, 1], [3, 20, 1]);
  const without = normalizeStacks(DRAWN, 'drawn');
  expect(linesOf(merge([one, other, without]))).toEqual(['main:3 1000/1', 'a:10 2000/2', 'a:12 4000/4', 'b:20 1000/1']);
});

test('merging many profiles adds up as one by one', () => {
  const raw = draw('main');
  const ticks = Array.from({ length: 50_000 }, (_, i): Tick => [1, i + 1, 1]);
  const profile = normalizeStacks(withTicks({ ...raw, duration: 50_000 }, ticks), 'drawn');
  const merged = merge([profile, profile, profile, profile]);
  const lines = 'callTree' in merged ? merged.callTree.lines : null;
  expect(lines?.length).toBe(50_000);
  expect(new Set(lines?.self)).toEqual(new Set([4]));
});

test('where every line was executing in a function of its own, functions have the lines', () => {
  const describe = (name: string) =>
    ({ kind: 'js', name: 'work', file: 'app.js', line: name.length, column: 1 }) as const;
  const raw = { ...draw('a bb bb', { describe }), linesAreSampled: true };
  expect(linesOf(normalizeStacks(raw, 'drawn'))).toEqual(['work:1 1000/1', 'work:2 2000/2']);
});

describe('properties', () => {
  test('parts are whole and add up to a whole total', () => {
    const weights = fc.array(fc.nat(1e6), { minLength: 1, maxLength: 20 }).filter((all) => all.some((one) => one > 0));
    fc.assert(
      fc.property(fc.nat(1e12), weights, (total, all) => {
        const parts = apportion(total, all);
        expect(parts.every((part) => Number.isInteger(part) && part >= 0)).toBe(true);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
        const sum = all.reduce((a, b) => a + b, 0);
        const differences = parts.map((part, i) => Math.abs(part - (total * (all[i] ?? 0)) / sum));
        expect(Math.max(...differences)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('rows of any order are summed by node and line', () => {
    const row = fc.record({
      node: fc.nat(4),
      line: fc.integer({ min: 1, max: 4 }),
      self: fc.nat(9),
      samples: fc.nat(9),
    });
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const column = (name: 'node' | 'line' | 'self' | 'samples') => rows.map((each) => each[name]);
        const summed = sumLines(
          {
            length: rows.length,
            node: Int32Array.from(column('node')),
            line: Int32Array.from(column('line')),
            self: Float64Array.from(column('self')),
            samples: Float64Array.from(column('samples')),
          },
          5,
        );
        const expected = new Map<string, number>();
        for (const { node, line, self } of rows) {
          expected.set(`${node}:${line}`, (expected.get(`${node}:${line}`) ?? 0) + self);
        }
        const actual = new Map<string, number>();
        for (let node = 0; node < 5; node++) {
          for (let i = summed.start[node] ?? 0; i < (summed.start[node + 1] ?? 0); i++) {
            actual.set(`${node}:${summed.line[i]}`, summed.self[i] ?? Number.NaN);
          }
        }
        expect(actual).toEqual(expected);
      }),
    );
  });
});
