/** The units of amounts in files of other tools. */

import type { Unit } from '../../model/raw-profile.ts';

/** Unit of time -> µs in it, by the names that pprof and speedscope use. */
const TIME_UNITS: ReadonlyMap<string, number> = new Map([
  ['nanoseconds', 1e-3],
  ['microseconds', 1],
  ['milliseconds', 1e3],
  ['seconds', 1e6],
]);

/** Whether amounts of this unit are times. */
export function isTimeUnit(unit: string): boolean {
  return TIME_UNITS.has(unit);
}

/** How many units of the profile one unit of the file is: µs for times, 1 for bytes and counts. */
export function amountPerUnit(unit: string): number {
  return TIME_UNITS.get(unit) ?? 1;
}

/** The unit of the profile for a unit of the file. */
export function unitOf(unit: string): Unit {
  if (isTimeUnit(unit)) return 'us';
  return unit === 'bytes' ? 'bytes' : 'count';
}
