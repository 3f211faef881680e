/** The state of the explorer → what it shows, and the command that prints the same. */

import { shellWord } from '../../base/shell-word.ts';
import { timeWord } from '../../base/units.ts';
import { ROOT } from '../../model/layout/layout-tree.ts';
import { nothingRecorded } from '../../render/views/empty-message.ts';
import type { ComparedSelection, ExplorePane, ExploreView, TimeLine } from '../../view/explore-view.ts';
import type { ListView } from '../../view/list-view.ts';
import type { Explorer } from './explorer.ts';
import { TREE_LINES, TREE_MIN_PERCENT } from './lists.ts';
import { isHeld, type State } from './state.ts';

/** Words of the command line, quoted. */
export interface CommandWords {
  /** Files, and options without --from, --to and --source-path. Null for no file. */
  readonly words: string | null;
  /** --from and --to */
  readonly windowWords: readonly string[];
  /** --source-path */
  readonly sourceWords: readonly string[];
  /** Those of `pstat compare`, where two sides are compared; `words` are of the second one. */
  readonly comparedWords: string | null;
}

export interface Surroundings extends CommandWords {
  /** The listing of the selected function; null until it is read. */
  readonly source: ListView | null;
}

export function exploreView(state: State, explorer: Explorer, surroundings: Surroundings): ExploreView {
  const pane = paneOf(state, explorer, surroundings.source);
  return {
    profile: explorer.model.stats(state).summary,
    paneName: state.pane,
    pane,
    filters: switchesOf(state, explorer),
    here: pane.kind === 'picture' && pane.selected !== null ? pane.picture.describe(pane.selected) : null,
    everywhere: explorer.model.everywhere(state),
    compared: comparedOf(state, explorer),
    time: timeOf(state, explorer),
    hasTimes: explorer.model.hasTimes,
    command: commandOf(state, explorer, surroundings),
    typing: state.typing,
    search:
      state.search === ''
        ? null
        : {
            text: state.search,
            share: explorer.pictures.matchedShare(state),
            matches: explorer.pictures.matcher(state),
          },
    message: state.message,
    helpTop: state.helpTop,
    notes: explorer.notes(state),
    live: state.live === null || state.live === 'ended' ? state.live : isHeld(state) ? 'held' : 'on',
  };
}

function timeOf({ cursor, window }: State, { model }: Explorer): TimeLine | null {
  const { recorded } = model;
  if (recorded === null || (cursor === null && window === null)) return null;
  return { recorded, window: window ?? recorded, cursor, activity: (columns) => model.activity(columns) };
}

/** A state without a window has that of the command line. */
function windowWordsOf({ window }: State, { model: { recorded } }: Explorer, windowWords: readonly string[]): string[] {
  if (window === null || recorded === null) return [...windowWords];
  // The window lies within that of the command line, so what it does not change is still that.
  const kept = (name: string) => windowWords.filter((word) => word.startsWith(name));
  return [
    ...(window.from > recorded.from ? [`--from ${timeWord(window.from)}`] : kept('--from')),
    ...(window.to < recorded.to ? [`--to ${timeWord(window.to)}`] : kept('--to')),
  ];
}

function comparedOf(state: State, { comparisons }: Explorer): ComparedSelection | null {
  if (comparisons === null) return null;
  return {
    names: comparisons.names,
    comparison: comparisons.comparison(state),
    row: comparisons.selectedRow(state),
    removed: comparisons.removed(state),
  };
}

const NO_TREE = 'A Python profile knows who calls whom, but no stacks: --estimate draws the likely tree.';

function emptyPicture(state: State, { model }: Explorer): string {
  return state.filters.length > 0
    ? 'Nothing is left to draw; F undoes a filter.'
    : nothingRecorded(model.stats(state).summary);
}

