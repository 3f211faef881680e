/** The options of the command line: parsing, help and validation of each in one place. */

import type { Options } from 'yargs';
import { parseTime } from '../base/units.ts';
import { BASES, type Basis } from '../compare/comparison.ts';
import { type GateOptions, type GateTarget, parseThreshold } from '../compare/gate.ts';
import type { LoadOptions } from '../input/load.ts';
import { isFolder } from '../input/source-folders.ts';
import type { SourceMapOptions } from '../input/source-maps.ts';
import { PATH_STYLES, type PathStyle } from '../query/places.ts';
import { parseSortWords, SORT_KEYS } from '../query/sort-keys.ts';
import type { Query, StatsOptions } from '../query/stats.ts';
import { isForPeople, OUTPUT_FORMATS, type OutputFormat } from '../render/render.ts';
import { createRouteNamer, type RouteNamer } from '../routes/route-name.ts';
import { RouteSelection } from '../routes/route-selection.ts';
import { ROW_KINDS, type RowKind } from '../view/views.ts';
import { type Arguments, choice, flag, last, list, positionalWords } from './arguments.ts';
import { badOption, emptyWindow, gateWithoutThreshold, restrictElsewhere, tailWithoutRoute } from './errors.ts';
import type { ColorChoice } from './io.ts';

export { type Arguments, choice, flag, last, list, positionalWords };

/** An option: how yargs parses it and how the help shows it. */
interface OptionDefinition {
  readonly parse: Options;
  /** The placeholder of its value in the help: `--sort KEY`. */
  readonly value?: string;
  readonly describe: string;
  readonly group: 'Rows:' | 'Stacks:' | 'Verdict:' | 'Recording:' | 'Output:' | 'Other:';
}

/** A repeatable option takes one value each time: `--sort tottime f.prof` must not take the file. */
const REPEATABLE: Options = { type: 'string', array: true, requiresArg: true };
const ONE_VALUE: Options = { type: 'string', requiresArg: true };
const FLAG: Options = { type: 'boolean' };

const GATE_TARGETS: readonly GateTarget[] = ['total', 'function'];
const TIMES = ['auto', ...BASES] as const;
export const PROFILERS = ['v8', 'cprofile'] as const;
const COLORS: readonly ColorChoice[] = ['auto', 'always', 'never'];

