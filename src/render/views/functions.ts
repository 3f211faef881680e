/** Functions, groups, callers and callees. */

import { sumOfKnown } from '../../base/averages.ts';
import { formatCount, formatPercent } from '../../base/units.ts';
import type { GeneratedPlace } from '../../model/function-table.ts';
import { cutDataUrl } from '../../query/places.ts';
import { isGrouped, type RelationViewRow, type View, type ViewRow } from '../../view/views.ts';
import { jsonText } from '../json.ts';
import { notesJson, reportNotes } from '../profile-notes.ts';
import {
  dataColumns,
  line,
  type Report,
  type ReportColumn,
  type ReportRow,
  shownColumnsOf,
  shownOf,
  type Value,
} from '../report.ts';
import { NO_FUNCTION_MATCHES, NOTHING_LEFT, nothingRecorded } from './empty-message.ts';
import { allRows, columnsFor, isNoise, NOISE_NOTE, restsOnTotal } from './function-columns.ts';
import { profileHeading } from './profile-heading.ts';

/** What to write to see all rows, on a command line. */
export const SHOW_ALL = '--limit 0';

/** @param showAll what to write to see all rows */
export function functionsReport(view: View, showAll = SHOW_ALL): Report {
  const lines = linesOf(view);
  return {
    heading: profileHeading(view.profile),
    columns: [...peopleColumns(view, lines), ...programColumns(view, lines)],
    lines: lines.map((each) => (typeof each === 'string' ? each : reportRow(each, view))),
    names: hasPlaces(view)
      ? { name: view.by === 'owner' ? 'owner' : 'function', place: 'file:line', room: 46 }
      : { name: view.by, place: null, room: 46 },
    emptyMessage: emptyMessage(view),
    notes: reportNotes(view.notes),
    closing: closingLine(view, showAll).map((text) => line(text)),
    exitCode: exitCode(view),
  };
}

/** Whether rows have places: groups have none, but for lines. */
function hasPlaces({ by }: View): boolean {
  return by === 'function' || by === 'owner' || by === 'line';
}

/** A row, or a message in place of inner rows. */
type Line = Row | string;

/** An outer row, or an inner one below its outer row. */
interface Row {
  readonly row: ViewRow;
  readonly outer: ViewRow | null;
}

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
  return hidden === 0 ? null : `… ${formatCount(hidden)} more ${hidden === 1 ? word.slice(0, -1) : word}`;
}

function countOf(count: number, word: 'callers' | 'callees'): string {
  return `${formatCount(count)} ${count === 1 ? word.slice(0, -1) : word}`;
}

function reportRow({ row, outer }: Row, view: View): ReportRow {
  return {
    name: row.label,
    place: row.place ?? '',
    file: row.file,
    style: isNoise(row, view) ? 'noise' : outer === null ? 'strong' : 'plain',
    ...(outer === null ? {} : { relation: view.view === 'callers' ? 'caller' : 'callee' }),
  };
}

function peopleColumns(view: View, lines: readonly Line[]): ReportColumn[] {
  const column = shownColumnsOf(lines);
  return columnsFor(view).map(({ title, cell, tone = () => null, ...options }) =>
    column(title, ({ row, outer }) => cell(row, outer), {
      ...options,
      tones: lines.map((each) => (typeof each === 'string' ? null : tone(each.row))),
    }),
  );
}

const IDENTITY = ['name', 'file', 'line', 'column'] as const;

type Field = (typeof IDENTITY)[number] | Figure;

function fieldOf(row: ViewRow, field: Field): Value {
  return field === 'file' && row.file !== null ? cutDataUrl(row.file) : (row[field] ?? null);
}

