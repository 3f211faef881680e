/** The answer of `flame`. */

import { type FlameView, flameView } from '../../view/flame-view.ts';
import { type Arguments, flag, numberFrom } from '../arguments.ts';
import { estimateNeeded, notInTimeOrder } from '../errors.ts';
import type { Io } from '../io.ts';
import { depthFrom, layoutTreeQueryFrom, minimumFrom } from '../tree-options.ts';
import { loadStats } from './queries-answer.ts';

const DEFAULT_ROWS = 60;

/** More columns than any terminal has. */
const MAX_WIDTH = 10_000;

/** Throws PstatError. */
export async function flameAnswer(words: readonly string[], args: Arguments, io: Io): Promise<FlameView> {
  const query = {
    tree: { ...layoutTreeQueryFrom(args), foldsOnlyLeading: args['fold'] === undefined },
    min: minimumFrom(args, { percent: 0 }),
    rows: depthFrom(args) ?? DEFAULT_ROWS,
    width: numberFrom(args, 'width', { min: 1, max: MAX_WIDTH, expected: 'a number of columns' }),
    upward: flag(args, 'upward'),
    inTimeOrder: inTimeOrderFrom(args),
  };
  const stats = await loadStats(words, args, io);
  if (!stats.summary.stacks && !query.tree.allowsEstimate && !query.inTimeOrder)
    throw estimateNeeded(stats.summary.sources[0] ?? '');
  return flameView(stats, query);
}

/** Options that choose or collect calls, which time order shows one by one. */
const COLLECTING_OPTIONS = ['inverted', 'by', 'root', 'fold', 'estimate'] as const;

/** Throws PstatError (`query`). */
function inTimeOrderFrom(args: Arguments): boolean {
  const given = COLLECTING_OPTIONS.find((name) => args[name] !== undefined);
  if (flag(args, 'time-order') && given !== undefined) throw notInTimeOrder(given);
  return flag(args, 'time-order');
}
