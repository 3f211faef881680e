/** Chooses the rows of a listed tree by cost, so that what is left out is known at every row. */

import TinyQueue from 'tinyqueue';
import { at } from '../model/columns.ts';
import { type LayoutNode, type LayoutTree, ROOT } from '../model/layout/layout-tree.ts';

export interface TreeLimits {
  /** Number of lines, those of cut siblings included, but one row at least; infinity for no limit. */
  readonly lines: number;
  /** Nodes of less weight are cut. */
  readonly minWeight: number;
  /** Levels below ROOT; infinity for no limit. */
  readonly depth: number;
  /** Frames below ROOT, where a joined row has several; rows that begin deeper are cut. Infinity for no limit. */
  readonly frames: number;
}

/** Siblings that are not rows. */
export interface OmittedNodes {
  readonly rows: number;
  readonly weight: number;
}

export interface TreeRow {
  readonly node: LayoutNode;
  /** 1 for a child of ROOT */
  readonly depth: number;
  /** The row of the caller, or of the callee in an inverted tree; null for a child of ROOT. */
  readonly parent: number | null;
  /** Number of children that are rows. */
  readonly children: number;
  /** The children that are no rows; null if all are. */
  readonly omitted: OmittedNodes | null;
}

export interface TreeRows {
  /** In depth-first order, siblings by weight. */
  readonly rows: readonly TreeRow[];
  /** Children of ROOT that are no rows. */
  readonly omitted: OmittedNodes | null;
}

/** Takes the heaviest node whose parent is a row, again and again, until the lines are used up. */
export function chooseRows(tree: LayoutTree, limits: TreeLimits): TreeRows {
  return orderRows(tree, countChosenChildren(tree, limits));
}

/** The next child of a row that may become a row. Siblings come in order of weight, so one of them waits at a time. */
interface Candidate {
  readonly parent: LayoutNode;
  readonly index: number;
  readonly depth: number;
  /** frames above it */
  readonly frames: number;
  readonly weight: number;
}

/** row -> number of its first children that are rows */
function countChosenChildren(tree: LayoutTree, limits: TreeLimits) {
  const chosen = new Map<LayoutNode, number>([[ROOT, 0]]);
  const heaviestFirst = (a: Candidate, b: Candidate) => b.weight - a.weight || a.depth - b.depth || a.parent - b.parent;
  const candidates = new TinyQueue<Candidate>([], heaviestFirst);
  const offer = (next: Omit<Candidate, 'weight'>) => {
    if (next.depth > limits.depth || next.frames >= limits.frames) return;
    const node = tree.children(next.parent)[next.index];
    const weight = node === undefined ? 0 : tree.weight(node);
    if (weight > 0 && weight >= limits.minWeight) candidates.push({ ...next, weight });
  };
  offer({ parent: ROOT, index: 0, depth: 1, frames: 0 });
  let used = 0;
  for (let next = candidates.pop(); next !== undefined; next = candidates.pop()) {
    const { parent, index, depth, frames } = next;
    const siblings = tree.children(parent).length;
    // The line of cut siblings appears with the first sibling that is shown, and goes with the last.
    used += 1 + hasOmittedLine(index + 1, siblings) - hasOmittedLine(index, siblings);
    const isFirst = chosen.size === 1;
    if (used > limits.lines && !isFirst) break;
    const node = at(tree.children(parent), index);
    chosen.set(parent, index + 1);
    chosen.set(node, 0);
    offer({ parent, index: index + 1, depth, frames });
    offer({ parent: node, index: 0, depth: depth + 1, frames: frames + tree.chain(node).length });
  }
  return chosen;
}

function hasOmittedLine(shown: number, siblings: number): number {
  return Number(shown > 0 && shown < siblings);
}

function orderRows(tree: LayoutTree, chosen: ReadonlyMap<LayoutNode, number>): TreeRows {
  const rows: TreeRow[] = [];
  const shownChildren = (node: LayoutNode) => tree.children(node).slice(0, chosen.get(node) ?? 0);
  const stack = shownChildren(ROOT)
    .map((node) => ({ node, depth: 1, parent: null as number | null }))
    .reverse();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, depth, parent } = next;
    const children = shownChildren(node);
    const row =
      rows.push({ node, depth, parent, children: children.length, omitted: omittedOf(tree, node, chosen) }) - 1;
    for (const child of children.reverse()) stack.push({ node: child, depth: depth + 1, parent: row });
  }
  return { rows, omitted: omittedOf(tree, ROOT, chosen) };
}

function omittedOf(tree: LayoutTree, node: LayoutNode, chosen: ReadonlyMap<LayoutNode, number>): OmittedNodes | null {
  const omitted = tree.children(node).slice(chosen.get(node) ?? 0);
  if (omitted.length === 0) return null;
  return { rows: omitted.length, weight: omitted.reduce((sum, child) => sum + tree.weight(child), 0) };
}
