/** The arguments of the command line, and the values of options. */

import { parsePercent, parseTime } from '../base/units.ts';
import type { Basis } from '../compare/comparison.ts';
import { type GateOptions, type GateTarget, parseThreshold } from '../compare/gate.ts';
import type { LoadOptions } from '../input/load.ts';
import { isFolder } from '../input/source-folders.ts';
import type { SourceMapOptions } from '../input/source-maps.ts';
import { PATH_STYLES } from '../query/places.ts';
import { parseSortWords } from '../query/sort-keys.ts';
import type { Query, StatsOptions } from '../query/stats.ts';
import { isForPeople, OUTPUT_FORMATS, type OutputFormat } from '../render/render.ts';
import { createRouteNamer, type RouteNamer } from '../routes/route-name.ts';
import { RouteSelection } from '../routes/route-selection.ts';
import { ROW_KINDS, type RowKind } from '../view/views.ts';
import {
  badChoice,
  badOption,
  emptyWindow,
  gateWithoutThreshold,
  restrictElsewhere,
  tailWithoutRoute,
} from './errors.ts';
import type { ColorChoice } from './io.ts';
import { COLORS, COMPARED_TIMES, GATE_TARGETS, type OptionName, TIMES } from './options.ts';

/** What yargs returns: positional words under `_`, those after `--` under `--`, options by name. */
export type Arguments = Readonly<Record<string, unknown>>;

export function flag(args: Arguments, name: OptionName): boolean {
  return last(args[name]) === true;
}

/** The positional words in order. Everything after `--` is a word. */
export function positionalWords(args: Arguments): {
  readonly before: readonly string[];
  readonly after: readonly string[];
} {
  return { before: list(args['_']), after: list(args['--']) };
}

interface Choice<T extends string> {
  readonly option: OptionName;
  readonly choices: readonly T[];
  readonly otherwise: T;
}

export function choice<T extends string>(args: Arguments, { option, choices, otherwise }: Choice<T>): T {
  const value = last(args[option]);
  if (value === undefined) return otherwise;
  const known = choices.find((candidate) => candidate === value);
  if (known === undefined) throw badChoice(option, String(value), choices);
  return known;
}

/** The last value of an option that is given several times but takes one value. */
export function last(value: unknown): unknown {
  return Array.isArray(value) ? value.at(-1) : value;
}

/** The value of an option; null if it is not given. */
export function textOf(args: Arguments, name: OptionName): string | null {
  const value = last(args[name]);
  return value === undefined ? null : String(value);
}

interface Bounds {
  /** From text to the number; null for what is none. @default whole numbers */
  readonly parse?: (text: string) => number | null;
  /** @default 0 */
  readonly min?: number;
  /** @default no limit */
  readonly max?: number;
  /** In words, for the error. */
  readonly expected: string;
}

/** The value of an option that is a number within bounds; null if it is not given. Throws PstatError (`query`). */
export function numberFrom(
  args: Arguments,
  name: OptionName,
  { parse = parseInteger, min = 0, max = Number.POSITIVE_INFINITY, expected }: Bounds,
): number | null {
  const text = textOf(args, name);
  if (text === null) return null;
  const value = parse(text);
  if (value === null || value < min || value > max) throw badOption(name, text, expected);
  return value;
}

/** The same of a time, in µs. */
export function timeFrom(args: Arguments, name: OptionName, bounds: Omit<Bounds, 'parse'>): number | null {
  return numberFrom(args, name, { ...bounds, parse: parseTime });
}

export function parseInteger(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}

