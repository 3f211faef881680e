/** Functions, groups, callers and callees → Report. */

import { groupDigits, pluralize } from '../base/text.ts';
import { formatPercent } from '../base/units.ts';
import { cutDataUrl } from '../query/places.ts';
import { isGrouped, type RelationViewRow, type View, type ViewRow } from '../view/views.ts';
import { allRows, columnsFor, isNoise, NOISE_NOTE, restsOnTotal } from './function-columns.ts';
import { profileHeading } from './profile-heading.ts';
import { reportNotes } from './profile-notes.ts';
import { dataColumn, line, type Report, type ReportColumn, type ReportRow, type Value } from './report.ts';

/** What to write to see all rows, on a command line. */
export const SHOW_ALL = '--limit 0';

/** @param showAll what to write to see all rows */
export function functionsReport(view: View, showAll = SHOW_ALL): Report {
  const lines = linesOf(view);
  return {
    heading: profileHeading(view.profile),
    columns: [...shownColumns(view, lines), ...dataColumns(view, lines)],
    lines: lines.map((each) => (typeof each === 'string' ? each : reportRow(each, view))),
    names: hasPlaces(view)
      ? { name: view.by === 'owner' ? 'owner' : 'function', place: 'file:line', room: 46 }
      : { name: view.by, place: null, room: 46 },
    emptyMessage: emptyMessage(view),
    notes: reportNotes(view.notes),
    closing: closingLine(view, showAll).map((text) => line(text)),
    exitCode: exitCode(view),
    hasVerdict: false,
  };
}

/** Whether rows have places: groups have none, but for lines. */
function hasPlaces({ by }: View): boolean {
  return by === 'function' || by === 'owner' || by === 'line';
}

/** An outer row, or an inner one below its outer row; or a message in place of inner rows. */
type Line = { readonly row: ViewRow; readonly outer: ViewRow | null } | string;

function linesOf(view: View): Line[] {
  if (view.view === 'functions') return view.rows.map((row) => ({ row, outer: null }));
  const word = view.view;
  return view.rows.flatMap((outer, i) => [...(i === 0 ? [] : ['']), ...groupLines(outer, word)]);
}

function groupLines(outer: RelationViewRow, word: 'callers' | 'callees'): Line[] {
  const rows = outer.edges.map((row) => ({ row, outer }));
  const hidden = hiddenRows(outer, word);
  return [{ row: outer, outer: null }, ...rows, ...(hidden === null ? [] : [hidden])];
}

/** What is said of the inner rows that are not shown; null if all are. */
function hiddenRows({ edges, matchedEdges, ofEdges }: RelationViewRow, word: 'callers' | 'callees'): string | null {
  if (ofEdges === 0) return `no ${word}`;
  if (matchedEdges === 0) return `none of its ${countOf(ofEdges, word)} matches`;
  const hidden = matchedEdges - edges.length;
  return hidden === 0 ? null : `… ${groupDigits(String(hidden))} more ${hidden === 1 ? word.slice(0, -1) : word}`;
}

function countOf(count: number, word: 'callers' | 'callees'): string {
  return `${groupDigits(String(count))} ${count === 1 ? word.slice(0, -1) : word}`;
}

function reportRow({ row, outer }: Exclude<Line, string>, view: View): ReportRow {
  return {
    name: row.label,
    place: row.place ?? '',
    file: row.file,
    style: isNoise(row, view) ? 'noise' : outer === null ? 'strong' : 'plain',
    tone: isNoise(row, view) ? 'quiet' : 'plain',
    relation: outer === null ? null : view.view === 'callers' ? 'caller' : 'callee',
  };
}

function shownColumns(view: View, lines: readonly Line[]): ReportColumn[] {
  return columnsFor(view).map(({ cell, tone = () => null, ...shown }) => ({
    key: null,
    values: [],
    shown: {
      ...shown,
      texts: lines.map((each) => (typeof each === 'string' ? '' : cell(each.row, each.outer))),
      tones: lines.map((each) => (typeof each === 'string' ? null : tone(each.row))),
    },
  }));
}

const IDENTITY = ['name', 'file', 'line', 'column'] as const;

function identityOf(row: ViewRow, field: (typeof IDENTITY)[number]): Value {
  return field === 'file' && row.file !== null ? cutDataUrl(row.file) : row[field];
}

/** The outer row's identity, the inner row's, and the figures of the inner row, or of the outer one by itself. */
function dataColumns(view: View, lines: readonly Line[]): ReportColumn[] {
  const rows = lines.map((each) => (typeof each === 'string' ? null : each));
  const isRelation = view.view !== 'functions';
  const outer = IDENTITY.map((field) =>
    dataColumn(
      field,
      rows.map((each) => (each === null ? null : identityOf(each.outer ?? each.row, field))),
    ),
  );
  const inner = IDENTITY.map((field) =>
    dataColumn(
      `${view.view.slice(0, -1)}_${field}`,
      rows.map((each) => (each?.outer == null ? null : identityOf(each.row, field))),
    ),
  );
  const metrics = figureNames(view).map(([key, field]) =>
    dataColumn(
      key,
      rows.map((each) => each?.row[field] ?? null),
    ),
  );
  return [...outer, ...(isRelation ? inner : []), ...metrics];
}

