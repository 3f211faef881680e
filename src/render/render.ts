/** A view, written. */

import { visible } from '../text.ts';
import type { CompareView } from '../view/compare-view.ts';
import type { PstatsView } from '../view/pstats-view.ts';
import type { RequestsView } from '../view/requests-view.ts';
import type { View } from '../view/views.ts';
import { renderCompareCsv, renderCompareJson, renderCompareMarkdown, renderCompareTable } from './compare.ts';
import { compareFooter, compareHeader } from './compare-text.ts';
import { renderCsv } from './csv.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import { renderPstats } from './pstats.ts';
import { renderRequestsCsv, renderRequestsJson, renderRequestsMarkdown, renderRequestsTable } from './requests.ts';
import { renderTable, type TableOptions } from './table.ts';

/** Whatever a command answers with. */
export type AnyView = View | CompareView | RequestsView | PstatsView;

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
}

export interface RenderOptions extends TableOptions {
  /**
   * Whether a terminal reads it, which must not be sent what acts on it.
   * @default false
   */
  readonly terminal?: boolean;
}

export function render(view: AnyView, format: OutputFormat, options: RenderOptions): Rendered {
  if (view.view === 'pstats') return { stdout: renderPstats(view, options), stderr: noteLines(view.notes) };
  // The command line refuses pstats for other views before it answers.
  const stdout = written(view, format === 'pstats' ? 'table' : format, options);
  return { stdout, stderr: format === 'csv' ? aside(view) : '' };
}

type ColumnsView = Exclude<AnyView, PstatsView>;

function written(view: ColumnsView, format: ViewFormat, options: TableOptions): string {
  if (view.view === 'compare') return comparison(view, format, options);
  return view.view === 'requests' ? requests(view, format, options) : answer(view, format, options);
}

/** What comma-separated values have no room for. */
function aside(view: ColumnsView): string {
  if (view.view !== 'compare') return noteLines(view.notes);
  const lines = [...compareHeader(view.comparison), ...compareFooter(view)];
  return lines.map((line) => `${line}\n`).join('');
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

function comparison(view: CompareView, format: ViewFormat, options: TableOptions): string {
  switch (format) {
    case 'table':
      return renderCompareTable(view, options);
    case 'json':
      return renderCompareJson(view);
    case 'markdown':
      return renderCompareMarkdown(view, options);
    case 'csv':
      return renderCompareCsv(view);
  }
}
