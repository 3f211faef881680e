/** The order of functions that are otherwise equal. */

import { compareCodePoints } from '../base/text.ts';
import { at } from './columns.ts';
import type { FunctionIndex, FunctionTable } from './function-table.ts';

/** By name, file, line and column, as they are written: the order is total, so that the same file gives the same bytes. */
export function compareFunctions(functions: FunctionTable, a: FunctionIndex, b: FunctionIndex): number {
  return (
    compareCodePoints(at(functions.name, a), at(functions.name, b)) ||
    compareCodePoints(at(functions.file, a), at(functions.file, b)) ||
    at(functions.line, a) - at(functions.line, b) ||
    at(functions.column, a) - at(functions.column, b)
  );
}
