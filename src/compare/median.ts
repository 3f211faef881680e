import { within } from '../model/columns.ts';

/** The middle value, or the mean of the middle two, of sorted or unsorted numbers; NaN of none. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return Number.NaN;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? within(sorted[middle]) : (within(sorted[middle - 1]) + within(sorted[middle])) / 2;
}
