/**
 * Columns read at an index that is known to lie inside them. Each throws RangeError where it does not: that is a defect,
 * never bad input.
 *
 * There is one for each kind of column, for V8 remembers of each function what it is called with: one for all kinds
 * reads none of them fast.
 */

import type { Count } from './count.ts';

export function at<T extends Count | string>(column: ArrayLike<T>, index: number): T {
  return column[index] ?? outside(column, index);
}

export function intAt(column: Int32Array, index: number): number {
  return column[index] ?? outside(column, index);
}

export function floatAt(column: Float64Array, index: number): number {
  return column[index] ?? outside(column, index);
}

export function byteAt(column: Uint8Array, index: number): number {
  return column[index] ?? outside(column, index);
}

function outside(column: ArrayLike<unknown>, index: number): never {
  throw new RangeError(`row ${index} of ${column.length}`);
}
