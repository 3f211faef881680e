/** The options of the command line: how each is written and explained. cli/arguments.ts reads their values. */

import type { Options } from 'yargs';
import { BASES } from '../compare/comparison.ts';
import type { GateTarget } from '../compare/gate.ts';
import { PATH_STYLES } from '../query/places.ts';
import { SORT_KEYS } from '../query/sort-keys.ts';
import type { OutputFormat } from '../render/render.ts';
import { ROW_KINDS } from '../view/views.ts';
import type { ColorChoice } from './io.ts';

/** An option as it is written and explained. Without a value it is a flag. */
interface OptionWords {
  /** Letters that stand for it. */
  readonly letters?: string;
  /** The placeholder of its value in the help: `--sort KEY`. */
  readonly value?: string;
  readonly describe: string;
  /** Whether it may be given several times, with one value each time. */
  readonly isRepeatable?: true;
  /** Whether the help leaves it out. */
  readonly isHidden?: true;
}

/** The options by the titles of the help. */
const GROUPS = {
  'Rows:': {
    sort: {
      letters: 's',
      value: 'KEY',
      describe:
        'Sort by tottime, cumtime, ncalls, samples, percall, name, filename…; abbreviations as in pstats; repeatable, or with commas',
      isRepeatable: true,
    },
    reverse: { letters: 'r', describe: 'Reverse the order' },
    limit: {
      letters: 'n',
      value: 'N|N%',
      describe: 'Show at most N rows; 0 shows all. Default: 20 in table and markdown, all in other formats',
    },
    filter: { letters: 'f', value: 'PATTERN', describe: 'Keep rows that match; repeatable', isRepeatable: true },
    exclude: { letters: 'x', value: 'PATTERN', describe: 'Drop rows that match; repeatable', isRepeatable: true },
    restrict: {
      value: 'SPEC',
      describe: 'With --format pstats: keep the first N, the fraction 0.N, or what a REGEX finds; repeatable',
      isRepeatable: true,
    },
    by: {
      value: 'GROUP',
      describe:
        'Group rows by function (default), file, package, category or line; owner charges library time to own functions',
    },
    'merge-lines': { describe: 'Merge functions of one name and file, whatever the line (Bun, Python 3.15)' },
    time: { value: 'BASIS', describe: 'Measure counted (default) or undisturbed time' },
    'source-map': {
      value: 'MAP',
      describe: 'Show original places by source maps: auto (default), off, or a map or folder',
    },
    against: {
      value: 'AFTER',
      describe: 'Compare FILES with those of AFTER, as pstat compare does; color boxes by the verdicts',
    },
    inverted: { describe: 'Start at hot functions and show their callers below' },
    depth: { value: 'N', describe: 'Show at most N levels' },
    min: { value: 'P%|TIME', describe: 'Leave out what has less cumtime. Default: 1%; 0 leaves out nothing' },
    upward: { describe: 'Draw callees above their callers, as a flame graph' },
    'time-order': { describe: 'Draw calls one by one where they were in time, with gaps where the thread was idle' },
    width: { value: 'N', describe: 'Draw N columns. Default: the terminal, or 100' },
    root: { value: 'PATTERN', describe: 'Start at the outermost calls of functions that match' },
    fold: { value: 'WHAT', describe: 'Fold dependencies (default), what matches a PATTERN, or none' },
    estimate: { describe: 'Draw the likely tree of a Python profile; ~ marks estimates' },
    idle: { describe: 'Show (idle) as a row and include it in shares' },
  },
  'Stacks:': {
    focus: {
      value: 'PATTERN',
      describe: 'Keep stacks that contain a match; shares refer to what is left; repeatable',
      isRepeatable: true,
    },
    ignore: { value: 'PATTERN', describe: 'Drop stacks that contain a match; repeatable', isRepeatable: true },
    from: { value: 'TIME', describe: 'Exclude what came before, such as 1.2s or 300ms' },
    to: { value: 'TIME', describe: 'Exclude what came after' },
    thread: { value: 'NAME|ID', describe: 'Select a thread of a trace. Default: the busiest' },
    value: {
      value: 'NAME',
      describe: 'Select one of several values of a pprof file, or the unit of folded stacks (us)',
    },
    route: { value: 'ROUTE', describe: 'Read only requests of this route, written as pstat requests prints it' },
    'route-pattern': {
      value: 'PATTERN',
      describe: 'Take requests of paths such as /users/{id} or GET /files/* as one route; repeatable',
      isRepeatable: true,
    },
    tail: {
      value: 'P%',
      describe: 'With --route: what the slowest P% of its requests do that the middle half does not',
    },
    'skip-broken': { describe: 'Leave out files that cannot be read, with a note, as long as others can' },
  },
  'Verdict:': {
    'fail-above': {
      value: 'P%|TIME',
      describe: 'Exit 3 on a statistically significant regression above this threshold',
    },
    'fail-on': { value: 'TARGET', describe: 'Check the total (default) or every function with --fail-above' },
    diff: {
      value: 'REV..REV',
      describe: 'Mark functions that the git diff of the two versions touches; one REV: of the working tree',
    },
    strict: { describe: 'Exit 4 if --fail-above is undecided' },
  },
  'Recording:': {
    output: {
      letters: 'o',
      value: 'FILE',
      describe: 'Write the profile of the main thread to FILE, those of other threads beside it',
    },
    dir: {
      value: 'DIR',
      describe: 'Write the profiles to DIR, named as node --cpu-prof names them. Default: current directory',
    },
    for: { value: 'TIME', describe: 'Record for so long, such as 10s. Default: until Ctrl+C' },
    last: { value: 'TIME', describe: 'Keep only what was recorded last, such as 60s, and forget the rest' },
    live: { describe: 'Show what was recorded last, a minute without --last, in the explorer while the program runs' },
    'on-stall': {
      value: 'TIME',
      describe: 'Save the last minute (--last) when the event loop stalls for so long, such as 200ms; nothing else',
    },
    all: { describe: 'Record every Node process below PID: a cluster, or what npm started' },
    requests: { describe: 'Profile the requests of its HTTP servers instead, a file each, into the folder of --dir' },
    load: {
      value: 'CMD',
      describe: 'With --requests: run this command line here when the server listens; the server ends after it',
    },
    profiler: { value: 'NAME', describe: 'Record with v8 (default), or Python commands with cprofile' },
    before: { value: 'CMD|DIR', describe: 'Run this command line; with a command after --, run that in this folder' },
    after: { value: 'CMD|DIR', describe: 'The same of the other version' },
    blocks: {
      value: 'N',
      describe: 'Run each version N times, in turn. Default: 10; the total is tested in pairs from 6 on',
    },
    'exit-code': { value: 'N', describe: 'Expect each run to exit with N. Default: 0' },
    until: {
      value: 'P%',
      describe: 'Run blocks until the 95% interval of the total is at most P% of the time before wide; at least 6',
    },
    max: { value: 'N', describe: 'With --until: run at most N blocks. Default: 40' },
    bisect: {
      describe:
        'Find the commit between GOOD and BAD that made it slower: exit 3, 0 if BAD is not slower, 125 without a verdict',
    },
    setup: { value: 'CMD', describe: 'Run this command line first in the worktree of each revision, such as npm ci' },
    interval: {
      value: 'TIME',
      describe: 'Set the time between samples, such as 500us. Default: 1ms; a bare number is µs',
    },
    sources: { describe: 'Keep the texts of the scripts in the profile, and all source maps' },
  },
  'Output:': {
    'source-path': {
      value: 'DIR',
      describe: 'Look for sources below DIR, too; else only below the working directory; repeatable',
      isRepeatable: true,
    },
    title: { value: 'TITLE', describe: 'Write this title at the top of the report. Default: the names of FILES' },
    budget: {
      value: 'N',
      describe: 'With report --format markdown: write at most N tokens of four characters. Default: 4000',
    },
    split: { value: 'BY', describe: 'Write a file for each route into the folder of --output' },
    paths: { value: 'STYLE', describe: 'Show paths short (default), full, or base (the file name)' },
    format: { value: 'FORMAT', describe: 'Write table (default), json, csv or markdown' },
    json: { describe: 'Same as --format json' },
    color: { value: 'WHEN', describe: 'Use color auto (default), always or never; FORCE_COLOR and NO_COLOR apply' },
    'no-mouse': { describe: 'Leave the mouse to the terminal, which selects text with it' },
    'no-color': { describe: 'Same as --color never', isHidden: true },
  },
  'Other:': {
    help: { letters: 'h', describe: 'Show this help, or the help of a command after its name' },
    version: { letters: 'Vv', describe: 'Show the version' },
  },
} as const satisfies Record<string, Readonly<Record<string, OptionWords>>>;

