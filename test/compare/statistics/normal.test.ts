import { expect, test } from 'vitest';
import { normalCdf } from '../../../src/compare/statistics/normal.ts';

// Python 3.11: 0.5 * math.erfc(-z / math.sqrt(2))
test.each([
  [-8, 6.220960574271819e-16],
  [-3.5, 0.00023262907903552504],
  [-3, 0.0013498980316300957],
  [-2.9, 0.0018658133003840384],
  [-1.959963984540054, 0.02500000000000002],
  [-1, 0.15865525393145705],
  [0, 0.5],
  [1, 0.8413447460685429],
  [4, 0.9999683287581669],
])('P(Z ≤ %d) is Python’s %d', (z, p) => {
  expect(Math.abs(normalCdf(z) - p)).toBeLessThanOrEqual(1e-13 * p);
});

test('is continuous where the series ends', () => {
  expect(normalCdf(-3 + 1e-12) / normalCdf(-3 - 1e-12)).toBeCloseTo(1, 10);
});
