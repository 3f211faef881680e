/** What an unknown option was probably meant to be. Loaded only then. */

import { nearestWord } from '../base/nearest.ts';
import { shellWord } from '../base/shell-word.ts';
import { escapeControls } from '../base/text.ts';
import { exists } from '../input/nearby.ts';
import { COMMANDS } from './commands.ts';
import { optionDefinition, optionNames } from './options.ts';
import { isSynonym, synonymOf } from './synonyms.ts';

/**
 * Returns what an unknown option was probably meant to be; null if nothing resembles it.
 * @param option with its dashes and its value
 */
export function adviceForOption(option: string): string | null {
  if (exists(option)) return `for the file of that name, write ${shellWord(`./${option}`)}`;
  const [, name = '', value = ''] = /^-+([^=]*)(=.*)?$/s.exec(option) ?? [];
  const word = name.toLowerCase().replaceAll('_', '-');
  // -top is a command of pprof, --top 5 a number of rows.
  if (/^--top(?:=|$)/.test(option)) return `did you mean --limit${escapeControls(value)}?`;
  const instead = knownOption(word) ?? synonymOption(word) ?? commandUsage(word) ?? nearOption(word);
  if (instead === null) return null;
  return `did you mean ${instead}${/[ `]/.test(instead) ? '' : escapeControls(value)}?`;
}

function knownOption(word: string): string | null {
  return optionNames().some((name) => name === word) ? `--${word}` : null;
}

function synonymOption(word: string): string | null {
  return Object.hasOwn(OPTION_SYNONYMS, word) ? (OPTION_SYNONYMS[word] ?? null) : null;
}

/** `-top`, `-peek` of pprof */
function commandUsage(word: string): string | null {
  const [name] = synonymOf(word) ?? [word];
  const command = COMMANDS.find((each) => each.name === name);
  return command === undefined ? null : `\`pstat ${command.usage}\``;
}

function nearOption(word: string): string | null {
  const shown = optionNames().filter((name) => optionDefinition(name).isHidden !== true);
  const near = word.length < 3 ? null : nearestWord(word, shown);
  return near === null ? null : `--${near}`;
}

/** Whether a word with one dash is a long option, of pstat or of pprof, and not letters. @param name without the dash */
export function isLongOption(name: string): boolean {
  return knownOption(name) !== null || synonymOption(name) !== null || isSynonym(name) || PPROF.has(name);
}

/** Options of pprof that pstat has nothing for. */
const PPROF: ReadonlySet<string> = new Set([
  'seconds',
  'svg',
  'symbolize',
  'sample_index',
  'nodefraction',
  'noinlines',
]);

/** Options of pstats, pprof, perf and grep, and plain words -> options of pstat. */
const OPTION_SYNONYMS: Readonly<Record<string, string>> = {
  colour: '--color',
  'no-colour': '--color never',
  cum: '--sort cumtime',
  cumulative: '--sort cumtime',
  flat: '--sort tottime',
  self: '--sort tottime',
  total: '--sort cumtime',
  'sort-by': '--sort',
  'order-by': '--sort',
  order: '--sort',
  desc: '--reverse',
  asc: '--reverse',
  ascending: '--reverse',
  nodecount: '--limit',
  count: '--limit',
  rows: '--limit',
  lines: '--limit',
  head: '--limit',
  max: '--limit',
  num: '--limit',
  show: '--filter',
  include: '--filter',
  grep: '--filter',
  match: '--filter',
  only: '--filter',
  hide: '--exclude',
  skip: '--exclude',
  files: '--by file',
  packages: '--by package',
  group: '--by',
  'group-by': '--by',
  csv: '--format csv',
  markdown: '--format markdown',
  md: '--format markdown',
  table: '--format table',
  pstats: '--format pstats',
  since: '--from',
  start: '--from',
  end: '--to',
  out: '--output',
  threshold: '--fail-above',
  'fail-below': '--fail-above',
};
