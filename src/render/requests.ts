/** An index of requests as a screen, as markdown, as JSON, as comma-separated values. */

import { grouped, plural, visible } from '../base/text.ts';
import { count, duration, percent, scaledTime, timeScale } from '../base/units.ts';
import type { FirstRequest, RouteSummary } from '../routes/route-stats.ts';
import type { RequestsView } from '../view/requests-view.ts';
import { csvText } from './csv.ts';
import { droppedLine, SHOW_ALL } from './footer.ts';
import { jsonText } from './json.ts';
import { code, markdownSheet, plain } from './markdown.ts';
import { layOutSheet, type Sheet, type SheetColumn } from './table/layout.ts';
import { linkingTheme, screen, type TableOptions } from './table/table.ts';
import { cutEnd, wrap } from './table/width.ts';

export function renderRequestsTable(view: RequestsView, options: TableOptions): string {
  const head = [headLine(view)];
  const wrapped = options.columns === null ? head : head.flatMap((line) => wrap(line, options.columns ?? 0));
  const { table, dropped } =
    view.rows.length === 0
      ? { table: ['No route matches.'], dropped: [] }
      : layOutSheet(sheetOf(view, options.columns), linkingTheme(options), options.columns);
  return screen([wrapped, table, [...droppedLine(dropped), ...footer(view)]], options.columns);
}

function headLine({ folder, index }: RequestsView): string {
  const { requests, routes, total, failed, skipped } = index;
  const passed = skipped === null || skipped === 0 ? '' : `, ${count(skipped)} more not profiled`;
  const routeCount = plural(new Set(routes.map(({ route }) => route)).size, 'route');
  const fails = failed === 0 ? '' : `, ${count(failed)} failed`;
  return `${visible(folder)}: ${plural(requests, 'request')} of ${routeCount} in ${duration(total)}${fails}${passed}`;
}

function sheetOf(view: RequestsView, columns: number | null): Sheet {
  return {
    columns: columnsOf(view),
    lines: view.rows.map((row) => ({
      name: visible(row.route),
      place: roomForHottest(columns) === 0 ? '' : cutEnd(hottestWord(row), roomForHottest(columns)),
      file: null,
      style: 'strong' as const,
    })),
    roomForNames: 56,
    titles: { name: 'route', place: 'hottest function' },
  };
}

function hottestWord({ hottest }: RouteSummary): string {
  if (hottest === null) return '';
  return `${percent(hottest.share, 1)}% ${hottest.name === '' ? '(anonymous)' : hottest.name}`;
}

/** What a route is called matters more than a function's name: that is cut, and in narrow terminals it stands below. */
function roomForHottest(columns: number | null): number {
  if (columns === null) return Number.POSITIVE_INFINITY;
  return columns < 100 ? 0 : Math.round(columns / 3);
}

function columnsOf({ rows, index }: RequestsView): SheetColumn[] {
  const scale = timeScale(rows.flatMap(({ median, slowest }) => [median, slowest]));
  const totals = timeScale(rows.map(({ total }) => total));
  const column = (
    title: readonly [string, string],
    name: string,
    priority: SheetColumn['priority'],
    cell: (row: RouteSummary) => string,
  ) => ({
    title,
    name,
    priority,
    cells: rows.map(cell),
  });
  const hasStatus = rows.some(({ status }) => status !== null);
  const hasFailed = rows.some(({ failed }) => failed > 0);
  return [
    column(['', 'requests'], 'requests', 'essential', (row) => count(row.requests)),
    ...(hasFailed
      ? [column(['', 'failed'], 'failed', 'essential', (row) => (row.failed === 0 ? '' : count(row.failed)))]
      : []),
    column(['median', scale.unit], 'median', 'essential', (row) => scaledTime(row.median, scale)),
    column(['p95', scale.unit], 'p95', 3, (row) => scaledTime(row.p95, scale)),
    column(['slowest', scale.unit], 'slowest', 'essential', (row) => scaledTime(row.slowest, scale)),
    column(['total', totals.unit], 'total', 2, (row) => scaledTime(row.total, totals)),
    column(['', '%'], '% of total', 1, (row) => percent(row.total, index.total)),
    ...(hasStatus
      ? [column(['', 'status'], 'status', 'essential', (row) => (row.status === null ? '-' : String(row.status)))]
      : []),
  ];
}

