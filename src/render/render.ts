/** A view, written. */

import { visible } from '../text.ts';
import type { CompareRoutesView, CompareView } from '../view/compare-view.ts';
import type { PstatsView } from '../view/pstats-view.ts';
import type { RequestsView } from '../view/requests-view.ts';
import type { View } from '../view/views.ts';
import { compareJson, compareRoutesJson } from './compare-json.ts';
import { compareReport } from './compare-report.ts';
import { compareRoutesReport } from './compare-routes-report.ts';
import { renderCsv } from './csv.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import { renderPstats } from './pstats.ts';
import { reportAside, reportCsv, reportMarkdown, reportTable } from './render-report.ts';
import type { Report } from './report.ts';
import { renderRequestsCsv, renderRequestsJson, renderRequestsMarkdown, renderRequestsTable } from './requests.ts';
import { renderTable, type TableOptions } from './table.ts';

/** Whatever a command answers with. */
export type AnyView = View | ComparisonView | RequestsView | PstatsView;

type ComparisonView = CompareView | CompareRoutesView;

export const FORMATS = ['table', 'json', 'csv', 'markdown', 'pstats'] as const;

export type OutputFormat = (typeof FORMATS)[number];

/** Whether people read it, who want twenty rows and not a thousand; programs want all. */
export function isForPeople(format: OutputFormat): boolean {
  return format === 'table' || format === 'markdown';
}

/** Those that any view can be written in; pstats has a view of its own. */
type ViewFormat = Exclude<OutputFormat, 'pstats'>;

/** What goes to whom: the answer to stdout; notes to stderr where the format has no room for them. */
export interface Rendered {
  readonly stdout: string;
  readonly stderr: string;
  /** The exit code where the view's report knows it; null for other views. */
  readonly exitCode: number | null;
}

export interface RenderOptions extends TableOptions {
  /**
   * Whether a terminal reads it, which must not be sent what acts on it.
   * @default false
   */
  readonly terminal?: boolean;
}

export function render(view: AnyView, format: OutputFormat, options: RenderOptions): Rendered {
  if (view.view === 'pstats')
    return { stdout: renderPstats(view, options), stderr: noteLines(view.notes), exitCode: null };
  // The command line refuses pstats for other views before it answers.
  const viewFormat = format === 'pstats' ? 'table' : format;
  if (view.view === 'compare' || view.view === 'compare-routes') return renderComparison(view, viewFormat, options);
  const stdout = view.view === 'requests' ? requests(view, viewFormat, options) : answer(view, viewFormat, options);
  return { stdout, stderr: format === 'csv' ? noteLines(view.notes) : '', exitCode: null };
}

function renderComparison(view: ComparisonView, format: ViewFormat, options: TableOptions): Rendered {
  const report = view.view === 'compare' ? compareReport(view, options) : compareRoutesReport(view);
  const json = () => (view.view === 'compare' ? compareJson(view) : compareRoutesJson(view));
  const stdout = format === 'json' ? json() : renderReport(report, format, options);
  return { stdout, stderr: format === 'csv' ? reportAside(report) : '', exitCode: report.exitCode };
}

function renderReport(report: Report, format: Exclude<ViewFormat, 'json'>, options: TableOptions): string {
  switch (format) {
    case 'table':
      return reportTable(report, options);
    case 'markdown':
      return reportMarkdown(report);
    case 'csv':
      return reportCsv(report);
  }
}

/** Notes as they stand on stderr. */
export function noteLines(notes: readonly string[]): string {
  return notes.map((note) => `note: ${visible(note)}\n`).join('');
}

function answer(view: View, format: ViewFormat, options: TableOptions): string {
  switch (format) {
    case 'table':
      return renderTable(view, options);
    case 'json':
      return renderJson(view);
    case 'markdown':
      return renderMarkdown(view, options);
    case 'csv':
      return renderCsv(view);
  }
}

function requests(view: RequestsView, format: ViewFormat, options: TableOptions): string {
  switch (format) {
    case 'table':
      return renderRequestsTable(view, options);
    case 'json':
      return renderRequestsJson(view);
    case 'markdown':
      return renderRequestsMarkdown(view);
    case 'csv':
      return renderRequestsCsv(view);
  }
}
