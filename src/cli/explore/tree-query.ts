/** The query of the tree that a state shows. Answers are kept by it. */

import type { LayoutTreeQuery } from '../../query/layout-tree.ts';
import type { State } from './state.ts';

/** The whole of it. A likely tree is drawn wherever there is a tree at all. */
export function treeQueryOf({ by, isInverted, mergesRecursion, isFolded }: State): LayoutTreeQuery {
  return {
    by,
    isInverted,
    root: null,
    fold: isFolded ? 'auto' : 'none',
    foldsOnlyLeading: false,
    mergesRecursion,
    allowsEstimate: true,
  };
}
