/** A view, written. */

import { visible } from '../base/text.ts';
import type { CompareRoutesView, CompareView } from '../view/compare-view.ts';
import type { PstatsView } from '../view/pstats-view.ts';
import type { RequestsView } from '../view/requests-view.ts';
import type { View } from '../view/views.ts';
import type { Report } from './report.ts';
import { renderTable, type TableOptions } from './table/table.ts';

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

/** Each view and each format is loaded when it is written: a start pays for one of them. */
export async function render(view: AnyView, format: OutputFormat, options: RenderOptions): Promise<Rendered> {
  if (view.view === 'pstats') {
    const { renderPstats } = await import('./pstats.ts');
    return { stdout: renderPstats(view, options), stderr: noteLines(view.notes), exitCode: null };
  }
  // The command line refuses pstats for other views before it answers.
  const viewFormat = format === 'pstats' ? 'table' : format;
  if (view.view === 'compare' || view.view === 'compare-routes') return renderComparison(view, viewFormat, options);
  const stdout =
    view.view === 'requests' ? await requests(view, viewFormat, options) : await answer(view, viewFormat, options);
  return { stdout, stderr: format === 'csv' ? noteLines(view.notes) : '', exitCode: null };
}

async function renderComparison(view: ComparisonView, format: ViewFormat, options: TableOptions): Promise<Rendered> {
  const { compareReport } = await import('./compare-report.ts');
  const { compareRoutesReport } = await import('./compare-routes-report.ts');
  const report = view.view === 'compare' ? compareReport(view, options) : compareRoutesReport(view);
  if (format === 'json') {
    const { compareJson, compareRoutesJson } = await import('./compare-json.ts');
    const stdout = view.view === 'compare' ? compareJson(view) : compareRoutesJson(view);
    return { stdout, stderr: '', exitCode: report.exitCode };
  }
  return renderReport(report, format, options);
}

async function renderReport(
  report: Report,
  format: Exclude<ViewFormat, 'json'>,
  options: TableOptions,
): Promise<Rendered> {
  const { reportAside, reportCsv, reportMarkdown, reportTable } = await import('./render-report.ts');
  const write = {
    table: () => reportTable(report, options),
    markdown: () => reportMarkdown(report),
    csv: () => reportCsv(report),
  };
  return { stdout: write[format](), stderr: format === 'csv' ? reportAside(report) : '', exitCode: report.exitCode };
}

/** Notes as they stand on stderr. */
export function noteLines(notes: readonly string[]): string {
  return notes.map((note) => `note: ${visible(note)}\n`).join('');
}

async function answer(view: View, format: ViewFormat, options: TableOptions): Promise<string> {
  switch (format) {
    case 'table':
      return renderTable(view, options);
    case 'json':
      return (await import('./json.ts')).renderJson(view);
    case 'markdown':
      return (await import('./markdown.ts')).renderMarkdown(view, options);
    case 'csv':
      return (await import('./csv.ts')).renderCsv(view);
  }
}

async function requests(view: RequestsView, format: ViewFormat, options: TableOptions): Promise<string> {
  const { renderRequestsCsv, renderRequestsJson, renderRequestsMarkdown, renderRequestsTable } = await import(
    './requests.ts'
  );
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
