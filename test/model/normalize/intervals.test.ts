/** Tests the median against sorting. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measureIntervals } from '../../../src/model/normalize/intervals.ts';

/** Times with these intervals. */
function timesOf(gaps: readonly number[]): Float64Array {
  let time = 0;
  return Float64Array.from([0, ...gaps], (gap) => {
    time += gap;
    return time;
  });
}

/** The definition of the median. */
function medianOf(numbers: readonly number[]): number | null {
  const sorted = numbers.filter((number) => number > 0).sort((a, b) => a - b);
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2;
}

describe('intervals between samples', () => {
  const whole = fc.oneof(fc.nat(3), fc.nat(2000), fc.integer({ min: 65_000, max: 67_000 }), fc.nat(1e9));
  const eighths = fc.nat(40).map((number) => number / 8);

  test.each([
    ['whole', whole],
    ['in eighths', eighths],
    ['of both kinds', fc.oneof(whole, eighths)],
  ])('that are %s have the median of the positive ones', (_, gap) => {
    fc.assert(
      fc.property(fc.array(gap, { maxLength: 30 }), (gaps) => {
        const { after, median } = measureIntervals(timesOf(gaps));
        expect([...after]).toEqual([...gaps, 0]);
        expect(median).toBe(medianOf(gaps));
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    ['none', []],
    ['none, of one sample', [5]],
    ['none that are positive', [5, 5, 5]],
  ])('are %s', (_, times) => expect(measureIntervals(Float64Array.from(times)).median).toBeNull());
});
