import { describe, expect, test } from 'vitest';
import { median } from '../../src/base/averages.ts';

describe('median', () => {
  test('is the middle value or the mean of the two middle values', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median(Float64Array.of(10, 9))).toBe(9.5);
    expect(median([])).toBeNaN();
    expect(median([1, Number.NaN, 2, 3])).toBeNaN();
  });

  test('sorts numerically and does not change its argument', () => {
    const given = [10, 9, 100];
    expect(median(given)).toBe(10);
    expect(given).toEqual([10, 9, 100]);
  });
});
