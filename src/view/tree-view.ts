/** The view of `pstat tree`. */

import { joinChains } from '../model/layout/join-chains.ts';
import { ROOT } from '../model/layout/layout-tree.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import { type LayoutTreeQuery, type QueriedTree, queryTree } from '../query/layout-tree.ts';
import type { Stats } from '../query/stats.ts';
import type { ProfileSummary } from '../query/summary.ts';
import { chooseRows, type OmittedNodes, type TreeRow } from '../query/tree-rows.ts';
import { type NodeRow, nodeRow } from './node-row.ts';
import type { ViewNote } from './notes.ts';
import type { RowKind } from './views.ts';

export interface TreeView {
  readonly view: 'tree';
  readonly profile: ProfileSummary;
  readonly by: RowKind;
  readonly inverted: boolean;
  readonly estimated: boolean;
  /** Whether the tree starts at functions that the user chose. */
  readonly rooted: boolean;
  /** In depth-first order. */
  readonly rows: readonly TreeViewRow[];
  /** The outermost rows that are not shown. */
  readonly omitted: Omitted | null;
  readonly notes: readonly ViewNote[];
}

/** A row; its cumtime is its tottime, the cumtimes of its children, and what was omitted. */
export interface TreeViewRow extends NodeRow {
  /** index of the row above, or null */
  readonly parent: number | null;
  /** 1 for an outermost row */
  readonly depth: number;
  /** Number of rows directly below. */
  readonly children: number;
  readonly omitted: Omitted | null;
}

export interface Omitted {
  readonly rows: number;
  readonly cumtime: Microseconds | null;
}

/** Which rows a tree has. */
export interface TreeLimitsQuery {
  /** Number of lines; infinity for no limit. */
  readonly lines: number;
  readonly depth: number;
  readonly frames: number;
  readonly min: Minimum;
}

/** A share of the counted time, or a time. */
export type Minimum = { readonly percent: number } | { readonly microseconds: Microseconds };

/** Frames of a row of an inverted tree. */
const MAX_INVERTED_CHAIN = 20;

export function treeView(stats: Stats, query: LayoutTreeQuery, limits: TreeLimitsQuery): TreeView {
  return treeViewWithKeys(stats, joinedTree(stats, query), limits).view;
}

/** The tree whose nodes are rows, each of a chain. Nodes are opened when rows are chosen. */
export interface JoinedTree extends QueriedTree {
  readonly query: LayoutTreeQuery;
}

/** Throws PstatError as queryTree. */
export function joinedTree(stats: Stats, query: LayoutTreeQuery): JoinedTree {
  const queried = queryTree(stats, query);
  const maxLength = query.isInverted ? MAX_INVERTED_CHAIN : Number.POSITIVE_INFINITY;
  return { ...queried, query, tree: joinChains(queried.tree, { onlyLeading: false, maxLength }) };
}

export function rowsOfTree({ summary }: Stats, { tree }: JoinedTree, { min, ...limits }: TreeLimitsQuery) {
  return chooseRows(tree, { ...limits, minWeight: weightOf(min, summary, tree.weight(ROOT)) });
}

/** The view, and what each row stands for: the functions, or the groups, of its frames. */
export function treeViewWithKeys(stats: Stats, queried: JoinedTree, limits: TreeLimitsQuery) {
  const { tree, query } = queried;
  const { summary } = stats;
  const { rows, omitted } = rowsOfTree(stats, queried, limits);
  const hasTimes = summary.counted !== null;
  const view: TreeView = {
    view: 'tree',
    profile: summary,
    by: query.by,
    inverted: query.isInverted,
    estimated: !summary.stacks,
    rooted: query.root !== null,
    rows: rows.map((row) => treeRow(row, queried, stats)),
    omitted: omittedOf(omitted, hasTimes),
    notes: summary.notes,
  };
  return { view, keys: rows.map(({ node }) => tree.chain(node).map((each) => queried.tree.key(each))) };
}

/** A share is one of all counted time, also where the tree has only a part of it. */
export function weightOf(min: Minimum, { shareOf, counts, counted }: ProfileSummary, all: number): number {
  if ('microseconds' in min) return min.microseconds;
  const whole = counted === null && counts === 'samples' ? all : (shareOf ?? all);
  return (min.percent / 100) * whole;
}

function treeRow(row: TreeRow, queried: QueriedTree, stats: Stats): TreeViewRow {
  const { node, depth, parent, children } = row;
  const omitted = omittedOf(row.omitted, stats.summary.counted !== null);
  return { ...nodeRow(node, queried, stats), parent, depth, children, omitted };
}

function omittedOf(omitted: OmittedNodes | null, hasTimes: boolean): Omitted | null {
  return omitted === null ? null : { rows: omitted.rows, cumtime: hasTimes ? omitted.weight : null };
}