type Figure = 'tottime' | 'cumtime' | 'samples' | 'cumsamples' | 'ncalls' | 'pcalls' | 'functions' | 'estimated';

function figureNames({ profile, by }: View): readonly (readonly [key: string, field: Figure])[] {
  const counts: readonly Figure[] = profile.counts === 'samples' ? ['samples', 'cumsamples'] : ['ncalls', 'pcalls'];
  return [
    [`tottime_${profile.unit}`, 'tottime'],
    [`cumtime_${profile.unit}`, 'cumtime'],
    ...counts.map((field) => [field, field] as const),
    ...(isGrouped(by) ? [['functions', 'functions'] as const] : []),
    ...(by === 'line' ? [['estimated', 'estimated'] as const] : []),
  ];
}

function emptyMessage({ of, view, by, matched, profile }: View): string {
  if (matched > 0) return 'No row is shown: the limit is 0 rows.';
  if (of === 0 && (profile.excluded ?? 0) > 0) return 'Nothing is left: no stack is in the window, or matches.';
  if (of === 0) return nothingRecorded(profile);
  return view === 'functions'
    ? `No ${by} matches.`
    : 'No function matches; patterns are case-sensitive, /name/i is not.';
}

function nothingRecorded({ counts, samples, idle }: View['profile']): string {
  const taken = Number(samples ?? 0);
  if (taken > 0 && (idle ?? 0) > 0) return `${pluralize(taken, 'sample')}, all idle; --idle shows them.`;
  if (taken > 0) return `${pluralize(taken, 'sample')}, of no function.`;
  return `Nothing was recorded: the profile has no ${counts === 'samples' ? 'samples' : 'calls'}.`;
}

/** An empty profile is an answer; a pattern or a window that leaves no rows exits with 1. */
function exitCode(view: View): 0 | 1 {
  if (view.of === 0) return (view.profile.excluded ?? 0) > 0 ? 1 : 0;
  return view.matched === 0 || hasNoInnerRows(view) ? 1 : 0;
}

/** Whether the filters left no inner row anywhere: they matched nothing, though FUNCTION did. */
function hasNoInnerRows(view: View): boolean {
  return view.view !== 'functions' && view.filtered && view.rows.every(({ matchedEdges }) => matchedEdges === 0);
}

/** How much is shown, in what order, how to see the rest, and what ~ means. */
function closingLine(view: View, showAll: string): string[] {
  const { rows, matched, of, sort, reverse } = view;
  if (of === 0) return [];
  if (matched === 0) return [`0 of ${groupDigits(String(of))} ${nounOf(view, of)} match`];
  const isCut = rows.length < matched;
  const which = `${matched === of ? '' : 'matching '}${nounOf(view, matched)}`;
  const all = rows.length === of ? 'all ' : '';
  const among = isCut ? ` of ${groupDigits(String(matched))}` : '';
  const order = `by ${sort.join(', ')}${innerOrder(view)}${reverse ? ', reversed' : ''}`;
  const share = view.view === 'functions' && !restsOnTotal(view) ? `, ${shownShare(view.rows, view)}% of tottime` : '';
  const more = isCut ? `${zerosText(view)}; ${showAll} shows all` : '';
  if (hasNoInnerRows(view)) {
    const word = view.view.slice(0, -1);
    return [`no ${word} of ${groupDigits(String(matched))} matching ${nounOf(view, matched)} matches the filter`];
  }
  return [`${all}${groupDigits(String(rows.length))}${among} ${which} ${order}${share}${more}${legend(view)}`];
}

function zerosText(view: View): string {
  if (view.view !== 'functions' || view.zeros === 0) return '';
  return `; ${groupDigits(String(view.zeros))} without tottime not shown`;
}

function nounOf({ by }: View, count: number): string {
  const many = {
    function: 'functions',
    owner: 'owners',
    file: 'files',
    package: 'packages',
    category: 'categories',
    line: 'lines',
  };
  return count === 1 ? by : many[by];
}

/** Inner rows have an order of their own unless one was asked for. */
function innerOrder(view: View): string {
  if (view.view === 'functions' || view.edgeSort.join() === view.sort.join()) return '';
  return `, ${view.view} by ${view.edgeSort.join(', ')}`;
}

function legend(view: View): string {
  return allRows(view).some((row) => isNoise(row, view)) ? NOISE_NOTE : '';
}

function shownShare(rows: readonly ViewRow[], { profile }: View): string {
  const sum = rows.reduce((total, row) => total + (row.tottime ?? 0), 0);
  return formatPercent(sum, profile.shareOf);
}
