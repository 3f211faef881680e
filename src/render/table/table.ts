/** A view as a screen for people: what it is of, the rows, and what is not shown. */

import { visible } from '../../base/text.ts';
import type { RelationViewRow, View, ViewRow } from '../../view/views.ts';
import { footerLines, nothing } from '../footer.ts';
import { columnsFor, isNoise } from '../function-columns.ts';
import { headerLines } from '../header.ts';
import { notSeen } from '../relations.ts';
import type { Theme } from '../theme.ts';
import { linked } from './hyperlink.ts';
import { type LaidOutSheet, layOutSheet, type Sheet } from './layout.ts';
import type { LinkingTheme, NamedLine } from './name-column.ts';
import { wrap } from './width.ts';

export interface TableOptions {
  /** Width of the terminal; null for no limit, as in a file or a pipe. */
  readonly columns: number | null;
  readonly theme: Theme;
  /** Whether the terminal opens links. */
  readonly links: boolean;
  /**
   * What to write to see all rows.
   * @default SHOW_ALL, the option of a command line
   */
  readonly showAll?: string;
}

/** The whole screen, with a newline at its end. */
export function renderTable(view: View, options: TableOptions): string {
  const sheet = sheetOf(view);
  const { table, dropped }: LaidOutSheet =
    sheet.lines.length === 0
      ? { table: [nothing(view)], dropped: [] }
      : layOutSheet(sheet, linkingTheme(options), options.columns);
  return screen(
    [headerLines(view.profile, options.columns), table, footerLines(view, dropped, options.showAll)],
    options.columns,
  );
}

export function linkingTheme({ theme, links }: TableOptions): LinkingTheme {
  return { ...theme, link: links ? linked : (text) => text };
}

/** Head, table and foot with a blank line between them. The table is fitted already; the foot is wrapped. */
export function screen(
  [head, table, foot]: readonly [readonly string[], readonly string[], readonly string[]],
  columns: number | null,
): string {
  const wrapped = columns === null ? foot : foot.flatMap((line) => wrap(line, columns));
  return `${[...head, '', ...table, '', ...wrapped].join('\n').trimEnd()}\n`;
}

/** A row of the table: an outer one, or an inner one below its outer row; or words in place of rows. */
type Line = { readonly row: ViewRow; readonly outer: ViewRow | null } | string;

function sheetOf(view: View): Sheet {
  const lines = linesOf(view);
  return {
    columns: columnsFor(view).map((column) => ({
      ...column,
      cells: lines.map((line) => (typeof line === 'string' ? '' : column.cell(line.row, line.outer))),
    })),
    lines: lines.map((line) => (typeof line === 'string' ? line : namedLine(line.row, line.outer, view))),
    roomForNames: 46,
    titles: { name: view.by, place: view.by === 'function' ? 'file:line' : null },
  };
}

/** Before an inner name. */
const INDENT = '  ';

/** Inner names are indented behind an arrow. */
function namedLine(row: ViewRow, outer: ViewRow | null, view: View): NamedLine {
  const arrow = { functions: '', callers: '<- ', callees: '-> ' }[view.view];
  return {
    name: (outer === null ? '' : INDENT + arrow) + visible(row.label),
    place: row.place ?? '',
    file: row.file,
    style: isNoise(row, view) ? 'noise' : outer === null ? 'strong' : 'plain',
  };
}

function linesOf(view: View): Line[] {
  if (view.view === 'functions') return view.rows.map((row) => ({ row, outer: null }));
  const word = view.view;
  return view.rows.flatMap((outer, i) => [...(i === 0 ? [] : ['']), ...groupLines(outer, word)]);
}

function groupLines(outer: RelationViewRow, word: 'callers' | 'callees'): Line[] {
  const rows = outer.edges.map((row) => ({ row, outer }));
  const unseen = notSeen(outer, word);
  return [{ row: outer, outer: null }, ...rows, ...(unseen === null ? [] : [INDENT + unseen])];
}