export type OptionName = { [Group in keyof typeof GROUPS]: keyof (typeof GROUPS)[Group] }[keyof typeof GROUPS];

export interface OptionDefinition extends Omit<OptionWords, 'letters'> {
  readonly letters: readonly string[];
  readonly group: string;
}

const DEFINITIONS = new Map(
  Object.entries(GROUPS).flatMap(([group, options]) =>
    Object.entries<OptionWords>(options).map(([name, { letters = '', ...words }]) => [
      name as OptionName,
      { ...words, letters: [...letters], group } satisfies OptionDefinition,
    ]),
  ),
);

export function optionNames(): OptionName[] {
  return [...DEFINITIONS.keys()];
}

export function optionDefinition(name: OptionName): OptionDefinition {
  const definition = DEFINITIONS.get(name);
  if (definition === undefined) throw new RangeError(`no option ${name}`);
  return definition;
}

/**
 * How yargs parses an option. A repeatable one takes one value each time: `--sort tottime f.prof` must not take the file.
 *
 * @param ownValue the placeholder of its value in a command where it is no flag
 */
export function parserOptions(name: OptionName, ownValue?: string): Options {
  const { value = ownValue, letters, isRepeatable = false } = optionDefinition(name);
  const type = value === undefined ? 'boolean' : 'string';
  return { type, array: isRepeatable, requiresArg: value !== undefined, alias: letters };
}

