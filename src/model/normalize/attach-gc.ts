/** Attaches garbage collector samples, and samples of the root, to nodes that the file does not have. */

import { intAt } from '../columns.ts';
import type { AddedNodes } from '../depth-first.ts';
import {
  type FunctionIndex,
  type FunctionKind,
  type FunctionTable,
  FunctionTableBuilder,
  functionAt,
  metaFunction,
} from '../function-table.ts';
import type { RawNodes, RawStacksProfile } from '../raw-profile.ts';
import type { SampleDurations } from './sample-durations.ts';

/** Samples on the nodes of the file and on attached nodes. */
export interface AttachedSamples {
  readonly functions: FunctionTable;
  /** Nodes to insert below nodes of the file. */
  readonly attached: AddedNodes;
  /** sample -> row of the raw tree, or raw length + attached node; -1 for a node that is not in the file */
  readonly node: Int32Array;
}

/**
 * Attaches each garbage collector sample to the stack that it interrupted, the last stack of code before it. After
 * `(idle)`, `(program)`, an empty stack or at the start it stays under the root. A collector below code in the file stays
 * there. A sample of the root itself gets a `(no stack)` node, so that the root never has time.
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
    const sampled = intAt(samples, i);
    const role = sampled === -1 ? ROLE.none : intAt(roles, intAt(nodes.function, sampled));
    if (role === ROLE.collector) {
      if (interrupted !== -1 && isAtTop(sampled, roles, nodes))
        node[i] = attachedNodes.attach(interrupted, intAt(nodes.function, sampled));
    } else {
      if (inOrder) interrupted = role === ROLE.code ? sampled : -1;
      if (role === ROLE.root) node[i] = attachedNodes.attach(sampled, functions.length);
    }
  }
  const attached = attachedNodes.finish();
  return {
    functions: attached.function.includes(functions.length) ? addNoStackFunction(functions) : functions,
    attached,
    node,
  };
}

/** Whether the root calls a node, or nothing does. */
function isAtTop(node: number, roles: Int32Array, { parent, function: fn }: RawNodes): boolean {
  const above = intAt(parent, node);
  return above === -1 || intAt(roles, intAt(fn, above)) === ROLE.root;
}

/** The role of a function in the rule, as numbers for a typed array. */
const ROLE = { none: 0, code: 1, collector: 2, root: 3 } as const;

function gcRoleOf(kind: FunctionKind): number {
  if (kind === 'gc') return ROLE.collector;
  if (kind === 'root') return ROLE.root;
  return kind === 'program' || kind === 'idle' || kind === 'none' ? ROLE.none : ROLE.code;
}

/** Appends the function for samples with an empty stack. No reader creates one of this kind. */
function addNoStackFunction(functions: FunctionTable): FunctionTable {
  const builder = new FunctionTableBuilder();
  for (let i = 0; i < functions.length; i++) builder.intern(functionAt(functions, i));
  builder.intern(metaFunction('none'));
  return builder.finish();
}

/** Collects nodes that are not in the file. */
class AttachedNodes {
  readonly #firstRow: number;
  readonly #rowOf = new Map<number, number>();
  readonly #parent: number[] = [];
  readonly #function: FunctionIndex[] = [];

  constructor(firstRow: number) {
    this.#firstRow = firstRow;
  }

  /** Returns the attached child of a parent. There is at most one: the collector below code, `(no stack)` below a root. */
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
