/** `pstat ab --until` with given results; the slow test simulates how often it calls a change that is none. */

import { describe, expect, test } from 'vitest';
import { medianChange } from '../../src/compare/changes.ts';
import type { Change } from '../../src/compare/comparison.ts';
import { intervalWidth, isPreciseEnough } from '../../src/compare/stopping-rule.ts';

const tested = (p: number | null, low: number | null = -2, high: number | null = 2): Change => ({
  ...medianChange({ before: [100], after: [100] }),
  low,
  high,
  p,
});

describe('blocks are enough', () => {
  test('where the interval is as narrow as asked for', () => {
    expect(isPreciseEnough(tested(0.5), 0.04)).toBe(true);
    expect(isPreciseEnough(tested(0.5), 0.039)).toBe(false);
  });

  test('only with a clear verdict', () => {
    expect([0.06, 0.05, 0.02, 0.01, 0.001].map((p) => isPreciseEnough(tested(p), 0.1))).toEqual([
      true,
      false,
      false,
      true,
      true,
    ]);
  });

  test('never without a test or an interval', () => {
    expect(isPreciseEnough(tested(null), 0.1)).toBe(false);
    expect(isPreciseEnough(tested(0.5, null, null), 0.1)).toBe(false);
  });
});

test('the width of an interval is a share of the time before', () => {
  expect(intervalWidth(tested(0.5))).toBe(0.04);
  expect(intervalWidth(tested(0.5, null, 2))).toBeNull();
  expect(intervalWidth({ ...tested(0.5), before: 0 })).toBeNull();
});
