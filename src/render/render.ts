/** A view, written. */

import { visible } from '../text.ts';
import type { CompareView } from '../view/compare-view.ts';
import type { RequestsView } from '../view/requests-view.ts';
import type { View } from '../view/views.ts';
import { renderCompareCsv, renderCompareJson, renderCompareMarkdown, renderCompareTable } from './compare.ts';
import { compareFooter, compareHeader } from './compare-text.ts';
import { renderCsv } from './csv.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import { renderRequestsCsv, renderRequestsJson, renderRequestsMarkdown, renderRequestsTable } from './requests.ts';
import { renderTable, type TableOptions } from './table.ts';

/** Whatever a command answers with. */
export type AnyView = View | CompareView | RequestsView;

export const FORMATS = ['table', 'json', 'csv', 'markdown'] as const;

export type OutputFormat = (typeof FORMATS)[number];

/** What goes to whom: the answer to stdout; notes to stderr where the format has no room for them. */
export interface Rendered {
  readonly stdout: string;
  readonly stderr: string;
}

export function render(view: AnyView, format: OutputFormat, options: TableOptions): Rendered {
  const stdout = written(view, format, options);
  return { stdout, stderr: format === 'csv' ? aside(view) : '' };
}

function written(view: AnyView, format: OutputFormat, options: TableOptions): string {
  if (view.view === 'compare') return comparison(view, format, options);
  return view.view === 'requests' ? requests(view, format, options) : answer(view, format, options);
}

/** What comma-separated values have no room for. */
function aside(view: AnyView): string {
  const lines =
    view.view === 'compare'
      ? [...compareHeader(view.comparison), ...compareFooter(view)]
      : view.notes.map((note) => `note: ${visible(note)}`);
  return lines.map((line) => `${line}\n`).join('');
}

function answer(view: View, format: OutputFormat, options: TableOptions): string {
  switch (format) {
    case 'table':
      return renderTable(view, options);
    case 'json':
      return renderJson(view);
    case 'markdown':
      return renderMarkdown(view);
    case 'csv':
      return renderCsv(view);
  }
}

function requests(view: RequestsView, format: OutputFormat, options: TableOptions): string {
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

function comparison(view: CompareView, format: OutputFormat, options: TableOptions): string {
  switch (format) {
    case 'table':
      return renderCompareTable(view, options);
    case 'json':
      return renderCompareJson(view);
    case 'markdown':
      return renderCompareMarkdown(view);
    case 'csv':
      return renderCompareCsv(view);
  }
}
