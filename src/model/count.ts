/**
 * How often something was called or sampled. Always an integer; a bigint only where it lies beyond 2^53, as Python
 * counts without limit and a count must not change by being read.
 */
export type Count = number | bigint;

/** The exact sum. */
export function addCounts(a: Count, b: Count): Count {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    // NaN stands for a count that is not known, and stays it.
    if (Number.isSafeInteger(sum) || Number.isNaN(sum)) return sum;
  }
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  return narrow(BigInt(a) + BigInt(b));
}

/** The count as a number wherever a number holds it exactly. */
export function narrow(value: bigint): Count {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
