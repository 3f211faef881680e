/** Listings → Report: the functions as outer rows, their lines below them. */

import { groupDigits, listFirst, pluralize, type TextSpan } from '../base/text.ts';
import { amountScale, formatCount, formatTime } from '../base/units.ts';
import type { Count } from '../model/count.ts';
import type { ListedFunction, ListedViewCall, ListedViewLine, ListView, SourceState } from '../view/list-view.ts';
import { profileHeading } from './profile-heading.ts';
import { reportNotes } from './profile-notes.ts';
import { dataColumn, line, noteLine, type Report, type ReportColumn, type ReportRow } from './report.ts';

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
    columns: [...shownColumns(view, rows), ...dataColumns(view, rows)],
    lines: rows.map((row) => (typeof row === 'string' ? row : reportRow(row))),
    names: { name: 'source', place: '-> call', room: 46 },
    emptyMessage: 'No function matches; patterns are case-sensitive, /name/i is not.',
    notes: [...reportNotes(view.notes), ...legends(view).map(noteLine)],
    closing: closingLines(view).map((text) => line(text)),
    exitCode: view.matched === 0 ? 1 : 0,
    hasVerdict: false,
  };
}

function rowsOf(listed: ListedFunction, view: ListView): (Row | string)[] {
  const head: Row = {
    kind: 'function',
    listed,
    line: null,
    text: '',
    callees: '',
    tottime: listed.tottime,
    isEstimated: false,
    calls: [],
    cumtime: listed.tottime === null || listed.cumtime === null ? null : listed.cumtime - listed.tottime,
    count: view.profile.counts === 'calls' ? (listed.ncalls ?? null) : (listed.samples ?? null),
  };
  return [head, ...missingSource(listed.source), ...lineRows(listed), ...restRows(listed)];
}

/** Why lines have no text. */
function missingSource(state: SourceState): string[] {
  const why = {
    found: null,
    none: null,
    missing: 'no source below the working directory; see --source-path',
    ambiguous: 'several files may be the source; choose with --source-path',
    unreadable: 'the source is not a text file of at most 5 MB',
    changed: 'the source has no such function at this place: it was changed',
  }[state];
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
      rows.push(...quiet.slice(0, QUIET_CONTEXT), `… ${groupDigits(String(quiet.length - QUIET_CONTEXT - end))} lines`);
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
    cumtime: isKnown ? sumOf(each.calls.map(({ cumtime }) => cumtime)) : null,
    count: isTraced(listed) ? sumCounts(each.calls) : each.samples,
  };
}

function restRows(listed: ListedFunction): Row[] {
  const { noLine, notPlaced, notPlacedCalls } = listed;
  const common = { listed, line: null, isEstimated: false };
  const hasNoLine = noLine !== null && noLine !== 0 && !isTraced(listed);
  const names = listFirst(
    notPlacedCalls.map(({ label }) => label),
    MAX_NAMED,
  );
  return [
    ...(hasNoLine
      ? [
          {
            ...common,
            kind: 'no-line' as const,
            text: '(no line)',
            callees: '',
            tottime: noLine,
            calls: [],
            cumtime: null,
            count: null,
          },
        ]
      : []),
    ...(notPlacedCalls.length > 0 || Math.abs(notPlaced ?? 0) >= MIN_REST
      ? [
          {
            ...common,
            kind: 'not-placed' as const,
            text: `calls not placed${names === '' ? '' : `: ${names}`}`,
            callees: '',
            tottime: null,
            calls: notPlacedCalls,
            cumtime: notPlaced,
            count: isTraced(listed) ? sumCounts(notPlacedCalls) : null,
          },
        ]
      : []),
  ];
}

/** A traced profile knows calls, and no lines. */
function isTraced({ ncalls }: ListedFunction): boolean {
  return ncalls !== undefined;
}

