/** A view, written. */

import { visible } from '../text.ts';
import type { CompareView } from '../view/compare-view.ts';
import type { View } from '../view/views.ts';
import { renderCompareCsv, renderCompareJson, renderCompareMarkdown, renderCompareTable } from './compare.ts';
import { compareFooter, compareHeader } from './compare-text.ts';
import { renderCsv } from './csv.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import { renderTable, type TableOptions } from './table.ts';

export const FORMATS = ['table', 'json', 'csv', 'markdown'] as const;

export type OutputFormat = (typeof FORMATS)[number];

/** What goes to whom: the answer to stdout; notes to stderr where the format has no room for them. */
export interface Rendered {
  readonly stdout: string;
  readonly stderr: string;
}

export function render(view: View | CompareView, format: OutputFormat, options: TableOptions): Rendered {
  const stdout = view.view === 'compare' ? comparison(view, format, options) : answer(view, format, options);
  return { stdout, stderr: format === 'csv' ? aside(view) : '' };
}

/** What comma-separated values have no room for. */
function aside(view: View | CompareView): string {
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
