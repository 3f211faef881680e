/** Checked reads of columns. A wrong index is a defect: it throws and does not become NaN. */

/** Returns the value at an index. Throws RangeError outside the column. */
export function at<T>(column: ArrayLike<T>, index: number): T {
  return defined(column[index]);
}

/**
 * As `at`, for passes over every node. V8 compiles a read by the kinds of column that its function has seen: `at` has seen
 * all, and takes 7 times as long.
 */
export function floatAt(column: Float64Array, index: number): number {
  return defined(column[index]);
}

/** As `floatAt`. */
export function intAt(column: Int32Array, index: number): number {
  return defined(column[index]);
}

/** As `floatAt`. */
export function byteAt(column: Uint8Array, index: number): number {
  return defined(column[index]);
}

/** Returns the value. Throws RangeError for undefined. */
export function defined<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('an index outside of its column');
  return value;
}

/** Returns a column of twice the length that begins with the values. */
export function doubleLength<Column extends Int32Array | Float64Array>(column: Column): Column {
  const larger = new (column.constructor as new (length: number) => Column)(2 * column.length);
  larger.set(column);
  return larger;
}

/** Returns the values of these rows. */
export function pickRows(column: Float64Array, rows: Int32Array): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = floatAt(column, intAt(rows, i));
  return picked;
}

/** Whether columns are equal to the last bit: NaN is NaN, and 0 is not -0. */
export function areSameColumns(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
