/**
 * Parses arguments into a command, its words and its options.
 *
 * With yargs 17: yargs 18 takes 18 ms longer to load, a fifth of a short run (test/bench/RESULTS.md).
 */

import type { Argv } from 'yargs';
import yargs from 'yargs/yargs';
import { PstatError } from '../base/errors.ts';
import { type Arguments, flag, last, positionalWords } from './arguments.ts';
import type { Command } from './command.ts';
import { top } from './commands/queries.ts';
import { COMMANDS } from './commands.ts';
import {
  badChoice,
  badOption,
  flagWithValue,
  foreignOption,
  restrictedFormat,
  unknownOption,
  usageError,
} from './errors.ts';
import {
  OPTION_CHOICES,
  type OptionName,
  OTHER_OPTIONS,
  optionDefinition,
  optionNames,
  parserOptions,
  takesNextWord,
} from './options.ts';

export interface Parsed {
  readonly command: Command;
  /** False for the default command without its name. */
  readonly named: boolean;
  readonly words: readonly string[];
  readonly args: Arguments;
}

/** The first word before `--` may name a command; otherwise `top` applies. Throws PstatError (`query`). */
export async function parse(argv: readonly string[]): Promise<Parsed> {
  const separated = insertSeparatorBehindCommand(expandLetters(argv));
  await rejectSingleDashes(separated);
  const args: Arguments = await parseOptions(separated);
  const { before, after } = positionalWords(args);
  const found = findCommand(before[0]);
  const command = found ?? top;
  rejectFlagValues(separated, command);
  return {
    command,
    named: found !== undefined,
    words: [...before.slice(found === undefined ? 0 : 1), ...after],
    args,
  };
}

function findCommand(word: string | undefined): Command | undefined {
  return COMMANDS.find(({ name }) => name === word);
}

/** Throws PstatError (`query`) for an option that the command does not have. */
export function rejectForeignOptions({ command, args }: Parsed): void {
  const hasOption = (each: Command, name: OptionName) => [...each.options, ...OTHER_OPTIONS].includes(name);
  const foreign = optionNames().find((name) => args[name] !== undefined && !hasOption(command, name));
  if (foreign === undefined) return;
  const others = COMMANDS.filter((each) => hasOption(each, foreign)).map(({ name }) => name);
  throw foreignOption(foreign, command.name, others);
}

/** The values of an option of the command; empty if they cannot be listed. */
export function choicesOf({ choices }: Command, option: OptionName): readonly string[] {
  return choices?.[option] ?? OPTION_CHOICES[option] ?? [];
}

/** Throws PstatError (`query`) for a --format that the command does not write. */
export function checkFormat(command: Command, args: Arguments): void {
  const asked = last(args['format']);
  if (asked === undefined) return;
  const [format, formats] = [String(asked), choicesOf(command, 'format')];
  if (formats.includes(format)) {
    if (flag(args, 'json') && format !== 'json') throw badOption('format', format, 'json; --json is given too');
    return;
  }
  const isKnown = COMMANDS.some((each) => choicesOf(each, 'format').includes(format));
  throw isKnown ? restrictedFormat(command.name, format, formats) : badChoice('format', format, formats);
}

/**
 * Makes `--` optional for `record`: everything from its first word on belongs to the program, as with `env` and `time`. The
 * words of `help` may be options.
 */
function insertSeparatorBehindCommand(argv: readonly string[]): readonly string[] {
  if (argv.includes('--')) return argv;
  if (argv[0] === 'help') return ['help', '--', ...argv.slice(1)];
  if (argv[0] !== 'record') return argv;
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (!word.startsWith('-') || word === '-') return [...argv.slice(0, i), '--', ...argv.slice(i)];
    if (takesNextWord(word)) i++;
  }
  return argv;
}

/** Writes the letters that mean something else with this command as the names of their options: `ab -n 10`. */
function expandLetters(argv: readonly string[]): readonly string[] {
  const { letters = {} } = findCommand(argv[0]) ?? {};
  return mapOptions(argv, (word) => {
    const [, letter = '', value = ''] = /^-([A-Za-z])=?(.*)$/s.exec(word) ?? [];
    const name = letters[letter];
    if (name === undefined) return [word];
    return value === '' ? [`--${name}`] : [`--${name}=${value}`];
  });
}

/** An option that yargs does not know, as it was written. */
class UnknownOption extends Error {
  readonly option: string;

