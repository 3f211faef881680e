/** The difference of two clocks, from readings of one between two readings of the other. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClockOffset } from '../../src/record/clock.ts';

const offsetFrom = (...readings: readonly [time: number, before: number, after: number][]) => {
  const offset = new ClockOffset();
  for (const reading of readings) offset.addReading(...reading);
  return offset.value;
};

test('the offset is 0 while both clocks may be the same', () => {
  expect(offsetFrom([100, 99.2, 130])).toBe(0);
  expect(offsetFrom([100, 100.9, 130])).toBe(0); // V8 truncates to whole µs
  expect(offsetFrom([100, 99, 101], [200, 180, 200.1])).toBe(0);
});

test('more readings make the offset more exact', () => {
  expect(offsetFrom([1100, 90, 130])).toBe((970 + 1011) / 2);
  expect(offsetFrom([1100, 90, 130], [1200, 199, 205])).toBe((995 + 1002) / 2);
});

test('a drift of a clock restarts the measurement', () => {
  expect(offsetFrom([1100, 99, 101], [5000, 999, 1001])).toBe((3999 + 4002) / 2);
});

test('the offset differs from the true one by at most the widest reading', () => {
  const moments = fc.array(fc.tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.nat(50), fc.nat(50)), {
    minLength: 1,
  });
  fc.assert(
    fc.property(moments, fc.integer({ min: 1000, max: 1e9 }), (times, difference) => {
      const value = offsetFrom(
        ...times.map(
          ([at, early, late]) => [Math.floor(at + difference), at - early, at + late] as [number, number, number],
        ),
      );
      const widest = Math.min(...times.map(([, early, late]) => early + late + 1));
      expect(Math.abs(value - difference)).toBeLessThanOrEqual(widest);
    }),
  );
});
