/** A view, written. */

import { visible } from '../text.ts';
import type { View } from '../view/views.ts';
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

export function render(view: View, format: OutputFormat, options: TableOptions): Rendered {
  switch (format) {
    case 'table':
      return { stdout: renderTable(view, options), stderr: '' };
    case 'json':
      return { stdout: renderJson(view), stderr: '' };
    case 'markdown':
      return { stdout: renderMarkdown(view), stderr: '' };
    case 'csv':
      return { stdout: renderCsv(view), stderr: view.notes.map((note) => `note: ${visible(note)}\n`).join('') };
  }
}
