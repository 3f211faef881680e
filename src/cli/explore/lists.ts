/** The rows of the panes that are lists, and the functions that they stand for. */

import type { FunctionIndex } from '../../model/function-table.ts';
import { parsePattern } from '../../query/pattern.ts';
import type { Query, RelationResult } from '../../query/stats.ts';
import { treeLines } from '../../render/views/tree.ts';
import {
  type JoinedTree,
  joinedTree,
  rowsOfTree,
  type TreeLimitsQuery,
  treeViewWithKeys,
} from '../../view/tree-view.ts';
import {
  type FunctionsView,
  functionsView,
  groupsView,
  type RelationsView,
  relationsView,
  viewRow,
} from '../../view/views.ts';
import { defaultFrames } from '../commands/tree-answer.ts';
import type { Comparisons } from './comparisons.ts';
import type { ExploredModel } from './explored-model.ts';
import type { State } from './state.ts';
import { treeQueryOf } from './tree-query.ts';

/** Rows of the tree that can be reached by scrolling. */
export const TREE_LINES = 400;
export const TREE_MIN_PERCENT = 0.1;

/** Rows that a search looks at most. */
const MAX_SEARCHED = 5000;
/** More than a terminal has. */
const BLOCK = 250;
const RELATION_ROWS = 100;
const MAX_SOURCE_LINES = 10_000;

export interface Relations {
  readonly callers: RelationsView;
  readonly callees: RelationsView;
  /** null for a line that is no function */
  readonly functions: readonly (number | null)[];
}

export class Lists {
  readonly #model: ExploredModel;
  readonly #comparisons: Comparisons | null;

  constructor(model: ExploredModel, comparisons: Comparisons | null) {
    this.#model = model;
    this.#comparisons = comparisons;
  }

