/** The lines below a table: notes, what is not shown and how to see it. */

import { grouped, visible } from '../base/text.ts';
import { percent } from '../base/units.ts';
import type { View, ViewRow } from '../view/views.ts';
import { allRows, isNoise } from './function-columns.ts';

/** What stands in place of a table without rows. */
export function nothing({ of, view, by, matched, profile }: View): string {
  if (matched > 0) return 'No row is shown: the limit is none of them.';
  if (of === 0 && (profile.excluded ?? 0) > 0) return 'Nothing is left: no stack is in the window, or matches.';
  if (of === 0)
    return `Nothing was recorded: the profile holds no ${profile.counts === 'samples' ? 'samples' : 'calls'}.`;
  return view === 'functions'
    ? `No ${by} matches.`
    : 'No function matches; patterns are case-sensitive, /name/i is not.';
}

/** What to write to see all rows, in a shell. */
export const SHOW_ALL = '--limit 0';

export function footerLines(view: View, dropped: readonly string[], showAll = SHOW_ALL): string[] {
  return [...view.notes.map((note) => `note: ${visible(note)}`), ...droppedLine(dropped), ...lastLine(view, showAll)];
}

/** Names the columns that found no room. */
export function droppedLine(dropped: readonly string[]): string[] {
  return dropped.length === 0 ? [] : [`left out at this width: ${dropped.join(', ')}`];
}

/** How much is shown, in what order, how to see the rest, and what the quiet mark means. */
function lastLine(view: View, showAll: string): string[] {
  const { rows, matched, of, sort, reverse } = view;
  if (of === 0) return [];
  if (matched === 0) return [`0 of ${grouped(String(of))} ${nounOf(view, of)} match`];
  const cut = rows.length < matched;
  const which = `${matched === of ? '' : 'matching '}${nounOf(view, matched)}`;
  const all = rows.length === of ? 'all ' : '';
  const among = cut ? ` of ${grouped(String(matched))}` : '';
  const order = `by ${sort.join(', ')}${innerOrder(view)}${reverse ? ', reversed' : ''}`;
  const share = view.view === 'functions' ? `, ${shownShare(view.rows, view)}% of the time` : '';
  const more = cut ? `; ${showAll} shows all` : '';
  if (isBare(view))
    return [
      `no ${view.view.slice(0, -1)} of ${grouped(String(matched))} matching ${nounOf(view, matched)} matches the filter`,
    ];
  return [`${all}${grouped(String(rows.length))}${among} ${which} ${order}${share}${more}${legend(view)}`];
}

/** Filters that left no inner row anywhere. */
function isBare(view: View): boolean {
  return view.view !== 'functions' && view.filtered && view.rows.every(({ matchedEdges }) => matchedEdges === 0);
}

function nounOf({ by }: View, count: number): string {
  const many = { function: 'functions', file: 'files', package: 'packages', category: 'categories' };
  return count === 1 ? by : many[by];
}

/** Inner rows have an order of their own unless one was asked for. */
function innerOrder(view: View): string {
  if (view.view === 'functions' || view.edgeSort.join() === view.sort.join()) return '';
  return `, ${view.view} by ${view.edgeSort.join(', ')}`;
}

function legend(view: View): string {
  return allRows(view).some((row) => isNoise(row, view)) ? '; ~ rests on under 10 samples and may be noise' : '';
}

function shownShare(rows: readonly ViewRow[], { profile }: View): string {
  const sum = rows.reduce((total, row) => total + (row.tottime ?? 0), 0);
  return percent(sum, profile.shareOf);
}
