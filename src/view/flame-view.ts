/** The view of `pstat flame`: a tree to draw. Its boxes depend on the width of the output, so the renderer places them. */

import type { FunctionIndex } from '../model/function-table.ts';
import { heaviestNodeOf } from '../model/layout/find-node.ts';
import { joinChains } from '../model/layout/join-chains.ts';
import { type LayoutNode, type LayoutTree, ROOT } from '../model/layout/layout-tree.ts';
import { type LayoutTreeQuery, type QueriedTree, queryTimeTree, queryTree } from '../query/layout-tree.ts';
import type { Stats } from '../query/stats.ts';
import type { ProfileSummary } from '../query/summary.ts';
import type { BoxChange } from './compared-picture.ts';
import { type HottestPath, hottestPath } from './hottest-path.ts';
import { type NodeName, type NodeRow, nodeName, nodeRow } from './node-row.ts';
import type { ViewNote } from './notes.ts';
import { type Minimum, weightOf } from './tree-view.ts';

/** A tree with what is shown of its nodes, which are described when they are drawn. */
export interface Picture {
  readonly tree: LayoutTree;
  readonly inverted: boolean;
  /** Whether boxes stand where they were in time: a node is one call. */
  readonly inTimeOrder: boolean;
  /** Tells a node from its siblings, also in a picture of the same profile with other filters. */
  step(node: LayoutNode): number;
  describe(node: LayoutNode): NodeRow;
  nameOf(node: LayoutNode): NodeName;
  /** What the color of a node stands for: a package, or where its code comes from (`app`, `dependency`, `node` …). */
  colorGroup(node: LayoutNode): string;
  /** When the call of a node was, in µs since the start of recording; absent where a node is no single call. */
  windowOf?(node: LayoutNode): { readonly from: number; readonly to: number };
  /** The heaviest node of a function; null for none. */
  find(fn: FunctionIndex): LayoutNode | null;
  /** What a comparison says of a node; absent without one. */
  changeOf?(node: LayoutNode): BoxChange;
}

export interface FlameView {
  readonly view: 'flame';
  readonly profile: ProfileSummary;
  readonly picture: Picture;
  readonly minWeight: number;
  /** The maximum number of rows, with the one of all time. */
  readonly rows: number;
  /** Columns; null for the width of the output. */
  readonly width: number | null;
  /** Whether callers are below. */
  readonly upward: boolean;
  readonly estimated: boolean;
  readonly rooted: boolean;
  readonly hottest: HottestPath | null;
  readonly notes: readonly ViewNote[];
}

export interface FlameQuery {
  readonly tree: LayoutTreeQuery;
  readonly inTimeOrder: boolean;
  readonly min: Minimum;
  readonly rows: number;
  readonly width: number | null;
  readonly upward: boolean;
}

export function flameView(stats: Stats, { tree: query, min, inTimeOrder, ...rest }: FlameQuery): FlameView {
  const picture = inTimeOrder ? timePictureOf(stats) : pictureOf(stats, query);
  return {
    view: 'flame',
    profile: stats.summary,
    picture,
    minWeight: weightOf(min, stats.summary, picture.tree.weight(ROOT)),
    ...rest,
    estimated: !stats.summary.stacks,
    rooted: query.root !== null,
    hottest: query.isInverted ? null : hottestPath(picture),
    notes: stats.summary.notes,
  };
}

/** Chains that lead from the outermost frames are joined, so that few rows show own code. */
export function pictureOf(stats: Stats, query: LayoutTreeQuery, { joins = true } = {}): Picture {
  const queried = queryTree(stats, query);
  const isWhole = !joins || query.fold === 'none' || query.isInverted;
  const tree = isWhole
    ? queried.tree
    : joinChains(queried.tree, { onlyLeading: true, maxLength: Number.POSITIVE_INFINITY });
  return {
    ...describedBy({ ...queried, tree }, stats, query.by),
    inverted: query.isInverted,
    inTimeOrder: false,
    step: (node) => tree.key(node),
    find: (fn) => (query.by === 'function' ? heaviestNodeOf(tree, fn, query.isInverted) : null),
  };
}

/** Calls in order of time. Throws PstatError (`missing-data`) where the times of samples are not known. */
export function timePictureOf(stats: Stats): Picture {
  const queried = queryTimeTree(stats);
  return {
    ...describedBy(queried, stats, 'function'),
    inverted: false,
    inTimeOrder: true,
    step: (node) => queried.tree.firstSample(node),
    windowOf: (node) => queried.tree.window(node),
    find: (fn) => queried.tree.longestCall(fn),
  };
}

function describedBy(queried: QueriedTree, stats: Stats, by: LayoutTreeQuery['by']) {
  const { tree, names } = queried;
  return {
    tree,
    describe: (node: LayoutNode) => nodeRow(node, queried, stats),
    nameOf: (node: LayoutNode) => nodeName(node, queried, stats),
    colorGroup(node: LayoutNode) {
      const key = tree.key(node);
      return by === 'function' ? stats.origins.categoryOf(key) : names.label(key);
    },
  };
}
