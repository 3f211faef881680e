/** A node of a tree with what is shown of it, in listings and in pictures. */

import { knownOrNull } from '../model/count.ts';
import { describeFunction, type FunctionDescription, type FunctionIndex } from '../model/function-table.ts';
import type { Figures, LayoutNode } from '../model/layout/layout-tree.ts';
import { relativeError } from '../model/sampling-error.ts';
import type { QueriedTree } from '../query/layout-tree.ts';
import type { Stats } from '../query/stats.ts';
import type { ProfileSummary } from '../query/summary.ts';
import { functionLabel, type ViewRow } from './views.ts';

export interface NodeRow extends ViewRow {
  /** All frames of a joined chain, outermost first; null for others. */
  readonly chain: readonly ChainFrame[] | null;
  /** What was folded into the node; null for others. */
  readonly folded: { readonly frames: number; readonly packages: readonly string[] } | null;
  readonly estimated: boolean;
}

export interface ChainFrame extends FunctionDescription {
  readonly label: string;
}

/** What a box is called. */
export type NodeName = Pick<NodeRow, 'label' | 'chain' | 'folded' | 'estimated'>;

/** @param node not ROOT */
export function nodeRow(node: LayoutNode, queried: QueriedTree, stats: Stats): NodeRow {
  const { tree, table, names } = queried;
  const key = tree.key(node);
  return {
    ...describeFunction(table, key),
    place: names.place(key),
    ...figuresOf(tree.figures(node), stats.summary),
    ...nodeName(node, queried, stats),
  };
}

/** Without its figures, which take a pass over its frames. @param node not ROOT */
export function nodeName(node: LayoutNode, queried: QueriedTree, stats: Stats): NodeName {
  const { tree } = queried;
  const chain = tree.chain(node);
  return {
    label: labelOf(tree.key(node), queried, stats),
    chain: chain.length === 1 ? null : chain.map((each) => frameOf(tree.key(each), queried, stats)),
    folded: chain.length === 1 ? foldedOf(tree.functions(node), queried, stats) : null,
    estimated: tree.isEstimated(node),
  };
}

function labelOf(key: number, { table, names }: QueriedTree, stats: Stats): string {
  return table === stats.profile.functions ? functionLabel(key, stats) : names.label(key);
}

function frameOf(key: number, queried: QueriedTree, stats: Stats): ChainFrame {
  return { ...describeFunction(queried.table, key), label: labelOf(key, queried, stats) };
}

/** Packages are in the order of their first frames. Groups have several functions, and none is folded. */
function foldedOf(functions: readonly FunctionIndex[], { table }: QueriedTree, { profile, origins }: Stats) {
  if (functions.length === 1 || table !== profile.functions) return null;
  const packages = new Set(functions.map((fn) => origins.packageOf(fn)));
  return { frames: functions.length, packages: [...packages] };
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
