import { describe, expect, test } from 'vitest';
import { canTest, testTotal, totalVerdict } from '../../src/compare/test-total.ts';

const steps = (count: number, from: number) => Array.from({ length: count }, (_, i) => from + i);

describe('with 4 processes a side or more', () => {
  test('a total is tested by itself, and says slower', () => {
    const total = testTotal({ before: steps(4, 10), after: steps(4, 20) });
    expect(total).toMatchObject({ before: 11.5, after: 21.5, delta: 10, shift: 10, significant: true });
    expect(total.p).toBeCloseTo(2 / 70, 12);
    expect(total.adjustedP).toBe(total.p);
    expect(totalVerdict(total)).toBe('slower');
  });

  test('the other direction says faster', () => {
    expect(totalVerdict(testTotal({ before: steps(4, 20), after: steps(4, 10) }))).toBe('faster');
  });

  test('ranges that overlap say no change', () => {
    const total = testTotal({ before: steps(4, 10), after: steps(4, 12) });
    expect(total).toMatchObject({ significant: false });
    expect(totalVerdict(total)).toBe('no-change');
  });

  test('equal totals have p 1', () => {
    expect(testTotal({ before: [5, 5, 5, 5], after: [5, 5, 5, 5] })).toMatchObject({ p: 1, significant: false });
  });
});

describe('with fewer than 4 processes on a side', () => {
  test.each([
    [1, 1],
    [3, 3],
    [3, 40],
    [40, 3],
    [0, 0],
  ])('%i v %i: no p, no interval, inconclusive', (before, after) => {
    const total = testTotal({ before: steps(before, 10), after: steps(after, 90) });
    expect(total).toMatchObject({ shift: null, low: null, high: null, p: null, adjustedP: null, significant: null });
    expect(totalVerdict(total)).toBe('inconclusive');
    expect(canTest(before, after)).toBe(false);
  });
});

// The median of after is larger, and most differences between a value of after and one of before are negative.
test('is no change where the medians and the shift have opposite signs, whatever the p', () => {
  const before = [...steps(10, 100), ...steps(9, 300)];
  const after = [...steps(9, 0), ...steps(10, 110)];
  const total = testTotal({ before, after });
  expect(total.p).toBeLessThan(0.05);
  expect((total.delta ?? 0) * (total.shift ?? 0)).toBeLessThan(0);
  expect(total.significant).toBe(false);
});

test('is not tested where a time is infinite', () => {
  const before = [Number.POSITIVE_INFINITY, ...steps(4, 1)];
  expect(testTotal({ before, after: steps(5, 9) })).toMatchObject({ p: null, significant: null });
});
