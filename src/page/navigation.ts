/** Where the keys of arrows lead in a tree. */

import { heaviestChild } from '../model/layout/find-node.ts';
import { type LayoutNode, ROOT } from '../model/layout/layout-tree.ts';
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
  if (to === 'callee' || node === root) return heaviestChild(tree, node);
  const siblings = tree.children(tree.parent(node));
  return siblings[siblings.indexOf(node) + (to === 'right' ? 1 : -1)] ?? null;
}