function footer(view: RequestsView): string[] {
  return [...slowestLines(view), ...firstLines(view.index.firsts), ...strangersLine(view), ...lastLine(view)];
}

/** The files to open: of the first routes, the slowest request. Each stands on a line of its own, to be copied. */
function slowestLines({ rows }: RequestsView): string[] {
  return rows.slice(0, MOST_FILES).flatMap((row) => {
    const times = row.requests > 1 && row.median > 0 ? `, ${(row.slowest / row.median).toFixed(1)} × the median` : '';
    const hot = row.hottest === null ? '' : `; hottest: ${cutEnd(hottestWord(row), LONGEST_WORD)}`;
    const route = cutEnd(visible(row.route), LONGEST_WORD);
    return [`slowest ${route}, ${duration(row.slowest)}${times}${hot}:`, fileLine(row.slowestFile)];
  });
}

const MOST_FILES = 3;

/** Of a route or a function in a sentence. */
const LONGEST_WORD = 60;

function fileLine(file: string): string {
  return `  ${visible(file)}`;
}

function firstLines(firsts: readonly FirstRequest[]): string[] {
  const notable = firsts.filter(isNotable);
  const shown = notable.slice(0, MOST_FILES).flatMap((first) => {
    const { file, elapsed, timesOthers, others, isCertain } = first;
    const than = timesOthers === null || others < FEW ? '' : `, ${timesOthers.toFixed(1)} × the others of its route`;
    const what = isCertain
      ? 'the first request of its process'
      : 'the earliest request, perhaps the first of its worker';
    return [`cold start, ${what}, ${duration(elapsed)}${than}:`, fileLine(file)];
  });
  const more = notable.length - Math.min(notable.length, MOST_FILES);
  return more === 0 ? shown : [...shown, `cold starts of ${plural(more, 'process', 'processes')} more`];
}

/** A first request that is hardly slower than others is no news; with few others, nobody can say. */
function isNotable({ timesOthers, others, isCertain }: FirstRequest): boolean {
  if (timesOthers === null) return isCertain;
  return others < FEW || timesOthers >= 1.3;
}

/** Fewer say nothing of what is usual. */
const FEW = 3;

function strangersLine({ index }: RequestsView): string[] {
  if (index.strangers === 0) return [];
  return [`note: passed over ${plural(index.strangers, 'profile')} whose name and content tell of no request`];
}

function lastLine({ rows, matched, index, sort, reverse }: RequestsView): string[] {
  if (matched === 0) return [`0 of ${plural(index.routes.length, 'row')} match`];
  const cut = rows.length < matched ? ` of ${grouped(String(matched))}` : '';
  const all = rows.length === index.routes.length && rows.length > 1 ? 'all ' : '';
  const more = cut === '' ? '' : `; ${SHOW_ALL} shows all`;
  return [
    `${all}${grouped(String(rows.length))}${cut} ${matched === 1 ? 'row' : 'rows'} by ${sort.join(', ')}${reverse ? ', reversed' : ''}${more}`,
  ];
}

export function renderRequestsMarkdown(view: RequestsView): string {
  const names = view.rows.map((row) => [code(row.route), code(hottestWord(row))]);
  const table =
    names.length === 0 ? 'No route matches.' : markdownSheet(columnsOf(view), ['route', 'hottest function'], names);
  return `${[plain(headLine(view)), table, ...footer(view).map(plain)].join('\n\n')}\n`;
}

export function renderRequestsJson({ folder, index, rows, matched, notes }: RequestsView): string {
  const { requests, failed, skipped, total, firsts, strangers } = index;
  const head = { profile: null, folder, requests, failed, skipped, total, firsts, strangers };
  return jsonText({ view: 'requests', head, rows, matched, notes, tail: {} });
}

export function renderRequestsCsv({ rows }: RequestsView): string {
  return csvText([
    ['route', 'status', ...FIGURES, 'slowestFile', 'medianFile', 'hottest', 'hottestShare'],
    ...rows.map((row) => [
      visible(row.route),
      row.status,
      ...FIGURES.map((figure) => row[figure]),
      visible(row.slowestFile),
      visible(row.medianFile),
      row.hottest === null ? null : visible(row.hottest.name),
      row.hottest?.share ?? null,
    ]),
  ]);
}

const FIGURES = ['requests', 'failed', 'median', 'p95', 'slowest', 'total'] as const;