export const OPTIONS = {
  sort: {
    parse: { ...REPEATABLE, alias: 's' },
    value: 'KEY',
    describe:
      'Sort by tottime, cumtime, ncalls, samples, percall, name, filename…; abbreviations as in pstats; repeatable, or with commas',
    group: 'Rows:',
  },
  reverse: { parse: { ...FLAG, alias: 'r' }, describe: 'Reverse the order', group: 'Rows:' },
  limit: {
    parse: { ...ONE_VALUE, alias: 'n' },
    value: 'N|N%',
    describe: 'Show at most N rows; 0 shows all. Default: 20 in table and markdown, all in json, csv and pstats',
    group: 'Rows:',
  },
  filter: {
    parse: { ...REPEATABLE, alias: 'f' },
    value: 'PATTERN',
    describe: 'Keep rows that match; repeatable',
    group: 'Rows:',
  },
  exclude: {
    parse: { ...REPEATABLE, alias: 'x' },
    value: 'PATTERN',
    describe: 'Drop rows that match; repeatable',
    group: 'Rows:',
  },
  restrict: {
    parse: REPEATABLE,
    value: 'SPEC',
    describe: 'With --format pstats: keep the first N, the fraction 0.N, or what a REGEX finds; repeatable',
    group: 'Rows:',
  },
  focus: {
    parse: REPEATABLE,
    value: 'PATTERN',
    describe: 'Keep stacks that contain a match; shares refer to what is left; repeatable',
    group: 'Stacks:',
  },
  ignore: {
    parse: REPEATABLE,
    value: 'PATTERN',
    describe: 'Drop stacks that contain a match; repeatable',
    group: 'Stacks:',
  },
  from: {
    parse: ONE_VALUE,
    value: 'TIME',
    describe: 'Exclude what came before, such as 1.2s or 300ms',
    group: 'Stacks:',
  },
  to: { parse: ONE_VALUE, value: 'TIME', describe: 'Exclude what came after', group: 'Stacks:' },
  thread: {
    parse: ONE_VALUE,
    value: 'NAME|ID',
    describe: 'Select a thread of a trace. Default: the busiest',
    group: 'Stacks:',
  },
  by: {
    parse: ONE_VALUE,
    value: 'GROUP',
    describe:
      'Group rows by function (default), file, package, category or line; owner charges library time to own functions',
    group: 'Rows:',
  },
  'merge-lines': {
    parse: FLAG,
    describe: 'Merge functions of one name and file, whatever the line (Bun, Python 3.15)',
    group: 'Rows:',
  },
  time: {
    parse: ONE_VALUE,
    value: 'BASIS',
    describe: 'Measure auto (default), undisturbed, counted, cpu, elapsed or busy time',
    group: 'Rows:',
  },
  value: {
    parse: ONE_VALUE,
    value: 'NAME',
    describe: 'Select one of several values of a pprof file, or the unit of folded stacks (us)',
    group: 'Stacks:',
  },
  route: {
    parse: ONE_VALUE,
    value: 'ROUTE',
    describe: 'Read only requests of this route, written as pstat requests prints it',
    group: 'Stacks:',
  },
  'route-pattern': {
    parse: REPEATABLE,
    value: 'PATTERN',
    describe: 'Take requests of paths such as /users/{id} or GET /files/* as one route; repeatable',
    group: 'Stacks:',
  },
  tail: {
    parse: ONE_VALUE,
    value: 'P%',
    describe: 'With --route: what the slowest P% of its requests do that the middle half does not',
    group: 'Stacks:',
  },
  'source-map': {
    parse: ONE_VALUE,
    value: 'MAP',
    describe: 'Show original places by source maps: auto (default), off, or a map or folder',
    group: 'Rows:',
  },
  'skip-broken': {
    parse: FLAG,
    describe: 'Leave out files that cannot be read, with a note, as long as others can',
    group: 'Stacks:',
  },
  against: {
    parse: ONE_VALUE,
    value: 'AFTER',
    describe: 'Compare FILES with those of AFTER, as pstat compare does; colour boxes by the verdicts',
    group: 'Rows:',
  },
  inverted: { parse: FLAG, describe: 'Start at hot functions and show their callers below', group: 'Rows:' },
  depth: { parse: ONE_VALUE, value: 'N', describe: 'Show at most N levels', group: 'Rows:' },
  min: {
    parse: ONE_VALUE,
    value: 'P%|TIME',
    describe: 'Leave out what has less cumtime. Default: 1%; 0 leaves out nothing',
    group: 'Rows:',
  },
  upward: { parse: FLAG, describe: 'Draw callees above their callers, as a flame graph', group: 'Rows:' },
  'time-order': {
    parse: FLAG,
    describe: 'Draw calls one by one where they were in time, with gaps where the thread was idle',
    group: 'Rows:',
  },
  width: { parse: ONE_VALUE, value: 'N', describe: 'Draw N columns. Default: the terminal, or 100', group: 'Rows:' },
  root: {
    parse: ONE_VALUE,
    value: 'PATTERN',
    describe: 'Start at the outermost calls of functions that match',
    group: 'Rows:',
  },
  fold: {
    parse: ONE_VALUE,
    value: 'WHAT',
    describe: 'Fold dependencies (default), what matches a PATTERN, or none',
    group: 'Rows:',
  },
  estimate: { parse: FLAG, describe: 'Draw the likely tree of a Python profile; ~ marks estimates', group: 'Rows:' },
  idle: { parse: FLAG, describe: 'Show (idle) as a row and include it in shares', group: 'Rows:' },
  'fail-above': {
    parse: ONE_VALUE,
    value: 'P%|TIME',
    describe: 'Exit 3 on a statistically significant regression above this threshold',
    group: 'Verdict:',
  },
  'fail-on': {
    parse: ONE_VALUE,
    value: 'TARGET',
    describe: 'Check the total (default) or every function with --fail-above',
    group: 'Verdict:',
  },
  diff: {
    parse: ONE_VALUE,
    value: 'REV..REV',
    describe: 'Mark functions that the git diff of the two versions touches; one REV: of the working tree',
    group: 'Verdict:',
  },
  strict: { parse: FLAG, describe: 'Exit 4 if --fail-above is undecided', group: 'Verdict:' },
  output: {
    parse: { ...ONE_VALUE, alias: 'o' },
    value: 'FILE',
    describe: 'Write the profile of the main thread to FILE, those of other threads beside it',
    group: 'Recording:',
  },
  dir: {
    parse: ONE_VALUE,
    value: 'DIR',
    describe: 'Write the profiles to DIR, named as node --cpu-prof names them. Default: current directory',
    group: 'Recording:',
  },
  for: {
    parse: ONE_VALUE,
    value: 'TIME',
    describe: 'Record for so long, such as 10s. Default: until Ctrl+C',
    group: 'Recording:',
  },
  last: {
    parse: ONE_VALUE,
    value: 'TIME',
    describe: 'Keep only what was recorded last, such as 60s, and forget the rest',
    group: 'Recording:',
  },
  live: {
    parse: FLAG,
    describe: 'Show what was recorded last, a minute without --last, in the explorer while the program runs',
    group: 'Recording:',
  },
  'on-stall': {
    parse: ONE_VALUE,
    value: 'TIME',
    describe: 'Save the last minute (--last) when the event loop stalls for so long, such as 200ms; nothing else',
    group: 'Recording:',
  },
  all: {
    parse: FLAG,
    describe: 'Record every Node process below PID: a cluster, or what npm started',
    group: 'Recording:',
  },
  requests: {
    parse: FLAG,
    describe: 'Profile the requests of its HTTP servers instead, a file each, into the folder of --dir',
    group: 'Recording:',
  },
  load: {
    parse: ONE_VALUE,
    value: 'CMD',
    describe: 'With --requests: run this command line here when the server listens; the server ends after it',
    group: 'Recording:',
  },
  profiler: {
    parse: ONE_VALUE,
    value: 'NAME',
    describe: 'Record with v8 (default), or Python commands with cprofile',
    group: 'Recording:',
  },
  before: {
    parse: ONE_VALUE,
    value: 'CMD|DIR',
    describe: 'Run this command line; with a command after --, run that in this folder',
    group: 'Recording:',
  },
  after: { parse: ONE_VALUE, value: 'CMD|DIR', describe: 'The same of the other version', group: 'Recording:' },
  blocks: {
    parse: ONE_VALUE,
    value: 'N',
    describe: 'Run each version N times, in turn. Default: 10; the total is tested in pairs from 6 on',
    group: 'Recording:',
  },
  'exit-code': {
    parse: ONE_VALUE,
    value: 'N',
    describe: 'Expect each run to exit with N. Default: 0',
    group: 'Recording:',
  },
  until: {
    parse: ONE_VALUE,
    value: 'P%',
    describe: 'Run blocks until the 95% interval of the total is at most P% of the time before wide; at least 6',
    group: 'Recording:',
  },
  max: {
    parse: ONE_VALUE,
    value: 'N',
    describe: 'With --until: run at most N blocks. Default: 40',
    group: 'Recording:',
  },
  bisect: {
    parse: FLAG,
    describe:
      'Find the commit between GOOD and BAD that made it slower: exit 3, 0 if BAD is not slower, 125 without a verdict',
    group: 'Recording:',
  },
  setup: {
    parse: ONE_VALUE,
    value: 'CMD',
    describe: 'Run this command line first in the worktree of each revision, such as npm ci',
    group: 'Recording:',
  },
  interval: {
    parse: ONE_VALUE,
    value: 'TIME',
    describe: 'Set the time between samples, such as 500us. Default: 1ms; a bare number is µs',
    group: 'Recording:',
  },
  sources: {
    parse: FLAG,
    describe: 'Keep the texts of the scripts in the profile, and all source maps',
    group: 'Recording:',
  },
  'source-path': {
    parse: REPEATABLE,
    value: 'DIR',
    describe: 'Look for sources below DIR, too; else only below the working directory; repeatable',
    group: 'Output:',
  },
  title: {
    parse: ONE_VALUE,
    value: 'TITLE',
    describe: 'Write this title at the top of the report. Default: the names of FILES',
    group: 'Output:',
  },
  budget: {
    parse: ONE_VALUE,
    value: 'N',
    describe: 'With --format markdown of a report: write at most N tokens of four characters. Default: 4000',
    group: 'Output:',
  },
  split: {
    parse: ONE_VALUE,
    value: 'BY',
    describe: 'Write a file for each route into the folder of --output',
    group: 'Output:',
  },
  paths: {
    parse: ONE_VALUE,
    value: 'STYLE',
    describe: 'Show paths short (default), full, or base (the file name)',
    group: 'Output:',
  },
  format: {
    parse: ONE_VALUE,
    value: 'FORMAT',
    describe: 'Write table (default), json, csv, markdown, or pstats (what Python prints)',
    group: 'Output:',
  },
  json: { parse: FLAG, describe: 'Same as --format json', group: 'Output:' },
  color: {
    parse: ONE_VALUE,
    value: 'WHEN',
    describe: 'Use colour auto (default), always or never; FORCE_COLOR and NO_COLOR apply',
    group: 'Output:',
  },
  'no-mouse': {
    parse: FLAG,
    describe: 'Leave the mouse to the terminal, which selects text with it',
    group: 'Output:',
  },
  'no-color': { parse: { ...FLAG, hidden: true }, describe: 'Same as --color never', group: 'Output:' },
  help: {
    parse: { ...FLAG, alias: 'h' },
    describe: 'Show this help, or the help of a command after its name',
    group: 'Other:',
  },
  version: { parse: { ...FLAG, alias: ['V', 'v'] }, describe: 'Show the version', group: 'Other:' },
} as const satisfies Record<string, OptionDefinition>;

