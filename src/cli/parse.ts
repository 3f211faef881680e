/** Arguments → a command, its words and its options. */

import yargs, { type Argv } from 'yargs';
import { PstatError } from '../base/errors.ts';
import type { Command } from './command.ts';
import { flagWithValue, foreignOption, unknownOption, usageError } from './errors.ts';
import { type Arguments, OPTIONS, type OptionName, OTHER_OPTIONS, optionDefinition, wordsOf } from './options.ts';

export interface Parsed {
  readonly command: Command;
  /** Whether the command was named, or is the default. */
  readonly named: boolean;
  readonly words: readonly string[];
  readonly args: Arguments;
}

/** The first word before any `--` may name a command; the first command is the default. Throws PstatError (`query`). */
export async function parse(argv: readonly string[], commands: readonly [Command, ...Command[]]): Promise<Parsed> {
  const args: Arguments = await parseOptions(withProgramApart(argv));
  const { before, after } = wordsOf(args);
  const found = commands.find(({ name }) => name === before[0]);
  const command = found ?? commands[0];
  refuseForeignOptions(command, args);
  refuseFlagValues(withProgramApart(argv));
  return { command, named: found !== undefined, words: [...before.slice(found === undefined ? 0 : 1), ...after], args };
}

/**
 * After `record` the first word is the program: options behind it are the program's, as with `env` and `time`, whether
 * or not `--` stands between.
 */
function withProgramApart(argv: readonly string[]): readonly string[] {
  if (argv[0] !== 'record' || argv.includes('--')) return argv;
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (!word.startsWith('-') || word === '-') return [...argv.slice(0, i), '--', ...argv.slice(i)];
    if (takesNext(word)) i++;
  }
  return argv;
}

/** Whether the value of an option stands in the next word. */
function takesNext(word: string): boolean {
  const name = optionNames().find((candidate) => {
    const { parse } = optionDefinition(candidate);
    return word === `--${candidate}` || word === `-${String(parse.alias ?? '')}`;
  });
  return name !== undefined && optionDefinition(name).value !== undefined;
}

async function parseOptions(argv: readonly string[]): Promise<Arguments> {
  try {
    return await parser(argv).parse();
  } catch (error) {
    if (error instanceof PstatError || !(error instanceof Error)) throw error;
    // yargs throws its own class for what it cannot parse, and does not export it.
    throw error.name === 'YError' ? usageError(error.message) : error;
  }
}

/**
 * `-stottime` is `-s tottime`: yargs takes the letters for options of their own unless a digit follows. `-x.prof` looks
 * like a file, and is left to be refused as one.
 */
function withValuesApart(argv: readonly string[]): string[] {
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

function parser(argv: readonly string[]): Argv {
  const base = yargs(withValuesApart(argv))
    .locale('en')
    .parserConfiguration({
      // Each of these is a trap: numbers for names, files swallowed by the option before, `a.b` taken for an object.
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
      throw error ?? (unknown === undefined ? usageError(message) : unknownOption(asWritten(unknown, argv)));
    });
  return optionNames().reduce((so, name) => so.option(name, optionDefinition(name).parse), base);
}

function optionNames(): OptionName[] {
  return Object.keys(OPTIONS) as OptionName[];
}

/** yargs names an unknown option without its dashes, and a list of several. */
function asWritten(unknown: string, argv: readonly string[]): string {
  const first = unknown.split(', ')[0] ?? '';
  return argv.find((word) => word.startsWith('-') && word.replace(/^-+/, '').startsWith(first)) ?? first;
}

/** yargs takes `--json=yes` for `--no-json`. */
function refuseFlagValues(argv: readonly string[]): void {
  const end = argv.indexOf('--');
  const options = end === -1 ? argv : argv.slice(0, end);
  const flags = optionNames().filter((name) => optionDefinition(name).parse.type === 'boolean');
  const given = flags.find((name) => options.some((word) => word.startsWith(`--${name}=`)));
  if (given !== undefined) throw flagWithValue(given);
}

function refuseForeignOptions(command: Command, args: Arguments): void {
  const own: readonly OptionName[] = [...command.options, ...OTHER_OPTIONS];
  const foreign = optionNames().find((name) => args[name] !== undefined && !own.includes(name));
  if (foreign !== undefined) throw foreignOption(foreign, command.name);
}
