/**
 * What a screen shows, ready for every output for people and for CSV: heading, columns, rows, notes, closing lines and
 * the exit code. A view becomes a Report once; table, markdown and csv are functions of it. JSON is a function of the
 * view.
 */

import type { Priority } from './table/layout.ts';
import type { NamedLine } from './table/name-column.ts';

/** What a line means, for its colour. Never the only sign of it. */
export type Tone = 'plain' | 'quiet' | 'better' | 'worse';

export interface ReportLine {
  readonly text: string;
  readonly tone: Tone;
}

/** A value as programs read it: CSV writes it as it is. */
export type Value = string | number | bigint | boolean | null;

export interface ReportColumn {
  /** The column's name in CSV, with its unit: `tottime_us`. null: not in CSV. */
  readonly key: string | null;
  /** row -> value */
  readonly values: readonly Value[];
  /** How screens show it; null: in CSV only. */
  readonly shown: ShownColumn | null;
}

export interface ShownColumn {
  /** Two lines: the word and its unit. */
  readonly title: readonly [string, string];
  /** As the line about columns that found no room names it. */
  readonly name: string;
  readonly priority: Priority;
  /** @default 'right' */
  readonly align?: 'left' | 'right';
  /** row -> text */
  readonly texts: readonly string[];
}

export interface ReportRow extends NamedLine {
  readonly tone: Tone;
}

export interface Report {
  readonly heading: readonly ReportLine[];
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly ReportRow[];
  /** Titles of the last column, which holds names and places. */
  readonly names: { readonly name: string; readonly place: string | null; readonly room: number };
  /** Shown in place of a table without rows. */
  readonly emptyMessage: string;
  /** Below the table. Notes that people need not read at once are counted by the last of them. */
  readonly notes: readonly ReportLine[];
  readonly closing: readonly ReportLine[];
  readonly exitCode: 0 | 1 | 3 | 4;
}

export function line(text: string, tone: Tone = 'plain'): ReportLine {
  return { text, tone };
}

/** A column that only programs read. */
export function dataColumn(key: string, values: readonly Value[]): ReportColumn {
  return { key, values, shown: null };
}

/** A column that only people read. */
export function shownColumn(shown: ShownColumn): ReportColumn {
  return { key: null, values: [], shown };
}