/** Whether the next word of the command line is the value of this one. */
export function takesNextWord(word: string): boolean {
  const name = optionNames().find(
    (each) => word === `--${each}` || optionDefinition(each).letters.some((letter) => word === `-${letter}`),
  );
  return name !== undefined && optionDefinition(name).value !== undefined;
}

// ---- sets of options, and values to choose from ----------------------------------------------------------------------

/** Which rows are shown, in which order. */
export const ROW_OPTIONS = ['sort', 'reverse', 'limit', 'filter', 'exclude'] as const satisfies OptionName[];
export const GATE_OPTIONS = ['fail-above', 'fail-on', 'strict'] as const satisfies OptionName[];
/** How a profile is turned into rows. */
export const PROFILE_OPTIONS = ['merge-lines', 'source-map', 'idle'] as const satisfies OptionName[];
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
/** What and how attach records: nothing of this goes with a list of processes. */
export const ATTACH_OPTIONS = [
  'for',
  'last',
  'live',
  'on-stall',
  'output',
  'dir',
  'all',
  'requests',
  'interval',
  'sources',
] as const satisfies OptionName[];
export const OUTPUT_OPTIONS = ['paths', 'format', 'json', 'color', 'no-color'] as const satisfies OptionName[];
export const OTHER_OPTIONS = ['help', 'version'] as const satisfies OptionName[];

/** The formats of commands that name no others. */
export const REPORT_FORMATS = ['table', 'json', 'csv', 'markdown'] as const satisfies OutputFormat[];

export const GATE_TARGETS: readonly GateTarget[] = ['total', 'function'];
/** What is measured of functions. */
export const TIMES = ['auto', 'counted', 'undisturbed'] as const;
/** What is measured of the runs that are compared, and what help says about it. */
export const COMPARED_TIMES = ['auto', ...BASES] as const;
export const COMPARED_TIME = 'Measure auto (default), undisturbed, counted, cpu, elapsed or busy time';
export const PROFILERS = ['v8', 'cprofile'] as const;
export const COLORS: readonly ColorChoice[] = ['auto', 'always', 'never'];

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
