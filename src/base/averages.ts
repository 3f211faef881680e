/** Averages and sums of numbers. */

/** The middle value, or the mean of the two middle ones; NaN for no values, and if one is NaN. Does not change its argument. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  // It sorts NaN last.
  if (Number.isNaN(sorted.at(-1))) return Number.NaN;
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The arithmetic mean; NaN for no values. */
export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}

/** The sum of the values that are known. */
export function sumOfKnown(values: readonly (number | null)[]): number {
  return sum(values.map((value) => value ?? 0));
}

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] ?? 0;
  return total;
}
