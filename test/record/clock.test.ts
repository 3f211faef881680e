/** The difference of two clocks, from pairs of times between which the other was read. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClockOffset } from '../../src/record/clock.ts';

const learned = (...brackets: readonly [time: number, before: number, after: number][]) => {
  const offset = new ClockOffset();
  for (const bracket of brackets) offset.learn(...bracket);
  return offset.value;
};

test('one clock has no difference, as long as it can be one', () => {
  expect(learned([100, 99.2, 130])).toBe(0);
  expect(learned([100, 100.9, 130])).toBe(0); // V8 cuts to whole µs
  expect(learned([100, 99, 101], [200, 180, 200.1])).toBe(0);
});

test('two clocks have one, the better known the more often they are compared', () => {
  expect(learned([1100, 90, 130])).toBe((970 + 1011) / 2);
  expect(learned([1100, 90, 130], [1200, 199, 205])).toBe((995 + 1002) / 2);
});

test('a clock that drifts away is measured anew', () => {
  expect(learned([1100, 99, 101], [5000, 999, 1001])).toBe((3999 + 4002) / 2);
});

test('the true difference is never far', () => {
  const moments = fc.array(fc.tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.nat(50), fc.nat(50)), {
    minLength: 1,
  });
  fc.assert(
    fc.property(moments, fc.integer({ min: 1000, max: 1e9 }), (times, difference) => {
      const value = learned(
        ...times.map(
          ([at, early, late]) => [Math.floor(at + difference), at - early, at + late] as [number, number, number],
        ),
      );
      const widest = Math.min(...times.map(([, early, late]) => early + late + 1));
      expect(Math.abs(value - difference)).toBeLessThanOrEqual(widest);
    }),
  );
});
