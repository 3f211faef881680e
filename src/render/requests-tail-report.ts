/** The slowest requests of a route beside typical ones → Report. */

import { groupDigits, pluralize } from '../base/text.ts';
import { formatCount, formatDuration, formatTime, timeScale } from '../base/units.ts';
import type { TailGroup } from '../routes/route-tail.ts';
import type { RequestsTailView, TailRow } from '../view/requests-tail-view.ts';
import { MIN_SAMPLES, NOISE_NOTE } from './function-columns.ts';
import { SHOW_ALL } from './functions-report.ts';
import { dataColumn, line, noteLine, type Report, type ReportColumn, type ReportLine, shownColumn } from './report.ts';
import { brokenLines, fileLine, MAX_FILES } from './requests-report.ts';

export function requestsTailReport(view: RequestsTailView): Report {
  return {
    heading: headingLines(view),
    columns: [...shownColumns(view.rows), ...dataColumns(view.rows)],
    lines: view.rows.map((row) => ({
      name: row.label,
      place: row.place ?? '',
      file: row.file,
      style: isNoise(row) ? 'noise' : 'strong',
      tone: 'plain',
      relation: null,
    })),
    names: { name: 'function', place: 'file:line', room: 46 },
    emptyMessage: view.filtered ? 'No function matches.' : 'No time was recorded in functions.',
    notes: [
      noteLine('a description, without a test: the slowest requests were chosen because they are slow'),
      ...brokenLines(view.broken),
    ],
    closing: [line('the slowest:'), ...view.slowestFiles.slice(0, MAX_FILES).map(fileLine), line(closingText(view))],
    exitCode: view.matched === 0 ? 1 : 0,
    hasVerdict: false,
  };
}

function headingLines(view: RequestsTailView): ReportLine[] {
  const { folder, route, requests, median, slowest, typical, share, largest } = view;
  const percent = `${Number((100 * share).toFixed(1))}%`;
  const inLargest = (time: number) =>
    largest === null ? '' : `, of it ${largest.label} ${formatDuration(time)}${isNoise(largest) ? ' ~' : ''}`;
  return [
    line(`${folder}: ${pluralize(requests, 'request')} of ${route}, median ${formatDuration(median)}`),
    line(`slowest ${percent}: ${formatDuration(slowest.elapsed)}${inLargest(largest?.slowest ?? 0)}`),
    line(`typical: ${formatDuration(typical.elapsed)}${inLargest(largest?.typical ?? 0)}`),
    line(`means of ${groupText(slowest, 'slowest')} and ${groupText(typical, 'in the middle')}`),
  ];
}

function groupText({ requests, waiting }: TailGroup, which: string): string {
  return `${formatCount(requests)} ${which} (${formatDuration(waiting)} waiting)`;
}

function isNoise({ samples }: TailRow): boolean {
  return samples !== null && samples < MIN_SAMPLES;
}

function shownColumns(rows: readonly TailRow[]): ReportColumn[] {
  const scale = timeScale(rows.flatMap(({ slowest, typical }) => [slowest, typical]));
  const column = (title: string, cell: (row: TailRow) => string) =>
    shownColumn({ title: [title, scale.unit], name: title, priority: 'essential', texts: rows.map(cell) });
  const differenceText = (row: TailRow) => {
    const difference = row.slowest - row.typical;
    return `${difference > 0 ? '+' : ''}${formatTime(difference, scale)}${isNoise(row) ? '~' : ' '}`;
  };
  return [
    column('slowest', ({ slowest }) => formatTime(slowest, scale)),
    column('typical', ({ typical }) => formatTime(typical, scale)),
    column('more ', differenceText),
  ];
}

function dataColumns(rows: readonly TailRow[]): ReportColumn[] {
  return [
    dataColumn(
      'slowest_us',
      rows.map(({ slowest }) => slowest),
    ),
    dataColumn(
      'typical_us',
      rows.map(({ typical }) => typical),
    ),
    dataColumn(
      'samples',
      rows.map(({ samples }) => samples),
    ),
    dataColumn(
      'name',
      rows.map(({ name }) => name),
    ),
    dataColumn(
      'file',
      rows.map(({ file }) => file),
    ),
    dataColumn(
      'line',
      rows.map((row) => row.line),
    ),
  ];
}

function closingText({ rows, matched }: RequestsTailView): string {
  const isCut = rows.length < matched;
  const of = isCut ? ` of ${groupDigits(String(matched))}` : '';
  const all = isCut ? `; ${SHOW_ALL} shows all` : '';
  const count = `${groupDigits(String(rows.length))}${of} ${matched === 1 ? 'function' : 'functions'}`;
  return `${count} by difference${all}${rows.some(isNoise) ? NOISE_NOTE : ''}`;
}