/** The formats of commands that name no others, and the help of --format there. */
export const REPORT_FORMATS = ['table', 'json', 'csv', 'markdown'] as const satisfies OutputFormat[];
export const FORMATS_OF_REPORTS = 'Write table (default), json, csv or markdown';

export type OptionName = keyof typeof OPTIONS;

export const ROW_OPTIONS = [
  'sort',
  'reverse',
  'limit',
  'filter',
  'exclude',
  'restrict',
  'merge-lines',
  'source-map',
  'idle',
] as const satisfies OptionName[];
export const STACK_OPTIONS = [
  'focus',
  'ignore',
  'from',
  'to',
  'thread',
  'value',
  'route',
  'route-pattern',
  'skip-broken',
] as const satisfies OptionName[];
export const OUTPUT_OPTIONS = ['paths', 'format', 'json', 'color', 'no-color'] as const satisfies OptionName[];
export const OTHER_OPTIONS = ['help', 'version'] as const satisfies OptionName[];

export function optionNames(): OptionName[] {
  return Object.keys(OPTIONS) as OptionName[];
}

/** Whether the next word of the command line is the value of this one. */
export function takesNextWord(word: string): boolean {
  const name = optionNames().find((candidate) => {
    const { parse } = optionDefinition(candidate);
    return word === `--${candidate}` || word === `-${String(parse.alias ?? '')}`;
  });
  return name !== undefined && optionDefinition(name).value !== undefined;
}