export function list(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

// ---- values of options -------------------------------------------------------------------------------------------

/** Which rows are shown, in which order. Throws PstatError (`query`). */
export function queryFrom(args: Arguments): Query {
  const sort = parseSortWords(sortWords(args));
  return { ...(sort.length > 0 ? { sort } : {}), ...selectionFrom(args) };
}

/** The words of --sort, for a command with keys of its own. */
export function sortWords(args: Arguments): readonly string[] {
  return list(args['sort']);
}

/** Which rows are shown: by default 20 in formats for people, all in others. Throws PstatError (`query`). */
export function selectionFrom(args: Arguments): Required<Omit<Query, 'sort'>> {
  if (args['restrict'] !== undefined) throw restrictElsewhere();
  return {
    reverse: flag(args, 'reverse'),
    limit: textOf(args, 'limit') ?? (isForPeople(outputFormat(args)) ? '20' : '0'),
    filter: list(args['filter']),
    exclude: list(args['exclude']),
  };
}

/** The options of the gate; null without one. Throws PstatError (`query`). */
export function gateFrom(args: Arguments): GateOptions | null {
  const above = textOf(args, 'fail-above');
  const target = choice<GateTarget>(args, { option: 'fail-on', choices: GATE_TARGETS, otherwise: 'total' });
  const isStrict = flag(args, 'strict');
  if (above !== null) return { threshold: thresholdFrom(above), target, isStrict };
  if (args['fail-on'] !== undefined) throw gateWithoutThreshold('fail-on');
  if (isStrict) throw gateWithoutThreshold('strict');
  return null;
}

function thresholdFrom(text: string): GateOptions['threshold'] {
  const threshold = parseThreshold(text);
  if (threshold === null) throw badOption('fail-above', text, 'a percentage such as 5% or a time such as 3ms');
  return threshold;
}

/** The value of --time for a comparison. Throws PstatError (`query`). */
export function basisFrom(args: Arguments): Basis | 'auto' {
  return choice(args, { option: 'time', choices: COMPARED_TIMES, otherwise: 'auto' });
}

/** The value of --time for functions: `auto` is counted. Throws PstatError (`query`) for times of whole processes. */
export function functionTimeFrom(args: Arguments): 'counted' | 'undisturbed' {
  const asked = last(args['time']);
  const isOfRuns = COMPARED_TIMES.some((time) => time === asked) && !TIMES.some((time) => time === asked);
  if (isOfRuns) throw badOption('time', String(asked), 'a time that functions have; use auto, counted or undisturbed');
  const time = choice(args, { option: 'time', choices: TIMES, otherwise: 'auto' });
  return time === 'undisturbed' ? time : 'counted';
}

/** Which files, threads and times are loaded. Throws PstatError (`query`). */
export function loadOptionsFrom(args: Arguments): LoadOptions {
  const bounds = { expected: 'a time such as 1.2s, 300ms or 50us' };
  const from = timeFrom(args, 'from', bounds) ?? undefined;
  const to = timeFrom(args, 'to', bounds) ?? undefined;
  if (from !== undefined && to !== undefined && from >= to)
    throw emptyWindow(textOf(args, 'from') ?? '', textOf(args, 'to') ?? '');
  const route = textOf(args, 'route');
  return {
    thread: textOf(args, 'thread'),
    value: textOf(args, 'value'),
    from,
    to,
    mergeLines: flag(args, 'merge-lines'),
    sourceMaps: sourceMapsFrom(args),
    selection: route === null ? null : new RouteSelection(route, routeNamerFrom(args)),
    skipBroken: flag(args, 'skip-broken'),
  };
}

/** Throws PstatError (`query`). */
export function routeNamerFrom(args: Arguments): RouteNamer {
  return createRouteNamer(list(args['route-pattern']));
}

/** The value of --tail, 0 to 1, and its route. Throws PstatError (`query`). */
export function tailFrom(args: Arguments): { readonly route: string; readonly share: number } {
  const expected = 'a percentage from 0.1% to 50%';
  const percent = numberFrom(args, 'tail', { parse: parsePercent, min: Number.MIN_VALUE, max: 50, expected }) ?? 0;
  const route = textOf(args, 'route');
  if (route === null) throw tailWithoutRoute();
  return { route, share: percent / 100 };
}

/** The folders of --source-path. Throws PstatError for one that does not exist. */
export function sourceFoldersFrom(args: Arguments): readonly string[] {
  const folders = list(args['source-path']);
  const other = folders.find((folder) => !isFolder(folder));
  if (other !== undefined) throw badOption('source-path', other, 'a folder');
  return folders;
}

/** The value of --source-map, and the folders of --source-path; null for off. Throws PstatError. */
export function sourceMapsFrom(args: Arguments): SourceMapOptions | null {
  const value = textOf(args, 'source-map') ?? 'auto';
  const sourcePath = sourceFoldersFrom(args);
  if (value === 'off') return null;
  return value === 'auto' ? { sourcePath } : { named: value, sourcePath };
}

export function statsOptionsFrom(args: Arguments): StatsOptions {
  return {
    paths: choice(args, { option: 'paths', choices: PATH_STYLES, otherwise: 'short' }),
    idle: flag(args, 'idle'),
    focus: list(args['focus']),
    ignore: list(args['ignore']),
  };
}

export function rowKind(args: Arguments): RowKind {
  return choice<RowKind>(args, { option: 'by', choices: ROW_KINDS, otherwise: 'function' });
}

/** How a report is written; `table` for a format of which the command writes the text itself. */
export function outputFormat(args: Arguments): OutputFormat {
  const asked = flag(args, 'json') ? 'json' : last(args['format']);
  return OUTPUT_FORMATS.find((format) => format === asked) ?? 'table';
}

export function colorChoice(args: Arguments): ColorChoice {
  const color = choice(args, { option: 'color', choices: COLORS, otherwise: 'auto' });
  return flag(args, 'no-color') ? 'never' : color;
}
