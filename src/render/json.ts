/** A view as one JSON object, an API: schema 1. Times in µs, unrounded; null is "absent or not known". */

import { visibleJson } from '../base/text.ts';
import type { RelationViewRow, View, ViewRow } from '../view/views.ts';

/** Raised when a field changes its meaning or goes; new fields may come without. */
const SCHEMA = 1;

export function renderJson(view: View): string {
  const { profile } = view;
  const head = {
    profile: {
      sources: profile.sources,
      counts: profile.counts,
      paths: profile.stacks,
      by: view.by,
      duration: profile.duration,
      whole: profile.counted,
      idle: profile.idle,
      outside: profile.excluded,
      head: profile.beforeFirstSample,
      tail: profile.afterLastSample,
      samples: profile.samples,
      interval: profile.interval,
      ...(profile.queued === null ? {} : { queued: profile.queued }),
      ncalls: profile.ncalls,
      pcalls: profile.pcalls,
      ...(profile.request === undefined ? {} : { request: profile.request }),
    },
  };
  const rows = view.view === 'functions' ? view.rows.map(row) : view.rows.map((each) => relation(each, view.view));
  return jsonText({ view: view.view, head, rows, matched: view.matched, notes: view.notes, tail: {} });
}

/** What every view prints, with fields of its own before and after the rows. */
export interface JsonParts {
  /** @default 1 */
  readonly schema?: 1 | 2;
  /** @default 'rows' */
  readonly rowsKey?: string;
  readonly view: string;
  readonly head: object;
  readonly rows: readonly object[];
  readonly matched: number;
  readonly notes: readonly (string | object)[];
  readonly tail: object;
}

/** One row a line, so that line tools can work with it; a newline at the end. */
export function jsonText({
  schema = SCHEMA,
  rowsKey = 'rows',
  view,
  head,
  rows,
  matched,
  notes,
  tail,
}: JsonParts): string {
  const field = ([key, value]: [string, unknown]) => `  ${encode(key)}: ${encode(value)}`;
  const fields = [
    ...Object.entries({ schema, view, ...head }).map(field),
    `  "${rowsKey}": [${rows.map((each) => `\n    ${encode(each)}`).join(',')}${rows.length === 0 ? '' : '\n  '}]`,
    ...Object.entries({ matched, notes, ...tail }).map(field),
  ];
  return `{\n${fields.join(',\n')}\n}\n`;
}

function row(row: ViewRow) {
  const { name, file, line, column, tottime, cumtime } = row;
  const counts =
    row.ncalls === undefined
      ? { samples: row.samples, cumsamples: row.cumsamples }
      : { ncalls: row.ncalls, pcalls: row.pcalls };
  const size = row.functions === undefined ? {} : { functions: row.functions };
  return { name, file, line, column, tottime, cumtime, ...counts, ...size };
}

function relation(outer: RelationViewRow, word: 'callers' | 'callees') {
  return { ...row(outer), matchedEdges: outer.matchedEdges, [word]: outer.edges.map(row) };
}

/** JSON with whole bigints, which JSON.stringify refuses. Values are our own and shallow, so recursion is safe. */
function encode(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return visibleJson(JSON.stringify(value));
  if (Array.isArray(value)) return `[${value.map(encode).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}: ${encode(field)}`);
    return `{ ${fields.join(', ')} }`;
  }
  // JSON has no infinity: JSON.stringify writes null for it.
  return JSON.stringify(value);
}
