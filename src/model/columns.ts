/** Reads of columns at indexes that are known to lie inside them. A defect must throw; it must not become NaN. */

/** The value at an index. Throws RangeError where the column has none: that is a defect, never bad input. */
export function at<T>(column: ArrayLike<T>, index: number): T {
  return defined(column[index]);
}

/** The value itself, where it is known to be there. Throws RangeError otherwise. */
export function defined<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('an index outside of its column');
  return value;
}
