/**
 * A number of calls or samples. Always an integer; a bigint only beyond 2^53, because Python's counts are unlimited and
 * reading must not change them.
 */
export type Count = number | bigint;

/** Adds two counts exactly. */
export function addCounts(a: Count, b: Count): Count {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    // NaN is a count that is not known; so is its sum.
    if (Number.isSafeInteger(sum) || Number.isNaN(sum)) return sum;
  }
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  return narrow(BigInt(a) + BigInt(b));
}

/** Returns a number if a number holds the value exactly. */
export function narrow(value: bigint): Count {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Returns null for NaN, a figure that is not known. */
export function knownOrNull<T extends Count>(figure: T): T | null {
  return Number.isNaN(figure) ? null : figure;
}
