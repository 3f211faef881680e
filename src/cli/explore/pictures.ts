/** The picture of a state, and where keys lead in it. */

import { at } from '../../model/columns.ts';
import { layoutBoxes, layoutRows } from '../../model/layout/boxes.ts';
import { heaviestChild, nodeAtSteps, stepsTo } from '../../model/layout/find-node.ts';
import { type LayoutNode, ROOT } from '../../model/layout/layout-tree.ts';
import { parsePattern } from '../../query/pattern.ts';
import type { ScreenSize } from '../../render/explore/screen.ts';
import { pathSentence } from '../../render/views/flame.ts';
import { comparedPicture } from '../../view/compared-picture.ts';
import { type Picture, pictureOf, timePictureOf } from '../../view/flame-view.ts';
import { hottestPath } from '../../view/hottest-path.ts';
import type { Comparisons } from './comparisons.ts';
import type { ExploredModel } from './explored-model.ts';
import type { State, Window } from './state.ts';
import { treeQueryOf } from './tree-query.ts';

const MAX_ROWS = 400;

/** The least share of the whole that the first screen leads to. */
const MIN_SHARE = 0.05;

export class Pictures {
  readonly #model: ExploredModel;
  readonly #comparisons: Comparisons | null;

  constructor(model: ExploredModel, comparisons: Comparisons | null) {
    this.#model = model;
    this.#comparisons = comparisons;
  }

  picture(state: State): Picture {
    const picture = this.#alone(state);
    const comparisons = this.#comparisons;
    return comparisons === null ? picture : comparedPicture(picture, (fn) => comparisons.rowOf(state, fn));
  }

  #alone(state: State): Picture {
    if (state.inTimeOrder)
      return this.#model.keepComputed(state, ['time order'], () => timePictureOf(this.#model.stats(state)));
    const query = { ...treeQueryOf(state), foldsOnlyLeading: true };
    return this.#model.keepComputed(state, ['picture', query], () =>
      pictureOf(this.#model.stats(state), query, { joins: false }),
    );
  }

  /** The node at the end of the keys; the last one that exists if a filter removed it. */
  nodeAt(state: State, path: readonly number[]): LayoutNode {
    return nodeAtSteps(this.picture(state), path);
  }

  pathOf(state: State, node: LayoutNode): readonly number[] {
    return stepsTo(this.picture(state), node);
  }

  /** When the call at the end of a path was; null where the picture shows no single calls. */
  callWindow(state: State, path: readonly number[]): Window | null {
    if (!state.inTimeOrder || path.length === 0) return null;
    return this.picture(state).windowOf?.(this.nodeAt(state, path)) ?? null;
  }

  functionAt(state: State): number | null {
    if (state.by !== 'function' || !this.#model.hasTree) return null;
    const node = this.nodeAt(state, state.path);
    return node === ROOT ? null : this.picture(state).tree.key(node);
  }

  childPath(state: State): readonly number[] | null {
    const { tree, step } = this.picture(state);
    const heaviest = heaviestChild(tree, this.nodeAt(state, state.path));
    return heaviest === null ? null : [...state.path, step(heaviest)];
  }

  /** The next or previous box beside the selected one. */
  siblingPath(state: State, step: 1 | -1, size: ScreenSize): readonly number[] | null {
    const depth = state.path.length - state.zoom.length;
    if (depth === 0) return null;
    const row = this.#boxes(state, size, depth + 1)[depth] ?? [];
    const node = this.nodeAt(state, state.path);
    const nodes = row.flatMap((box) => box.node ?? []);
    const next = nodes[nodes.indexOf(node) + step];
    return next === undefined ? null : this.pathOf(state, next);
  }

  /** The picture, and the rows of boxes that a screen of this size may show. */
  *parts(state: State, { columns, rows }: ScreenSize): Generator<unknown> {
    const { tree } = this.picture(state);
    yield tree;
    if (state.search !== '') yield this.matchedShare(state);
    if (state.pane !== 'picture') return;
    const root = this.nodeAt(state, state.zoom);
    const depth = state.path.length - state.zoom.length;
    yield* layoutRows(tree, { root, width: columns, rows: depth + rows });
  }

  #boxes(state: State, { columns }: ScreenSize, rows: number) {
    const root = this.nodeAt(state, state.zoom);
    return layoutBoxes(this.picture(state).tree, { root, width: columns, rows });
  }

  nextMatchingPath(state: State, step: 1 | -1, size: ScreenSize): readonly number[] | null {
    if (!this.#model.hasTree) return null;
    const matches = this.matcher(state);
    const nodes = this.#boxes(state, size, MAX_ROWS)
      .flat()
      .flatMap(({ node }) => (node !== null && node !== ROOT && matches(node) ? [node] : []));
    const selected = nodes.indexOf(this.nodeAt(state, state.path));
    const next =
      selected === -1 ? nodes.at(step === 1 ? 0 : -1) : nodes[(selected + step + nodes.length) % nodes.length];
    return next === undefined ? null : this.pathOf(state, next);
  }

  /** Whether a node of the picture matches the search. */
  matcher(state: State): (node: LayoutNode) => boolean {
    if (state.search === '' || !this.#model.hasTree) return () => false;
    const picture = this.picture(state);
    const pattern = parsePattern(state.search);
    const { names } = this.#model.stats(state);
    if (state.by === 'package') return (node) => pattern(picture.nameOf(node).label);
    return (node) => picture.tree.functions(node).some((fn) => names.matches(pattern, fn));
  }

  /** The share of the counted time whose stacks have a match. */
  matchedShare(state: State): number | null {
    const { profile, names, summary } = this.#model.stats(state);
    if (!('callTree' in profile) || state.search === '' || summary.shareOf === null) return null;
    return this.#model.keepComputed(state, ['share', state.search], () => {
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

  /** The heaviest box of a function; null for none. */
  pathOfFunction(state: State, fn: number): readonly number[] | null {
    if (!this.#model.hasTree || this.#model.everywhere({ ...state, fn }) === null) return null;
    const node = this.picture(state).find(fn);
    return node === null ? null : this.pathOf(state, node);
  }

  hottest(state: State) {
    if (!this.#model.hasTree) return null;
    const picture = this.picture(state);
    const found = hottestPath(picture, this.nodeAt(state, state.zoom));
    const last = found?.nodes.at(-1);
    if (found == null || last === undefined) return null;
    return {
      path: this.pathOf(state, last),
      sentence: pathSentence(found, picture, { profile: this.#model.stats(state).summary }),
    };
  }

  /**
   * Down the heaviest callees to the first function that has more time in itself than in any of them. In a profile without
   * one, the last that is wide enough for a name.
   */
  hottestLeaf(state: State): readonly number[] {
    const { tree, step } = this.picture(state);
    const path: number[] = [];
    for (let node = ROOT; ; ) {
      const heaviest = heaviestChild(tree, node);
      const least = Math.max(tree.ownWeight(node), MIN_SHARE * tree.weight(ROOT));
      if (heaviest === null || tree.weight(heaviest) < least) return path;
      path.push(step(heaviest));
      node = heaviest;
    }
  }
}
