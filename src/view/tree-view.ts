/** The view of `pstat tree`. */

import { at } from '../model/columns.ts';
import { knownOrNull } from '../model/count.ts';
import { type FunctionIndex, type FunctionTable, functionAt } from '../model/function-table.ts';
import { joinChains } from '../model/layout/join-chains.ts';
import type { Figures } from '../model/layout/layout-tree.ts';
import { ROOT } from '../model/layout/layout-tree.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import { type LayoutTreeQuery, type QueriedTree, queryTree } from '../query/layout-tree.ts';
import type { Origins } from '../query/origins.ts';
import { relativeError } from '../query/sampling-error.ts';
import type { Stats } from '../query/stats.ts';
import type { ProfileSummary } from '../query/summary.ts';
import { chooseRows, type OmittedNodes, type TreeRow } from '../query/tree-rows.ts';
import type { RowKind, ViewRow } from './views.ts';

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
  readonly notes: readonly string[];
}

/** A row; its cumtime is its tottime, the cumtimes of its children, and what was omitted. */
export interface TreeViewRow extends ViewRow {
  /** index of the row above, or null */
  readonly parent: number | null;
  /** 1 for an outermost row */
  readonly depth: number;
  /** Number of rows directly below. */
  readonly children: number;
  readonly omitted: Omitted | null;
  /** All frames of a joined chain, outermost first; null for others. */
  readonly chain: readonly ChainFrame[] | null;
  /** What was folded into the row; null for others. */
  readonly folded: { readonly frames: number; readonly packages: readonly string[] } | null;
  readonly estimated: boolean;
}

export type ChainFrame = Pick<ViewRow, 'name' | 'file' | 'line' | 'column' | 'label'>;

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

export function treeView(stats: Stats, query: LayoutTreeQuery, { min, ...limits }: TreeLimitsQuery): TreeView {
  const queried = queryTree(stats, query);
  const maxLength = query.isInverted ? MAX_INVERTED_CHAIN : Number.POSITIVE_INFINITY;
  const tree = joinChains(queried.tree, { onlyLeading: false, maxLength });
  const { summary } = stats;
  const minWeight = weightOf(min, summary, tree.weight(ROOT));
  const { rows, omitted } = chooseRows(tree, { ...limits, minWeight });
  const hasTimes = summary.counted !== null;
  return {
    view: 'tree',
    profile: summary,
    by: query.by,
    inverted: query.isInverted,
    estimated: !summary.stacks,
    rooted: query.root !== null,
    rows: rows.map((row) => treeRow(row, { ...queried, tree }, stats)),
    omitted: omittedOf(omitted, hasTimes),
    notes: summary.notes,
  };
}

/** A share is one of all counted time, also where the tree has only a part of it. */
export function weightOf(min: Minimum, { shareOf, counts, counted }: ProfileSummary, all: number): number {
  if ('microseconds' in min) return min.microseconds;
  const whole = counted === null && counts === 'samples' ? all : (shareOf ?? all);
  return (min.percent / 100) * whole;
}

function treeRow(row: TreeRow, { tree, table, names }: QueriedTree, { profile, summary, origins }: Stats): TreeViewRow {
  const { node, depth, parent, children } = row;
  const chain = tree.chain(node);
  const functions = tree.functions(node);
  const isFolded = chain.length === 1 && functions.length > 1 && table === profile.functions;
  const frameOf = (key: number) => {
    const { name, file, line, column, generated } = functionAt(table, key);
    return {
      name,
      ...(generated == null ? {} : { generated }),
      file: file === '' ? null : file,
      line: line || null,
      column: column || null,
      label: names.label(key),
    };
  };
  const key = tree.key(node);
  return {
    ...frameOf(key),
    kind: at(table.kind, key),
    place: names.place(key),
    ...figuresOf(tree.figures(node), summary),
    parent,
    depth,
    children,
    omitted: omittedOf(row.omitted, summary.counted !== null),
    chain: chain.length === 1 ? null : chain.map((each) => frameOf(tree.key(each))),
    folded: isFolded ? { frames: functions.length, packages: packagesOf(functions, table, origins) } : null,
    estimated: tree.isEstimated(node),
  };
}

function figuresOf(figures: Figures, { counts }: ProfileSummary) {
  const times = { tottime: knownOrNull(figures.self), cumtime: knownOrNull(figures.total) };
  if (counts === 'calls') return { ...times, ncalls: null, pcalls: null };
  return {
    ...times,
    samples: knownOrNull(figures.samples),
    cumsamples: knownOrNull(figures.cumsamples),
    tottimeError: relativeError(figures.self, figures.selfSquares, figures.samples),
    cumtimeError: relativeError(figures.total, figures.totalSquares, figures.cumsamples),
  };
}

/** In the order of their first frames. */
function packagesOf(functions: readonly FunctionIndex[], table: FunctionTable, origins: Origins): string[] {
  return [...new Set(functions.map((fn) => origins.packageOf(functionAt(table, fn))))];
}

function omittedOf(omitted: OmittedNodes | null, hasTimes: boolean): Omitted | null {
  return omitted === null ? null : { rows: omitted.rows, cumtime: hasTimes ? omitted.weight : null };
}
