/** Where a sample hangs in the tree, when that is not the node the file names. */

import { at, intAt } from './columns.ts';
import {
  type FunctionIndex,
  type FunctionKind,
  type FunctionTable,
  FunctionTableBuilder,
  functionAt,
} from './function-table.ts';
import type { RawPathsProfile } from './raw-profile.ts';
import type { Weighed } from './weighing.ts';

/** Samples on the rows of a tree that may have grown. */
export interface Placed {
  readonly functions: FunctionTable;
  /** Rows of the raw tree and of nodes hung below it. */
  readonly parent: Int32Array;
  readonly function: Int32Array;
  /** sample -> row of the columns above, -1 for a node that is not in the file */
  readonly node: Int32Array;
}

/**
 * Decides where each sample hangs. A garbage collector sample belongs under the last stack of code before it, which
 * paid for it; after `(idle)`, `(program)`, an empty stack or nothing it stays under the root. A sample on the root
 * itself gets a node of its own, so that the root never has time.
 */
export function place(raw: RawPathsProfile, weighed: Weighed): Placed {
  const samples = weighed.node;
  const kinds = raw.functions.kind;
  const kindOf = (node: number): FunctionKind => at(kinds, intAt(raw.nodes.function, node));
  const hung = new HungNodes(raw.nodes.length);
  let functions = raw.functions;
  const noStack = () => {
    if (functions === raw.functions) functions = withNoStack(raw.functions);
    return functions.length - 1;
  };

  const node = new Int32Array(samples.length);
  let previous = -1;
  for (let i = 0; i < samples.length; i++) {
    const sampled = intAt(samples, i);
    const kind = sampled === -1 ? null : kindOf(sampled);
    if (kind === 'gc') {
      const interrupted = previous !== -1 && isCode(kindOf(previous));
      node[i] = interrupted ? hung.under(previous, intAt(raw.nodes.function, sampled)) : sampled;
      continue;
    }
    if (weighed.inOrder) previous = sampled;
    node[i] = kind === 'root' ? hung.under(sampled, noStack()) : sampled;
  }
  return { functions, node, ...hung.extend(raw) };
}

/** The functions, and behind them one that stands for samples with nothing on the stack: no reader makes that kind. */
function withNoStack(functions: FunctionTable): FunctionTable {
  const builder = new FunctionTableBuilder();
  for (let i = 0; i < functions.length; i++) builder.intern(functionAt(functions, i));
  builder.intern({ kind: 'none', name: '(no stack)', file: '', line: 0, column: 0 });
  return builder.finish();
}

function isCode(kind: FunctionKind): boolean {
  return kind !== 'root' && kind !== 'program' && kind !== 'idle' && kind !== 'gc' && kind !== 'none';
}

/** Nodes that no file holds, appended after those it does. */
class HungNodes {
  readonly #firstRow: number;
  readonly #rowOf = new Map<number, number>();
  readonly #parent: number[] = [];
  readonly #function: FunctionIndex[] = [];

  constructor(firstRow: number) {
    this.#firstRow = firstRow;
  }

  /** The node hung under a parent. A parent gets one at most: code gets the collector, a root gets `(no stack)`. */
  under(parent: number, fn: FunctionIndex): number {
    const known = this.#rowOf.get(parent);
    if (known !== undefined) return known;
    const row = this.#firstRow + this.#parent.length;
    this.#rowOf.set(parent, row);
    this.#parent.push(parent);
    this.#function.push(fn);
    return row;
  }

  extend(raw: RawPathsProfile): { parent: Int32Array; function: Int32Array } {
    if (this.#parent.length === 0) return raw.nodes;
    return {
      parent: concatenated(raw.nodes.parent, this.#parent),
      function: concatenated(raw.nodes.function, this.#function),
    };
  }
}

function concatenated(column: Int32Array, more: readonly number[]): Int32Array {
  const longer = new Int32Array(column.length + more.length);
  longer.set(column);
  longer.set(more, column.length);
  return longer;
}
