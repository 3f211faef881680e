/** Where a sample hangs in the tree, when that is not the node the file names. */

import { at } from '../columns.ts';
import type { AddedNodes } from '../depth-first.ts';
import {
  type FunctionIndex,
  type FunctionKind,
  type FunctionTable,
  FunctionTableBuilder,
  functionAt,
} from '../function-table.ts';
import type { RawStacksProfile } from '../raw-profile.ts';
import type { SampleDurations } from './sample-durations.ts';

/** Samples on the rows of a tree that may have grown. */
export interface AttachedSamples {
  readonly functions: FunctionTable;
  /** What hangs below the raw tree's nodes. */
  readonly attached: AddedNodes;
  /** sample -> row of the raw tree, those of hung nodes behind its own; -1 for a node that is not in the file */
  readonly node: Int32Array;
}

/**
 * Decides where each sample hangs. A garbage collector sample belongs under the last stack of code before it, which
 * paid for it; after `(idle)`, `(program)`, an empty stack or nothing it stays under the root. A sample on the root
 * itself gets a node of its own, so that the root never has time.
 */
export function attachGc(
  { functions, nodes }: RawStacksProfile,
  { node: samples, inOrder }: SampleDurations,
): AttachedSamples {
  const roles = Int32Array.from(functions.kind, gcRoleOf);
  const attachedNodes = new AttachedNodes(nodes.length);
  const node = samples.slice();
  let interrupted = -1;
  for (let i = 0; i < samples.length; i++) {
    const sampled = at(samples, i);
    const role = sampled === -1 ? ROLE.none : at(roles, at(nodes.function, sampled));
    if (role === ROLE.collector) {
      if (interrupted !== -1) node[i] = attachedNodes.attach(interrupted, at(nodes.function, sampled));
    } else {
      if (inOrder) interrupted = role === ROLE.code ? sampled : -1;
      if (role === ROLE.root) node[i] = attachedNodes.attach(sampled, functions.length);
    }
  }
  const attached = attachedNodes.finish();
  return {
    functions: attached.function.includes(functions.length) ? addNoStackFunction(functions) : functions,
    attached: attached,
    node,
  };
}

/** What a function is to the rule; numbers, which a column holds. */
const ROLE = { none: 0, code: 1, collector: 2, root: 3 } as const;

function gcRoleOf(kind: FunctionKind): number {
  if (kind === 'gc') return ROLE.collector;
  if (kind === 'root') return ROLE.root;
  return kind === 'program' || kind === 'idle' || kind === 'none' ? ROLE.none : ROLE.code;
}

/** The functions, and behind them one that stands for samples with nothing on the stack: no reader makes that kind. */
function addNoStackFunction(functions: FunctionTable): FunctionTable {
  const builder = new FunctionTableBuilder();
  for (let i = 0; i < functions.length; i++) builder.intern(functionAt(functions, i));
  builder.intern({ kind: 'none', name: '(no stack)', file: '', line: 0, column: 0 });
  return builder.finish();
}

/** Collects nodes that no file holds. */
class AttachedNodes {
  readonly #firstRow: number;
  readonly #rowOf = new Map<number, number>();
  readonly #parent: number[] = [];
  readonly #function: FunctionIndex[] = [];

  constructor(firstRow: number) {
    this.#firstRow = firstRow;
  }

  /** The node hung under a parent. A parent gets one at most: code gets the collector, a root gets `(no stack)`. */
  attach(parent: number, fn: FunctionIndex): number {
    const known = this.#rowOf.get(parent);
    if (known !== undefined) return known;
    const row = this.#firstRow + this.#parent.length;
    this.#rowOf.set(parent, row);
    this.#parent.push(parent);
    this.#function.push(fn);
    return row;
  }

  finish(): AddedNodes {
    const { length } = this.#parent;
    return { length, parent: Int32Array.from(this.#parent), function: Int32Array.from(this.#function) };
  }
}
