/** Where the time goes: down the heaviest child until it splits. */

import { heaviestChild } from '../model/layout/find-node.ts';
import { type LayoutNode, ROOT } from '../model/layout/layout-tree.ts';
import type { Picture } from './flame-view.ts';

export interface HottestPath {
  /** Nodes from the outermost one on; not empty. */
  readonly nodes: readonly LayoutNode[];
  /** The share of all time that its last node has. */
  readonly share: number;
  readonly weight: number;
  /** What the last node calls most, and its share of the node; null if it calls nothing. */
  readonly next: { readonly node: LayoutNode; readonly share: number } | null;
}

/** A path goes on as long as one child has this share of its caller. */
const MIN_FOLLOWED_SHARE = 0.7;

/** @param from the node above the path */
export function hottestPath({ tree }: Pick<Picture, 'tree'>, from: LayoutNode = ROOT): HottestPath | null {
  const nodes: LayoutNode[] = [];
  let above = from;
  for (;;) {
    const heaviest = heaviestChild(tree, above);
    const share = heaviest === null ? 0 : tree.weight(heaviest) / tree.weight(above);
    // The first node is followed in any case: a path has to begin somewhere.
    if (heaviest === null || (share < MIN_FOLLOWED_SHARE && nodes.length > 0)) {
      if (nodes.length === 0) return null;
      const next = heaviest === null ? null : { node: heaviest, share };
      return { nodes, weight: tree.weight(above), share: tree.weight(above) / tree.weight(ROOT), next };
    }
    nodes.push(heaviest);
    above = heaviest;
  }
}
