/** `pstat report --format markdown`. */

import { shellWord } from '../../base/shell-word.ts';
import { knowsLines } from '../../query/lines.ts';
import type { Stats } from '../../query/stats.ts';
import { markdownPage, type PageParts } from '../../render/markdown-page.ts';
import { treeView } from '../../view/tree-view.ts';
import { functionsView, groupsView, type ViewRow } from '../../view/views.ts';
import { type Arguments, numberFrom } from '../arguments.ts';
import { WHOLE_TREE } from '../tree-options.ts';
import { DEFAULT_MIN } from './tree-answer.ts';

const DEFAULT_BUDGET = 4000;

/** Less holds no table. */
const MIN_BUDGET = 300;

/** Throws PstatError (`query`). @param files files and options as a command line has them */
export function reportMarkdownPage(stats: Stats, files: string, args: Arguments): string {
  const expected = `a number of tokens from ${MIN_BUDGET}`;
  const budget = numberFrom(args, 'budget', { min: MIN_BUDGET, expected }) ?? DEFAULT_BUDGET;
  return markdownPage(budget, (rows) => partsOf(stats, files, rows));
}

function partsOf(stats: Stats, files: string, rows: number): PageParts {
  const limits = {
    lines: 2 * rows,
    depth: Number.POSITIVE_INFINITY,
    frames: Number.POSITIVE_INFINITY,
    min: DEFAULT_MIN,
  };
  const functions = functionsView(stats, { limit: rows }, { hideZeros: true });
  const [hottest] = functions.rows;
  const name = shellWord(hottest === undefined ? '' : wordOf(hottest));
  return {
    functions,
    categories: groupsView('category', stats, {}),
    tree: stats.summary.stacks ? treeView(stats, WHOLE_TREE, limits) : null,
    lines: knowsLines(stats.profile)
      ? groupsView('line', stats, { limit: Math.ceil(rows / 2) }, { hideZeros: true })
      : null,
    commands: [
      ...(hottest === undefined
        ? []
        : ([
            [`pstat callers ${name} ${files}`, 'who calls the hottest function'],
            [`pstat list ${name} ${files}`, 'its source lines with their time'],
          ] as const)),
      stats.summary.stacks
        ? [`pstat tree ${files} --inverted`, 'hot functions with their callers']
        : [`pstat tree ${files} --estimate`, 'the likely call tree'],
      [`pstat top ${files} --by package`, 'the same by package'],
      [`pstat report ${files} -o report.html`, 'everything, in a browser'],
    ],
  };
}

/** What to write to mean a function: its name, or where one without a name is. */
function wordOf({ name, label, place }: ViewRow): string {
  if (name !== '') return name;
  return place === null ? label : `${place}(${label})`;
}
