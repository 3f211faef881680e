/** Routes of a folder of requests. */

import { areFew } from '../../base/few-samples.ts';
import { pluralize } from '../../base/text.ts';
import { formatCount, formatDuration, formatPercent, formatTime, timeScale } from '../../base/units.ts';
import type { ColdStart } from '../../routes/cold-starts.ts';
import type { RouteSummary } from '../../routes/route-stats.ts';
import type { HotFunction } from '../../routes/self-times.ts';
import type { BrokenFile, RequestsView } from '../../view/requests-view.ts';
import { jsonText } from '../json.ts';
import {
  dataColumns,
  line,
  noteLine,
  type Report,
  type ReportColumn,
  type ReportLine,
  shownColumnsOf,
  shownOf,
} from '../report.ts';
import { cutEnd } from '../table/width.ts';
import { NOISE_NOTE } from './function-columns.ts';
import { SHOW_ALL } from './functions.ts';

export function requestsReport(view: RequestsView): Report {
  return {
    heading: [line(headingText(view))],
    columns: [...peopleColumns(view), ...programColumns(view.rows)],
    lines: view.rows.map((row) => ({
      name: row.route,
      place: '',
      file: null,
      style: 'strong',
    })),
    names: { name: 'route', place: null, room: 36 },
    emptyMessage: emptyMessage(view),
    notes: [...unrecognizedLine(view), ...brokenLines(view.broken)],
    closing: [
      ...slowestLines(view),
      ...(view.matched === 0 ? [] : coldStartLines(view.stats.coldStarts)),
      ...closingLine(view).map((text) => line(text)),
    ],
    exitCode: view.matched === 0 ? 1 : 0,
  };
}

function emptyMessage({ filtered, stats }: RequestsView): string {
  if (filtered && stats.requests > 0) return 'No route matches.';
  return 'No profile here is of a request; `pstat record --requests --dir DIR -- node server.js` writes some.';
}

function headingText({ folder, stats }: RequestsView): string {
  const { requests, routes, total, failed, skipped } = stats;
  const passed = skipped === null || skipped === 0 ? '' : `, ${formatCount(skipped)} more not profiled`;
  const routeCount = pluralize(new Set(routes.map(({ route }) => route)).size, 'route');
  const fails = failed === 0 ? '' : `, ${formatCount(failed)} failed`;
  return `${folder}: ${pluralize(requests, 'request')} of ${routeCount} in ${formatDuration(total)}${fails}${passed}`;
}

/** Of a route or a function in a sentence, and of a function in a row. */
const MAX_NAME = 60;

/** `~` marks what rests on few samples. */
function hottestText(hottest: HotFunction | null): string {
  if (hottest === null) return '';
  const share = `${areFew(hottest.samples) ? '~' : ''}${formatPercent(hottest.share, 1)}%`;
  return cutEnd(`${share} ${hottest.name === '' ? '(anonymous)' : hottest.name}`, MAX_NAME);
}

function peopleColumns({ rows, stats }: RequestsView): ReportColumn[] {
  const scale = timeScale(rows.flatMap(({ median, slowest }) => [median, slowest]));
  const totals = timeScale(rows.map(({ total }) => total));
  const column = shownColumnsOf(rows);
  const columnIf = (isShown: boolean, ...of: Parameters<typeof column>) => (isShown ? [column(...of)] : []);
  const hasP95 = rows.some(({ p95 }) => p95 !== null);
  const hasStatus = rows.some(({ status }) => status !== null);
  const hasFailed = rows.some(({ failed }) => failed > 0);
  return [
    column(['', 'requests'], (row) => formatCount(row.requests)),
    ...columnIf(hasFailed, ['', 'failed'], ({ failed }) => (failed === 0 ? '' : formatCount(failed))),
    column(['median', scale.unit], (row) => formatTime(row.median, scale)),
    ...columnIf(hasP95, ['p95', scale.unit], ({ p95 }) => formatTime(p95, scale), { priority: 3 }),
    column(['slowest', scale.unit], (row) => formatTime(row.slowest, scale)),
    column(['total', totals.unit], (row) => formatTime(row.total, totals), { priority: 2 }),
    column(['', '%'], (row) => formatPercent(row.total, stats.total), { name: '% of total', priority: 1 }),
    column(['', 'hottest'], ({ hottest }) => hottestText(hottest), {
      name: 'hottest function',
      priority: 4,
      align: 'left',
    }),
    ...columnIf(hasStatus, ['', 'status'], ({ status }) => (status === null ? '-' : String(status))),
  ];
}

