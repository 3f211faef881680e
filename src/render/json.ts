/** JSON output: one object of schema 2, an API (schema.json). Times in µs, unrounded; null is "absent or unknown". */

import { escapeJsonControls } from '../base/text.ts';
import { VERSION } from '../base/version.ts';

/** Raised when a field changes its meaning or goes; new fields may come without. */
const SCHEMA = 2;

/** The fields of every view, with its own before and after the rows. */
export interface JsonParts {
  readonly view: string;
  readonly head: object;
  /** @default 'rows' */
  readonly rowsKey?: string;
  readonly rows: readonly object[];
  readonly matched: number;
  readonly notes: readonly JsonNote[];
}

export interface JsonNote {
  readonly code: string;
  readonly text: string;
  readonly [fact: string]: unknown;
}

/** One row a line, so that line tools can work with it; a newline at the end. */
export function jsonText({ view, head, rowsKey = 'rows', rows, matched, notes }: JsonParts): string {
  const field = ([key, value]: [string, unknown]) => `  ${encode(key)}: ${encode(value)}`;
  const fields = [
    ...Object.entries({ schema: SCHEMA, pstat: VERSION, view, ...head }).map(field),
    `  "${rowsKey}": [${rows.map((row) => `\n    ${encode(row)}`).join(',')}${rows.length === 0 ? '' : '\n  '}]`,
    ...Object.entries({ matched, notes }).map(field),
  ];
  return `{\n${fields.join(',\n')}\n}\n`;
}

/** JSON with whole bigints, which JSON.stringify rejects. Values are pstat's own and shallow, so recursion is safe. */
function encode(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return escapeJsonControls(JSON.stringify(value));
  if (Array.isArray(value)) return `[${value.map(encode).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).flatMap(([key, field]) =>
      field === undefined ? [] : [`${JSON.stringify(key)}: ${encode(field)}`],
    );
    return `{ ${fields.join(', ')} }`;
  }
  // JSON has no infinity: JSON.stringify writes null for it.
  return JSON.stringify(value);
}
