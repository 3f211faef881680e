/** The command that prints in a terminal what the page shows. */

import { shellWord } from '../base/shell-word.ts';
import { timeWord } from '../base/units.ts';
import { type LayoutNode, ROOT } from '../model/layout/layout-tree.ts';
import type { PageData } from './data.ts';
import { patternOf, searchTest } from './search.ts';
import { drawsAnyTree, type State } from './state.ts';
import { callsIn, type ShownTree } from './trees.ts';

export interface CommandContext {
  /** Options and files, quoted. */
  readonly arguments: string;
  /** The pattern of the function that fills the picture; null for the root, and in pictures of packages. */
  readonly root: string | null;
  /** What the picture has of the calls of that function, or whatever fills it. */
  readonly zoom: 'none' | 'all calls' | 'some calls';
  /** The pattern of the selected function; null for none. */
  readonly selected: string | null;
  readonly counts: PageData['facts']['counts'];
  /** Whether there are no stacks, so that the tree is estimated. */
  readonly isEstimated: boolean;
  /** The part of the recording that is shown, in µs; null for all. */
  readonly window: { readonly from: number; readonly to: number } | null;
}

interface Pictured {
  readonly shown: ShownTree;
  readonly root: LayoutNode;
  /** The selected function; -1 for none. */
  readonly selected: number;
}

export function commandContext(data: PageData, { shown, root, selected }: Pictured): CommandContext {
  const patternAt = (fn: number) => (fn === -1 ? null : patternOf(data, fn));
  return {
    arguments: data.facts.arguments,
    root: root === ROOT ? null : patternAt(shown.functionOf(root)),
    zoom: root === ROOT ? 'none' : callsIn(shown, root, data),
    selected: patternAt(selected),
    counts: data.facts.counts,
    isEstimated: data.edges !== null,
    window: shown.window(root),
  };
}

/** The commands of the picture: a sandwich has two parts. */
export function pictureCommands(state: State, context: CommandContext): readonly string[] {
  const { selected, arguments: files } = context;
  if (state.view !== 'sandwich' || selected === null) return [pictureCommand(state, context)];
  return ['callers', 'callees'].map((name) => words(name, shellWord(selected), files));
}

function pictureCommand(state: State, { arguments: files, root, isEstimated, window }: CommandContext): string {
  const { view, isInverted, byPackage, foldsWrappers } = state;
  if (view === 'time') return words('flame', files, '--time-order', windowWords(window));
  // The tree joins chains, a picture with all frames does not.
  const isTree = foldsWrappers && !byPackage;
  return words(
    isTree ? 'tree' : 'flame',
    files,
    view === 'flame' && !isTree ? '--upward' : '',
    isInverted ? '--inverted' : '',
    byPackage ? '--by package' : '--fold none',
    isEstimated ? '--estimate' : '',
    root === null || isInverted ? '' : `--root ${shellWord(root)}`,
  );
}

/** How what the command of the picture prints differs from it; null if it does not. */
export function pictureRemark({ view, ...state }: State, { root, zoom }: CommandContext): string | null {
  if (!drawsAnyTree(view)) return null;
  const isWhole = zoom !== 'none' && (root === null || state.isInverted);
  const parts = [
    ...(isWhole ? ['the whole picture, without the zoom'] : []),
    ...(zoom === 'some calls' && !isWhole ? ['all calls of the function, wherever they are'] : []),
    ...(state.foldsRecursion ? ['recursion as it is, not folded'] : []),
  ];
  return parts.length === 0 ? null : `The command of the picture prints ${parts.join(', and ')}.`;
}

function windowWords(window: CommandContext['window']): string {
  return window === null ? '' : `--from ${timeWord(window.from)} --to ${timeWord(window.to)}`;
}

/** The command of the table. */
export function tableCommand({ sort, isReversed, search }: State, context: CommandContext): string {
  const countWord = context.counts === 'calls' ? 'ncalls' : 'samples';
  return words(
    'top',
    context.arguments,
    sort === 'tottime' ? '' : `--sort ${sort === 'samples' ? countWord : sort}`,
    isReversed ? '--reverse' : '',
    searchTest(search) === null ? '' : `--filter ${shellWord(search)}`,
  );
}

/** The commands of the selected function: who calls it, and its source lines. */
export function functionCommands({ view }: State, { selected, arguments: files }: CommandContext): readonly string[] {
  if (selected === null) return [];
  return (view === 'sandwich' ? ['list'] : ['callers', 'list']).map((name) => words(name, shellWord(selected), files));
}

function words(...all: readonly string[]): string {
  return ['pstat', ...all].filter((word) => word !== '').join(' ');
}
