/** A Report as a screen for people. */

import { escapeControls, shorten } from '../../base/text.ts';
import { line, type Report, type ReportLine, type ReportRow } from '../report.ts';
import type { Theme } from '../theme.ts';
import { linkText } from './hyperlink.ts';
import { layoutTable, type TableLine } from './layout.ts';
import { cutStart, width, wrap } from './width.ts';

export interface TableOptions {
  /** Width of the terminal; null for no limit, as in a file or a pipe. */
  readonly columns: number | null;
  readonly theme: Theme;
  /** Whether the terminal opens links. */
  readonly links: boolean;
  /** What to write to see all rows. @default the option of the command line */
  readonly showAll?: string;
}

/**
 * The whole screen, with a newline at its end. Every text of the report is escaped here.
 *
 * @param picture lines in place of the table, ready to write
 */
export function reportTable(report: Report, options: TableOptions, picture: readonly string[] = []): string {
  const { table, dropped } = picture.length > 0 ? { table: picture, dropped: [] } : tableOf(report, options);
  const droppedLines = dropped.length === 0 ? [] : [line(`hidden at this width: ${dropped.join(', ')}`)];
  const styled = (lines: readonly ReportLine[]) => lines.flatMap((each) => styledLines(each, options));
  const below = styled([...report.notes, ...droppedLines, ...report.closing]);
  return `${[...styled(report.heading), '', ...table, '', ...below].join('\n').trimEnd()}\n`;
}

/** The table alone, as lines: two of titles, then one for each line of the report. */
export function reportLines(report: Report, options: TableOptions): readonly string[] {
  return tableOf(report, options).table;
}

/** No screen shows more of a text. It is cut before it is escaped and measured. */
const MAX_SHOWN_LENGTH = 4000;

/** A text of a report as it is shown: escaped and, where lines are fitted to a width, of limited length. */
function escapeText(text: string, columns: number | null): string {
  return escapeControls(columns === null ? text : shorten(text, MAX_SHOWN_LENGTH));
}

function tableOf(report: Report, { columns, theme, links }: TableOptions) {
  if (report.lines.length === 0) return { table: [report.emptyMessage], dropped: [] };
  const numbers = report.columns.map((column) => column.shown).filter((column) => column !== null);
  return layoutTable(
    {
      columns: numbers.map((column) => ({ ...column, texts: column.texts.map((text) => escapeText(text, columns)) })),
      lines: report.lines.map((each) => tableLine(each, columns)),
      titles: report.names,
      roomForNames: report.names.room,
    },
    { ...theme, link: links ? linkText : (text) => text },
    columns,
  );
}

const INDENT = '  ';
const ARROWS = { caller: '<- ', callee: '-> ' } as const;

function tableLine(row: ReportRow | string, columns: number | null): TableLine {
  if (typeof row === 'string') return row === '' ? '' : INDENT + escapeText(row, columns);
  const prefix = row.relation === undefined ? '' : INDENT + ARROWS[row.relation];
  const place = columns === null ? row.place : shorten(row.place, MAX_SHOWN_LENGTH);
  const name = escapeText(row.name, columns);
  // Where a character was escaped, parts of the name are no longer where they were.
  const quiet = row.quiet !== undefined && row.name.startsWith(name.slice(0, -1)) ? row.quiet : [];
  return { ...row, name: prefix + name, quiet, place };
}

/** The line in lines of at most `columns`; a path before it has a line of its own where both do not fit. */
function styledLines({ path, text, tone }: ReportLine, { columns, theme }: TableOptions): string[] {
  const [before, after] = [escapeText(path ?? '', columns), escapeText(text, columns)];
  if (columns === null) return [theme[tone](before + after)];
  const lines =
    path === null || width(before + after) <= columns
      ? wrap(before + after, columns)
      : pathAbove(before, after, columns);
  return lines.map((each) => theme[tone](each));
}

/** `samples/a.prof and 3 files more: Python profile…` → the path with what names it further, and the rest below. */
function pathAbove(path: string, text: string, columns: number): string[] {
  const end = text.indexOf(':') + 1;
  const [suffix, rest] = [text.slice(0, end), text.slice(end).trim()];
  return [cutStart(path, columns - width(suffix)) + suffix, ...wrap(rest, columns)];
}
