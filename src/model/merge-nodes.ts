/** Call nodes of several trees: those with the same path become one. */

import { type BuiltCallTree, type CallTree, CallTreeBuilder } from './call-tree.ts';
import { at } from './columns.ts';
import type { FunctionIndex } from './function-table.ts';
import { PairIndex } from './pair-index.ts';

/** A trie of call paths: a node is identified by its parent's merged node and its function. */
export class MergedNodes {
  readonly #tree = new CallTreeBuilder();
  readonly #nodeOf = new PairIndex();
  readonly #joinsRecursion: boolean;
  /** row -> its function, where recursion is joined */
  readonly #functionOf: FunctionIndex[] = [];

  /** @param joinsRecursion whether calls from a function to itself are part of the call into it */
  constructor({ joinsRecursion = false } = {}) {
    this.#joinsRecursion = joinsRecursion;
  }

  /** Returns NodeIndex of the added tree -> row of the merged tree, in the order of first appearance. */
  add(tree: CallTree, translation: Int32Array): Int32Array {
    const mergedNode = new Int32Array(tree.length);
    for (let node = 0; node < tree.length; node++) {
      const parent = at(tree.parent, node);
      const above = parent === -1 ? -1 : at(mergedNode, parent);
      const merged = this.#findOrAdd(above, at(translation, at(tree.function, node)));
      this.#tree.add(merged, {
        self: at(tree.self, node),
        samples: at(tree.samples, node),
        selfSquares: tree.selfSquares === null ? Number.NaN : at(tree.selfSquares, node),
        queued: tree.queued === null ? 0 : at(tree.queued, node),
      });
      mergedNode[node] = merged;
    }
    if (tree.lines !== null) this.#tree.addLines(tree.lines, mergedNode);
    return mergedNode;
  }

  #findOrAdd(parent: number, fn: FunctionIndex): number {
    if (this.#functionOf[parent] === fn) return parent;
    const known = this.#nodeOf.length;
    const node = this.#nodeOf.indexOf(parent, fn);
    if (node === known) {
      this.#tree.push(parent, fn);
      if (this.#joinsRecursion) this.#functionOf.push(fn);
    }
    return node;
  }

  finish(): BuiltCallTree {
    return this.#tree.finish();
  }
}
