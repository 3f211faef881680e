/** Listings: the functions as outer rows, their lines below them. */

import { sumOfKnown } from '../../base/averages.ts';
import { listFirst, pluralize, type TextSpan } from '../../base/text.ts';
import { amountScale, formatCount, formatTime, type TimeScale } from '../../base/units.ts';
import type { Count } from '../../model/count.ts';
import type { ListedFunction, ListedViewCall, ListedViewLine, ListView } from '../../view/list-view.ts';
import { jsonText } from '../json.ts';
import { notesJson, reportNotes } from '../profile-notes.ts';
import {
  dataColumns,
  line,
  noteLine,
  type Report,
  type ReportColumn,
  type ReportRow,
  shownColumnsOf,
} from '../report.ts';
import { NO_FUNCTION_MATCHES } from './empty-message.ts';
import { profileJson, rowJson, SHOW_ALL } from './functions.ts';
import { profileHeading } from './profile-heading.ts';

/** More lines than this without time or calls are one row. */
const MAX_QUIET_LINES = 12;

/** Lines of such a run that are shown at each of its ends. */
const QUIET_CONTEXT = 2;

/** Characters: nobody writes a line of this length. */
const MINIFIED = 1000;

/** Called functions that a row names. */
const MAX_NAMED = 3;

/** µs: less is the rounding of times in seconds. */
const MIN_REST = 1;

/** Widths of a tab. */
const TAB = '    ';

/** A row of the report. */
interface Row {
  readonly kind: 'function' | 'line' | 'no-line' | 'not-placed';
  readonly listed: ListedFunction;
  readonly line: number | null;
  readonly text: string;
  /** Parts of the text that are dimmed. */
  readonly quiet?: readonly TextSpan[];
  /** Names of called functions. */
  readonly callees: string;
  readonly tottime: number | null;
  readonly isEstimated: boolean;
  readonly calls: readonly ListedViewCall[];
  /** Time of the calls; null for none. */
  readonly cumtime: number | null;
  readonly count: Count | null;
}

export function listReport(view: ListView): Report {
  const rows = view.functions.flatMap((listed, i) => [...(i === 0 ? [] : ['']), ...rowsOf(listed, view)]);
  return {
    heading: profileHeading(view.profile),
    columns: [...peopleColumns(view, rows), ...programColumns(view, rows)],
    lines: rows.map((row) => (typeof row === 'string' ? row : reportRow(row))),
    names: { name: 'source', place: '-> call', room: 46 },
    emptyMessage: NO_FUNCTION_MATCHES,
    notes: [...reportNotes(view.notes), ...legends(view).map(noteLine)],
    closing: closingLines(view).map((text) => line(text)),
    exitCode: view.matched === 0 ? 1 : 0,
  };
}

function rowsOf(listed: ListedFunction, { profile }: ListView): (Row | string)[] {
  const head: Row = {
    ...emptyRow(listed),
    tottime: listed.tottime,
    cumtime: listed.tottime === null || listed.cumtime === null ? null : listed.cumtime - listed.tottime,
    count: (profile.counts === 'calls' ? listed.ncalls : listed.samples) ?? null,
  };
  return [head, ...missingSource(listed), ...lineRows(listed), ...restRows(listed)];
}

function emptyRow(listed: ListedFunction): Row {
  return {
    kind: 'function',
    listed,
    line: null,
    text: '',
    callees: '',
    tottime: null,
    isEstimated: false,
    calls: [],
    cumtime: null,
    count: null,
  };
}

/** Why lines have no text: the words fit into a column at 60 columns. */
function missingSource({ source, file }: ListedFunction): string[] {
  const why = {
    found: null,
    none: null,
    missing: file?.startsWith('node:') === true ? 'its source is part of Node' : 'no source here; see --source-path',
    ambiguous: 'several files fit; see --source-path',
    unreadable: 'no text file of at most 5 MB',
    changed: 'changed: no such function there now',
  }[source];
  return why === null ? [] : [why];
}

function lineRows(listed: ListedFunction): (Row | string)[] {
  const indent = commonIndent(listed.lines);
  const rows: (Row | string)[] = [];
  let quiet: Row[] = [];
  const flush = (isLast: boolean) => {
    if (quiet.length <= MAX_QUIET_LINES) rows.push(...quiet);
    else {
      const end = isLast ? 1 : QUIET_CONTEXT;
      rows.push(...quiet.slice(0, QUIET_CONTEXT), `… ${formatCount(quiet.length - QUIET_CONTEXT - end)} lines`);
      rows.push(...quiet.slice(-end));
    }
    quiet = [];
  };
  for (const each of listed.lines.filter(({ isOutside }) => !isOutside)) {
    const row = lineRow(listed, each, indent);
    if (isQuiet(row)) quiet.push(row);
    else {
      flush(false);
      rows.push(row);
    }
  }
  flush(true);
  const outside = listed.lines.filter(({ isOutside }) => isOutside).map((each) => lineRow(listed, each, indent));
  return outside.length === 0 ? rows : [...rows, 'lines outside the function:', ...outside];
}

