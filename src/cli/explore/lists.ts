/** The rows of the panes that are lists, and the functions that they stand for. */

import type { FunctionIndex } from '../../model/function-table.ts';
import type { LayoutTreeQuery } from '../../query/layout-tree.ts';
import { parsePattern } from '../../query/pattern.ts';
import type { Query } from '../../query/stats.ts';
import { treeLines } from '../../render/views/tree.ts';
import { treeViewWithKeys } from '../../view/tree-view.ts';
import { type FunctionsView, functionsView, groupsView, type RelationsView, relationsView } from '../../view/views.ts';
import { defaultFrames } from '../commands/tree-answer.ts';
import { WHOLE_TREE } from '../tree-options.ts';
import type { Comparisons } from './comparisons.ts';
import type { ExploredModel } from './explored-model.ts';
import type { State } from './state.ts';

/** Rows of the tree that can be reached by scrolling. */
export const TREE_LINES = 400;
export const TREE_MIN_PERCENT = 0.1;

/** Rows that a search looks at most. */
const MAX_SEARCHED = 5000;
const BLOCK = 100;
const RELATION_ROWS = 100;
const MAX_SOURCE_LINES = 10_000;

export class Lists {
  readonly #model: ExploredModel;
  readonly #comparisons: Comparisons | null;

  constructor(model: ExploredModel, comparisons: Comparisons | null) {
    this.#model = model;
    this.#comparisons = comparisons;
  }

  /** As `pstat tree`, with more lines and smaller rows. */
  tree(state: State) {
    const { isInverted, by, mergesRecursion, isFolded, treeRoot } = state;
    return this.#model.keepComputed(state, ['tree', isInverted, by, mergesRecursion, isFolded, treeRoot], () => {
      const query: LayoutTreeQuery = {
        ...WHOLE_TREE,
        by,
        isInverted,
        mergesRecursion,
        root: treeRoot === null ? null : this.#model.exactPattern(treeRoot),
        fold: isFolded ? 'auto' : 'none',
        allowsEstimate: true,
      };
      const depth = Number.POSITIVE_INFINITY;
      const limits = { lines: TREE_LINES, depth, frames: defaultFrames(query), min: { percent: TREE_MIN_PERCENT } };
      const { view, keys } = treeViewWithKeys(this.#model.stats(state), query, limits);
      const keyOf = new Map(view.rows.map((row, i) => [row, keys[i] ?? null]));
      // line -> function or group; null for a line of what was cut
      const lines = treeLines(view).map(({ row }) => (row === null ? null : (keyOf.get(row) ?? null)));
      return { view, lines };
    });
  }

  #rowQuery({ by, sort, isReversed }: State, limit: number): Query {
    const keys = by === 'package' && !this.#model.hasStacks ? (['tottime'] as const) : [sort];
    return { sort: keys, reverse: isReversed, limit };
  }

  /** Rows are taken in blocks, because a screen shows few of many; `functions` are none for packages. */
  table(state: State): { readonly view: FunctionsView; readonly functions: readonly FunctionIndex[] } {
    const { by, sort, isReversed } = state;
    const limit = (Math.floor(state.row / BLOCK) + 2) * BLOCK;
    return this.#model.keepComputed(state, ['table', by, sort, isReversed, limit], () => {
      const stats = this.#model.stats(state);
      const query = this.#rowQuery(state, limit);
      if (by === 'package') return { view: groupsView('package', stats, query), functions: [] };
      return { view: functionsView(stats, query), functions: stats.functionOrder(query) };
    });
  }

  /** The function of the selected row of a list; null for rows that are none. */
  functionOfRow(state: State): number | null {
    if (state.pane === 'callers') return this.#relatedFunctions(state)[state.row] ?? null;
    if (state.pane === 'table' && this.#comparisons !== null) {
      const row = this.#comparisons.selectedRow(state);
      return row === null ? null : this.#comparisons.functionOf(state, row);
    }
    if (state.by !== 'function') return null;
    if (state.pane === 'tree') return this.#model.hasTree ? (this.tree(state).lines[state.row] ?? null) : null;
    return this.table(state).functions[state.row] ?? null;
  }

  /** line of the callers pane -> function */
  #relatedFunctions(state: State): readonly (number | null)[] {
    const { fn } = state;
    if (fn === null) return [];
    return this.#model.keepComputed(state, ['related', fn], () => {
      const of = (which: 'callers' | 'callees') =>
        this.#model
          .stats(state)
          [which](this.#model.exactPattern(fn), { limit: RELATION_ROWS })
          .rows[0]?.edges.rows.map((row) => row.function) ?? [];
      return [
        ...padWithNulls(of('callers'), this.relations(state)?.callers),
        fn,
        ...padWithNulls(of('callees'), this.relations(state)?.callees),
      ];
    });
  }

  /** The row of the selected function in the table. */
  rowOf(state: State): number {
    if (this.#comparisons !== null && state.fn !== null) {
      const row = this.#comparisons.rowOf(state, state.fn);
      return row === null ? 0 : this.#comparisons.table(state).rows.indexOf(row);
    }
    if (state.fn === null || state.by !== 'function') return 0;
    return this.#model.stats(state).functionOrder(this.#rowQuery(state, 0)).indexOf(state.fn);
  }

  relations(state: State): { readonly callers: RelationsView; readonly callees: RelationsView } | null {
    const { fn } = state;
    if (fn === null) return null;
    return this.#model.keepComputed(state, ['relations', fn], () => {
      const stats = this.#model.stats(state);
      const question = { pattern: this.#model.exactPattern(fn), query: { limit: RELATION_ROWS } };
      return { callers: relationsView('callers', stats, question), callees: relationsView('callees', stats, question) };
    });
  }

  /** The row of the function itself, below its callers. */
  ownRow(state: State): number {
    return Math.max(0, this.#relatedFunctions(state).indexOf(state.fn));
  }

  rowCount(state: State): number {
    switch (state.pane) {
      case 'table':
        return (this.#comparisons?.table(state) ?? this.table(state).view).matched;
      case 'tree':
        return this.#model.hasTree ? this.tree(state).lines.length : 0;
      case 'callers':
        return this.#relatedFunctions(state).length;
      default:
        return MAX_SOURCE_LINES;
    }
  }

  nextMatchingRow(state: State, step: 1 | -1): number | null {
    const count = this.rowCount(state);
    const pattern = parsePattern(state.search);
    const isMatch = (row: number) => {
      if (state.pane === 'table' && this.#comparisons !== null)
        return this.#comparisons.matches(state, row, state.search);
      const fn = this.functionOfRow({ ...state, row });
      return fn !== null && this.#model.all.names.matches(pattern, fn);
    };
    for (let i = 1; i <= Math.min(count, MAX_SEARCHED); i++) {
      const row = (state.row + step * i + count * i) % count;
      if (isMatch(row)) return row;
    }
    return null;
  }
}

/** Lists say in a line of their own that they are cut, or empty. */
function padWithNulls(functions: readonly number[], view: RelationsView | undefined): readonly (number | null)[] {
  const row = view?.rows[0];
  return row === undefined || row.matchedEdges > row.edges.length || row.ofEdges === 0
    ? [...functions, null]
    : functions;
}