  constructor(option: string) {
    super(option);
    this.option = option;
  }
}

async function unknownOptionError(option: string): Promise<PstatError> {
  const { adviceForOption } = await import('./option-mistakes.ts');
  return unknownOption(option, adviceForOption(option));
}

/**
 * Rejects `-sort=cum` and `-top`. yargs would read them as letters, the first of which may be an option: `-s ort=cum`.
 * Letters that are options may stand together, and a value behind its letter: `-rn5`, `-stottime`.
 */
async function rejectSingleDashes(argv: readonly string[]): Promise<void> {
  const options = beforeSeparator(argv);
  for (const [i, word] of options.entries()) {
    const [, name] = /^-([A-Za-z][A-Za-z_-]+)/.exec(word) ?? [];
    if (name === undefined || takesNextWord(options[i - 1] ?? '')) continue;
    const { isLongOption } = await import('./option-mistakes.ts');
    if (isLongOption(name) || !isLetters(name)) throw await unknownOptionError(word);
  }
}

/** Whether the letters are options without values, up to one with a value, which the rest is. */
function isLetters(name: string): boolean {
  for (const letter of name) {
    const option = optionNames().find((each) => optionDefinition(each).letters.includes(letter));
    if (option === undefined) return false;
    if (optionDefinition(option).value !== undefined) return true;
  }
  return true;
}

function beforeSeparator(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}

function mapOptions(argv: readonly string[], write: (word: string) => readonly string[]): string[] {
  const options = beforeSeparator(argv);
  return [...options.flatMap(write), ...argv.slice(options.length)];
}

async function parseOptions(argv: readonly string[]): Promise<Arguments> {
  try {
    return await createParser(argv).parse();
  } catch (error) {
    if (error instanceof UnknownOption) throw await unknownOptionError(error.option);
    if (error instanceof PstatError || !(error instanceof Error)) throw error;
    // yargs throws YError for what it cannot parse and does not export the class.
    throw error.name === 'YError' ? usageError(error.message) : error;
  }
}

/**
 * Splits `-stottime` into `-s tottime`; yargs reads the letters as options of their own unless a digit follows. `-x.prof`
 * looks like a file and stays, to be rejected as an unknown option.
 */
function splitShortValues(argv: readonly string[]): string[] {
  const valued = optionNames().filter((name) => optionDefinition(name).value !== undefined);
  const letters = valued.flatMap((name) => optionDefinition(name).letters);
  return mapOptions(argv, (word) => {
    const [, letter = '', value = ''] = /^-([A-Za-z])([^=./].*)$/s.exec(word) ?? [];
    return letters.includes(letter) ? [`-${letter}`, value] : [word];
  });
}

function createParser(argv: readonly string[]): Argv {
  const { values = {} } = findCommand(argv[0]) ?? {};
  const base = yargs(splitShortValues(argv))
    .locale('en')
    .parserConfiguration({
      // yargs' defaults turn names into numbers, let an option take the file after it, and read `a.b` as an object.
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'greedy-arrays': false,
      'dot-notation': false,
      'camel-case-expansion': false,
      'boolean-negation': false,
      'populate--': true,
    })
    .help(false)
    .version(false)
    .exitProcess(false)
    .strictOptions()
    .fail((message, error) => {
      const [, unknown] = /^Unknown arguments?: (.*)$/s.exec(message ?? '') ?? [];
      throw error ?? (unknown === undefined ? usageError(message) : new UnknownOption(findAsWritten(unknown, argv)));
    });
  return optionNames().reduce((so, name) => so.option(name, parserOptions(name, values[name])), base);
}

/** Finds the option as written: yargs reports unknown options without dashes, several in a list. */
function findAsWritten(unknown: string, argv: readonly string[]): string {
  const first = unknown.split(', ')[0] ?? '';
  return argv.find((word) => word.startsWith('-') && word.replace(/^-+/, '').startsWith(first)) ?? first;
}

/** Rejects `--json=yes`, which yargs reads as `--no-json`. */
function rejectFlagValues(argv: readonly string[], { values = {} }: Command): void {
  const isFlag = (name: OptionName) => optionDefinition(name).value === undefined && values[name] === undefined;
  const flags = optionNames().filter(isFlag);
  const given = flags.find((name) => beforeSeparator(argv).some((word) => word.startsWith(`--${name}=`)));
  if (given !== undefined) throw flagWithValue(given);
}
