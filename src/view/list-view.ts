/** `pstat list`: functions by line, with their source and the calls made on each line. */

import { sumOfKnown } from '../base/averages.ts';
import { addTo, getOrInsert } from '../base/maps.ts';
import type { TextSpan } from '../base/text.ts';
import { type Count, knownOrNull } from '../model/count.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import { areLinesScaled } from '../query/lines.ts';
import type { SortKey } from '../query/sort-keys.ts';
import type { CallRow, FunctionResult, GroupRow, ListingRow, Stats } from '../query/stats.ts';
import type { ProfileSummary } from '../query/summary.ts';
import { CallSites } from '../sources/call-sites.ts';
import { type FunctionBody, SourceCode } from '../sources/source-code.ts';
import type { SourceText } from '../sources/source-text.ts';
import { LINE_BREAK, languageOf } from '../sources/tokens.ts';
import type { ViewNote } from './notes.ts';
import { type ViewRow, viewRow } from './views.ts';

export interface ListView {
  readonly view: 'list';
  readonly profile: ProfileSummary;
  /** `line`: the hottest lines, with those around them. */
  readonly by: 'function' | 'line';
  readonly functions: readonly ListedFunction[];
  readonly sort: SortKey;
  /** number of functions that match, before the limit */
  readonly matched: number;
  /** number of all functions */
  readonly of: number;
  readonly notes: readonly ViewNote[];
}

/**
 * - `found`: the lines have their text
 * - `missing`: no such file where sources are looked for
 * - `ambiguous`: several files that may be it
 * - `unreadable`: no regular file, a binary, or longer than 5 MB
 * - `changed`: the file does not have the function at the place that the profile says
 * - `none`: the function has no file
 */
export type SourceState = SourceText['kind'] extends infer Kind
  ? Exclude<Kind, 'text'> | 'found' | 'changed' | 'none'
  : never;

/** Σ lines.tottime + noLine = tottime; the calls, each once, + notPlaced = cumtime − tottime. */
export interface ListedFunction extends ViewRow {
  readonly source: SourceState;
  /** All lines of the function, or those with time or calls where the source is not known. */
  readonly lines: readonly ListedViewLine[];
  readonly noLine: Microseconds | null;
  readonly notPlaced: Microseconds | null;
  /** The functions whose calls have no line, the largest first. */
  readonly notPlacedCalls: readonly ListedViewCall[];
}

export interface ListedViewLine {
  readonly line: number;
  readonly text: string | null;
  /** Where comments, strings and keywords are in the text. */
  readonly quiet: readonly TextSpan[];
  /** Whether the line is not one of the function's: V8 counts inlined code there. */
  readonly isOutside: boolean;
  /** Null where the profile does not know lines. */
  readonly tottime: Microseconds | null;
  readonly samples: Count | null;
  /** Whether the time is scaled from the whole recording. */
  readonly estimated: boolean;
  readonly calls: readonly ListedViewCall[];
}

export interface ListedViewCall extends Pick<CallRow, 'function' | 'name' | 'file' | 'line' | 'column' | 'count'> {
  readonly label: string;
  readonly cumtime: Microseconds | null;
  /** `several`: more than one line can be the one of the call; it is on each, with its whole time. */
  readonly placement: 'one-line' | 'several' | null;
}

/** @param textOf file as the profile names it -> its text */
export function listView(
  stats: Stats,
  result: FunctionResult<ListingRow>,
  textOf: ReadonlyMap<string, SourceText>,
): ListView {
  const sources = new Sources(textOf);
  const isScaled = areLinesScaled(stats.profile);
  const functions = result.rows.map((row) => {
    const found = sources.find(row, stats.profile.linesAreSampled);
    return { ...listedFunction(row, found, isScaled), ...viewRow(row, stats), source: found.state };
  });
  return {
    view: 'list',
    profile: stats.summary,
    by: 'function',
    functions,
    sort: result.sort[0] ?? 'cumtime',
    matched: result.matched,
    of: result.of,
    notes: [...stats.summary.notes, ...(functions.some(isOfUnknownLine) ? [{ code: 'unknown-lines' } as const] : [])],
  };
}