function isQuiet({ tottime, calls }: Row): boolean {
  return (tottime ?? 0) === 0 && calls.length === 0;
}

function lineRow(listed: ListedFunction, each: ListedViewLine, indent: number): Row {
  const text = each.text === null ? '' : each.text.replaceAll('\t', TAB).slice(indent).trimEnd();
  const shownColumn = (column: number) => (each.text ?? '').slice(0, column).replaceAll('\t', TAB).length - indent;
  const names = listFirst(
    each.calls.map(({ label, placement }) => `${placement === 'several' ? '~' : ''}${label}`),
    MAX_NAMED,
  );
  const isKnown = each.calls.some(({ cumtime }) => cumtime !== null);
  return {
    kind: 'line',
    listed,
    line: each.line,
    text,
    quiet: each.quiet.map(({ start, end }) => ({ start: shownColumn(start), end: shownColumn(end) })),
    callees: names,
    tottime: each.tottime,
    isEstimated: each.estimated,
    calls: each.calls,
    cumtime: isKnown ? sumOfKnown(each.calls.map(({ cumtime }) => cumtime)) : null,
    count: isTraced(listed) ? sumCounts(each.calls) : each.samples,
  };
}

function restRows(listed: ListedFunction): Row[] {
  const { noLine, notPlaced, notPlacedCalls } = listed;
  const hasNoLine = noLine !== null && noLine !== 0 && !isTraced(listed);
  const hasNotPlaced = notPlacedCalls.length > 0 || Math.abs(notPlaced ?? 0) >= MIN_REST;
  const names = listFirst(
    notPlacedCalls.map(({ label }) => label),
    MAX_NAMED,
  );
  const noLineRow: Row = { ...emptyRow(listed), kind: 'no-line', text: '(no line)', tottime: noLine };
  const notPlacedRow: Row = {
    ...emptyRow(listed),
    kind: 'not-placed',
    text: `calls not placed${names === '' ? '' : `: ${names}`}`,
    calls: notPlacedCalls,
    cumtime: notPlaced,
    count: isTraced(listed) ? sumCounts(notPlacedCalls) : null,
  };
  return [...(hasNoLine ? [noLineRow] : []), ...(hasNotPlaced ? [notPlacedRow] : [])];
}

/** A traced profile knows calls, and no lines. */
function isTraced({ ncalls }: ListedFunction): boolean {
  return ncalls !== undefined;
}

function sumCounts(calls: readonly ListedViewCall[]): Count | null {
  return calls.length === 0 ? null : calls.reduce((sum, { count }) => sum + Number(count ?? 0), 0);
}

/** Columns of white space that all lines begin with. */
function commonIndent(lines: readonly ListedViewLine[]): number {
  return lines.reduce((least, { text }) => {
    const indent = (text ?? '').replaceAll('\t', TAB).search(/\S/);
    return indent === -1 ? least : Math.min(least, indent);
  }, 200);
}

/** Of a line that nobody wrote, what begins where the function does: else it would be the start of the file. */
function shownPart({ text, line, listed, quiet = [] }: Row): Pick<Row, 'text' | 'quiet'> {
  if (text.length <= MINIFIED) return { text, quiet };
  const head = 'function '.length + listed.name.length;
  const start = line === listed.line ? Math.max(0, (listed.column ?? 1) - 1 - head) : 0;
  const mark = start === 0 ? '' : '…';
  const move = (column: number) => column - start + mark.length;
  return {
    text: mark + text.slice(start, start + MINIFIED) + (start + MINIFIED < text.length ? '…' : ''),
    quiet: quiet
      .filter(({ start: from, end }) => from >= start && end <= start + MINIFIED)
      .map(({ start: from, end }) => ({ start: move(from), end: move(end) })),
  };
}

function reportRow(row: Row): ReportRow {
  const isHead = row.kind === 'function';
  const { text, quiet } = shownPart(row);
  return {
    name: isHead ? row.listed.label : text,
    place: isHead ? (row.listed.place ?? '') : row.callees === '' ? '' : `-> ${row.callees}`,
    file: isHead ? row.listed.file : null,
    style: isHead ? 'strong' : isQuiet(row) ? 'noise' : 'plain',
    ...(quiet === undefined ? {} : { quiet }),
    tone: 'plain',
  };
}

