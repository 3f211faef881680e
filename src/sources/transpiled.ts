/** Recognizes functions whose places are in transpiled code and not in the file that they name. */

import { at } from '../model/columns.ts';
import { hasOwnName } from '../model/function-names.ts';
import type { FunctionIndex, FunctionTable } from '../model/function-table.ts';

/** Nobody writes several functions on one line of this length; minifiers and tsx do. */
const MIN_DENSE_COLUMN = 500;
const MIN_DENSE_FUNCTIONS = 3;

/** Whether several of the functions are on one long line. */
export function isDense({ line, column }: FunctionTable, ofFile: readonly FunctionIndex[]): boolean {
  if (ofFile.length < MIN_DENSE_FUNCTIONS || !ofFile.some((fn) => at(column, fn) >= MIN_DENSE_COLUMN)) return false;
  const lines = new Map<number, { functions: number; end: number }>();
  for (const fn of ofFile) {
    const { functions, end } = lines.get(at(line, fn)) ?? { functions: 0, end: 0 };
    lines.set(at(line, fn), { functions: functions + 1, end: Math.max(end, at(column, fn)) });
  }
  return [...lines.values()].some(({ functions, end }) => functions >= MIN_DENSE_FUNCTIONS && end >= MIN_DENSE_COLUMN);
}

/**
 * Whether the names of most functions are not on the lines where the profile says they begin. For files that cannot run as
 * they are, such as TypeScript: type stripping keeps lines, transpilers move them.
 */
export function isMoved(functions: FunctionTable, ofFile: readonly FunctionIndex[], text: string): boolean {
  const lines = text.split('\n');
  const named = ofFile.filter((fn) => hasOwnName(at(functions.name, fn)));
  const found = named.filter((fn) => {
    const word = /[^ .]*$/.exec(at(functions.name, fn))?.[0] ?? '';
    return (lines[at(functions.line, fn) - 1] ?? '').includes(word);
  });
  return found.length < named.length / 2;
}

/** Whether a file is a module that webpack's development builds evaluate: generated code, whatever its extension. */
export function isEvaluated(file: string): boolean {
  return file.startsWith('webpack-internal://');
}

/** Whether a file's extension is of a language that is transpiled to JavaScript. */
export function needsTranspiling(file: string): boolean {
  return /\.(?:[cm]?tsx?|jsx|vue|svelte|astro|coffee)(?:[?#].*)?$/.test(file);
}
