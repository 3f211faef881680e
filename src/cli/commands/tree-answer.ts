/** The answer of `tree`. */

import type { LayoutTreeQuery } from '../../query/layout-tree.ts';
import type { Stats } from '../../query/stats.ts';
import { isForPeople, type OutputFormat } from '../../render/render.ts';
import { type TreeLimitsQuery, type TreeView, treeView } from '../../view/tree-view.ts';
import { type Arguments, numberFrom, outputFormat } from '../arguments.ts';
import { estimateNeeded } from '../errors.ts';
import type { Io } from '../io.ts';
import { depthFrom, layoutTreeQueryFrom, minimumFrom } from '../tree-options.ts';
import { loadStats } from './queries-answer.ts';

/** Lines of a tree for people: a screen. */
const DEFAULT_LINES = 40;

/** To open a level of an inverted tree takes as long at any depth, so that endless recursion needs an end. */
const INVERTED_FRAMES = 100;

/** Throws PstatError. */
export async function treeAnswer(words: readonly string[], args: Arguments, io: Io): Promise<TreeView> {
  const query = layoutTreeQueryFrom(args);
  const format = outputFormat(args);
  const depth = depthFrom(args);
  const limits = {
    lines: linesFrom(args) ?? defaultLines(format),
    depth: depth ?? Number.POSITIVE_INFINITY,
    frames: depth === null ? defaultFrames(query) : Number.POSITIVE_INFINITY,
    min: minimumFrom(args, DEFAULT_MIN),
  };
  return answerTree(await loadStats(words, args, io), query, limits);
}

/** A tree of a profile of edges must be allowed to be an estimate. Throws PstatError (`query`, `missing-data`). */
export function answerTree(stats: Stats, query: LayoutTreeQuery, limits: TreeLimitsQuery): TreeView {
  if (!stats.summary.stacks && !query.allowsEstimate) throw estimateNeeded(stats.summary.sources[0] ?? '');
  return treeView(stats, query, limits);
}

export const DEFAULT_MIN = { percent: 1 };

export function defaultLines(format: OutputFormat): number {
  return isForPeople(format) ? DEFAULT_LINES : Number.POSITIVE_INFINITY;
}

export function defaultFrames({ isInverted }: LayoutTreeQuery): number {
  return isInverted ? INVERTED_FRAMES : Number.POSITIVE_INFINITY;
}

/** Infinity for all, null if it is not given. Throws PstatError (`query`). */
function linesFrom(args: Arguments): number | null {
  const lines = numberFrom(args, 'limit', { expected: 'a number of lines' });
  return lines === 0 ? Number.POSITIVE_INFINITY : lines;
}
