/**
 * Nodes of a tree put depth-first: each before its children, and its whole subtree in one run of rows. Files mostly
 * have them so, and what is hung below takes its place in the pass that finds it out. No recursion: stacks may be a
 * million deep.
 */

import { at } from './columns.ts';

/** The nodes of a call tree in any order, without figures. */
export interface UnorderedNodes {
  readonly length: number;
  /** row -> row of the caller, or -1 for a root */
  readonly parent: Int32Array;
  /** row -> FunctionIndex */
  readonly function: Int32Array;
}

/** Nodes to be hung into a tree, each as the last child of its parent; their rows come after the tree's. */
export interface AddedNodes {
  readonly length: number;
  /** hung node -> row of the tree it hangs under; no row twice */
  readonly parent: Int32Array;
  /** hung node -> FunctionIndex */
  readonly function: Int32Array;
}

/** The nodes depth-first, and where each row went (null when the rows are where they were). */
export interface DepthFirstNodes {
  readonly nodes: UnorderedNodes & { readonly subtreeEnd: Int32Array };
  /** row before -> NodeIndex */
  readonly movedTo: Int32Array | null;
  /** Frames of the longest stack, roots not counted. */
  readonly height: number;
}

/** Lays nodes out depth-first, without a copy where they are so already. Throws RangeError for a cycle: readers check. */
export function toDepthFirst(nodes: UnorderedNodes): DepthFirstNodes {
  const subtrees = findSubtreeEnds(nodes.parent);
  if (subtrees === null) return reorder(nodes);
  const { length, parent, function: fn } = nodes;
  return { nodes: { length, parent, function: fn, subtreeEnd: subtrees.end }, movedTo: null, height: subtrees.height };
}

/** The same with more nodes hung in. */
export function toDepthFirstWith(hung: AddedNodes, nodes: UnorderedNodes): DepthFirstNodes {
  if (hung.length === 0) return toDepthFirst(nodes);
  return (
    insertNodes(hung, nodes) ??
    toDepthFirst({
      length: nodes.length + hung.length,
      parent: concatenate(nodes.parent, hung.parent),
      function: concatenate(nodes.function, hung.function),
    })
  );
}

/**
 * Where each subtree ends, in nodes that are depth-first; null where they are not: some parent is neither the row before
 * nor an ancestor of that row. Each row is left once: O(n).
 */
function findSubtreeEnds(parent: Int32Array): { readonly end: Int32Array; readonly height: number } | null {
  const { length } = parent;
  const end = new Int32Array(length);
  let depth = 0;
  let height = 0;
  for (let row = 0; row <= length; row++) {
    const above = row === length ? -1 : at(parent, row);
    for (let left = row - 1; left !== above; left = at(parent, left)) {
      if (left === -1) return null;
      end[left] = row;
      depth--;
    }
    height = Math.max(height, depth++);
  }
  return { end, height };
}

/** The same pass, and what is hung under a row takes its place where the row's subtree ends. */
function insertNodes(hung: AddedNodes, nodes: UnorderedNodes): DepthFirstNodes | null {
  const length = nodes.length + hung.length;
  const parent = new Int32Array(length);
  const fn = new Int32Array(length);
  const subtreeEnd = new Int32Array(length);
  const movedTo = new Int32Array(length);
  const hungUnder = addedByParent(hung, nodes.length);
  let depth = 0;
  let height = 0;
  let placed = 0;
  for (let row = 0; row <= nodes.length; row++) {
    const above = row === nodes.length ? -1 : at(nodes.parent, row);
    for (let left = row - 1; left !== above; left = at(nodes.parent, left)) {
      if (left === -1) return null;
      const to = at(movedTo, left);
      const graft = at(hungUnder, left) - 1;
      if (graft !== -1) {
        const leaf = placed++;
        movedTo[nodes.length + graft] = leaf;
        parent[leaf] = to;
        fn[leaf] = at(hung.function, graft);
        subtreeEnd[leaf] = placed;
        height = Math.max(height, depth);
      }
      subtreeEnd[to] = placed;
      depth--;
    }
    if (row === nodes.length) break;
    const to = placed++;
    movedTo[row] = to;
    parent[to] = above === -1 ? -1 : at(movedTo, above);
    fn[to] = at(nodes.function, row);
    height = Math.max(height, depth++);
  }
  return { nodes: { length, parent, function: fn, subtreeEnd }, movedTo, height };
}

/** row -> hung node + 1, or 0 for none */
function addedByParent(hung: AddedNodes, rows: number): Int32Array {
  const hungUnder = new Int32Array(rows);
  for (let graft = 0; graft < hung.length; graft++) hungUnder[at(hung.parent, graft)] = graft + 1;
  return hungUnder;
}

function concatenate(column: Int32Array, more: Int32Array): Int32Array {
  const longer = new Int32Array(column.length + more.length);
  longer.set(column);
  longer.set(more, column.length);
  return longer;
}

/** Nodes of any order. */
function reorder({ length, parent: parentBefore, function: functionBefore }: UnorderedNodes): DepthFirstNodes {
  const movedTo = findDepthFirstOrder(parentBefore);
  const parent = new Int32Array(length);
  const fn = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    const from = at(parentBefore, row);
    const to = at(movedTo, row);
    parent[to] = from === -1 ? -1 : at(movedTo, from);
    fn[to] = at(functionBefore, row);
  }
  const { nodes, height } = toDepthFirst({ length, parent, function: fn });
  return { nodes, movedTo, height };
}

/** row before -> row in depth-first order; siblings keep their order. */
function findDepthFirstOrder(parent: Int32Array): Int32Array {
  const { firstChild, nextSibling, firstRoot } = linkChildren(parent);
  const order = new Int32Array(parent.length).fill(-1);
  let placed = 0;
  let node = firstRoot;
  while (node !== -1) {
    order[node] = placed++;
    const child = at(firstChild, node);
    node = child !== -1 ? child : nextAfterSubtree(node, parent, nextSibling);
  }
  if (placed !== parent.length) throw new RangeError(`a cycle: ${parent.length - placed} nodes hang under no root`);
  return order;
}

function nextAfterSubtree(node: number, parent: Int32Array, nextSibling: Int32Array): number {
  let above = node;
  while (above !== -1) {
    const sibling = at(nextSibling, above);
    if (sibling !== -1) return sibling;
    above = at(parent, above);
  }
  return -1;
}

/** Child lists as two columns. Roots are siblings of each other. Linked backwards so that they read forwards. */
function linkChildren(parent: Int32Array) {
  const firstChild = new Int32Array(parent.length).fill(-1);
  const nextSibling = new Int32Array(parent.length).fill(-1);
  let firstRoot = -1;
  for (let node = parent.length - 1; node >= 0; node--) {
    const above = at(parent, node);
    if (above === -1) {
      nextSibling[node] = firstRoot;
      firstRoot = node;
    } else {
      nextSibling[node] = at(firstChild, above);
      firstChild[above] = node;
    }
  }
  return { firstChild, nextSibling, firstRoot };
}
