/** Joins frames that call little but one other: `main → run → handler` is one node. */

import { getOrInsert } from '../../base/maps.ts';
import type { FunctionIndex } from '../function-table.ts';
import { type Figures, type LayoutNode, type LayoutTree, ROOT } from './layout-tree.ts';

/** A child joins its caller if it has at least this share of the weight of the first of them. */
const MIN_JOINED_SHARE = 0.98;

export interface JoinOptions {
  /** Whether only chains that begin below ROOT are joined. */
  readonly onlyLeading: boolean;
  /** Nodes of a chain at most. To open a level of an inverted tree takes as long at any depth, so chains need an end. */
  readonly maxLength: number;
}

/** Returns the tree with chains joined. A joined node has the self time of all, and the children of all outside of it. */
export function joinChains(tree: LayoutTree, options: JoinOptions): LayoutTree {
  return new JoinedTree(tree, options);
}

class JoinedTree implements LayoutTree {
  readonly #tree: LayoutTree;
  readonly #options: JoinOptions;
  readonly #chains = new Map<LayoutNode, readonly LayoutNode[]>();
  readonly #children = new Map<LayoutNode, readonly LayoutNode[]>();
  /** child of a joined node -> the first node of the chain */
  readonly #parents = new Map<LayoutNode, LayoutNode>();

  constructor(tree: LayoutTree, options: JoinOptions) {
    this.#tree = tree;
    this.#options = options;
  }

  chain(node: LayoutNode): readonly LayoutNode[] {
    return getOrInsert(this.#chains, node, () => (this.#isJoinable(node) ? this.#follow(node) : [node]));
  }

  #isJoinable(node: LayoutNode): boolean {
    if (node === ROOT || (this.#options.onlyLeading && this.#tree.parent(node) !== ROOT)) return false;
    return this.#tree.functions(node).length === 1;
  }

  #follow(first: LayoutNode): readonly LayoutNode[] {
    const chain = [first];
    const least = MIN_JOINED_SHARE * this.#tree.weight(first);
    for (let last = first; chain.length < this.#options.maxLength; ) {
      const next: LayoutNode | undefined = this.#tree.children(last).find((child) => this.#tree.weight(child) >= least);
      // A folded node is a row of its own, and what is measured is not mixed with what is not.
      if (next === undefined || this.#tree.functions(next).length > 1) break;
      if (this.#tree.isEstimated(next) !== this.#tree.isEstimated(first)) break;
      chain.push(next);
      last = next;
    }
    return chain;
  }

  children(node: LayoutNode): readonly LayoutNode[] {
    return getOrInsert(this.#children, node, () => {
      const chain = this.chain(node);
      const inside = new Set(chain);
      const children = chain.flatMap((each) => this.#tree.children(each).filter((child) => !inside.has(child)));
      if (chain.length > 1) children.sort((a, b) => this.weight(b) - this.weight(a) || a - b);
      for (const child of children) this.#parents.set(child, node);
      return children;
    });
  }

  parent(node: LayoutNode): LayoutNode {
    return this.#parents.get(node) ?? this.#tree.parent(node);
  }

  key(node: LayoutNode): number {
    return this.#tree.key(node);
  }

  weight(node: LayoutNode): number {
    return this.#tree.weight(node);
  }

  ownWeight(node: LayoutNode): number {
    return this.chain(node).reduce((sum, each) => sum + this.#tree.ownWeight(each), 0);
  }

  gapBefore(): number {
    return 0;
  }

  figures(node: LayoutNode): Figures {
    const all = this.chain(node).map((each) => this.#tree.figures(each));
    const sum = (field: 'self' | 'samples' | 'selfSquares') => all.reduce((total, each) => total + each[field], 0);
    const { total, cumsamples, totalSquares } = this.#tree.figures(node);
    return {
      self: sum('self'),
      samples: sum('samples'),
      selfSquares: sum('selfSquares'),
      total,
      cumsamples,
      totalSquares,
    };
  }

  hasFewerSamples(node: LayoutNode, limit: number): boolean {
    return this.#tree.hasFewerSamples(node, limit);
  }

  functions(node: LayoutNode): readonly FunctionIndex[] {
    const chain = this.chain(node);
    return chain.length === 1 ? this.#tree.functions(node) : chain.flatMap((each) => this.#tree.functions(each));
  }

  isEstimated(node: LayoutNode): boolean {
    return this.#tree.isEstimated(node);
  }
}
