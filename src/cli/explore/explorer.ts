/** Answers about a profile in a state of the explorer. Answers of the same question are kept, so that keys are quick. */

import { at } from '../../model/columns.ts';
import { layoutBoxes } from '../../model/layout/boxes.ts';
import { type LayoutNode, pathTo, ROOT } from '../../model/layout/layout-tree.ts';
import type { LayoutTreeQuery } from '../../query/layout-tree.ts';
import { parsePattern } from '../../query/pattern.ts';
import { type FunctionRow, Stats, type StatsOptions } from '../../query/stats.ts';
import { pathSentence } from '../../render/flame-text.ts';
import { treeLines } from '../../render/tree-report.ts';
import { type Picture, pictureOf } from '../../view/flame-view.ts';
import { hottestPath } from '../../view/hottest-path.ts';
import { treeViewWithKeys } from '../../view/tree-view.ts';
import {
  type FunctionsView,
  functionsView,
  groupsView,
  type RelationsView,
  relationsView,
  type ViewRow,
  viewRow,
} from '../../view/views.ts';
import { defaultFrames } from '../commands/tree-answer.ts';
import { WHOLE_TREE } from '../tree-options.ts';
import { exactPattern } from './patterns.ts';
import type { Size, State } from './state.ts';

/** Rows of the tree that can be reached by scrolling. */
export const TREE_LINES = 400;
export const TREE_MIN_PERCENT = 0.1;

/** Rows of a search at most. */
const MAX_SEARCHED = 5000;

export interface Explored {
  /** With the filters of `options`. */
  readonly stats: Stats;
  readonly options: StatsOptions;
  /** Whether the likely tree of a profile of edges is drawn. */
  readonly estimates: boolean;
}

export class Explorer {
  readonly #all: Stats;
  readonly #options: StatsOptions;
  readonly #estimates: boolean;
  readonly #onCompute: () => void;
  readonly #known = new Map<string, unknown>();

  /** @param onCompute called before an answer that a large profile takes time for */
  constructor({ stats, options, estimates }: Explored, onCompute = () => {}) {
    this.#onCompute = onCompute;
    this.#all = stats;
    this.#options = options;
    this.#estimates = estimates;
  }

  get hasStacks(): boolean {
    return 'callTree' in this.#all.profile;
  }

  /** Whether there is a tree: a profile of edges has one only if it may be estimated. */
  get hasTree(): boolean {
    return this.hasStacks || this.#estimates;
  }

  #keep<T>(question: readonly unknown[], answer: () => T): T {
    const key = JSON.stringify(question);
    if (!this.#known.has(key)) this.#known.set(key, answer());
    return this.#known.get(key) as T;
  }