/** Whether most of a function's time is on lines of generated code that hold several lines of the source. */
function isOfUnknownLine({ generated, noLine, tottime }: ListedFunction): boolean {
  return generated !== undefined && (noLine ?? 0) > 0 && (noLine ?? 0) > (tottime ?? 0) / 2;
}

/** Lines before and after a hot one. */
const CONTEXT = 2;

/** What the hottest lines are shown from. */
export interface HotLines {
  /** The lines to show. */
  readonly rows: readonly GroupRow[];
  /** All lines, for the times of those around. */
  readonly groups: readonly GroupRow[];
  /** The functions of the files of the rows, for the calls on their lines. */
  readonly listings: readonly ListingRow[];
}

/** The hottest lines, each with the lines around it and the calls on them. */
export function hotPlacesView(
  stats: Stats,
  { rows, groups, listings }: HotLines,
  textOf: ReadonlyMap<string, SourceText>,
): ListView {
  const timed = new Map(groups.map((row) => [lineKey(row), row]));
  const sources = new Sources(textOf);
  const listed = hotListings(rows, listings).map((row) => {
    const found = sources.find(row, stats.profile.linesAreSampled);
    return { file: row.file, ...listedFunction(row, found, false) };
  });
  const calls = new Map<string, ListedViewCall[]>();
  for (const { file, lines } of listed)
    for (const { line, calls: on } of lines) for (const call of on) addTo(calls, lineKey({ file, line }), call);
  const isScaled = areLinesScaled(stats.profile);
  const figuresOf = (file: string | null, line: number) => {
    const key = lineKey({ file, line });
    const { self: tottime, selfCount: samples } = timed.get(key) ?? { self: 0, selfCount: 0 };
    return { tottime, samples, estimated: isScaled && timed.has(key), calls: calls.get(key) ?? [] };
  };
  return {
    view: 'list',
    profile: stats.summary,
    by: 'line',
    sort: 'tottime',
    functions: rows.map((row) => ({
      ...viewRow(row, stats),
      ...hotPlace(row, sources.read(row.file), (line) => figuresOf(row.file, line)),
    })),
    matched: groups.length,
    of: groups.length,
    notes: stats.summary.notes,
  };
}

type LineFigures = Pick<ListedViewLine, 'tottime' | 'samples' | 'estimated' | 'calls'>;

/** A hot line and those around it, as far as the file has them. */
function hotPlace(
  { line: hot }: GroupRow,
  { state, text, code }: ReadSource,
  figuresOf: (line: number) => LineFigures,
) {
  const around = Array.from({ length: 2 * CONTEXT + 1 }, (_, i) => (hot ?? 0) - CONTEXT + i);
  const lines = around.filter((line) => line === hot || text[line - 1] !== undefined);
  return {
    source: state,
    lines: lines.map((line) => ({
      line,
      text: text[line - 1] ?? null,
      quiet: code?.quietSpansOf(line) ?? [],
      isOutside: false,
      ...figuresOf(line),
    })),
    noLine: null,
    notPlaced: null,
    notPlacedCalls: [],
  };
}

function lineKey({ file, line }: { readonly file: string | null; readonly line: number | null }): string {
  return JSON.stringify([file, line]);
}

/** The functions that have time on one of the lines. */
function hotListings(rows: readonly GroupRow[], listings: readonly ListingRow[]): ListingRow[] {
  const hot = new Set(rows.map(lineKey));
  return listings.filter(({ file, lines }) => lines.some(({ line }) => hot.has(lineKey({ file, line }))));
}

/** What is known of a file's source. */
interface ReadSource {
  readonly state: SourceState;
  /** Its lines; empty if it was not found. */
  readonly text: readonly string[];
  readonly code: SourceCode | null;
}

const NO_SOURCE: ReadSource = { state: 'none', text: [], code: null };

/** Reads the source of each file once, however many functions of it are listed. */
class Sources {
  readonly #textOf: ReadonlyMap<string, SourceText>;
  readonly #known = new Map<string, ReadSource>();

  constructor(textOf: ReadonlyMap<string, SourceText>) {
    this.#textOf = textOf;
  }