function peopleColumns({ profile }: ListView, rows: readonly (Row | string)[]): ReportColumn[] {
  const all = rows.filter((row) => typeof row !== 'string');
  const self = amountScale(
    all.map(({ tottime }) => tottime),
    profile.unit,
  );
  const calls = amountScale(
    all.map(({ cumtime }) => cumtime),
    profile.unit,
  );
  const column = shownColumnsOf(rows);
  const time = (amount: number | null, scale: TimeScale, isEstimated: boolean) =>
    amount === null || amount === 0 ? '' : `${isEstimated ? '~' : ''}${formatTime(amount, scale)}`;
  const count = (row: Row) => (row.count === null || row.count === 0 ? '' : formatCount(row.count));
  return [
    column(['tottime', self.unit], (row) => time(row.tottime, self, row.isEstimated)),
    column(['calls', calls.unit], (row) => time(row.cumtime, calls, isSeveral(row))),
    column(['', profile.counts === 'calls' ? 'ncalls' : 'samples'], count, { priority: 1 }),
    column(['', 'line'], ({ line }) => (line === null ? '' : String(line))),
  ].filter(({ shown }) => shown?.texts.some((text) => text !== ''));
}

/** Whether more than one line can make some of the calls. */
function isSeveral({ calls }: { readonly calls: readonly ListedViewCall[] }): boolean {
  return calls.some(({ placement }) => placement === 'several');
}

function programColumns({ profile }: ListView, rows: readonly (Row | string)[]): ReportColumn[] {
  return dataColumns<Row>(rows, {
    name: ({ listed }) => listed.name,
    file: ({ listed }) => listed.file,
    kind: ({ kind }) => kind,
    line: ({ kind, line, listed }) => (kind === 'function' ? listed.line : line),
    [`tottime_${profile.unit}`]: ({ tottime }) => tottime,
    [`calls_${profile.unit}`]: ({ cumtime }) => cumtime,
    [profile.counts === 'calls' ? 'ncalls' : 'samples']: ({ count }) => count,
    callees: ({ calls }) => calls.map(({ label }) => label).join('; '),
    estimated: (row) => row.isEstimated || isSeveral(row),
    source: ({ kind, text }) => (kind === 'line' ? text : ''),
  });
}

function legends({ functions }: ListView): string[] {
  const lines = functions.flatMap((listed) => listed.lines);
  const isScaled = lines.some(({ estimated }) => estimated);
  const isMinified = lines.some(({ text, tottime }) => (text ?? '').length >= MINIFIED && (tottime ?? 0) > 0);
  return [
    ...(isScaled ? ['~ tottimes are scaled: the file knows lines for the whole recording only'] : []),
    ...(isMinified
      ? [
          'a line of minified code holds many functions: its time is that of all; record with source maps, or unminified',
        ]
      : []),
    ...(lines.some(isSeveral) ? ['~ calls are on each line that can make them, with all their time'] : []),
  ];
}

function closingLines({ functions, matched, of, by, sort }: ListView): string[] {
  if (matched === 0) return [`0 of ${pluralize(of, by)} match`];
  const isCut = functions.length < matched;
  const among = isCut ? ` of ${formatCount(matched)}` : '';
  return [`${pluralize(functions.length, by)}${among} by ${sort}${isCut ? `; ${SHOW_ALL} shows all` : ''}`];
}

// ---- JSON -----------------------------------------------------------------------------------------------------------

export function listJson(view: ListView): string {
  const isTraced = view.profile.counts === 'calls';
  return jsonText({
    view: view.view,
    head: { profile: profileJson(view) },
    rowsKey: 'functions',
    rows: view.functions.map((listed) => functionJson(listed, isTraced)),
    matched: view.matched,
    notes: notesJson(view.notes),
  });
}

function functionJson(listed: ListedFunction, isTraced: boolean) {
  return {
    ...rowJson(listed),
    source: listed.source,
    lines: listed.lines.map(({ line, text, tottime, samples, isOutside, estimated, calls }) => ({
      line,
      text,
      tottime,
      ...(isTraced ? {} : { samples }),
      ...(isOutside ? { outside: true } : {}),
      ...(estimated ? { estimated } : {}),
      calls: calls.map((call) => callJson(call, isTraced)),
    })),
    noLine: listed.noLine,
    notPlaced: listed.notPlaced,
    notPlacedCalls: listed.notPlacedCalls.map((call) => callJson(call, isTraced)),
  };
}

function callJson({ name, file, line, column, cumtime, count, placement }: ListedViewCall, isTraced: boolean) {
  const counted = isTraced ? { ncalls: count } : { cumsamples: count };
  return { name, file, line, column, cumtime, ...counted, ...(placement === null ? {} : { placement }) };
}
