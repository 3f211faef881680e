/** What the explorer shows at one moment: plain values that the renderer fits to the terminal. */

import type { Both } from '../compare/both.ts';
import type { ComparedFunction, Comparison } from '../compare/comparison.ts';
import type { LayoutNode } from '../model/layout/layout-tree.ts';
import type { ProfileSummary } from '../query/summary.ts';
import type { CompareView } from './compare-view.ts';
import type { Picture } from './flame-view.ts';
import type { ListView } from './list-view.ts';
import type { NodeRow } from './node-row.ts';
import type { TreeView } from './tree-view.ts';
import type { FunctionsView, RelationsView, ViewRow } from './views.ts';

export const PANES = ['table', 'picture', 'tree', 'callers', 'source'] as const;

export type PaneName = (typeof PANES)[number];

/** The main pane. Lists name their selected row. */
export type ExplorePane =
  | { readonly kind: 'table'; readonly view: FunctionsView; readonly selected: number; readonly skipped: number }
  | { readonly kind: 'compare'; readonly view: CompareView; readonly selected: number }
  | { readonly kind: 'tree'; readonly view: TreeView; readonly selected: number }
  | {
      readonly kind: 'callers';
      readonly callers: RelationsView;
      readonly callees: RelationsView;
      readonly selected: number;
    }
  | { readonly kind: 'source'; readonly view: ListView | null; readonly selected: number }
  | {
      readonly kind: 'picture';
      readonly picture: Picture;
      readonly root: LayoutNode;
      readonly selected: LayoutNode | null;
    }
  | { readonly kind: 'message'; readonly text: string };

export interface ExploreView {
  readonly profile: ProfileSummary;
  readonly paneName: PaneName;
  readonly pane: ExplorePane;
  /** Filters and switches that are on, as options of the command line. */
  readonly filters: readonly string[];
  /** The selected node of a tree, where the tree is drawn. */
  readonly here: NodeRow | null;
  /** The selected function over all of its calls. */
  readonly everywhere: ViewRow | null;
  /** Null for a profile alone. */
  readonly compared: ComparedSelection | null;
  /** Whether there is a time line, and an order of time. */
  readonly hasTimes: boolean;
  /** The time line; null while it is not shown. */
  readonly time: TimeLine | null;
  /** The command that prints the same answer; null where no file holds what is shown. */
  readonly command: string | null;
  /** What is being typed, and what for; null if nothing is. */
  readonly typing: { readonly for: 'search' | 'file'; readonly text: string } | null;
  readonly search: {
    readonly text: string;
    readonly share: number | null;
    readonly matches: (node: LayoutNode) => boolean;
  } | null;
  readonly message: string;
  /** What is to be known of the answer, which the help shows. */
  readonly notes: readonly string[];
  /** The first line of the help that is shown; null where it is not. */
  readonly helpTop: number | null;
  /** Of a program that runs: whether it is followed; null for files. */
  readonly live: 'on' | 'held' | 'ended' | null;
}

export interface TimeLine {
  /** µs since the start of recording, as the others */
  readonly recorded: { readonly from: number; readonly to: number };
  readonly window: { readonly from: number; readonly to: number };
  /** Null if it does not have the keys. */
  readonly cursor: number | null;
  /** column -> the share of its time in which the thread was busy, 0 to 1 */
  activity(columns: number): readonly number[];
}

/** What a comparison says of the selection. */
export interface ComparedSelection {
  readonly names: Both<string>;
  readonly comparison: Comparison;
  /** Null where nothing is selected that is compared. */
  readonly row: ComparedFunction | null;
  /** Functions of the side BEFORE alone, which the picture of the side AFTER does not have. */
  readonly removed: readonly ComparedFunction[];
}
