/** Patterns that the explorer makes and reads. */

import { PstatError } from '../../base/errors.ts';
import { at } from '../../model/columns.ts';
import type { FunctionIndex, FunctionTable } from '../../model/function-table.ts';
import { parsePattern } from '../../query/pattern.ts';

/** A pattern that matches one function. */
export function exactPattern(functions: FunctionTable, fn: FunctionIndex): RegExp {
  const text = `${at(functions.file, fn)}:${at(functions.line, fn)}(${at(functions.name, fn)})`;
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}$`);
}

/** What is wrong with a pattern; null for one that parses. */
export function patternError(pattern: string): string | null {
  try {
    parsePattern(pattern);
    return null;
  } catch (error) {
    if (error instanceof PstatError) return error.fact;
    throw error;
  }
}
