/** A Report as a screen, as markdown and as comma-separated values. */

import { visible } from '../base/text.ts';
import { csvText } from './csv.ts';
import { droppedLine } from './footer.ts';
import { code, markdownSheet, plain } from './markdown.ts';
import type { Report, ReportColumn, ReportLine, ReportRow, ShownColumn, Tone } from './report.ts';
import { layOutSheet, type SheetColumn } from './table/layout.ts';
import { linkingTheme, screen, type TableOptions } from './table/table.ts';
import { wrap } from './table/width.ts';
import type { Theme } from './theme.ts';

/** The whole screen, fitted to `columns`, with a newline at its end. */
export function reportTable(report: Report, options: TableOptions): string {
  const theme = linkingTheme(options);
  const style = ({ text, tone }: ReportLine) => {
    const lines = options.columns === null ? [text] : wrap(text, options.columns);
    return lines.map((each) => toneOf(tone, theme)(each));
  };
  const { table, dropped } =
    report.rows.length === 0
      ? { table: [report.emptyMessage], dropped: [] }
      : layOutSheet(
          {
            columns: shownColumns(report).map(sheetColumn),
            lines: report.rows.map(({ tone, ...row }) => ({ ...row, tone })),
            titles: report.names,
            roomForNames: report.names.room,
          },
          theme,
          options.columns,
        );
  const below = [
    ...report.notes,
    ...droppedLine(dropped).map((text) => ({ text, tone: 'quiet' }) as const),
    ...report.closing,
  ];
  return screen([report.heading.flatMap(style), table, below.flatMap(style)], null);
}

function toneOf(tone: Tone, theme: Theme): (text: string) => string {
  return theme[tone];
}

/** For a comment on a pull request: the heading as a list, then a table. */
export function reportMarkdown(report: Report): string {
  const [first, ...others] = report.heading;
  const heading = [...(first === undefined ? [] : [`**${plain(first.text)}**`]), others.map(listItem).join('\n')];
  const hasPlaces = report.names.place !== null;
  const names = report.rows.map((row) => [code(row.name), ...(hasPlaces ? [code(visible(row.place))] : [])]);
  const titles = [report.names.name, ...(report.names.place === null ? [] : [report.names.place])];
  const table =
    report.rows.length === 0
      ? report.emptyMessage
      : markdownSheet(shownColumns(report).map(sheetColumn), titles, names);
  const below = [...report.notes, ...report.closing].map(({ text }) => plain(text));
  return `${[...heading, table, ...below].filter((part) => part !== '').join('\n\n')}\n`;
}

function listItem({ text }: ReportLine): string {
  return `- ${plain(text)}`;
}

/** Titles, then one row a line. Heading and notes do not fit in: `reportAside` has them. */
export function reportCsv({ columns, rows }: Report): string {
  const data = columns.filter((column) => column.key !== null);
  return csvText([
    data.map(({ key }) => key),
    ...rows.map((_, row) => data.map(({ values }) => csvCell(values[row] ?? null))),
  ]);
}

/** What stands beside a CSV, on stderr. */
export function reportAside({ heading, notes, closing }: Report): string {
  return [...heading, ...notes, ...closing].map(({ text }) => `${text}\n`).join('');
}

function csvCell(value: ReportColumn['values'][number]) {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? visible(value) : value;
}

function shownColumns({ columns }: Report): ShownColumn[] {
  return columns.map(({ shown }) => shown).filter((shown) => shown !== null);
}

function sheetColumn({ texts, ...column }: ShownColumn): SheetColumn {
  return { ...column, cells: texts };
}

export type { ReportRow };
