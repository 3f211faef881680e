/** Where keys and the table lead in a tree. */

import TinyQueue from 'tinyqueue';
import { type LayoutNode, ROOT } from '../model/layout/layout-tree.ts';
import type { FunctionRow } from './data.ts';
import type { ShownTree } from './trees.ts';

export type Direction = 'caller' | 'callee' | 'left' | 'right';

export interface Step {
  readonly node: LayoutNode;
  /** The node that fills the picture, above which no key leads. */
  readonly root: LayoutNode;
  readonly to: Direction;
}

/** The parent, the widest child, or a sibling; null if there is none. */
export function neighbourOf({ tree }: ShownTree, { node, root, to }: Step): LayoutNode | null {
  if (to === 'caller') return node === root || tree.parent(node) === ROOT ? null : tree.parent(node);
  if (to === 'callee' || node === root)
    return tree.children(node).toSorted((a, b) => tree.weight(b) - tree.weight(a))[0] ?? null;
  const siblings = tree.children(tree.parent(node));
  return siblings[siblings.indexOf(node) + (to === 'right' ? 1 : -1)] ?? null;
}

/** The node of a function with the most weight, found among the nodes that have any chance; null if there is none. */
export function hottestNode(shown: ShownTree, row: FunctionRow): LayoutNode | null {
  const { tree } = shown;
  // In an inverted tree a function's self time is a node below the root, and all others are of its callees.
  const own = shown.isInverted ? tree.children(ROOT).find((node) => shown.holds(node, row.fn)) : undefined;
  if (own !== undefined) return own;
  let best: LayoutNode | null = null;
  const open = new TinyQueue<LayoutNode>([ROOT], (a, b) => tree.weight(b) - tree.weight(a));
  for (let opened = 0; opened < MAX_OPENED; opened++) {
    const node = open.pop();
    if (node === undefined) break;
    if (best !== null && tree.weight(node) <= tree.weight(best)) break;
    for (const child of tree.children(node)) {
      if (shown.holds(child, row.fn)) {
        if (best === null || tree.weight(child) > tree.weight(best)) best = child;
      } else open.push(child);
    }
  }
  return best;
}

/** To look further takes too long, and what is found there is small. */
const MAX_OPENED = 20_000;
