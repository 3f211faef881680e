/** Which rows of a comparison the functions of a profile are. */

import { type FunctionTable, functionAt } from '../model/function-table.ts';
import type { Profile } from '../model/profile.ts';
import type { ComparedFunction, Comparison } from './comparison.ts';
import { functionOnSide } from './side.ts';

/**
 * FunctionIndex of a profile of the side AFTER -> index among the comparison's rows, -1 for none.
 *
 * @param roots the folders that the profile's runs were in, as far as they are known: `rootsOf`
 */
export function rowsOfFunctions(
  { rows }: Comparison,
  functions: FunctionTable,
  roots: Iterable<string | null>,
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

/** The folders that runs were in; null among them for one that does not say. */
export function rootsOf(runs: readonly Profile[]): ReadonlySet<string | null> {
  return new Set(runs.map((profile) => ('run' in profile ? (profile.run?.root ?? null) : null)));
}

type Identity = Pick<ComparedFunction, 'kind' | 'name' | 'line' | 'column'> & { readonly file: string };

function keyOf({ kind, name, file, line, column }: Identity): string {
  return JSON.stringify([kind, name, file, line ?? 0, column ?? 0]);
}
