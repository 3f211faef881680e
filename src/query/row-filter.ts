import type { FunctionIndex } from '../model/function-table.ts';
import type { RowNames } from './function-names.ts';
import { parsePattern } from './pattern.ts';
import type { Query } from './stats.ts';

/** Whether a row matches every `filter` and no `exclude`. Throws PstatError (`query`) for an invalid pattern. */
export function rowFilter({ filter = [], exclude = [] }: Query, names: RowNames): (fn: FunctionIndex) => boolean {
  const wanted = filter.map(parsePattern);
  const unwanted = exclude.map(parsePattern);
  return (fn) =>
    wanted.every((pattern) => names.matches(pattern, fn)) && !unwanted.some((pattern) => names.matches(pattern, fn));
}
