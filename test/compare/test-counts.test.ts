import { describe, expect, test } from 'vitest';
import { testCounts } from '../../src/compare/test-counts.ts';
import type { Count } from '../../src/model/count.ts';

/** Whether the calls of one function changed. */
const changed = (before: readonly Count[], after: readonly Count[]) => testCounts([{ before, after }])[0];

describe('calls that agree within each side', () => {
  test('changed for certain if the sides differ; two runs a side suffice', () => {
    expect(changed([9241, 9241], [6244, 6244])).toBe(true);
    expect(changed([5, 5], [6, 6, 6])).toBe(true);
    expect(changed([0, 0], [1, 1])).toBe(true);
  });

  test('did not change if the sides agree', () => {
    expect(changed([5, 5], [5, 5])).toBe(false);
  });

  test('beyond 2^53 are distinguished by one call', () => {
    const large = 2n ** 70n;
    expect(changed([large, large], [large + 1n, large + 1n])).toBe(true);
    expect(changed([large, large], [large, large])).toBe(false);
  });

  test('are certain beside functions whose counts vary', () => {
    const varying = Array.from({ length: 50 }, (_, i) => ({ before: [i, 1, 2, 3], after: [2, i, 3, 1] }));
    expect(testCounts([...varying, { before: [7, 7, 7, 7], after: [8, 8, 8, 8] }]).at(-1)).toBe(true);
  });
});

describe('with one run on a side', () => {
  test.each([
    [[5], [5]],
    [[5], [9]],
    [[5], [9, 9, 9, 9]],
    [[5, 5, 5, 5], [9]],
  ])('nothing is known: %j v %j', (before, after) => {
    expect(changed(before, after)).toBeNull();
  });
});

describe('counts that vary within a side', () => {
  test('are tested like times', () => {
    expect(changed([100, 101, 102, 103], [104, 105, 106, 107])).toBe(true);
    expect(changed([100, 101, 102, 103], [103, 104, 105, 106])).toBe(false);
  });

  test('are not tested with fewer than 4 runs a side', () => {
    expect(changed([100, 101, 102], [200, 201, 202])).toBeNull();
    expect(changed([100, 101], [200, 200])).toBeNull();
  });

  // Disjoint ranges at 4 v 4 are chance: among 30 functions, 57 % of comparisons without a change show one.
  test('are one family: disjoint ranges of one function among 30 at 4 v 4 are no change', () => {
    const same = Array.from({ length: 29 }, (_, i) => ({ before: [1, i, 3, 4], after: [4, 3, i, 1] }));
    const disjoint = { before: [1, 2, 3, 4], after: [5, 6, 7, 8] };
    expect(testCounts([disjoint])).toEqual([true]);
    expect(testCounts([...same, disjoint]).at(-1)).toBe(false);
  });

  test('beyond 2^53 are tested, too', () => {
    const large = (more: bigint) => 2n ** 70n * (10n + more);
    expect(changed([large(0n), large(1n), large(2n), large(3n)], [large(4n), large(5n), large(6n), large(7n)])).toBe(
      true,
    );
  });
});

test('no functions have no counts', () => {
  expect(testCounts([])).toEqual([]);
});
