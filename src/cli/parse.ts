/** Parses arguments into a command, its words and its options. */

import yargs, { type Argv } from 'yargs';
import { PstatError } from '../base/errors.ts';
import type { Command } from './command.ts';
import { flagWithValue, foreignOption, unknownOption, usageError } from './errors.ts';
import {
  type Arguments,
  OPTIONS,
  type OptionName,
  OTHER_OPTIONS,
  optionDefinition,
  positionalWords,
} from './options.ts';
import { unknownCommand } from './suggest.ts';

export interface Parsed {
  readonly command: Command;
  /** False for the default command without its name. */
  readonly named: boolean;
  readonly words: readonly string[];
  readonly args: Arguments;
}

/** The first word before `--` may name a command; otherwise the first command applies. Throws PstatError (`query`). */
export async function parse(argv: readonly string[], commands: readonly [Command, ...Command[]]): Promise<Parsed> {
  const args: Arguments = await parseOptions(insertSeparatorBeforeCommand(argv));
  const { before, after } = positionalWords(args);
  const found = commands.find(({ name }) => name === before[0]);
  const command = found ?? commands[0];
  rejectFlagValues(insertSeparatorBeforeCommand(argv));
  const parsed = {
    command,
    named: found !== undefined,
    words: [...before.slice(found === undefined ? 0 : 1), ...after],
    args,
  };
  const foreign = findForeignOption(command, args);
  if (foreign === undefined) return parsed;
  throw suggestCommand(foreignOption(foreign, command.name), parsed, commands);
}

/** Makes `--` optional for `record`: everything from its first word on belongs to the program, as with `env` and `time`. */
function insertSeparatorBeforeCommand(argv: readonly string[]): readonly string[] {
  if (argv[0] !== 'record' || argv.includes('--')) return argv;
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (!word.startsWith('-') || word === '-') return [...argv.slice(0, i), '--', ...argv.slice(i)];
    if (takesNextWord(word)) i++;
  }
  return argv;
}

/** Whether the next word is the value of this option. */
function takesNextWord(word: string): boolean {
  const name = optionNames().find((candidate) => {
    const { parse } = optionDefinition(candidate);
    return word === `--${candidate}` || word === `-${String(parse.alias ?? '')}`;
  });
  return name !== undefined && optionDefinition(name).value !== undefined;
}

async function parseOptions(argv: readonly string[]): Promise<Arguments> {
  try {
    return await createParser(argv).parse();
  } catch (error) {
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
  const letters = optionNames().flatMap((name) => {
    const { parse, value } = optionDefinition(name);
    return value !== undefined && typeof parse.alias === 'string' ? [parse.alias] : [];
  });
  const end = argv.indexOf('--');
  return argv.flatMap((word, i) => {
    const isOption = end === -1 || i < end;
    const [, letter = '', value = ''] = /^-([A-Za-z])([^=./].*)$/s.exec(word) ?? [];
    return isOption && letters.includes(letter) ? [`-${letter}`, value] : [word];
  });
}

function createParser(argv: readonly string[]): Argv {
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
      throw (
        error ??
        (unknown === undefined ? usageError(message) : unknownOption(findAsWritten(unknown, argv), OPTION_WORDS))
      );
    });
  return optionNames().reduce((so, name) => so.option(name, optionDefinition(name).parse), base);
}

const OPTION_WORDS = Object.keys(OPTIONS).map((name) => `--${name}`);

function optionNames(): OptionName[] {
  return Object.keys(OPTIONS) as OptionName[];
}

/** Finds the option as written: yargs reports unknown options without dashes, several in a list. */
function findAsWritten(unknown: string, argv: readonly string[]): string {
  const first = unknown.split(', ')[0] ?? '';
  return argv.find((word) => word.startsWith('-') && word.replace(/^-+/, '').startsWith(first)) ?? first;
}

/** Rejects `--json=yes`, which yargs reads as `--no-json`. */
function rejectFlagValues(argv: readonly string[]): void {
  const end = argv.indexOf('--');
  const options = end === -1 ? argv : argv.slice(0, end);
  const flags = optionNames().filter((name) => optionDefinition(name).parse.type === 'boolean');
  const given = flags.find((name) => options.some((word) => word.startsWith(`--${name}=`)));
  if (given !== undefined) throw flagWithValue(given);
}

function findForeignOption(command: Command, args: Arguments): OptionName | undefined {
  const own: readonly OptionName[] = [...command.options, ...OTHER_OPTIONS];
  return optionNames().find((name) => args[name] !== undefined && !own.includes(name));
}

/** Adds the commands to an error of the default command, because its first word may be a misspelt one. */
export function suggestCommand(error: PstatError, { named, words }: Parsed, commands: readonly Command[]): PstatError {
  const [word] = words;
  if (named || word === undefined) return error;
  return unknownCommand(
    error,
    word,
    commands.map(({ name }) => name),
  );
}