  read(file: string | null): ReadSource {
    if (file === null) return NO_SOURCE;
    return getOrInsert(this.#known, file, () => {
      const source = this.#textOf.get(file) ?? { kind: 'missing' };
      if (source.kind !== 'text') return { ...NO_SOURCE, state: source.kind };
      const code = new SourceCode(source.text, languageOf(file) ?? 'js', file);
      return { state: 'found', text: source.text.split(LINE_BREAK), code };
    });
  }

  /** Where lines are sampled, a row's line is the executing one: its text and its calls are on that line. */
  find(row: ListingRow, linesAreSampled: boolean): FoundSource {
    const source = this.read(row.file);
    if (linesAreSampled) return { ...source, body: null, isLine: true };
    const { name, line, column, generated } = row;
    if (line === null) return { ...NO_SOURCE, body: null, isLine: false };
    const isMapped = generated !== undefined;
    const body = source.code?.findFunction({ name, line, column: column ?? 0, isMapped }) ?? null;
    const isChanged = source.code !== null && body === null;
    return { ...(isChanged ? { ...NO_SOURCE, state: 'changed' } : source), body, isLine: false };
  }
}

/** The source of a function. */
interface FoundSource extends ReadSource {
  readonly body: FunctionBody | null;
  /** Whether the function's line is the one that was executing. */
  readonly isLine: boolean;
}

function listedFunction(row: ListingRow, found: FoundSource, isScaled: boolean) {
  const { body, code, text } = found;
  const placed = placeCalls(row, found);
  const timed = new Map(row.lines.map((line) => [line.line, line]));
  const callsOn = new Map<number, ListedViewCall[]>();
  for (const { call, sites } of placed) {
    for (const site of sites) {
      addTo(callsOn, site, viewCall(call, sites.length === 1 ? 'one-line' : 'several'));
    }
  }
  const all = new Set([...timed.keys(), ...callsOn.keys()]);
  for (let line = body?.firstLine ?? 0; line <= (body?.lastLine ?? -1); line++) all.add(line);
  const knowsLines = row.lines.length > 0;
  const inOrder = [...all].sort((a, b) => a - b);
  const isPlaced = placed.filter(({ sites }) => sites.length > 0);
  return {
    lines: inOrder.map(
      (line): ListedViewLine => ({
        line,
        text: text[line - 1] ?? null,
        quiet: code?.quietSpansOf(line) ?? [],
        isOutside: body !== null && (line < body.firstLine || line > body.lastLine),
        tottime: knowsLines ? (timed.get(line)?.self ?? 0) : null,
        samples: knowsLines ? knownOrNull(timed.get(line)?.samples ?? 0) : null,
        estimated: isScaled && timed.has(line),
        calls: callsOn.get(line) ?? [],
      }),
    ),
    noLine: row.self === null ? null : row.self - sumOfKnown(row.lines.map(({ self }) => self)),
    notPlaced:
      row.self === null || row.total === null
        ? null
        : row.total - row.self - sumOfKnown(isPlaced.map(({ call }) => call.total)),
    notPlacedCalls: placed.filter(({ sites }) => sites.length === 0).map(({ call }) => viewCall(call, null)),
  };
}

/** Places of the calls of a function. Beyond them calls are not placed: thousands of functions may have one name. */
const MAX_PLACES = 20_000;

/** The calls of a function, each with the lines that can make it. */
function placeCalls({ calls, file, line: executing }: ListingRow, { body, code, isLine }: FoundSource) {
  const ownLine = isLine && executing !== null ? [executing] : [];
  const found = body === null || code === null ? null : new CallSites(body, code);
  let left = MAX_PLACES;
  return calls.map((call) => {
    const line = call.file === file ? call.line : null;
    const lines = found?.find({ name: call.name, line }) ?? ownLine;
    const sites = lines.length > left ? [] : lines;
    left -= sites.length;
    return { call, sites };
  });
}

function viewCall(
  { function: fn, name, file, line, column, shownName, total, count }: CallRow,
  placement: ListedViewCall['placement'],
): ListedViewCall {
  return { function: fn, name, file, line, column, label: shownName, cumtime: total, count, placement };
}
