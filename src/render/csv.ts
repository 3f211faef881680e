/** A Report as comma-separated values, for programs and spreadsheets: raw values, units in the titles. */

import { stringify } from 'csv-stringify/sync';
import { escapeControls } from '../base/text.ts';
import type { Report, Value } from './report.ts';

/** A line of titles, then one row a line. Texts are quoted and escaped, and none can start a formula. */
export function reportCsv({ columns, lines }: Report): string {
  const data = columns.filter(({ key }) => key !== null);
  const rows = lines.flatMap((line, i) =>
    typeof line === 'string' ? [] : [data.map(({ values }) => cell(values[i]))],
  );
  return stringify([data.map(({ key }) => key), ...rows], {
    escape_formulas: true,
    quoted_string: true,
    cast: { bigint: (value) => ({ value: String(value), quoted: false }) },
  });
}

function cell(value: Value | undefined) {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? escapeControls(value) : (value ?? null);
}

/** The text for stderr: the whole heading if it holds a verdict, else only the notes. */
export function reportAside({ heading, notes, closing, hasVerdict }: Report): string {
  const lines = hasVerdict ? [...heading, ...notes, ...closing] : notes;
  return lines.map(({ path, text }) => `${escapeControls((path ?? '') + text)}\n`).join('');
}
