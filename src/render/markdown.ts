/** A view as a markdown table, fit for a pull request's comment. */

import { markdownTable } from 'markdown-table';
import { visible } from '../base/text.ts';
import type { RelationViewRow, View, ViewRow } from '../view/views.ts';
import { footerLines, nothing } from './footer.ts';
import { columnsFor } from './function-columns.ts';
import { headerLines } from './header.ts';
import { notSeen } from './relations.ts';
import type { SheetColumn } from './table/layout.ts';
import type { TableOptions } from './table/table.ts';

export function renderMarkdown(view: View, { showAll }: Pick<TableOptions, 'showAll'>): string {
  const rows =
    view.view === 'functions'
      ? view.rows.map((row) => ({ row, outer: null }))
      : view.rows.flatMap((outer) => group(outer, view.view));
  const table = rows.length === 0 ? nothing(view) : tableOf(rows, view);
  const [source = '', ...header] = headerLines(view.profile, null);
  const footer = footerLines(view, [], showAll).map(plain);
  return `${[`**${plain(source)}**`, ...header.map(plain), table, ...footer].join('\n\n')}\n`;
}

/** A row, or words that stand in place of inner rows. */
type Line = { readonly row: ViewRow; readonly outer: ViewRow | null } | string;

function group(outer: RelationViewRow, word: 'callers' | 'callees'): Line[] {
  const unseen = notSeen(outer, word);
  const rows = outer.edges.map((row) => ({ row, outer }));
  return [{ row: outer, outer: null }, ...rows, ...(unseen === null ? [] : [unseen])];
}

function tableOf(lines: readonly Line[], view: View): string {
  const columns = columnsFor(view).map((column) => ({
    ...column,
    cells: lines.map((line) => (typeof line === 'string' ? '' : column.cell(line.row, line.outer))),
  }));
  const isFunction = view.by === 'function';
  const names = lines.map((line) =>
    typeof line === 'string'
      ? [`${INDENT}${plain(line)}`, '']
      : [nameCell(line.row, line.outer, view), ...(isFunction ? [code(line.row.place ?? '')] : [])],
  );
  return markdownSheet(columns, [view.by, ...(isFunction ? ['file:line'] : [])], names);
}

/** Columns of numbers, then names that are markdown already. */
export function markdownSheet(
  columns: readonly SheetColumn[],
  nameTitles: readonly string[],
  names: readonly (readonly string[])[],
): string {
  const rows = names.map((cells, i) => [...columns.map((column) => plain((column.cells[i] ?? '').trim())), ...cells]);
  const align = [...columns.map((column) => (column.align === 'left' ? 'l' : 'r')), ...nameTitles.map(() => 'l')];
  // Not padded: one long name would widen every row of a comment that nobody reads as text.
  return markdownTable([[...columns.map(titleOf), ...nameTitles], ...rows], { align, alignDelimiters: false });
}

function titleOf({ title }: SheetColumn): string {
  return title
    .filter((part) => part !== '')
    .join(' ')
    .trim();
}

/** Before what stands below an outer row. */
const INDENT = '&nbsp;&nbsp;';

function nameCell(row: ViewRow, outer: ViewRow | null, { view }: View): string {
  const arrow = view === 'callers' ? '←' : '→';
  return outer === null ? code(row.label) : `${INDENT}${arrow} ${code(row.label)}`;
}

/**
 * Text as code, so that nothing in it is a link, a mention, an image or HTML. The fence is longer than any run of
 * backticks inside; a pipe would end the cell even there.
 */
export function code(text: string): string {
  if (text === '') return '';
  // A backslash before the pipe's own: readers do not agree whose it is, so nothing is left to escape.
  if (/\\\|/.test(text)) return `<code>${entities(visible(text))}</code>`;
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const fence = '`'.repeat(longest + 1);
  const padding = /^`|`$|^ | $/.test(text) ? ' ' : '';
  return `${fence}${padding}${visible(text).replaceAll('|', '\\|')}${padding}${fence}`;
}

/** Every character that could mean something, by number. */
function entities(text: string): string {
  return text.replace(/[^A-Za-z0-9\s]/gu, (character) => `&#${character.codePointAt(0)};`);
}

/**
 * What GitHub makes a link or a picture of after the markdown was read, when an escape is no longer seen: mentions and
 * addresses, issues (#12, GH-12), emoji (:100:), formulas. In code it lets all of them be.
 */
const REFERENCE = /@[\w-]|#\d|\bGH-\d|:[\w+-]+:|\$/i;

/** Text in which no character means anything. */
export function plain(text: string): string {
  return visible(text)
    .split(/([\s|]+)/)
    .map((word) => (REFERENCE.test(word) ? referenceAsCode(word) : escaped(word)))
    .join('');
}

function referenceAsCode(word: string): string {
  const [stop = ''] = /[,.;:)]$/.exec(word) ?? [];
  return code(word.slice(0, word.length - stop.length)) + escaped(stop);
}

function escaped(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>()#!|~@&]/g, (character) => `\\${character}`)
    .replace(/\bwww\./gi, (start) => start.replace('.', '\\.'))
    .replaceAll('://', ':\\//');
}
