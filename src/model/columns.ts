/**
 * The value of a column at an index that is known to lie inside it: `within(time[i])`. Throws RangeError where it does
 * not: that is a defect, never bad input, and must not become NaN.
 */
export function within<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('an index outside of its column');
  return value;
}
