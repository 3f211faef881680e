/** The slowest requests of a route beside typical ones. */

import { areFew } from '../../base/few-samples.ts';
import { pluralize } from '../../base/text.ts';
import { formatCount, formatDuration, formatTime, formatTimeChange, timeScale } from '../../base/units.ts';
import type { TailGroup } from '../../routes/route-tail.ts';
import type { RequestsTailView, TailRow } from '../../view/requests-tail-view.ts';
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
import { NOISE_NOTE } from './function-columns.ts';
import { SHOW_ALL } from './functions.ts';
import { brokenLines, fileLine, MAX_FILES } from './requests.ts';

export function requestsTailReport(view: RequestsTailView): Report {
  return {
    heading: headingLines(view),
    columns: [...peopleColumns(view.rows), ...programColumns(view.rows)],
    lines: view.rows.map((row) => ({
      name: row.label,
      place: row.place ?? '',
      file: row.file,
      style: areFew(row.samples) ? 'noise' : 'strong',
      tone: 'plain',
    })),
    names: { name: 'function', place: 'file:line', room: 46 },
    emptyMessage: view.filtered ? 'No function matches.' : 'No time was recorded in functions.',
    notes: [
      noteLine('a description, without a test: the slowest requests were chosen because they are slow'),
      ...brokenLines(view.broken),
    ],
    closing: [line('the slowest:'), ...view.slowestFiles.slice(0, MAX_FILES).map(fileLine), line(closingText(view))],
    exitCode: view.matched === 0 ? 1 : 0,
  };
}

function headingLines(view: RequestsTailView): ReportLine[] {
  const { folder, route, requests, median, slowest, typical, share, largest } = view;
  const percent = `${Number((100 * share).toFixed(1))}%`;
  const inLargest = (time: number) =>
    largest === null ? '' : `, of it ${largest.label} ${formatDuration(time)}${areFew(largest.samples) ? ' ~' : ''}`;
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

function peopleColumns(rows: readonly TailRow[]): ReportColumn[] {
  const scale = timeScale(rows.flatMap(({ slowest, typical }) => [slowest, typical]));
  const column = shownColumnsOf(rows);
  return [
    column(['slowest', scale.unit], ({ slowest }) => formatTime(slowest, scale)),
    column(['typical', scale.unit], ({ typical }) => formatTime(typical, scale)),
    column(['more ', scale.unit], (row) => {
      const text = formatTimeChange(row.slowest - row.typical, scale);
      return `${text}${areFew(row.samples) ? '~' : ' '}`;
    }),
  ];
}

function programColumns(rows: readonly TailRow[]): ReportColumn[] {
  return dataColumns(rows, {
    slowest_us: ({ slowest }) => slowest,
    typical_us: ({ typical }) => typical,
    samples: ({ samples }) => samples,
    name: ({ name }) => name,
    file: ({ file }) => file,
    line: (row) => row.line,
  });
}

function closingText(view: RequestsTailView): string {
  const { rows, matched } = view;
  const all = rows.length < matched ? `; ${SHOW_ALL} shows all` : '';
  const noun = matched === 1 ? 'function' : 'functions';
  return `${shownOf(view)} ${noun} by difference${all}${rows.some(({ samples }) => areFew(samples)) ? `; ${NOISE_NOTE}` : ''}`;
}

// ---- JSON -----------------------------------------------------------------------------------------------------------

export function requestsTailJson(view: RequestsTailView): string {
  const { folder, route, share, requests, median, slowest, typical, slowestFiles, broken, rows, matched } = view;
  return jsonText({
    view: 'requests-tail',
    head: { folder, route, share, requests, median, slowest, typical, slowestFiles, broken },
    rows: rows.map(({ label: _, place: __, ...row }) => row),
    matched,
    notes: [],
  });
}
