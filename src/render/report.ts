/**
 * What a command answers, ready for every output for people and for CSV: heading, columns, rows, notes, closing lines
 * and the exit code. A view becomes a Report once; table, markdown and csv are functions of it. JSON is a function of
 * the view.
 */

import type { Priority } from './table/layout.ts';
import type { NamedLine } from './table/name-column.ts';
import type { Tone } from './theme.ts';

export type { Tone } from './theme.ts';

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

export interface ShownColumn {
  /** Two lines: the word and its unit. */
  readonly title: readonly [string, string];
  /** The name in the line about hidden columns. */
  readonly name: string;
  readonly priority: Priority;
  /** @default 'right' */
  readonly align?: 'left' | 'right';
  /** line -> text; '' for a message */
  readonly texts: readonly string[];
  /** line -> what the cell means; null for what its row means */
  readonly tones?: readonly (Tone | null)[];
}

export interface ReportRow extends NamedLine {
  readonly tone: Tone;
  /** For an inner row, which end of the edge it is. */
  readonly relation: 'caller' | 'callee' | null;
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
  /** Whether the heading holds a verdict, which CSV users must see, too. */
  readonly hasVerdict: boolean;
}

/** 0 shown · 1 nothing matched · 3 the gate failed · 4 it is undecided. */
export type ReportExitCode = 0 | 1 | 3 | 4;

export function line(text: string, tone: Tone = 'plain'): ReportLine {
  return { path: null, text, tone };
}

export function noteLine(text: string): ReportLine {
  return line(`note: ${text}`);
}

/** A column that only programs read. */
export function dataColumn(key: string, values: readonly Value[]): ReportColumn {
  return { key, values, shown: null };
}

/** A column that only people read. */
export function shownColumn(shown: ShownColumn): ReportColumn {
  return { key: null, values: [], shown };
}
