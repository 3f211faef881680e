/** The lines of a function: their text where the file holds it, the time of each, and what it calls on it. */

import { at } from '../model/columns.ts';
import type { Listing } from '../model/listing.ts';
import type { PageData } from './data.ts';
import { button, element, quietLine } from './dom.ts';
import type { Words } from './format.ts';
import type { MissingSource, SourceBody } from './sources.ts';

export interface SourceContext {
  readonly data: PageData;
  readonly words: Words;
  readonly onFunction: (fn: number) => void;
}

/** Null for a function without a file, or of an unknown name. */
export function sourceView(fn: number, context: SourceContext): HTMLElement | null {
  const { data, words } = context;
  const row = data.rowOf(fn);
  if (row === undefined) return null;
  const listing = data.listing(fn);
  const body = data.sources?.bodyOf(fn, data.functions) ?? null;
  const rows = body === null ? bareLines(listing, context) : sourceLines(body, listing, context);
  const reason = body === null ? missingText(fn, data) : null;
  if (rows.length === 0 && reason === null) return null;
  const time = row.tottime - listing.lines.reduce((sum, { self }) => sum + self, 0);
  // Sums of fractions leave less than anything visible.
  const hasRest = listing.lines.length > 0 && time > 1e-6;
  const rest = hasRest ? [lineRow({ time, line: '', text: '(no line)' }, context)] : [];
  return element(
    'section',
    { class: 'source' },
    element('h2', {}, at(data.texts.label, fn)),
    element('p', { class: 'place' }, at(data.texts.place, fn)),
    reason === null ? null : quietLine(reason),
    rows.length === 0 ? null : lineTable([...rows, ...rest], body !== null),
    listing.lines.length === 0 && body !== null ? quietLine('The profile does not know its lines.') : null,
    notPlaced(body, listing, words),
  );
}

function lineTable(rows: readonly HTMLElement[], hasText: boolean): HTMLElement {
  const titles = ['tottime', 'line', hasText ? 'source, and what it calls' : ''];
  const head = element('tr', {}, ...titles.map((title) => element('th', { class: 'cell' }, title)));
  return element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
}

const REASONS: Readonly<Record<MissingSource, string | null>> = {
  missing: 'No source text: the file was not below the working directory, nor below --source-path.',
  ambiguous: 'No source text: several files could be the source; --source-path chooses.',
  unreadable: 'No source text: the file was no text of at most 5 MB.',
  changed: 'No source text: the file was changed since the recording, or is not the one that ran.',
  none: null,
  found: 'No source text: the file has no such lines.',
};

/** Why there is no text of a function; null for one without a file. */
function missingText(fn: number, { sources, functions }: PageData): string | null {
  if (at(functions.file, fn) === '') return null;
  if (sources === null) return 'This report holds no source text; pstat report --sources used writes it into the file.';
  const reason = sources.whyMissing(fn);
  return reason === null ? null : REASONS[reason];
}

interface Line {
  readonly time: number | null;
  readonly line: string;
  readonly text: string;
  readonly calls?: readonly HTMLElement[];
}

function bareLines({ lines }: Listing, context: SourceContext): HTMLElement[] {
  return lines.map(({ line, self }) => lineRow({ time: self, line: `line ${line}`, text: '' }, context));
}

/** The lines of the body, and those outside that inlined code was counted on. */
function sourceLines(body: SourceBody, listing: Listing, context: SourceContext): HTMLElement[] {
  const timeOf = new Map(listing.lines.map(({ line, self }) => [line, self]));
  const callOf = new Map(listing.calls.map((call) => [call.callee, call]));
  const inBody = body.text.map((text, i) => {
    const line = body.firstLine + i;
    const calls = (body.calls.get(line) ?? []).flatMap((callee) => {
      const call = callOf.get(callee);
      return call === undefined ? [] : [callButton(call, { isSure: body.places.get(callee) === 1, context })];
    });
    const time = timeOf.get(line) ?? null;
    return lineRow({ time, line: String(line), text, calls }, context);
  });
  const isOutside = (line: number) => line < body.firstLine || line >= body.firstLine + body.text.length;
  const outside = listing.lines.filter(({ line }) => isOutside(line));
  return [
    ...inBody,
    ...outside.map(({ line, self }) => lineRow({ time: self, line: String(line), text: '(inlined code)' }, context)),
  ];
}

function lineRow({ time, line, text, calls = [] }: Line, { words }: SourceContext): HTMLElement {
  return element(
    'tr',
    { class: time === null ? null : 'timed' },
    element('td', { class: 'cell right' }, time === null ? '' : words.amount(time)),
    element('td', { class: 'cell right quiet' }, line),
    element('td', { class: 'cell text' }, element('code', {}, text), ...calls),
  );
}

/** `~` marks a call that more than one line can make, with all its time on each. */
function callButton(
  { callee, total }: Listing['calls'][number],
  { isSure, context }: { readonly isSure: boolean; readonly context: SourceContext },
): HTMLElement {
  const { data, words, onFunction } = context;
  const text = `${isSure ? '' : '~'}${words.amount(total ?? Number.NaN)} ${at(data.texts.label, callee)}`;
  return button({ class: 'call', click: () => onFunction(callee) }, text);
}

function notPlaced(body: SourceBody | null, { calls }: Listing, words: Words): HTMLElement | null {
  if (body === null) return null;
  const rest = calls.filter(({ callee }) => !body.places.has(callee));
  const time = rest.reduce((sum, { total }) => sum + (total ?? 0), 0);
  if (time === 0) return null;
  return quietLine(`calls on no known line: ${words.amount(time)}`);
}
