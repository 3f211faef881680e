/** Whether two versions that run in turn have run often enough. */

import type { Change } from './comparison.ts';
import { MIN_PAIRS } from './statistics/signed-rank.ts';
import { LEVEL } from './test-total.ts';

/** The blocks before the first look. */
export const FIRST_LOOK = MIN_PAIRS;

/**
 * Looking again and again finds differences where there are none: a look that stops where the interval of the total is
 * narrow takes those series whose spread is underestimated, and calls up to 7 % of them changed (simulated, stop at a
 * width of 5 %). So a series goes on while its verdict is open, that is, with a p between this and LEVEL: then 1 to 5 %
 * are called, and those that run to the end are tested once.
 */
const CLEAR_P = 0.01;

/** @param width of the interval, as a share of the time before */
export function isPreciseEnough(total: Change, width: number): boolean {
  const { p } = total;
  const found = intervalWidth(total);
  return p !== null && found !== null && found <= width && (p > LEVEL || p <= CLEAR_P);
}

/** As a share of the time before; null without an interval. */
export function intervalWidth({ low, high, before }: Change): number | null {
  if (low === null || high === null || before === null || !(before > 0)) return null;
  return (high - low) / before;
}
