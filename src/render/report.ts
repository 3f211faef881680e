/**
 * What a command answers, ready for every output for people and for CSV: heading, columns, rows, notes, closing lines
 * and the exit code. A view becomes a Report once; table, markdown and csv are functions of it. JSON is a function of
 * the view.
 */

import { formatCount } from '../base/units.ts';
import type { TableColumn as ShownColumn } from './table/layout.ts';
import type { NamedLine } from './table/name-column.ts';
import type { Tone } from './theme.ts';

export type { ShownColumn, Tone };

export interface ReportLine {
  /** A path before the text, which is cut at its front where room is short; null for none. */
  readonly path: string | null;
  readonly text: string;
  readonly tone: Tone;
}

/** A value as programs read it. */
export type Value = string | number | bigint | boolean | null;

export interface ReportColumn {
  /** The column's name in CSV, with its unit: `tottime_us`. null: not in CSV. */
  readonly key: string | null;
  /** line -> value; null for a message */
  readonly values: readonly Value[];
  /** How screens show it; null: in CSV only. */
  readonly shown: ShownColumn | null;
}

export interface ReportRow extends NamedLine {
  /** For an inner row, which end of the edge it is; absent for others. */
  readonly relation?: 'caller' | 'callee';
  /** The level in a tree, 1 for an outermost row; absent in a table. */
  readonly depth?: number;
  /** In a tree: the name without the lines that connect it. */
  readonly label?: string;
}

export interface Report {
  readonly heading: readonly ReportLine[];
  readonly columns: readonly ReportColumn[];
  /** Rows, and messages where a row would be; '' is a gap. */
  readonly lines: readonly (ReportRow | string)[];
  /** Titles of the last column, which holds names and places, and the room that it is worth leaving numbers out for. */
  readonly names: { readonly name: string; readonly place: string | null; readonly room: number };
  /** Shown in place of a table without rows. */
  readonly emptyMessage: string;
  readonly notes: readonly ReportLine[];
  readonly closing: readonly ReportLine[];
  readonly exitCode: ReportExitCode;
  /** Whether the heading holds a verdict, which CSV users must see, too. @default false */
  readonly hasVerdict?: boolean;
}

/** 0 shown · 1 nothing matched · 3 the gate failed · 4 it is undecided. */
export type ReportExitCode = 0 | 1 | 3 | 4;

export function line(text: string, tone: Tone = 'plain'): ReportLine {
  return { path: null, text, tone };
}

export function noteLine(text: string): ReportLine {
  return line(`note: ${text}`);
}

/** Columns that only programs read: name in CSV -> value of a row. Messages have none. */
export function dataColumns<Row extends object>(
  lines: readonly (Row | string)[],
  values: Readonly<Record<string, (row: Row) => Value>>,
): ReportColumn[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    values: lines.map((each) => (typeof each === 'string' ? null : value(each))),
    shown: null,
  }));
}

/** `20 of 341`, or `12` for all. */
export function shownOf({ rows, matched }: { readonly rows: readonly unknown[]; readonly matched: number }): string {
  const shown = formatCount(rows.length);
  return rows.length < matched ? `${shown} of ${formatCount(matched)}` : shown;
}

/** Returns a function that makes a column that only people read. Its name is by default the first word of its title. */
export function shownColumnsOf<Row extends object>(lines: readonly (Row | string)[]) {
  return (
    title: ShownColumn['title'],
    cell: (row: Row) => string,
    options: Partial<Omit<ShownColumn, 'title' | 'texts'>> = {},
  ): ReportColumn => {
    const name = title.find((word) => word !== '')?.trim() ?? '';
    const texts = lines.map((each) => (typeof each === 'string' ? '' : cell(each)));
    return { key: null, values: [], shown: { title, name, priority: 'essential', texts, ...options } };
  };
}
