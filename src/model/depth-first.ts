/**
 * Puts the nodes of a tree into depth-first order: a node comes before its children, and a subtree is one contiguous
 * range of rows. Most files have this order already; then one pass checks it and inserts added nodes. No recursion:
 * stacks may be a million frames deep.
 */

import { intAt } from './columns.ts';

/** The nodes of a call tree in any order, without times. */
export interface UnorderedNodes {
  readonly length: number;
  /** row -> row of the caller, or -1 for a root */
  readonly parent: Int32Array;
  /** row -> FunctionIndex */
  readonly function: Int32Array;
}

/** Nodes to insert, each as the last child of its parent. Before the move their rows follow those of the tree. */
export interface AddedNodes {
  readonly length: number;
  /** added node -> row of its parent in the tree; no row twice */
  readonly parent: Int32Array;
  /** added node -> FunctionIndex */
  readonly function: Int32Array;
}

/** Nodes in depth-first order. */
export interface DepthFirstNodes {
  readonly nodes: UnorderedNodes & { readonly subtreeEnd: Int32Array };
  /** row before -> NodeIndex; null if no row moved */
  readonly movedTo: Int32Array | null;
  /** Number of frames of the deepest stack, without the root. */
  readonly height: number;
}

/** Returns the nodes in depth-first order, without a copy if they have it. Throws RangeError for a cycle; readers check. */
export function toDepthFirst(nodes: UnorderedNodes): DepthFirstNodes {
  const subtrees = findSubtreeEnds(nodes.parent);
  if (subtrees === null) return reorder(nodes);
  const { length, parent, function: fn } = nodes;
  return { nodes: { length, parent, function: fn, subtreeEnd: subtrees.end }, movedTo: null, height: subtrees.height };
}

/** As toDepthFirst, with added nodes. */
export function toDepthFirstWith(added: AddedNodes, nodes: UnorderedNodes): DepthFirstNodes {
  if (added.length === 0) return toDepthFirst(nodes);
  return (
    insertNodes(added, nodes) ??
    toDepthFirst({
      length: nodes.length + added.length,
      parent: concatenate(nodes.parent, added.parent),
      function: concatenate(nodes.function, added.function),
    })
  );
}

/**
 * Finds the end of each subtree. Returns null if the nodes are not in depth-first order, that is, if some parent is
 * neither the row before nor an ancestor of that row. Each row is left once: O(n).
 */
function findSubtreeEnds(parent: Int32Array): { readonly end: Int32Array; readonly height: number } | null {
  const { length } = parent;
  const end = new Int32Array(length);
  let depth = 0;
  let height = 0;
  for (let row = 0; row <= length; row++) {
    const above = row === length ? -1 : intAt(parent, row);
    for (let closed = row - 1; closed !== above; closed = intAt(parent, closed)) {
      if (closed === -1) return null;
      end[closed] = row;
      depth--;
    }
    height = Math.max(height, depth++);
  }
  return { end, height };
}

/** As findSubtreeEnds, and inserts the added child of a row at the end of the row's subtree. */
function insertNodes(added: AddedNodes, nodes: UnorderedNodes): DepthFirstNodes | null {
  const length = nodes.length + added.length;
  const parent = new Int32Array(length);
  const fn = new Int32Array(length);
  const subtreeEnd = new Int32Array(length);
  const movedTo = new Int32Array(length);
  const addedChild = addedByParent(added, nodes.length);
  let depth = 0;
  let height = 0;
  let placed = 0;
  for (let row = 0; row <= nodes.length; row++) {
    const above = row === nodes.length ? -1 : intAt(nodes.parent, row);
    for (let closed = row - 1; closed !== above; closed = intAt(nodes.parent, closed)) {
      if (closed === -1) return null;
      const to = intAt(movedTo, closed);
      const child = intAt(addedChild, closed) - 1;
      if (child !== -1) {
        const leaf = placed++;
        movedTo[nodes.length + child] = leaf;
        parent[leaf] = to;
        fn[leaf] = intAt(added.function, child);
        subtreeEnd[leaf] = placed;
        height = Math.max(height, depth);
      }
      subtreeEnd[to] = placed;
      depth--;
    }
    if (row === nodes.length) break;
    const to = placed++;
    movedTo[row] = to;
    parent[to] = above === -1 ? -1 : intAt(movedTo, above);
    fn[to] = intAt(nodes.function, row);
    height = Math.max(height, depth++);
  }
  return { nodes: { length, parent, function: fn, subtreeEnd }, movedTo, height };
}

/** row -> added node + 1, or 0 for none */
function addedByParent(added: AddedNodes, rows: number): Int32Array {
  const addedChild = new Int32Array(rows);
  for (let child = 0; child < added.length; child++) addedChild[intAt(added.parent, child)] = child + 1;
  return addedChild;
}

function concatenate(column: Int32Array, more: Int32Array): Int32Array {
  const longer = new Int32Array(column.length + more.length);
  longer.set(column);
  longer.set(more, column.length);
  return longer;
}

/** Reorders nodes of any order. */
function reorder({ length, parent: parentBefore, function: functionBefore }: UnorderedNodes): DepthFirstNodes {
  const movedTo = findDepthFirstOrder(parentBefore);
  const parent = new Int32Array(length);
  const fn = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    const from = intAt(parentBefore, row);
    const to = intAt(movedTo, row);
    parent[to] = from === -1 ? -1 : intAt(movedTo, from);
    fn[to] = intAt(functionBefore, row);
  }
  const { nodes, height } = toDepthFirst({ length, parent, function: fn });
  return { nodes, movedTo, height };
}

/** row before -> row in depth-first order. Siblings keep their order. */
function findDepthFirstOrder(parent: Int32Array): Int32Array {
  const { firstChild, nextSibling, firstRoot } = linkChildren(parent);
  const order = new Int32Array(parent.length).fill(-1);
  let placed = 0;
  let node = firstRoot;
  while (node !== -1) {
    order[node] = placed++;
    const child = intAt(firstChild, node);
    node = child !== -1 ? child : nextAfterSubtree(node, parent, nextSibling);
  }
  if (placed !== parent.length) throw new RangeError(`a cycle: ${parent.length - placed} nodes are below no root`);
  return order;
}

function nextAfterSubtree(node: number, parent: Int32Array, nextSibling: Int32Array): number {
  let above = node;
  while (above !== -1) {
    const sibling = intAt(nextSibling, above);
    if (sibling !== -1) return sibling;
    above = intAt(parent, above);
  }
  return -1;
}

/** Child lists as two columns. Roots are siblings of each other. Filled from the last row, so that lists are in order. */
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
