/** An stats of requests as a screen, as markdown, as JSON, as comma-separated values. */

import { grouped, plural, visible } from '../base/text.ts';
import { count, duration, percent, scaledTime, timeScale } from '../base/units.ts';
import type { ColdStart, RouteSummary } from '../routes/route-stats.ts';
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

function headLine({ folder, stats }: RequestsView): string {
  const { requests, routes, total, failed, skipped } = stats;
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

/** Route names matter more than function names: these are cut, and in narrow terminals they move to the footer. */
function roomForHottest(columns: number | null): number {
  if (columns === null) return Number.POSITIVE_INFINITY;
  return columns < 100 ? 0 : Math.round(columns / 3);
}

function columnsOf({ rows, stats }: RequestsView): SheetColumn[] {
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
    column(['', '%'], '% of total', 1, (row) => percent(row.total, stats.total)),
    ...(hasStatus
      ? [column(['', 'status'], 'status', 'essential', (row) => (row.status === null ? '-' : String(row.status)))]
      : []),
  ];
}

function footer(view: RequestsView): string[] {
  return [
    ...slowestLines(view),
    ...coldStartLines(view.stats.coldStarts),
    ...unrecognizedLine(view),
    ...lastLine(view),
  ];
}

/** The slowest request of the first routes. Each file has a line of its own, so that it can be copied. */
function slowestLines({ rows }: RequestsView): string[] {
  return rows.slice(0, MAX_FILES).flatMap((row) => {
    const times = row.requests > 1 && row.median > 0 ? `, ${(row.slowest / row.median).toFixed(1)} × the median` : '';
    const hot = row.hottest === null ? '' : `; hottest: ${cutEnd(hottestWord(row), MAX_NAME_LENGTH)}`;
    const route = cutEnd(visible(row.route), MAX_NAME_LENGTH);
    return [`slowest ${route}, ${duration(row.slowest)}${times}${hot}:`, fileLine(row.slowestFile)];
  });
}

const MAX_FILES = 3;

/** Of a route or function in a note. */
const MAX_NAME_LENGTH = 60;

function fileLine(file: string): string {
  return `  ${visible(file)}`;
}

function coldStartLines(coldStarts: readonly ColdStart[]): string[] {
  const notable = coldStarts.filter(isNotable);
  const shown = notable.slice(0, MAX_FILES).flatMap((first) => {
    const { file, elapsed, ratioToMedian, others, confirmed } = first;
    const than =
      ratioToMedian === null || others < MIN_OTHERS ? '' : `, ${ratioToMedian.toFixed(1)} × the others of its route`;
    const what = confirmed
      ? 'the first request of its process'
      : 'the earliest request, perhaps the first of its worker';
    return [`cold start, ${what}, ${duration(elapsed)}${than}:`, fileLine(file)];
  });
  const more = notable.length - Math.min(notable.length, MAX_FILES);
  return more === 0 ? shown : [...shown, `cold starts of ${plural(more, 'process', 'processes')} more`];
}

/** Hides cold starts that are hardly slower than other requests; with few others, there is no way to tell. */
function isNotable({ ratioToMedian, others, confirmed }: ColdStart): boolean {
  if (ratioToMedian === null) return confirmed;
  return others < MIN_OTHERS || ratioToMedian >= 1.3;
}

/** With fewer other requests, their median is not meaningful. */
const MIN_OTHERS = 3;

function unrecognizedLine({ stats }: RequestsView): string[] {
  if (stats.unrecognized === 0) return [];
  return [`note: skipped ${plural(stats.unrecognized, 'profile')} whose name and content describe no request`];
}

function lastLine({ rows, matched, stats, sort, reverse }: RequestsView): string[] {
  if (matched === 0) return [`0 of ${plural(stats.routes.length, 'row')} match`];
  const cut = rows.length < matched ? ` of ${grouped(String(matched))}` : '';
  const all = rows.length === stats.routes.length && rows.length > 1 ? 'all ' : '';
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

export function renderRequestsJson({ folder, stats, rows, matched, notes }: RequestsView): string {
  const { requests, failed, skipped, total, coldStarts, unrecognized } = stats;
  const head = { profile: null, folder, requests, failed, skipped, total, coldStarts, unrecognized };
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
