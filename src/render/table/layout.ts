/** Lays out rows and columns of text in the width of a terminal. Knows nothing of what they are about. */

import Table from 'cli-table3';
import type { Tone } from '../theme.ts';
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
 * Which columns are left out where room is short: numbers before a name is cut, the highest first; `second` only where
 * names could not be recognized otherwise; `essential` never.
 */
export type Priority = 'essential' | 'second' | number;

export interface TableColumn {
  /** Two lines: the word, and its unit. */
  readonly title: readonly [string, string];
  /** The name in the line about hidden columns. */
  readonly name: string;
  readonly priority: Priority;
  /** line -> text; '' for a message */
  readonly texts: readonly string[];
  /** @default 'right' */
  readonly align?: 'left' | 'right';
  /** line -> what the cell means; null for what the row means */
  readonly tones?: readonly (Tone | null)[];
}

/** A row, or a message where a row would be. */
export type TableLine = NamedLine | string;

export interface TableContent {
  readonly columns: readonly TableColumn[];
  readonly lines: readonly TableLine[];
  readonly titles: ColumnTitles;
  /** Room for names and places that numbered columns are left out for. */
  readonly roomForNames: number;
}

export interface TableLayout {
  readonly table: readonly string[];
  /** names of columns that found no room */
  readonly dropped: readonly string[];
}

/** The table as lines at most `columns` wide; null for no limit. It must hold a row. */
export function layoutTable(content: TableContent, theme: LinkingTheme, columns: number | null): TableLayout {
  const rows = content.lines.filter((line) => typeof line !== 'string');
  const all = content.columns.map((column) => ({
    ...column,
    width: Math.max(widest(column.title), widest(column.texts)),
  }));
  const needs = needsOf(rows, content.titles);
  const { kept, room } = fitColumns(all, { ...needs, names: Math.min(needs.names, content.roomForNames) }, columns);
  const names = new NameColumn(rows, content.titles, room);
  const cells = content.lines.map((line, i) => {
    const style =
      typeof line === 'string' ? theme.plain : theme[line.tone ?? (line.style === 'noise' ? 'noise' : 'plain')];
    const numbers = kept.map((column) => {
      const tone = column.tones?.[i] ?? null;
      return (tone === null ? style : theme[tone])(column.texts[i] ?? '');
    });
    return [...numbers, typeof line === 'string' ? theme.quiet(cutEnd(line, room)) : names.cell(line, theme)];
  });
  const titles = [0, 1].map((i) => [...kept.map((column) => column.title[i] ?? ''), i === 0 ? '' : names.title]);
  const dropped = [
    ...all.filter((column) => !kept.includes(column)).map(({ name }) => name),
    ...(names.hidesPlaces ? [content.titles.place ?? ''] : []),
  ];
  const lines = drawRows([...titles, ...cells], kept);
  return { table: lines.map((line, i) => (i < titles.length ? theme.title(line) : line)), dropped };
}

type Measured = TableColumn & { readonly width: number };

/** A narrower terminal than this is treated as this wide: nothing is readable in it anyway. */
const MIN_ROOM = 8;

/** The columns that leave names and file names the room they need. */
function fitColumns(all: readonly Measured[], needs: Needs, columns: number | null) {
  if (columns === null) return { kept: all, room: Number.POSITIVE_INFINITY };
  let kept = all;
  const room = () => columns - kept.reduce((sum, each) => sum + each.width + GAP.length, 0);
  const drop = (priority: Priority) => {
    kept = kept.filter((column) => column.priority !== priority);
  };
  const numbered = all.map(({ priority }) => priority).filter((priority) => typeof priority === 'number');
  for (const priority of new Set(numbered.sort((a, b) => b - a))) {
    if (room() < needs.names) drop(priority);
  }
  if (room() < needs.least) drop('second');
  return { kept, room: Math.max(room(), MIN_ROOM) };
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
    for (let i = 0; i < batch.length; i += CELL_LINES) {
      const group = batch.slice(i, i + CELL_LINES);
      table.push(columns.map((_, column) => group.map((row) => row[column] ?? '').join('\n')));
    }
    const drawn = table.toString().split('\n');
    lines.push(...batch.map((row, i) => `${drawn[i] ?? ''}${GAP}${row[columns.length] ?? ''}`.trimEnd()));
  }
  return lines;
}

/** So many rows are drawn as one, with cells of as many lines: cli-table3 takes longer for a cell than for a line. */
const CELL_LINES = 4;

function borderless(columns: readonly Measured[]) {
  const edges = ['top', 'bottom', 'left', 'right', 'mid'].flatMap((edge) => [edge, `${edge}-mid`]);
  const corners = ['top-left', 'top-right', 'bottom-left', 'bottom-right'];
  return new Table({
    chars: { ...Object.fromEntries([...edges, ...corners].map((name) => [name, ''])), middle: GAP },
    // cli-table3 colors heads and borders by itself, even into a pipe.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: columns.map(({ align = 'right' }) => align),
    colWidths: columns.map(({ width }) => width),
  });
}