export function optionDefinition(name: OptionName): OptionDefinition {
  return OPTIONS[name];
}

/** The values of options, where they can be listed. A command may have others. */
export const OPTION_CHOICES: Readonly<Partial<Record<OptionName, readonly string[]>>> = {
  by: ROW_KINDS,
  format: REPORT_FORMATS,
  paths: PATH_STYLES,
  color: COLORS,
  sort: SORT_KEYS,
  'fail-on': GATE_TARGETS,
  time: TIMES,
  profiler: PROFILERS,
  split: ['route', 'none'],
};

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
  const limit = last(args['limit']) ?? (isForPeople(outputFormat(args)) ? '20' : '0');
  return {
    reverse: flag(args, 'reverse'),
    limit: String(limit),
    filter: list(args['filter']),
    exclude: list(args['exclude']),
  };
}

/** The options of the gate; null without one. Throws PstatError (`query`). */
export function gateFrom(args: Arguments): GateOptions | null {
  const above = last(args['fail-above']);
  const target = choice<GateTarget>(args, { option: 'fail-on', choices: GATE_TARGETS, otherwise: 'total' });
  const isStrict = flag(args, 'strict');
  if (above !== undefined) return { threshold: thresholdFrom(String(above)), target, isStrict };
  if (args['fail-on'] !== undefined) throw gateWithoutThreshold('fail-on');
  if (isStrict) throw gateWithoutThreshold('strict');
  return null;
}