function paneOf(state: State, explorer: Explorer, source: ListView | null): ExplorePane {
  switch (state.pane) {
    case 'picture': {
      if (!explorer.model.hasTree) return { kind: 'message', text: NO_TREE };
      const picture = explorer.pictures.picture(state);
      if (!(picture.tree.weight(ROOT) > 0)) return { kind: 'message', text: emptyPicture(state, explorer) };
      const selected = explorer.pictures.nodeAt(state, state.path);
      return {
        kind: 'picture',
        picture,
        root: explorer.pictures.nodeAt(state, state.zoom),
        selected: selected === ROOT ? null : selected,
      };
    }
    case 'tree':
      if (!explorer.model.hasTree) return { kind: 'message', text: NO_TREE };
      return { kind: 'tree', view: explorer.lists.tree(state).view, selected: state.row };
    case 'table':
      if (explorer.comparisons !== null)
        return { kind: 'compare', view: explorer.comparisons.table(state), selected: state.row };
      return { kind: 'table', selected: state.row, ...explorer.lists.table(state) };
    case 'callers': {
      const relations = explorer.lists.relations(state);
      if (relations === null) return { kind: 'message', text: 'Select a function in the table or the picture first.' };
      return { kind: 'callers', ...relations, selected: state.row };
    }
    default:
      if (state.fn === null) return { kind: 'message', text: 'Select a function in the table or the picture first.' };
      return { kind: 'source', view: source, selected: state.row };
  }
}

/** What is shown in the place of the whole profile and of functions, top down. */
function switchesOf(state: State, explorer: Explorer): string[] {
  return [
    ...windowWordsOf(state, explorer, []),
    ...(state.inTimeOrder ? ['--time-order'] : []),
    ...filterWords(state),
    ...treeWords(state),
  ];
}

function filterWords({ filters }: State): string[] {
  return filters.map(({ kind, pattern }) => `--${kind} ${shellWord(pattern)}`);
}

/** Libraries are folded in trees of functions alone. */
function treeWords({ by, isInverted, isFolded }: State): string[] {
  const fold = isFolded ? [] : ['--fold none'];
  return [...(isInverted ? ['--inverted'] : []), ...(by === 'function' ? fold : [`--by ${by}`])];
}

/** The times of a program that runs are not those of its file, which is written at the end. */
function commandOf(state: State, explorer: Explorer, surroundings: Surroundings): string | null {
  const { words, comparedWords, windowWords } = surroundings;
  if (words === null || (state.live !== null && state.window !== null)) return null;
  const filters = [...windowWordsOf(state, explorer, windowWords), ...filterWords(state)];
  const fn = state.fn === null ? "''" : shellWord(explorer.model.patternOf(state.fn));
  const by = state.by === 'function' ? [] : [`--by ${state.by}`];
  const tree = [...treeWords(state), ...filters];
  // An inverted box holds a function's own time, where --root takes all calls of it: the command prints the whole.
  const rootOf = (key: number | null | undefined) =>
    key == null || state.by !== 'function' || state.isInverted
      ? []
      : [`--root ${shellWord(explorer.model.patternOf(key))}`];
  if (comparedWords !== null && (state.pane === 'table' || state.pane === 'picture')) {
    const order = [
      ...(state.sort === 'tottime' ? [] : [`--sort ${state.sort}`]),
      ...(state.isReversed ? ['--reverse'] : []),
    ];
    return ['pstat compare', comparedWords, ...order, ...filters].join(' ');
  }
  const parts: Readonly<Record<State['pane'], readonly string[]>> = {
    picture: state.inTimeOrder
      ? ['flame', words, '--time-order', ...timeFilters(state, explorer, filters)]
      : ['flame', words, ...rootOf(state.zoom.at(-1)), ...tree],
    tree: ['tree', words, ...rootOf(state.treeRoot), `--min ${TREE_MIN_PERCENT}% --limit ${TREE_LINES}`, ...tree],
    table: ['top', words, ...by, `--sort ${state.sort}`, ...(state.isReversed ? ['--reverse'] : []), ...filters],
    callers: ['callers', fn, words, ...filters, '&& pstat callees', fn, words, ...filters],
    source: ['list', fn, words, ...surroundings.sourceWords, ...filters],
  };
  return ['pstat', ...parts[state.pane]].join(' ');
}

/** A call that fills the picture is printed by its window. */
function timeFilters(state: State, explorer: Explorer, filters: readonly string[]): readonly string[] {
  const call = explorer.pictures.callWindow(state, state.zoom);
  if (call === null) return filters;
  const others = filters.filter((word) => !/^--(?:from|to) /.test(word));
  return [`--from ${timeWord(call.from)}`, `--to ${timeWord(call.to)}`, ...others];
}
