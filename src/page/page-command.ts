/** The command that prints in a terminal what the page shows. */

import { shellWord } from '../base/shell-word.ts';
import { formatDuration } from '../base/units.ts';
import type { State } from './state.ts';

export interface CommandContext {
  /** Options and files, quoted. */
  readonly arguments: string;
  /** The name of the function that fills the picture; null for the root, and in pictures of packages. */
  readonly root: string | null;
  /** The name of the selected function; null for none. */
  readonly selected: string | null;
  /** Whether there are no stacks, so that the tree is estimated. */
  readonly isEstimated: boolean;
  /** The part of the recording that is shown, in µs; null for all. */
  readonly window: { readonly from: number; readonly to: number } | null;
}

/** The command of the picture. */
export function pictureCommand({ view, isInverted, byPackage, foldsWrappers }: State, context: CommandContext): string {
  const { root, selected, isEstimated, window } = context;
  const name = (text: string | null) => shellWord(text === null || text === '' ? '(anonymous)' : text);
  if (view === 'sandwich' && selected !== null) return words('callers', name(selected), context.arguments);
  // The tree joins chains, a picture with all frames does not.
  const isTree = foldsWrappers && !byPackage && view !== 'time';
  return words(
    isTree ? 'tree' : 'flame',
    context.arguments,
    view === 'flame' && !isTree ? '--upward' : '',
    isInverted && view !== 'time' ? '--inverted' : '',
    byPackage ? '--by package' : '--fold none',
    isEstimated ? '--estimate' : '',
    root === null || view === 'time' ? '' : `--root ${name(root)}`,
    window === null ? '' : `--from ${timeWord(window.from)} --to ${timeWord(window.to)}`,
  );
}

/** The command of the table. */
export function tableCommand({ sort, isReversed, search }: State, context: CommandContext): string {
  return words(
    'top',
    context.arguments,
    sort === 'tottime' ? '' : `--sort ${sort}`,
    isReversed ? '--reverse' : '',
    search === '' ? '' : `--filter ${shellWord(search)}`,
  );
}

/** The commands of the selected function: who calls it, and its source lines. */
export function functionCommands({ selected, arguments: files }: CommandContext): readonly string[] {
  if (selected === null || selected === '') return [];
  return ['callers', 'list'].map((name) => words(name, shellWord(selected), files));
}

function words(...all: readonly string[]): string {
  return ['pstat', ...all].filter((word) => word !== '').join(' ');
}

/** As `--from` reads it. */
function timeWord(time: number): string {
  return Number.isInteger(time) ? `${time}us` : formatDuration(time).replace(/[ ,]/g, '');
}