function thresholdFrom(text: string): GateOptions['threshold'] {
  const threshold = parseThreshold(text);
  if (threshold === null) throw badOption('fail-above', text, 'a percentage such as 5% or a time such as 3ms');
  return threshold;
}

/** The value of --time. Throws PstatError (`query`). */
export function basisFrom(args: Arguments): Basis | 'auto' {
  return choice(args, { option: 'time', choices: TIMES, otherwise: 'auto' });
}

/** The value of --time for functions: `auto` is counted. Throws PstatError (`query`) for times of whole processes. */
export function functionTimeFrom(args: Arguments): 'counted' | 'undisturbed' {
  const basis = basisFrom(args);
  if (basis === 'auto') return 'counted';
  if (basis !== 'counted' && basis !== 'undisturbed')
    throw badOption('time', basis, 'a time that functions have; use auto, counted or undisturbed');
  return basis;
}

/** Which files, threads and times are loaded. Throws PstatError (`query`). */
export function loadOptionsFrom(args: Arguments): LoadOptions {
  const [thread, value] = [last(args['thread']), last(args['value'])];
  const from = timeFrom(args, 'from');
  const to = timeFrom(args, 'to');
  if (from !== undefined && to !== undefined && from >= to)
    throw emptyWindow(String(last(args['from'])), String(last(args['to'])));
  const route = last(args['route']);
  return {
    thread: thread === undefined ? null : String(thread),
    value: value === undefined ? null : String(value),
    from,
    to,
    mergeLines: flag(args, 'merge-lines'),
    sourceMaps: sourceMapsFrom(args),
    selection: route === undefined ? null : new RouteSelection(String(route), routeNamerFrom(args)),
    skipBroken: flag(args, 'skip-broken'),
  };
}

/** Throws PstatError (`query`). */
export function routeNamerFrom(args: Arguments): RouteNamer {
  return createRouteNamer(list(args['route-pattern']));
}

/** The value of --tail, 0 to 1, and its route. Throws PstatError (`query`). */
export function tailFrom(args: Arguments): { readonly route: string; readonly share: number } {
  const [value, route] = [last(args['tail']), last(args['route'])];
  const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(String(value))?.[1] ?? Number.NaN);
  if (!(percent > 0 && percent <= 50)) throw badOption('tail', String(value), 'a percentage from 0.1% to 50%');
  if (route === undefined) throw tailWithoutRoute();
  return { route: String(route), share: percent / 100 };
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
  const value = String(last(args['source-map']) ?? 'auto');
  const sourcePath = sourceFoldersFrom(args);
  if (value === 'off') return null;
  return value === 'auto' ? { sourcePath } : { named: value, sourcePath };
}

export function statsOptionsFrom(args: Arguments): StatsOptions {
  return {
    paths: pathStyle(args),
    idle: flag(args, 'idle'),
    focus: list(args['focus']),
    ignore: list(args['ignore']),
  };
}

export function rowKind(args: Arguments): RowKind {
  return choice<RowKind>(args, { option: 'by', choices: ROW_KINDS, otherwise: 'function' });
}

/** A time in µs; undefined if the option is not given. */
function timeFrom(args: Arguments, option: 'from' | 'to'): number | undefined {
  const value = last(args[option]);
  if (value === undefined) return undefined;
  const time = parseTime(String(value));
  if (time === null) throw badOption(option, String(value), 'a time such as 1.2s, 300ms or 50us');
  return time;
}

/** How a report is written; `table` for a format of which the command writes the text itself. */
export function outputFormat(args: Arguments): OutputFormat {
  const asked = flag(args, 'json') ? 'json' : last(args['format']);
  return OUTPUT_FORMATS.find((format) => format === asked) ?? 'table';
}

function pathStyle(args: Arguments): PathStyle {
  return choice(args, { option: 'paths', choices: PATH_STYLES, otherwise: 'short' });
}

export function colorChoice(args: Arguments): ColorChoice {
  const color = choice(args, { option: 'color', choices: COLORS, otherwise: 'auto' });
  return flag(args, 'no-color') ? 'never' : color;
}