function sumOf(times: readonly (number | null)[]): number {
  return times.reduce<number>((sum, time) => sum + (time ?? 0), 0);
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

function reportRow(row: Row): ReportRow {
  const isHead = row.kind === 'function';
  return {
    name: isHead ? row.listed.label : row.text,
    place: isHead ? (row.listed.place ?? '') : row.callees === '' ? '' : `-> ${row.callees}`,
    file: isHead ? row.listed.file : null,
    style: isHead ? 'strong' : isQuiet(row) ? 'noise' : 'plain',
    ...(row.quiet === undefined ? {} : { quiet: row.quiet }),
    tone: 'plain',
    relation: null,
  };
}

function shownColumns(view: ListView, rows: readonly (Row | string)[]): ReportColumn[] {
  const all = rows.filter((row) => typeof row !== 'string');
  const scaleOf = (amounts: readonly (number | null)[]) => amountScale(amounts, view.profile.unit);
  const self = scaleOf(all.map(({ tottime }) => tottime));
  const calls = scaleOf(all.map(({ cumtime }) => cumtime));
  const texts = (cell: (row: Row) => string) => rows.map((row) => (typeof row === 'string' ? '' : cell(row)));
  const isTraced = view.profile.counts === 'calls';
  const shown = [
    {
      title: ['tottime', self.unit] as const,
      name: 'tottime',
      priority: 'essential' as const,
      texts: texts(({ tottime, isEstimated }) =>
        tottime === null || tottime === 0 ? '' : `${isEstimated ? '~' : ''}${formatTime(tottime, self)}`,
      ),
    },
    {
      title: ['calls', calls.unit] as const,
      name: 'calls',
      priority: 'essential' as const,
      texts: texts(({ cumtime, calls: on }) =>
        cumtime === null || cumtime === 0
          ? ''
          : `${on.some(({ placement }) => placement === 'several') ? '~' : ''}${formatTime(cumtime, calls)}`,
      ),
    },
    {
      title: ['', isTraced ? 'ncalls' : 'samples'] as const,
      name: isTraced ? 'ncalls' : 'samples',
      priority: 1,
      texts: texts(({ count }) => (count === null || count === 0 ? '' : formatCount(count))),
    },
    {
      title: ['', 'line'] as const,
      name: 'line',
      priority: 'essential' as const,
      texts: texts(({ line }) => (line === null ? '' : String(line))),
    },
  ];
  const isUsed = ({ texts: cells }: (typeof shown)[number]) => cells.some((text) => text !== '');
  return shown.filter(isUsed).map((column) => ({ key: null, values: [], shown: column }));
}

function dataColumns(view: ListView, rows: readonly (Row | string)[]): ReportColumn[] {
  const values = <Value>(of: (row: Row) => Value) => rows.map((row) => (typeof row === 'string' ? null : of(row)));
  return [
    dataColumn(
      'name',
      values(({ listed }) => listed.name),
    ),
    dataColumn(
      'file',
      values(({ listed }) => listed.file),
    ),
    dataColumn(
      'kind',
      values(({ kind }) => kind),
    ),
    dataColumn(
      'line',
      values(({ kind, line, listed }) => (kind === 'function' ? listed.line : line)),
    ),
    dataColumn(
      `tottime_${view.profile.unit}`,
      values(({ tottime }) => tottime),
    ),
    dataColumn(
      `calls_${view.profile.unit}`,
      values(({ cumtime }) => cumtime),
    ),
    dataColumn(
      view.profile.counts === 'calls' ? 'ncalls' : 'samples',
      values(({ count }) => count),
    ),
    dataColumn(
      'callees',
      values(({ calls }) => calls.map(({ label }) => label).join('; ')),
    ),
    dataColumn(
      'estimated',
      values(({ isEstimated, calls }) => isEstimated || calls.some(({ placement }) => placement === 'several')),
    ),
    dataColumn(
      'source',
      values(({ kind, text }) => (kind === 'line' ? text : '')),
    ),
  ];
}

function legends({ functions }: ListView): string[] {
  const lines = functions.flatMap((listed) => listed.lines);
  const isScaled = lines.some(({ estimated }) => estimated);
  const isSeveral = lines.some(({ calls }) => calls.some(({ placement }) => placement === 'several'));
  const isOneLine = functions.some(
    ({ generated, noLine, tottime }) =>
      generated !== undefined && (noLine ?? 0) > 0 && (noLine ?? 0) > (tottime ?? 0) / 2,
  );
  const isMinified = lines.some(({ text, tottime }) => (text ?? '').length >= MINIFIED && (tottime ?? 0) > 0);
  return [
    ...(isScaled ? ['~ tottimes are scaled: the file knows lines for the whole recording only'] : []),
    ...(isMinified
      ? [
          'a line of minified code holds many functions: its time is that of all; record with source maps, or unminified',
        ]
      : []),
    ...(isOneLine
      ? [
          '(no line) is time on lines of generated code that hold code of several lines; lines are known where the build is not minified',
        ]
      : []),
    ...(isSeveral ? ['~ calls are on each line that can make them, with all their time'] : []),
  ];
}

function closingLines({ functions, matched, of, by }: ListView): string[] {
  if (matched === 0) return [`0 of ${pluralize(of, by)} match`];
  const shown = pluralize(functions.length, by);
  const order = by === 'line' ? 'by tottime' : 'by cumtime';
  const isCut = functions.length < matched;
  return [isCut ? `${shown} of ${groupDigits(String(matched))} ${order}; --limit 0 shows all` : `${shown} ${order}`];
}
