/** The options of `tree` and of what draws a tree. */

import { parseTime } from '../base/units.ts';
import type { Fold, LayoutTreeQuery } from '../query/layout-tree.ts';
import type { Minimum } from '../view/tree-view.ts';
import { type Arguments, choice, flag, last } from './arguments.ts';
import { badOption } from './errors.ts';

/** What a tree or a picture is of. */
export const TREE_GROUPS = ['function', 'file', 'package'] as const;

/** Throws PstatError (`query`). */
export function layoutTreeQueryFrom(args: Arguments): LayoutTreeQuery {
  const by = choice(args, { option: 'by', choices: TREE_GROUPS, otherwise: 'function' });
  const fold = foldFrom(args);
  if (by !== 'function' && args['fold'] !== undefined)
    throw badOption('fold', String(last(args['fold'])), 'needed: --by folds already');
  const root = last(args['root']);
  return {
    ...WHOLE_TREE,
    by,
    isInverted: flag(args, 'inverted'),
    root: root === undefined ? null : String(root),
    fold,
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

function foldFrom(args: Arguments): Fold {
  const value = last(args['fold']);
  if (value === undefined) return 'auto';
  return value === 'none' || value === 'dependencies' ? value : { pattern: String(value) };
}

/** Null if it is not given. Throws PstatError (`query`). */
export function depthFrom(args: Arguments): number | null {
  const value = last(args['depth']);
  if (value === undefined) return null;
  if (!/^[1-9]\d*$/.test(String(value))) throw badOption('depth', String(value), 'a number of levels, 1 or more');
  return Number(value);
}

/** Throws PstatError (`query`). */
export function minimumFrom(args: Arguments, otherwise: Minimum): Minimum {
  const value = last(args['min']);
  if (value === undefined) return otherwise;
  const text = String(value);
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) <= 100) return { percent: Number(percent) };
  const microseconds = /^0+$/.test(text) ? 0 : parseTime(text);
  if (microseconds === null) throw badOption('min', text, 'a share such as 1% or a time such as 3ms');
  return { microseconds };
}
