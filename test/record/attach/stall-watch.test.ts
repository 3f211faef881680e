/** Which stalls of an event loop are reported, how often, and when they were. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { StallWatch } from '../../../src/record/attach/stall-watch.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const SECOND = 1e6;

test('a stall that is over is reported with the date of its end', () => {
  const facts = { now: 9 * SECOND, turn: 9 * SECOND, gaps: [[2 * SECOND, 3 * SECOND]] as const };
  expect(new StallWatch(SECOND).take(facts)).toEqual([
    { after: 2 * SECOND, end: 3 * SECOND, state: 'over', date: 994_000 },
  ]);
});

test('a stall that goes on is reported once, when it has lasted for ten seconds', () => {
  const watch = new StallWatch(SECOND);
  const take = (seconds: number, gaps: readonly [number, number][] = []) =>
    watch
      .take({ now: seconds * SECOND, turn: gaps.length === 0 ? 0 : seconds * SECOND, gaps })
      .map(({ state }) => state);
  expect([take(9), take(10), take(11), take(12, [[0, 12 * SECOND]])]).toEqual([[], ['goes on'], [], []]);
});

test('the stall in which the program ends has the date at which it was seen last', () => {
  const watch = new StallWatch(SECOND);
  watch.take({ now: 5 * SECOND, turn: 3 * SECOND, gaps: [] });
  vi.setSystemTime(1_800_000);
  const stall = { after: 3 * SECOND, end: 5 * SECOND, state: 'ended with the program', date: 1_000_000 };
  expect(watch.takeOpen('ended with the program')).toEqual([stall]);
  expect(watch.takeOpen('ended with the program')).toEqual([]);
});

test('a loop that turned within the limit has no open stall', () => {
  const watch = new StallWatch(SECOND);
  expect(watch.takeOpen('goes on')).toEqual([]);
  watch.take({ now: SECOND, turn: 0.5 * SECOND, gaps: [] });
  expect(watch.takeOpen('goes on')).toEqual([]);
});
