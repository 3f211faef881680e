/** Which rows of a comparison the functions of a profile are. */

import { type FunctionTable, functionAt } from '../model/function-table.ts';
import type { ComparedFunction, Comparison } from './comparison.ts';
import { functionOnSide } from './side.ts';

/**
 * FunctionIndex of a profile of the side AFTER -> index among the comparison's rows, -1 for none.
 *
 * @param roots the folders that the profile's runs were in, as far as they are known
 */
export function rowsOfFunctions(
  { rows }: Comparison,
  functions: FunctionTable,
  roots: readonly (string | null)[],
): Int32Array {
  const rowOf = new Map<string, number>();
  rows.forEach((row, i) => {
    if (row.status !== 'removed') rowOf.set(keyOf({ ...row, file: row.file ?? '' }), i);
  });
  return Int32Array.from(functions.kind, (_, fn) => {
    const info = functionAt(functions, fn);
    for (const root of roots) {
      const row = rowOf.get(keyOf(functionOnSide(info, root)));
      if (row !== undefined) return row;
    }
    return -1;
  });
}

type Identity = Pick<ComparedFunction, 'kind' | 'name' | 'line' | 'column'> & { readonly file: string };

function keyOf({ kind, name, file, line, column }: Identity): string {
  return JSON.stringify([kind, name, file, line ?? 0, column ?? 0]);
}
