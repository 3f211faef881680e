import { at, floatAt, intAt } from './columns.ts';
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

/** The nodes of a call tree in any order, without figures. */
export type UnorderedNodes = Pick<CallTree, 'length' | 'parent' | 'function'>;

/** The nodes depth-first, and where each row went (null when the rows are where they were). */
export interface LaidOutNodes {
  readonly nodes: UnorderedNodes & Pick<CallTree, 'subtreeEnd'>;
  /** row before -> NodeIndex */
  readonly movedTo: Int32Array | null;
}

/** The tree depth-first, and where each row went, as LaidOutNodes. */
export interface LaidOutTree {
  readonly tree: CallTree;
  readonly movedTo: Int32Array | null;
}

/** Lays nodes out depth-first, without a copy where they are so already. Throws RangeError for a cycle: readers check. */
export function layOut(nodes: UnorderedNodes): LaidOutNodes {
  if (isDepthFirst(nodes.parent)) return { nodes: { ...nodes, subtreeEnd: subtreeEnds(nodes.parent) }, movedTo: null };
  const { length } = nodes;
  const movedTo = depthFirstOrder(nodes.parent);
  const parent = new Int32Array(length);
  const fn = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    const from = intAt(nodes.parent, row);
    const to = intAt(movedTo, row);
    parent[to] = from === -1 ? -1 : intAt(movedTo, from);
    fn[to] = intAt(nodes.function, row);
  }
  return { nodes: { length, parent, function: fn, subtreeEnd: subtreeEnds(parent) }, movedTo };
}

/** One of the tree's columns summed over every subtree: NodeIndex -> the node and all below it. */
export function subtreeSums(tree: CallTree, column: Float64Array): Float64Array {
  const sums = Float64Array.from(column);
  for (let node = tree.length - 1; node >= 0; node--) {
    const parent = intAt(tree.parent, node);
    if (parent !== -1) sums[parent] = floatAt(sums, parent) + floatAt(sums, node);
  }
  return sums;
}

/** NodeIndex -> number of frames on its stack, roots not counted. */
export function depths(tree: Pick<CallTree, 'length' | 'parent'>): Int32Array {
  const depth = new Int32Array(tree.length);
  for (let node = 0; node < tree.length; node++) {
    const parent = intAt(tree.parent, node);
    if (parent !== -1) depth[node] = intAt(depth, parent) + 1;
  }
  return depth;
}

/** Whether every node's parent is the row before it or an ancestor of that row. Each row is left once: O(n). */
function isDepthFirst(parent: Int32Array): boolean {
  for (let node = 0; node < parent.length; node++) {
    const wanted = intAt(parent, node);
    let ancestor = node - 1;
    while (ancestor !== wanted && ancestor !== -1) ancestor = intAt(parent, ancestor);
    if (ancestor !== wanted) return false;
  }
  return true;
}

function subtreeEnds(parent: Int32Array): Int32Array {
  const ends = new Int32Array(parent.length);
  for (let node = parent.length - 1; node >= 0; node--) {
    const end = Math.max(intAt(ends, node), node + 1);
    ends[node] = end;
    const above = intAt(parent, node);
    if (above !== -1) ends[above] = Math.max(intAt(ends, above), end);
  }
  return ends;
}

/** row before -> row in depth-first order; siblings keep their order. No recursion: stacks may be a million deep. */
function depthFirstOrder(parent: Int32Array): Int32Array {
  const { firstChild, nextSibling, firstRoot } = linkChildren(parent);
  const order = new Int32Array(parent.length).fill(-1);
  let placed = 0;
  let node = firstRoot;
  while (node !== -1) {
    order[node] = placed++;
    const child = intAt(firstChild, node);
    node = child !== -1 ? child : nextAfterSubtree(node, parent, nextSibling);
  }
  if (placed !== parent.length) throw new RangeError(`a cycle: ${parent.length - placed} nodes hang under no root`);
  return order;
}

/** The tree without the nodes below which no time and no sample is left. Depth-first stays depth-first. */
export function prunedTree(tree: CallTree): CallTree {
  const time = subtreeSums(tree, tree.self);
  const samples = subtreeSums(tree, tree.samples);
  const kept = Array.from(tree.self.keys()).filter((node) => floatAt(time, node) > 0 || floatAt(samples, node) > 0);
  const movedTo = new Int32Array(tree.length).fill(-1);
  kept.forEach((node, row) => {
    movedTo[node] = row;
  });
  const parent = Int32Array.from(kept, (node) =>
    intAt(tree.parent, node) === -1 ? -1 : intAt(movedTo, intAt(tree.parent, node)),
  );
  return {
    length: kept.length,
    parent,
    subtreeEnd: subtreeEnds(parent),
    function: Int32Array.from(kept, (node) => intAt(tree.function, node)),
    self: Float64Array.from(kept, (node) => floatAt(tree.self, node)),
    samples: Float64Array.from(kept, (node) => floatAt(tree.samples, node)),
  };
}

function nextAfterSubtree(node: NodeIndex, parent: Int32Array, nextSibling: Int32Array): NodeIndex {
  let above = node;
  while (above !== -1) {
    const sibling = intAt(nextSibling, above);
    if (sibling !== -1) return sibling;
    above = intAt(parent, above);
  }
  return -1;
}

/** Child lists as two columns. Roots are siblings of each other. Linked backwards so that they read forwards. */
function linkChildren(parent: Int32Array) {
  const firstChild = new Int32Array(parent.length).fill(-1);
  const nextSibling = new Int32Array(parent.length).fill(-1);
  let firstRoot = -1;
  for (let node = parent.length - 1; node >= 0; node--) {
    const above = intAt(parent, node);
    if (above === -1) {
      nextSibling[node] = firstRoot;
      firstRoot = node;
    } else {
      nextSibling[node] = intAt(firstChild, above);
      firstChild[above] = node;
    }
  }
  return { firstChild, nextSibling, firstRoot };
}

function moved(from: Float64Array, movedTo: Int32Array | null): Float64Array {
  if (movedTo === null) return from;
  const into = new Float64Array(from.length);
  for (let row = 0; row < from.length; row++) into[intAt(movedTo, row)] = floatAt(from, row);
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

  finish(): LaidOutTree {
    const { nodes, movedTo } = layOut({
      length: this.#parent.length,
      parent: Int32Array.from(this.#parent),
      function: Int32Array.from(this.#function),
    });
    const self = moved(Float64Array.from(this.#self), movedTo);
    const samples = moved(Float64Array.from(this.#samples), movedTo);
    return { tree: { ...nodes, self, samples }, movedTo };
  }
}
