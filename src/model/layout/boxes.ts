/**
 * Places the nodes of a tree as boxes whose widths are their weights, in columns of a terminal or pixels of a page.
 *
 * Each node has an exact interval: it begins where the child before it ends. The *edges* of these intervals are rounded,
 * not the widths. So a box, the boxes beside it and the self time of their parent fill the parent exactly, and no edge is
 * off by more than half a column at any depth.
 */

import { at } from '../columns.ts';
import type { LayoutNode, LayoutTree } from './layout-tree.ts';

export interface Box {
  /** The node, or null for a `…` box: siblings that are narrower than a box may be. */
  readonly node: LayoutNode | null;
  /** The node above, which a `…` box belongs to; -1 for the first row. */
  readonly parent: LayoutNode;
  /** First column, and the one after the last. Never equal. */
  readonly from: number;
  readonly to: number;
  readonly weight: number;
  /** Number of nodes in the box: more than 1 only for `…`. */
  readonly nodes: number;
}

export interface LayoutOptions {
  /** The node that fills the first row. */
  readonly root: LayoutNode;
  /** Columns or pixels, a whole number. */
  readonly width: number;
  /** Number of rows, the first one included. Nodes below them are not opened. */
  readonly rows: number;
  /** Nodes of less weight are put into `…` boxes. Nodes narrower than one column always are. */
  readonly minWeight?: number;
}

/** Returns rows of boxes from left to right; the last row is not empty. */
export function layoutBoxes(tree: LayoutTree, options: LayoutOptions): Box[][] {
  return [...layoutRows(tree, options)];
}

/** As layoutBoxes, row by row: nodes are opened when their row is asked for. */
export function* layoutRows(tree: LayoutTree, options: LayoutOptions): Generator<Box[]> {
  const { root, width, rows } = options;
  const weight = tree.weight(root);
  if (!(weight > 0) || width < 1) return;
  const scale = { columnsPerUnit: width / weight, minWeight: Math.max(weight / width, options.minWeight ?? 0) };
  let row: PlacedBox[] = [{ node: root, parent: -1, from: 0, to: width, weight, nodes: 1, start: 0 }];
  for (let left = rows; left > 0 && row.length > 0; left--) {
    yield row;
    if (left > 1)
      row = row.flatMap((box) => (box.node === null ? [] : placeChildren(tree, { ...box, node: box.node }, scale)));
  }
}

/** A box, and the exact start of its interval in units of weight. */
interface PlacedBox extends Box {
  readonly start: number;
}

interface Scale {
  readonly columnsPerUnit: number;
  readonly minWeight: number;
}

function placeChildren(tree: LayoutTree, parent: PlacedBox & { node: LayoutNode }, scale: Scale): PlacedBox[] {
  const boxes: PlacedBox[] = [];
  // Sums of fractions may exceed the parent by less than anything visible.
  const edge = (position: number) => Math.min(Math.round(position * scale.columnsPerUnit), parent.to);
  const children = tree.children(parent.node);
  let start = parent.start;
  let small = { start, weight: 0, nodes: 0 };
  const place = (box: { start: number; weight: number; nodes: number; node: LayoutNode | null }) => {
    const [from, to] = [edge(box.start), edge(box.start + box.weight)];
    if (to > from) boxes.push({ ...box, parent: parent.node, from, to });
  };
  const placeSmall = () => {
    if (small.nodes > 0) place({ ...small, node: null });
  };
  for (let i = 0; i < children.length; i++) {
    const node = at(children, i);
    const weight = tree.weight(node);
    const gap = tree.gapBefore(node);
    if (small.nodes > 0 && (gap > 0 || weight >= scale.minWeight)) {
      placeSmall();
      small = { start, weight: 0, nodes: 0 };
    }
    start += gap;
    if (weight >= scale.minWeight) place({ node, start, weight, nodes: 1 });
    else {
      small = { start: small.nodes === 0 ? start : small.start, weight: small.weight + weight, nodes: small.nodes + 1 };
    }
    start += weight;
  }
  placeSmall();
  return boxes;
}