  /** Keeps an answer that is found by a pass over the profile. */
  #keepComputed<T>(question: readonly unknown[], answer: () => T): T {
    return this.#keep(question, () => {
      this.#onCompute();
      return answer();
    });
  }

  stats({ filters }: State): Stats {
    return this.#keepComputed(['stats', filters], () => {
      const patterns = (kind: string) => filters.filter((each) => each.kind === kind).map(({ pattern }) => pattern);
      if (filters.length === 0) return this.#all;
      return new Stats(this.#all.profile, { ...this.#options, focus: patterns('focus'), ignore: patterns('ignore') });
    });
  }

  // ---- pictures and trees ------------------------------------------------------------------------------------------

  picture(state: State): Picture {
    const { filters, isInverted, by, mergesRecursion, isFolded } = state;
    return this.#keepComputed(['picture', filters, isInverted, by, mergesRecursion, isFolded], () =>
      pictureOf(
        this.stats(state),
        {
          ...WHOLE_TREE,
          by,
          isInverted,
          mergesRecursion,
          fold: isFolded ? 'auto' : 'none',
          foldsOnlyLeading: true,
          allowsEstimate: true,
        },
        { joins: false },
      ),
    );
  }

  /** The node at the end of the keys; the last one that exists if a filter removed it. */
  nodeAt(state: State, path: readonly number[]): LayoutNode {
    const { tree } = this.picture(state);
    let node: LayoutNode = ROOT;
    for (const key of path) {
      const child = tree.children(node).find((each) => tree.key(each) === key);
      if (child === undefined) break;
      node = child;
    }
    return node;
  }

  pathOf(state: State, node: LayoutNode): readonly number[] {
    const { tree } = this.picture(state);
    return pathTo(tree, node).map((each) => tree.key(each));
  }

  functionAt(state: State): number | null {
    if (state.by !== 'function' || !this.hasTree) return null;
    const node = this.nodeAt(state, state.path);
    return node === ROOT ? null : this.picture(state).tree.key(node);
  }

  childPath(state: State): readonly number[] | null {
    if (!this.hasTree) return null;
    const { tree } = this.picture(state);
    const [heaviest] = tree.children(this.nodeAt(state, state.path));
    return heaviest === undefined ? null : [...state.path, tree.key(heaviest)];
  }

  /** The next or previous box beside the selected one. */
  siblingPath(state: State, step: 1 | -1, size: Size): readonly number[] | null {
    if (!this.hasTree || state.path.length === state.zoom.length) return null;
    const row = this.#boxes(state, size)[state.path.length - state.zoom.length] ?? [];
    const node = this.nodeAt(state, state.path);
    const nodes = row.flatMap((box) => box.node ?? []);
    const next = nodes[nodes.indexOf(node) + step];
    return next === undefined ? null : this.pathOf(state, next);
  }

  #boxes(state: State, { columns }: Size) {
    const root = this.nodeAt(state, state.zoom);
    return layoutBoxes(this.picture(state).tree, { root, width: columns, rows: MAX_ROWS });
  }

  nextMatchingPath(state: State, step: 1 | -1, size: Size): readonly number[] | null {
    if (!this.hasTree) return null;
    const matches = this.matcher(state);
    const nodes = this.#boxes(state, size)
      .flat()
      .flatMap(({ node }) => (node !== null && node !== ROOT && matches(node) ? [node] : []));
    const selected = nodes.indexOf(this.nodeAt(state, state.path));
    const next =
      selected === -1 ? nodes.at(step === 1 ? 0 : -1) : nodes[(selected + step + nodes.length) % nodes.length];
    return next === undefined ? null : this.pathOf(state, next);
  }

  /** Whether a node of the picture matches the search. */
  matcher(state: State): (node: LayoutNode) => boolean {
    const picture = this.picture(state);
    if (state.search === '') return () => false;
    const pattern = parsePattern(state.search);
    const { names } = this.stats(state);
    if (state.by === 'package') return (node) => pattern(picture.describe(node).label);
    return (node) => picture.tree.functions(node).some((fn) => names.matches(pattern, fn));
  }

  /** The share of the counted time whose stacks have a match. */
  matchedShare(state: State): number | null {
    const { profile, names, summary } = this.stats(state);
    if (!('callTree' in profile) || state.search === '' || summary.shareOf === null) return null;
    return this.#keepComputed(['share', state.filters, state.search], () => {
      const pattern = parsePattern(state.search);
      const isMatch = Uint8Array.from(profile.functions.kind, (kind, fn) =>
        Number(kind !== 'root' && names.matches(pattern, fn)),
      );
      const { function: fns, self, subtreeEnd, length } = profile.callTree;
      let time = 0;
      let openUntil = 0;
      for (let node = 0; node < length; node++) {
        if (node >= openUntil && at(isMatch, at(fns, node)) === 1) openUntil = at(subtreeEnd, node);
        if (node < openUntil) time += at(self, node);
      }
      return time / (summary.shareOf ?? Number.NaN);
    });
  }

  /** The heaviest box of a function, found by cost. */
  heaviestPathOf(state: State, fn: number): readonly number[] | null {
    if (!this.hasTree || state.by !== 'function') return null;
    const { tree } = this.picture(state);
    let nodes: LayoutNode[] = [ROOT];
    for (let opened = 0; nodes.length > 0 && opened < MAX_SEARCHED; ) {
      const found = nodes.filter((node) => node !== ROOT && tree.key(node) === fn);
      const [heaviest] = found.sort((a, b) => tree.weight(b) - tree.weight(a));
      if (heaviest !== undefined) return this.pathOf(state, heaviest);
      opened += nodes.length;
      nodes = nodes.flatMap((node) => tree.children(node));
    }
    return null;
  }

  hottest(state: State) {
    if (!this.hasTree) return null;
    const picture = this.picture(state);
    const found = hottestPath(picture, this.nodeAt(state, state.zoom));
    const last = found?.nodes.at(-1);
    if (found == null || last === undefined) return null;
    return {
      path: this.pathOf(state, last),
      sentence: pathSentence(found, picture, { profile: this.stats(state).summary }),
    };
  }

  /** Down the heaviest callees to the first function that has more time in itself than in any of them. */
  hottestLeaf(state: State): readonly number[] {
    if (!this.hasTree) return [];
    const { tree } = this.picture(state);
    const path: number[] = [];
    for (let node = ROOT; ; ) {
      const [heaviest] = tree.children(node);
      if (heaviest === undefined || tree.weight(heaviest) < tree.ownWeight(node)) return path;
      path.push(tree.key(heaviest));
      node = heaviest;
    }
  }

  /** As `pstat tree`, with more lines and smaller rows. */
  tree(state: State) {
    const { filters, isInverted, by, mergesRecursion, isFolded, treeRoot } = state;
    return this.#keepComputed(['tree', filters, isInverted, by, mergesRecursion, isFolded, treeRoot], () => {
      const query: LayoutTreeQuery = {
        ...WHOLE_TREE,
        by,
        isInverted,
        mergesRecursion,
        root: treeRoot === null ? null : this.exactPattern(treeRoot),
        fold: isFolded ? 'auto' : 'none',
        allowsEstimate: true,
      };
      const depth = Number.POSITIVE_INFINITY;
      const limits = { lines: TREE_LINES, depth, frames: defaultFrames(query), min: { percent: TREE_MIN_PERCENT } };
      return treeViewWithKeys(this.stats(state), query, limits);
    });
  }

  // ---- lists -------------------------------------------------------------------------------------------------------

  #sorted(state: State, limit: number): { readonly view: FunctionsView; readonly rows: readonly FunctionRow[] } {
    const { filters, by, sort, isReversed } = state;
    return this.#keepComputed(['table', filters, by, sort, isReversed, limit], () => {
      const stats = this.stats(state);
      const keys = by === 'package' && !this.hasStacks ? (['tottime'] as const) : [sort];
      const query = { sort: keys, reverse: isReversed, limit };
      const view = by === 'function' ? functionsView(stats, query) : groupsView('package', stats, query);
      return { view, rows: by === 'function' ? stats.functions(query).rows : stats.groups('package', query).rows };
    });
  }

  /** Rows are taken in blocks, because a screen shows few of many. */
  table(state: State): { readonly view: FunctionsView; readonly rows: readonly FunctionRow[] } {
    return this.#sorted(state, (Math.floor(state.row / BLOCK) + 2) * BLOCK);
  }

  /** The function of the selected row of a list; null for rows that are none. */
  functionOfRow(state: State): number | null {
    if (state.pane === 'callers') return this.#relatedFunctions(state)[state.row] ?? null;
    if (state.by !== 'function') return null;
    if (state.pane === 'tree') return this.hasTree ? (this.#treeLines(state)[state.row] ?? null) : null;
    return this.table(state).rows[state.row]?.function ?? null;
  }

  /** line of the callers pane -> function */
  #relatedFunctions(state: State): readonly (number | null)[] {
    const { fn, filters } = state;
    if (fn === null) return [];
    return this.#keepComputed(['related', filters, fn], () => {
      const of = (which: 'callers' | 'callees') =>
        this.stats(state)
          [which](this.exactPattern(fn), { limit: RELATION_ROWS })
          .rows[0]?.edges.rows.map((row) => row.function) ?? [];
      return [
        ...padded(of('callers'), this.relations(state)?.callers),
        fn,
        ...padded(of('callees'), this.relations(state)?.callees),
      ];
    });
  }

  /** line of the tree pane -> function, null for lines of what was cut */
  #treeLines(state: State): readonly (number | null)[] {
    const { view, keys } = this.tree(state);
    return treeLines(view).map(({ row }) => (row === null ? null : (keys[view.rows.indexOf(row)] ?? null)));
  }

  rowOf(state: State): number {
    if (state.fn === null || state.by !== 'function') return 0;
    return this.#sorted(state, 0).rows.findIndex((row) => row.function === state.fn);
  }

  relations(state: State): { readonly callers: RelationsView; readonly callees: RelationsView } | null {
    const { fn, filters } = state;
    if (fn === null) return null;
    return this.#keepComputed(['relations', filters, fn], () => {
      const stats = this.stats(state);
      const question = { pattern: this.exactPattern(fn), query: { limit: RELATION_ROWS } };
      return { callers: relationsView('callers', stats, question), callees: relationsView('callees', stats, question) };
    });
  }

  /** The row of the function itself, below its callers. */
  ownRow(state: State): number {
    return Math.max(0, this.#relatedFunctions(state).indexOf(state.fn));
  }

  exactPattern(fn: number): RegExp {
    return exactPattern(this.#all.profile.functions, fn);
  }

  rowCount(state: State): number {
    switch (state.pane) {
      case 'table':
        return this.table(state).view.matched;
      case 'tree':
        return this.hasTree ? this.#treeLines(state).length : 0;
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
      const fn = this.functionOfRow({ ...state, row });
      return fn !== null && this.#all.names.matches(pattern, fn);
    };
    for (let i = 1; i <= Math.min(count, MAX_SEARCHED); i++) {
      const row = (state.row + step * i + count * i) % count;
      if (isMatch(row)) return row;
    }
    return null;
  }

  // ---- names -------------------------------------------------------------------------------------------------------

  /** What to write to mean a function: its place and name as shown. */
  patternOf(fn: number): string {
    const { functions } = this.#all.profile;
    const { names } = this.#all;
    const place = (names.place(fn) ?? '').replace(/^(.*:\d+):\d+$/, '$1');
    return at(functions.line, fn) === 0 ? names.label(fn) : `${place}(${names.label(fn)})`;
  }

  /** The file and line of a function, if it can be a file of this machine. */
  placeOf(fn: number | null): { readonly file: string; readonly line: number } | null {
    if (fn === null) return null;
    const { functions } = this.#all.profile;
    const file = at(functions.file, fn).replace(/^file:\/\//, '');
    return /^(?:\/|[A-Za-z]:)/.test(file) ? { file, line: Math.max(1, at(functions.line, fn)) } : null;
  }

  everywhere(state: State): ViewRow | null {
    const { fn, filters } = state;
    if (fn === null) return null;
    return this.#keep(['everywhere', filters, fn], () => {
      const stats = this.stats(state);
      const row = stats
        .functions({ filter: [this.exactPattern(fn)], limit: 0 })
        .rows.find((each) => each.function === fn);
      return row === undefined ? null : viewRow(row, stats);
    });
  }
}

/** Lists say in a line of their own that they are cut, or empty. */
function padded(functions: readonly number[], view: RelationsView | undefined): readonly (number | null)[] {
  const row = view?.rows[0];
  return row === undefined || row.matchedEdges > row.edges.length || row.ofEdges === 0
    ? [...functions, null]
    : functions;
}

const BLOCK = 200;
const RELATION_ROWS = 100;
const MAX_ROWS = 400;
const MAX_SOURCE_LINES = 10_000;
