/** Finds nodes of a LayoutTree: at the end of a path, the heaviest child, and the heaviest one of a function. */

import TinyQueue from 'tinyqueue';
import type { FunctionIndex } from '../function-table.ts';
import { type LayoutNode, type LayoutTree, pathTo, ROOT } from './layout-tree.ts';

/** A tree whose paths outlive it: a step tells a node from its siblings in any tree of the same profile. */
interface SteppedTree {
  readonly tree: LayoutTree;
  step(node: LayoutNode): number;
}

/** The steps from below ROOT down to a node. */
export function stepsTo({ tree, step }: SteppedTree, node: LayoutNode): number[] {
  return pathTo(tree, node).map(step);
}

/** The node at the end of a path of steps, or the last one that exists. */
export function nodeAtSteps({ tree, step }: SteppedTree, path: readonly number[]): LayoutNode {
  let node: LayoutNode = ROOT;
  for (const wanted of path) {
    const child = tree.children(node).find((each) => step(each) === wanted);
    if (child === undefined) break;
    node = child;
  }
  return node;
}

/** The first of the heaviest children. In time order the first child is the earliest. */
export function heaviestChild(tree: LayoutTree, node: LayoutNode): LayoutNode | null {
  return tree
    .children(node)
    .reduce<LayoutNode | null>(
      (most, child) => (most === null || tree.weight(child) > tree.weight(most) ? child : most),
      null,
    );
}

/** To look further takes too long, and what is found there is small. */
const MAX_OPENED = 20_000;

/** The node of a function with the most weight, found among the nodes that have any chance; null if there is none. */
export function heaviestNodeOf(tree: LayoutTree, fn: FunctionIndex, isInverted: boolean): LayoutNode | null {
  const isOfFunction = (node: LayoutNode) => tree.chain(node).some((each) => tree.key(each) === fn);
  // In an inverted tree a function's self time is a node below the root, and all others are of its callees.
  const own = isInverted ? tree.children(ROOT).find(isOfFunction) : undefined;
  if (own !== undefined) return own;
  let best: LayoutNode | null = null;
  const open = new TinyQueue<LayoutNode>([ROOT], (a, b) => tree.weight(b) - tree.weight(a));
  for (let opened = 0; opened < MAX_OPENED; opened++) {
    const node = open.pop();
    if (node === undefined || (best !== null && tree.weight(node) <= tree.weight(best))) break;
    for (const child of tree.children(node)) {
      if (!isOfFunction(child)) open.push(child);
      else if (best === null || tree.weight(child) > tree.weight(best)) best = child;
    }
  }
  return best;
}
