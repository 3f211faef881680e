/**
 * How fast the machine was in each run. A machine that is slower as a whole slows every function; what a change did
 * shows in how a function moved against the others.
 */

import { median } from './median.ts';

/** With fewer functions than this in every run, the median of ratios says little, and nothing is scaled. */
const FEWEST = 5;

/**
 * run -> factor: the median, over functions, of the run's time against the function's mean time over all runs. 1 is an
 * ordinary run. The median is not moved by the few functions that changed; equal wholes would be, and would make all
 * others seem to move the opposite way.
 *
 * @param times function -> run -> µs, functions that carry weight in every run
 */
export function speedFactors(times: readonly (readonly number[])[], runs: number): number[] {
  const present = times.filter((row) => row.every((time) => time > 0));
  if (present.length < FEWEST) return new Array<number>(runs).fill(1);
  const means = present.map((row) => Math.exp(row.reduce((sum, time) => sum + Math.log(time), 0) / row.length));
  const raw = Array.from({ length: runs }, (_, run) =>
    median(present.map((row, fn) => (row[run] ?? 0) / (means[fn] ?? 1))),
  );
  const middle = median(raw);
  return raw.map((factor) => factor / middle);
}