function programColumns(rows: readonly RouteSummary[]): ReportColumn[] {
  return dataColumns(rows, {
    route: ({ route }) => route,
    status: ({ status }) => status,
    requests: ({ requests }) => requests,
    failed: ({ failed }) => failed,
    median_us: ({ median }) => median,
    p95_us: ({ p95 }) => p95,
    slowest_us: ({ slowest }) => slowest,
    total_us: ({ total }) => total,
    slowest_file: ({ slowestFile }) => slowestFile,
    median_file: ({ medianFile }) => medianFile,
    hottest: ({ hottest }) => hottest?.name ?? null,
    hottest_share: ({ hottest }) => hottest?.share ?? null,
    hottest_samples: ({ hottest }) => hottest?.samples ?? null,
  });
}

export const MAX_FILES = 3;

/** The files to open: of the first routes, the slowest request. Each is on a line of its own, to be copied. */
function slowestLines({ rows }: RequestsView): ReportLine[] {
  return rows.slice(0, MAX_FILES).flatMap((row) => {
    const times = row.requests > 1 && row.median > 0 ? `, ${(row.slowest / row.median).toFixed(1)} × the median` : '';
    const hot = row.slowestHottest === null ? '' : `; hottest in it: ${hottestText(row.slowestHottest)}`;
    const route = cutEnd(row.route, MAX_NAME);
    return [line(`slowest ${route}, ${formatDuration(row.slowest)}${times}${hot}:`), fileLine(row.slowestFile)];
  });
}

export function fileLine(file: string): ReportLine {
  return line(`  ${file}`);
}

function coldStartLines(coldStarts: readonly ColdStart[]): ReportLine[] {
  const notable = coldStarts.filter(isNotable);
  const shown = notable.slice(0, MAX_FILES).flatMap((start) => {
    const { file, elapsed, ratioToMedian, others, confirmed } = start;
    const than =
      ratioToMedian === null || others < MIN_OTHERS ? '' : `, ${ratioToMedian.toFixed(1)} × the others of its route`;
    const what = confirmed
      ? 'the first request of its process'
      : 'the earliest request, perhaps the first of its worker';
    return [line(`cold start, ${what}, ${formatDuration(elapsed)}${than}:`), fileLine(file)];
  });
  const more = notable.length - Math.min(notable.length, MAX_FILES);
  return more === 0 ? shown : [...shown, line(`cold starts of ${pluralize(more, 'process', 'processes')} more`)];
}

/** Fewer others of its route say nothing about what is usual. */
const MIN_OTHERS = 3;
/** A first request that takes less than so many times the median of the others is not worth a line. */
const MIN_COLD_RATIO = 1.3;

function isNotable({ ratioToMedian, others, confirmed }: ColdStart): boolean {
  if (ratioToMedian === null) return confirmed;
  return others < MIN_OTHERS || ratioToMedian >= MIN_COLD_RATIO;
}

function unrecognizedLine({ stats }: RequestsView): ReportLine[] {
  if (stats.unrecognized === 0) return [];
  return [noteLine(`skipped ${pluralize(stats.unrecognized, 'profile')}: neither name nor content is of a request`)];
}

function fewSamplesNote(rows: readonly RouteSummary[]): string {
  const shown = rows.flatMap(({ hottest, slowestHottest }) => [hottest, slowestHottest]);
  return shown.some((hottest) => areFew(hottest?.samples)) ? `; ${NOISE_NOTE}` : '';
}

export function brokenLines(broken: readonly BrokenFile[]): ReportLine[] {
  if (broken.length === 0) return [];
  const shown = broken.slice(0, MAX_FILES).map(({ file, fact }) => line(`  ${file}: ${fact}`));
  const more = broken.length - shown.length;
  return [
    noteLine(`skipped ${pluralize(broken.length, 'broken file')}:`),
    ...shown,
    ...(more === 0 ? [] : [line(`  and ${formatCount(more)} more`)]),
  ];
}

function closingLine(view: RequestsView): string[] {
  const { rows, matched, stats, sort, reverse } = view;
  if (stats.routes.length === 0) return [];
  if (matched === 0) return [`0 of ${pluralize(stats.routes.length, 'row')} match`];
  const all = rows.length === stats.routes.length && rows.length > 1 ? 'all ' : '';
  const order = `by ${sort.join(', ')}${reverse ? ', reversed' : ''}`;
  const more = rows.length < matched ? `; ${SHOW_ALL} shows all` : '';
  return [`${all}${shownOf(view)} ${matched === 1 ? 'row' : 'rows'} ${order}${more}${fewSamplesNote(rows)}`];
}

// ---- JSON -----------------------------------------------------------------------------------------------------------

export function requestsJson({ folder, stats, broken, rows, matched }: RequestsView): string {
  const { requests, failed, skipped, total, coldStarts, unrecognized } = stats;
  return jsonText({
    view: 'requests',
    head: { folder, requests, failed, skipped, total, coldStarts, unrecognized, broken },
    rows,
    matched,
    notes: [],
  });
}
