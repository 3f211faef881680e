/** The options of `tree` and of what draws a tree. */

import { parsePercent, parseTime } from '../base/units.ts';
import type { Fold, LayoutTreeQuery } from '../query/layout-tree.ts';
import type { Minimum } from '../view/tree-view.ts';
import { type Arguments, choice, flag, numberFrom, textOf } from './arguments.ts';
import { badOption } from './errors.ts';
import { type OptionName, STACK_OPTIONS } from './options.ts';

/** What a tree or a picture is of. */
export const TREE_GROUPS = ['function', 'file', 'package'] as const;

/** What a tree shows of a profile. */
export const TREE_OPTIONS = [
  ...(['root', 'fold', 'by', 'estimate', 'idle', 'merge-lines', 'source-map', 'time'] as const),
  ...STACK_OPTIONS,
] satisfies OptionName[];

/** Throws PstatError (`query`). */
export function layoutTreeQueryFrom(args: Arguments): LayoutTreeQuery {
  const by = choice(args, { option: 'by', choices: TREE_GROUPS, otherwise: 'function' });
  const folded = textOf(args, 'fold');
  if (by !== 'function' && folded !== null) throw badOption('fold', folded, 'needed: --by folds already');
  return {
    ...WHOLE_TREE,
    by,
    isInverted: flag(args, 'inverted'),
    root: textOf(args, 'root'),
    fold: foldFrom(folded),
    allowsEstimate: flag(args, 'estimate'),
  };
}

export const WHOLE_TREE: LayoutTreeQuery = {
  by: 'function',
  isInverted: false,
  root: null,
  fold: 'auto',
  foldsOnlyLeading: false,
  mergesRecursion: false,
  allowsEstimate: false,
};

function foldFrom(value: string | null): Fold {
  if (value === null) return 'auto';
  return value === 'none' || value === 'dependencies' ? value : { pattern: value };
}

/** Null if it is not given. Throws PstatError (`query`). */
export function depthFrom(args: Arguments): number | null {
  return numberFrom(args, 'depth', { min: 1, expected: 'a number of levels, 1 or more' });
}

/** Throws PstatError (`query`). */
export function minimumFrom(args: Arguments, otherwise: Minimum): Minimum {
  const text = textOf(args, 'min');
  if (text === null) return otherwise;
  const percent = parsePercent(text);
  if (percent !== null && percent <= 100) return { percent };
  const microseconds = parseTime(text);
  if (microseconds === null) throw badOption('min', text, 'a share such as 1% or a time such as 3ms');
  return { microseconds };
}
