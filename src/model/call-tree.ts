import { at } from './columns.ts';
import { toDepthFirst } from './depth-first.ts';
import type { FunctionIndex } from './function-table.ts';
import type { Microseconds } from './raw-profile.ts';

/** A row of a CallTree. */
export type NodeIndex = number;

/**
 * The call tree, depth-first: a node stands before its children, and its whole subtree stands in one run of rows.
 *
 *     row  0 main          subtreeEnd 5
 *     row  1   parse       subtreeEnd 3
 *     row  2     scan      subtreeEnd 3
 *     row  3   print       subtreeEnd 5
 *     row  4     flush     subtreeEnd 5
 *
 * So `i < subtreeEnd[a]`, for i after a, says that i lies below a, and one backward pass sums every subtree. The tree
 * may have several roots. The order of siblings means nothing.
 */
export interface CallTree {
  readonly length: number;
  /** NodeIndex -> NodeIndex of the caller, always smaller, or -1 for a root */
  readonly parent: Int32Array;
  /** NodeIndex -> the row after the last one of its subtree */
  readonly subtreeEnd: Int32Array;
  /** NodeIndex -> FunctionIndex */
  readonly function: Int32Array;
  /** NodeIndex -> µs with this node on top; NaN when the file holds no times at all */
  readonly self: Float64Array;
  /** NodeIndex -> samples with this node on top */
  readonly samples: Float64Array;
}

/** A tree that was built, depth-first. */
export interface BuiltCallTree {
  readonly tree: CallTree;
  /** row as it was added -> NodeIndex; null if none moved */
  readonly movedTo: Int32Array | null;
}

/** The figures summed over every subtree: NodeIndex -> the node and all below it. */
export function subtreeSums(tree: CallTree): Pick<CallTree, 'self' | 'samples'> {
  const self = tree.self.slice();
  const samples = tree.samples.slice();
  for (let node = tree.length - 1; node >= 0; node--) {
    const parent = at(tree.parent, node);
    if (parent === -1) continue;
    self[parent] = at(self, parent) + at(self, node);
    samples[parent] = at(samples, parent) + at(samples, node);
  }
  return { self, samples };
}

/** NodeIndex -> number of frames on its stack, roots not counted. */
export function stackDepths(tree: Pick<CallTree, 'length' | 'parent'>): Int32Array {
  const depth = new Int32Array(tree.length);
  for (let node = 0; node < tree.length; node++) {
    const parent = at(tree.parent, node);
    if (parent !== -1) depth[node] = at(depth, parent) + 1;
  }
  return depth;
}

/** The tree without the nodes below which no time and no sample is left. Depth-first stays depth-first. */
export function pruneTree(tree: CallTree): CallTree {
  const { movedTo, length } = assignKeptRows(subtreeSums(tree));
  const parent = new Int32Array(length);
  const fn = new Int32Array(length);
  const self = new Float64Array(length);
  const samples = new Float64Array(length);
  for (let node = 0; node < tree.length; node++) {
    const to = at(movedTo, node);
    if (to === -1) continue;
    const above = at(tree.parent, node);
    parent[to] = above === -1 ? -1 : at(movedTo, above);
    fn[to] = at(tree.function, node);
    self[to] = at(tree.self, node);
    samples[to] = at(tree.samples, node);
  }
  // Depth-first already: nothing moves.
  return { ...toDepthFirst({ length, parent, function: fn }).nodes, self, samples };
}

/** NodeIndex -> its row among those of which something is left, or -1; and how many these are. */
function assignKeptRows({ self, samples }: Pick<CallTree, 'self' | 'samples'>) {
  const movedTo = new Int32Array(self.length).fill(-1);
  let length = 0;
  for (let node = 0; node < movedTo.length; node++) {
    if (at(self, node) > 0 || at(samples, node) > 0) movedTo[node] = length++;
  }
  return { movedTo, length };
}

function reorder(from: Float64Array, movedTo: Int32Array | null): Float64Array {
  if (movedTo === null) return from;
  const into = new Float64Array(from.length);
  for (let row = 0; row < from.length; row++) into[at(movedTo, row)] = at(from, row);
  return into;
}

/** Collects call nodes in any order. */
export class CallTreeBuilder {
  readonly #parent: number[] = [];
  readonly #function: number[] = [];
  readonly #self: number[] = [];
  readonly #samples: number[] = [];

  /** Adds a node without time. The parent must have been added before (-1 for a root). */
  push(parent: number, fn: FunctionIndex): number {
    this.#self.push(0);
    this.#samples.push(0);
    this.#parent.push(parent);
    return this.#function.push(fn) - 1;
  }

  /** Gives a node more time and samples of its own. */
  add(node: number, self: Microseconds, samples: number): void {
    this.#self[node] = at(this.#self, node) + self;
    this.#samples[node] = at(this.#samples, node) + samples;
  }

  finish(): BuiltCallTree {
    const { nodes, movedTo } = toDepthFirst({
      length: this.#parent.length,
      parent: Int32Array.from(this.#parent),
      function: Int32Array.from(this.#function),
    });
    const self = reorder(Float64Array.from(this.#self), movedTo);
    const samples = reorder(Float64Array.from(this.#samples), movedTo);
    return { tree: { ...nodes, self, samples }, movedTo };
  }
}
