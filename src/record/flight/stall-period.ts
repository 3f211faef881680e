/** How often an event loop is looked at: often enough to measure a stall, and seldom enough to cost nothing. */

import type { Microseconds } from '../../model/raw-profile.ts';

/** @param limit of a stall @returns µs between two looks */
export function stallPeriod(limit: Microseconds): Microseconds {
  return limit < 20e3 ? 5e3 : limit > 200e3 ? 50e3 : limit / 4;
}