/** The outer row's identity, the inner row's, and the figures of the inner row, or of the outer one by itself. */
function programColumns(view: View, lines: readonly Line[]): ReportColumn[] {
  const column = (key: string, value: (row: Row) => Value) => dataColumns(lines, { [key]: value });
  const word = view.view.slice(0, -1);
  return [
    ...IDENTITY.flatMap((field) => column(field, ({ row, outer }) => fieldOf(outer ?? row, field))),
    ...(view.view === 'functions' ? [] : IDENTITY).flatMap((field) =>
      column(`${word}_${field}`, ({ row, outer }) => (outer === null ? null : fieldOf(row, field))),
    ),
    ...figureNames(view).flatMap(([key, field]) => column(key, ({ row }) => fieldOf(row, field))),
  ];
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

function emptyMessage(shown: View): string {
  const { of, view, by, matched, profile } = shown;
  if (shown.view === 'functions' && shown.zeros > 0) return nothingRecorded(profile);
  if (matched > 0) return 'No row is shown: the limit is 0 rows.';
  if (of === 0 && (profile.excluded ?? 0) > 0) return NOTHING_LEFT;
  if (of === 0) return nothingRecorded(profile);
  return view === 'functions' ? `No ${by} matches.` : NO_FUNCTION_MATCHES;
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
  if (matched === 0) return [`0 of ${formatCount(of)} ${nounOf(view, of)} match`];
  const isCut = rows.length < matched;
  const which = `${matched === of ? '' : 'matching '}${nounOf(view, matched)}`;
  const all = rows.length === of && of > 1 ? 'all ' : '';
  const order = `by ${sort.join(', ')}${innerOrder(view)}${reverse ? ', reversed' : ''}`;
  const hasShare = view.view === 'functions' && !restsOnTotal(view) && (view.profile.shareOf ?? 0) > 0;
  const share = hasShare ? `, ${shownShare(rows, view)}% of tottime` : '';
  const more = isCut ? `${zerosText(view)}; ${showAll} shows all` : '';
  if (hasNoInnerRows(view)) {
    const word = view.view.slice(0, -1);
    return [`no ${word} of ${formatCount(matched)} matching ${nounOf(view, matched)} matches the filter`];
  }
  return [`${all}${shownOf(view)} ${which} ${order}${share}${more}${legend(view)}`];
}

function zerosText(view: View): string {
  if (view.view !== 'functions' || view.zeros === 0) return '';
  return `; ${formatCount(view.zeros)} without tottime not shown`;
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
  return allRows(view).some((row) => isNoise(row, view)) ? `; ${NOISE_NOTE}` : '';
}

function shownShare(rows: readonly ViewRow[], { profile }: View): string {
  const sum = sumOfKnown(rows.map(({ tottime }) => tottime));
  return formatPercent(sum, profile.shareOf);
}

// ---- JSON -----------------------------------------------------------------------------------------------------------

export function functionsJson(view: View): string {
  const rows =
    view.view === 'functions' ? view.rows.map(rowJson) : view.rows.map((row) => relationJson(row, view.view));
  const notes = notesJson(view.notes);
  return jsonText({ view: view.view, head: { profile: profileJson(view) }, rows, matched: view.matched, notes });
}

export function profileJson({ profile, by }: Pick<View, 'profile' | 'by'>) {
  return {
    sources: profile.sources,
    unit: profile.unit,
    counts: profile.counts,
    stacks: profile.stacks,
    by,
    duration: profile.duration,
    counted: profile.counted,
    idle: profile.idle,
    excluded: profile.excluded,
    ...(profile.queued === null ? {} : { queued: profile.queued, undisturbed: profile.isUndisturbed }),
    beforeFirstSample: profile.beforeFirstSample,
    afterLastSample: profile.afterLastSample,
    samples: profile.samples,
    interval: profile.interval,
    ncalls: profile.ncalls,
    pcalls: profile.pcalls,
    request: profile.request,
  };
}

export function rowJson({ name, file, line, column, generated, tottime, cumtime, ...row }: ViewRow) {
  const counts =
    row.ncalls === undefined
      ? { samples: row.samples, cumsamples: row.cumsamples }
      : { ncalls: row.ncalls, pcalls: row.pcalls };
  const place = {
    name,
    file,
    line,
    column,
    ...(generated === undefined ? {} : { generated: generatedJson(generated) }),
  };
  return { ...place, tottime, cumtime, ...counts, functions: row.functions, estimated: row.estimated };
}

function generatedJson({ file, line, column }: GeneratedPlace) {
  return { file, line, column: column === 0 ? null : column };
}

function relationJson(outer: RelationViewRow, word: 'callers' | 'callees') {
  return { ...rowJson(outer), matchedEdges: outer.matchedEdges, [word]: outer.edges.map(rowJson) };
}