  /** As `pstat tree`, with more lines and smaller rows. */
  tree(state: State) {
    const joined = this.#joinedTree(state);
    return this.#model.keepComputed(state, ['tree', joined.query], () => {
      const { view, keys } = treeViewWithKeys(this.#model.stats(state), joined, treeLimits(joined, TREE_LINES));
      const keysOf = new Map(view.rows.map((row, i) => [row, keys[i] ?? []]));
      // line -> functions or groups of its frames; none for a line of what was cut
      const lines = treeLines(view).map(({ row }) => (row === null ? [] : (keysOf.get(row) ?? [])));
      return { view, lines };
    });
  }

  /** What the open pane shows, if it is a list of these. */
  *parts(state: State): Generator<unknown> {
    if (state.pane === 'table' && this.#comparisons === null) yield this.table(state);
    if (state.pane === 'callers') yield this.relations(state);
    if (state.pane === 'tree' && this.#model.hasTree) yield* this.#treeParts(state);
  }

  /** What was opened for fewer lines is there for more. */
  *#treeParts(state: State): Generator<unknown> {
    const joined = this.#joinedTree(state);
    yield joined;
    for (let lines = TREE_LINES / 32; lines < TREE_LINES; lines *= 2)
      yield rowsOfTree(this.#model.stats(state), joined, treeLimits(joined, lines));
    yield this.tree(state);
  }

  #joinedTree(state: State): JoinedTree {
    const query = { ...treeQueryOf(state), root: state.treeRoot };
    return this.#model.keepComputed(state, ['joined tree', query], () => joinedTree(this.#model.stats(state), query));
  }

  #rowQuery({ by, sort, isReversed }: State, limit: number): Query {
    const keys = by === 'package' && !this.#model.hasStacks ? (['tottime'] as const) : [sort];
    return { sort: keys, reverse: isReversed, limit };
  }

  /**
   * The first rows, which units depend on, and those near the selected one: a screen shows few of many. `skipped` rows between
   * them are left out.
   */
  table(state: State): { readonly view: FunctionsView; readonly skipped: number } {
    const { by, sort, isReversed } = state;
    const from = Math.max(BLOCK, Math.floor(state.row / BLOCK) * BLOCK - BLOCK);
    return this.#model.keepComputed(state, ['table', by, sort, isReversed, from], () => {
      const stats = this.#model.stats(state);
      if (by === 'package') return { view: groupsView('package', stats, this.#rowQuery(state, 0)), skipped: 0 };
      const first = functionsView(stats, this.#rowQuery(state, BLOCK));
      const near = stats.rowsOf(this.#order(state).slice(from, from + 3 * BLOCK)).map((row) => viewRow(row, stats));
      return { view: { ...first, rows: [...first.rows, ...near] }, skipped: from - BLOCK };
    });
  }

  /** row of the table -> function; none for packages */
  #order(state: State): readonly FunctionIndex[] {
    const { by, sort, isReversed } = state;
    if (by === 'package') return [];
    return this.#model.keepComputed(state, ['order', sort, isReversed], () =>
      this.#model.stats(state).functionOrder(this.#rowQuery(state, 0)),
    );
  }

  /** The function of the selected row of a list; null for rows that are none. */
  functionOfRow(state: State): number | null {
    if (state.pane === 'callers') return this.relations(state)?.functions[state.row] ?? null;
    if (state.pane === 'table' && this.#comparisons !== null) {
      const row = this.#comparisons.selectedRow(state);
      return row === null ? null : this.#comparisons.functionOf(state, row);
    }
    if (state.by !== 'function') return null;
    if (state.pane === 'tree') return this.#model.hasTree ? (this.tree(state).lines[state.row]?.[0] ?? null) : null;
    return this.#order(state)[state.row] ?? null;
  }

  /** The first row of the selected function in the open list; -1 for none. */
  rowOf(state: State): number {
    if (state.pane === 'callers') return this.relations(state)?.functions.indexOf(state.fn) ?? -1;
    if (state.fn !== null && state.pane === 'tree' && state.by === 'function' && this.#model.hasTree) {
      const { fn } = state;
      return this.tree(state).lines.findIndex((keys) => keys.includes(fn));
    }
    if (this.#comparisons !== null && state.fn !== null) {
      const row = this.#comparisons.rowOf(state, state.fn);
      return row === null ? 0 : this.#comparisons.table(state).rows.indexOf(row);
    }
    if (state.fn === null || state.by !== 'function') return 0;
    return this.#order(state).indexOf(state.fn);
  }

  /** Callers and callees of the selected function, and line of the pane -> function. Null if none is selected. */
  relations(state: State): Relations | null {
    const { fn } = state;
    if (fn === null) return null;
    return this.#model.keepComputed(state, ['relations', fn], () => {
      const stats = this.#model.stats(state);
      const query = { limit: RELATION_ROWS };
      const [above, below] = [stats.callers(fn, query), stats.callees(fn, query)];
      return {
        callers: relationsView('callers', stats, { pattern: fn, query, result: above }),
        callees: relationsView('callees', stats, { pattern: fn, query, result: below }),
        functions: [...relatedFunctions(above), fn, ...relatedFunctions(below)],
      };
    });
  }

  rowCount(state: State): number {
    switch (state.pane) {
      case 'table':
        return (this.#comparisons?.table(state) ?? this.table(state).view).matched;
      case 'tree':
        return this.#model.hasTree ? this.tree(state).lines.length : 0;
      case 'callers':
        return this.relations(state)?.functions.length ?? 0;
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

function treeLimits({ query }: JoinedTree, lines: number): TreeLimitsQuery {
  const depth = Number.POSITIVE_INFINITY;
  return { lines, depth, frames: defaultFrames(query), min: { percent: TREE_MIN_PERCENT } };
}

/** Lists say in a line of their own that they are cut, or empty. */
function relatedFunctions({ rows: [row] }: RelationResult): readonly (number | null)[] {
  if (row === undefined) return [null];
  const functions = row.edges.rows.map((edge) => edge.function);
  return row.edges.matched > functions.length || row.edges.of === 0 ? [...functions, null] : functions;
}
