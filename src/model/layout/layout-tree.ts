/** The tree that pictures and listings draw. Nodes are made when their parents are opened, so only what is seen is computed. */

import type { FunctionIndex } from '../function-table.ts';

/** A node of a LayoutTree, numbered in the order in which nodes are made. */
export type LayoutNode = number;

/** The node above all others. It stands for no function. */
export const ROOT: LayoutNode = 0;

/** Figures of a node in µs and samples; NaN if not known. `self` is the time of the node, `total` with everything below. */
export interface Figures {
  readonly self: number;
  readonly total: number;
  readonly samples: number;
  readonly cumsamples: number;
  /** Σd² over the durations of the samples of `self`, and of `total` */
  readonly selfSquares: number;
  readonly totalSquares: number;
}

/**
 * A tree of callers above callees, or of callees above callers if it is inverted. Exactly, for whole µs:
 * `weight(node) = ownWeight(node) + Σ weight(child)`.
 */
export interface LayoutTree {
  /** The caller, or the callee in an inverted tree; -1 for ROOT. */
  parent(node: LayoutNode): LayoutNode;
  /** The function, or the group of functions, that the node stands for; -1 for ROOT. */
  key(node: LayoutNode): number;
  /** Children in the order of display. */
  children(node: LayoutNode): readonly LayoutNode[];
  /** What its width stands for: `total`, or `cumsamples` if the file has no times. */
  weight(node: LayoutNode): number;
  /** The part of the weight that belongs to no child. */
  ownWeight(node: LayoutNode): number;
  /** In time order: the own weight of the parent between the child before and this node. */
  gapBefore(node: LayoutNode): number;
  figures(node: LayoutNode): Figures;
  /** Whether its cumsamples are fewer, found without its other figures; false if not known. */
  hasFewerSamples(node: LayoutNode, limit: number): boolean;
  /** The functions of the node's frames, outermost first, each once; several if frames were folded. */
  functions(node: LayoutNode): readonly FunctionIndex[];
  /** The nodes that a joined node stands for, outermost first: the node itself, unless chains are joined. */
  chain(node: LayoutNode): readonly LayoutNode[];
  /** Whether the node's figures are inferred and not measured. */
  isEstimated(node: LayoutNode): boolean;
}

/** The nodes from the one below ROOT down to this one. */
export function pathTo(tree: LayoutTree, node: LayoutNode): LayoutNode[] {
  const path: LayoutNode[] = [];
  for (let above = node; above !== ROOT; above = tree.parent(above)) path.push(above);
  return path.reverse();
}
