/** Profile → folded stacks, in whole µs and sorted, as inferno wants them. Equal stacks are one line. */

import { at } from '../../model/columns.ts';
import type { FunctionIndex, FunctionTable } from '../../model/function-table.ts';
import type { Part, WriteOptions, WrittenFile } from '../format.ts';
import {
  functionsOn,
  requireSmallStacks,
  requireStacks,
  stackOf,
  unmistakableName,
  type WrittenStacks,
  writtenStacks,
} from '../stacks/written-stacks.ts';

/** Throws PstatError (`missing-data`) for an edges profile, and for one without times. */
export function writeFolded(parts: readonly Part[], options: WriteOptions): WrittenFile {
  const { profile } = at(parts, 0);
  const stacks = writtenStacks(profile, 1, options);
  const lines = [...foldStacks(stacks)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([stack, time]) => `${stack} ${time}\n`);
  return {
    bytes: Buffer.from(lines.join('')),
    rows: functionsOn(stacks).size,
    notes: [{ code: 'written-names-only', unit: requireStacks(profile).unit }],
  };
}

/** Stack -> µs. */
export function foldStacks(stacks: WrittenStacks): Map<string, number> {
  const names = Array.from({ length: stacks.functions.length }, (_, fn) => foldedName(stacks.functions, fn));
  const nodes = stacks.nodes.filter((node) => at(stacks.self, node) !== 0);
  requireSmallStacks(stacks.callTree.parent, nodes, (node) => at(names, at(stacks.callTree.function, node)).length + 1);
  const times = new Map<string, number>();
  for (const node of nodes) {
    const time = at(stacks.self, node);
    const stack = stackOf(stacks, node)
      .map((fn) => at(names, fn))
      .reverse()
      .join(';');
    times.set(stack, (times.get(stack) ?? 0) + time);
  }
  return times;
}

/** A semicolon separates functions, a line end separates stacks; a file with a zero byte is no text. */
function foldedName(functions: FunctionTable, fn: FunctionIndex): string {
  const name = at(functions.name, fn)
    .replaceAll(';', ':')
    .replace(/[\0\r\n\u2028\u2029]+/g, ' ')
    .trim()
    // A line that begins with # and a space is a comment.
    .replace(/^#(?=\s|$)/, '#.');
  return unmistakableName(name, at(functions.kind, fn)) || '(anonymous)';
}
