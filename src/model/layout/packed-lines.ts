/** The times of lines as columns of a file. */

import { BrokenColumnsError } from '../../base/packed-bytes.ts';
import { amountColumn, type Columns, columnOf, indexColumn } from '../../base/packed-columns.ts';
import type { CallTree } from '../call-tree.ts';
import { areSameColumns, at, intAt } from '../columns.ts';
import type { FunctionTable } from '../function-table.ts';
import { divideByTicks, type LineTimes } from '../line-times.ts';

export function packLines(
  lines: LineTimes,
  { tree, functions }: { readonly tree: CallTree; readonly functions: FunctionTable },
  columns: Map<string, ArrayLike<number>>,
): void {
  columns.set(
    'lines.count',
    tree.function.map((_, node) => at(lines.start, node + 1) - at(lines.start, node)),
  );
  // How far below the line before, or below that of the function: small, and alike wherever the function is called.
  const line = Int32Array.from(lines.line);
  shiftLines(line, { start: lines.start, fns: tree.function, functions, sign: -1 });
  columns.set('lines.line', line);
  columns.set('lines.samples', lines.samples);
  if (lines.areScaled) columns.set('lines.areScaled', []);
  const divided = divideByTicks({ ...lines, self: lines.samples }, tree);
  if (areSameColumns(divided.samples, lines.samples) && areSameColumns(divided.self, lines.self)) return;
  const isWhole = lines.self.every(Number.isSafeInteger) && divided.self.every(Number.isSafeInteger);
  if (isWhole)
    columns.set(
      'lines.selfOff',
      lines.self.map((self, entry) => self - at(divided.self, entry)),
    );
  else columns.set('lines.self', lines.self);
}

/** Makes lines of what is packed, or the reverse, in place. */
function shiftLines(
  line: Int32Array,
  { start, fns, functions, sign }: { start: Int32Array; fns: Int32Array; functions: FunctionTable; sign: 1 | -1 },
): void {
  for (let node = 0; node < fns.length; node++) {
    let before = at(functions.line, intAt(fns, node));
    for (let entry = intAt(start, node); entry < intAt(start, node + 1); entry++) {
      const value = intAt(line, entry);
      line[entry] = value + sign * before;
      before = sign === 1 ? intAt(line, entry) : value;
    }
  }
}

/** Throws BrokenColumnsError. */
export function unpackLines(
  columns: Columns,
  tree: Pick<CallTree, 'length' | 'self' | 'samples' | 'function'>,
  functions: FunctionTable,
): LineTimes {
  const count = indexColumn(columns, 'lines.count', { length: tree.length, min: 0, end: 2 ** 31 });
  const line = indexColumn(columns, 'lines.line', { min: -(2 ** 31), end: 2 ** 31 });
  const { length } = line;
  const start = new Int32Array(tree.length + 1);
  for (let node = 0; node < tree.length; node++) start[node + 1] = at(start, node) + at(count, node);
  if (at(start, tree.length) !== length) throw new BrokenColumnsError('lines.count does not add up to lines.line');
  shiftLines(line, { start, fns: tree.function, functions, sign: 1 });
  if (line.some((each) => each < 0)) throw new BrokenColumnsError('lines.line has a line below 0');
  const samples = amountColumn(columns, 'lines.samples', length);
  const lines = { length, start, line, samples, areScaled: columns.has('lines.areScaled') };
  if (columns.has('lines.self')) return { ...lines, self: amountColumn(columns, 'lines.self', length) };
  const { self } = divideByTicks({ ...lines, self: samples }, tree);
  if (!columns.has('lines.selfOff')) return { ...lines, self };
  const off = columnOf(columns, 'lines.selfOff', length);
  return { ...lines, self: self.map((time, entry) => Math.max(0, time + at(off, entry))) };
}
