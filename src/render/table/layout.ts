/** Rows and columns of text, fitted to a terminal: what every table is laid out by, whatever it is about. */

import Table from 'cli-table3';
import {
  type ColumnTitles,
  GAP,
  type LinkingTheme,
  NameColumn,
  type NamedLine,
  type Needs,
  needsOf,
} from './name-column.ts';
import { cutEnd, widest } from './width.ts';

/**
 * What may be left out where room is short. `essential` stays. `second` goes only where a file name would be cut
 * otherwise. Numbers are conveniences that go before names are cut, the highest first.
 */
export type Priority = 'essential' | 'second' | number;

/** A column and its cells, one a line. */
export interface SheetColumn {
  /** Two lines: the word, and its unit. */
  readonly title: readonly [string, string];
  /** As a sentence names it when it is left out. */
  readonly name: string;
  readonly priority: Priority;
  readonly cells: readonly string[];
  /** @default 'right' */
  readonly align?: 'left' | 'right';
}

export interface Sheet {
  readonly columns: readonly SheetColumn[];
  /** A row, or words that stand where a row's name would. */
  readonly lines: readonly (NamedLine | string)[];
  readonly titles: ColumnTitles;
  /** Room for names and places that is worth leaving out conveniences for, if they need it. */
  readonly roomForNames: number;
}

export interface LaidOutSheet {
  readonly table: readonly string[];
  /** names of columns that found no room */
  readonly dropped: readonly string[];
}

/** The sheet as lines at most `columns` wide; null for no limit. It must hold a row. */
export function layOutSheet(sheet: Sheet, theme: LinkingTheme, columns: number | null): LaidOutSheet {
  const rows = sheet.lines.filter((line) => typeof line !== 'string');
  const all = sheet.columns.map((column) => ({
    ...column,
    width: Math.max(widest(column.title), widest(column.cells)),
  }));
  const needs = needsOf(rows, sheet.titles);
  const { kept, room } = fitColumns(all, { ...needs, names: Math.min(needs.names, sheet.roomForNames) }, columns);
  const names = new NameColumn(rows, sheet.titles, room);
  const cells = sheet.lines.map((line, i) => {
    const style =
      typeof line === 'string' ? theme.plain : theme[line.tone ?? (line.style === 'noise' ? 'noise' : 'plain')];
    const numbers = kept.map((column) => style(column.cells[i] ?? ''));
    return [...numbers, typeof line === 'string' ? theme.quiet(cutEnd(line, room)) : names.cell(line, theme)];
  });
  const titles = [0, 1].map((i) => [...kept.map((column) => column.title[i] ?? ''), i === 0 ? '' : names.title]);
  const dropped = all.filter((column) => !kept.includes(column)).map(({ name }) => name);
  const lines = drawRows([...titles, ...cells], kept);
  return { table: lines.map((line, i) => (i < titles.length ? theme.title(line) : line)), dropped };
}

type Measured = SheetColumn & { readonly width: number };

/** A narrower terminal than this is treated as this wide: nothing is readable in it anyway. */
const LEAST_ROOM = 8;

/** The columns that leave names and file names the room they need. */
function fitColumns(all: readonly Measured[], needs: Needs, columns: number | null) {
  if (columns === null) return { kept: all, room: Number.POSITIVE_INFINITY };
  let kept = all;
  const room = () => columns - kept.reduce((sum, each) => sum + each.width + GAP.length, 0);
  const leaveOut = (priority: Priority) => {
    kept = kept.filter((column) => column.priority !== priority);
  };
  const conveniences = all.map(({ priority }) => priority).filter((priority) => typeof priority === 'number');
  for (const priority of new Set(conveniences.sort((a, b) => b - a))) {
    if (room() < needs.names) leaveOut(priority);
  }
  if (room() < needs.fileNames) leaveOut('second');
  return { kept, room: Math.max(room(), LEAST_ROOM) };
}

/** Rows drawn by one table: cli-table3 compares each row with all others, so many rows are drawn in batches. */
const BATCH = 40;

/** The cells as lines: columns in the widths given, and a last one that takes what it needs. */
function drawRows(rows: readonly (readonly string[])[], columns: readonly Measured[]): string[] {
  if (columns.length === 0) return rows.map((row) => row[0] ?? '');
  const lines: string[] = [];
  for (let start = 0; start < rows.length; start += BATCH) {
    const batch = rows.slice(start, start + BATCH);
    const table = borderless(columns);
    table.push(...batch.map((row) => row.slice(0, columns.length)));
    const drawn = table.toString().split('\n');
    lines.push(...batch.map((row, i) => `${drawn[i] ?? ''}${GAP}${row[columns.length] ?? ''}`.trimEnd()));
  }
  return lines;
}

function borderless(columns: readonly Measured[]) {
  const edges = ['top', 'bottom', 'left', 'right', 'mid'].flatMap((edge) => [edge, `${edge}-mid`]);
  const corners = ['top-left', 'top-right', 'bottom-left', 'bottom-right'];
  return new Table({
    chars: { ...Object.fromEntries([...edges, ...corners].map((name) => [name, ''])), middle: GAP },
    // cli-table3 colours heads and borders by itself, even into a pipe.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: columns.map(({ align = 'right' }) => align),
    colWidths: columns.map(({ width }) => width),
  });
}
