/**
 * What a command line that failed was probably meant to say. Loaded only then. Every rule needs evidence: a word that is
 * no file and resembles a command, a file where a function was expected.
 */

import path from 'node:path';
import type { PstatError } from '../base/errors.ts';
import { nearestWord } from '../base/nearest.ts';
import { shellWord } from '../base/shell-word.ts';
import { escapeControls, shorten } from '../base/text.ts';
import { WRITABLE_FORMATS } from '../formats/registry.ts';
import { isReportFile } from '../input/find-files.ts';
import { exists, isFile, namesBeside } from '../input/nearby.ts';
import { isSortKey } from '../query/sort-keys.ts';
import { type Arguments, last } from './arguments.ts';
import { COMMAND_NAMES, COMMANDS } from './commands.ts';
import { type OptionName, optionNames, takesNextWord } from './options.ts';
import type { Parsed } from './parse.ts';
import { synonymOf } from './synonyms.ts';

/** A command line: as it was written, and as it was parsed. */
export interface Attempt extends Parsed {
  readonly argv: readonly string[];
}

/** Returns advice that goes behind the message of an error; null for none. */
export function adviceFor(error: PstatError, attempt: Attempt): string | null {
  for (const rule of NOT_ABOUT_FILES.has(attempt.command.name) ? PROGRAM_RULES : RULES) {
    const advice = rule(attempt, error);
    if (advice !== null) return advice;
  }
  return null;
}

/** Commands of which the words are no files. */
const NOT_ABOUT_FILES: ReadonlySet<string> = new Set(['ab', 'attach', 'detach', 'record']);

type Rule = (attempt: Attempt, error: PstatError) => string | null;

const RULES: readonly Rule[] = [
  fileAsValue,
  optionBehindSeparator,
  fileToConvert,
  versionAsCommand,
  misspeltCommand,
  commandBehindFiles,
  functionBehindFile,
  fileNamedAsCommand,
  missingFunction,
  fileForFolder,
  otherFormat,
  programToRecord,
  runningProgram,
  secondSortKey,
  numberOfRows,
  misspeltFile,
  functionAlone,
];

/** For commands that run programs. */
const PROGRAM_RULES: readonly Rule[] = [scriptAsProgram, misspeltProgram, programWithoutSeparator];

/** `pstat --sort profile.cpuprofile` */
function fileAsValue({ words, args }: Attempt, error: PstatError): string | null {
  if (error.kind !== 'query' || words.length > 1) return null;
  const name = optionNames().find((option) => takesFile(args, option));
  if (name === undefined) return null;
  const file = String(last(args[name]));
  return `${escapeControls(file)} was read as the value of --${name}`;
}

/** Options whose value is a name of a file anyway. */
const FILE_OPTIONS: ReadonlySet<string> = new Set(['output', 'dir', 'against', 'source-map', 'source-path']);

function takesFile(args: Arguments, option: OptionName): boolean {
  const value = last(args[option]);
  return !FILE_OPTIONS.has(option) && typeof value === 'string' && /[./\\]/.test(value) && exists(value);
}

/** `pstat x.prof -- --limit 3` */
function optionBehindSeparator({ argv, words }: Attempt, { source }: PstatError): string | null {
  const word = words.find((each) => escapeControls(each) === source);
  const isOption = word?.startsWith('-') === true && word !== '-' && !exists(word);
  return isOption && argv.includes('--') ? 'options stand before --' : null;
}

/** `pstat convert x.cpuprofile out.pb.gz` */
function fileToConvert(attempt: Attempt, { kind }: PstatError): string | null {
  const { command, words, args } = attempt;
  const output = words.at(-1) ?? '';
  const isMissing = kind === 'query' && args['output'] === undefined && args['to'] === undefined;
  if (command.name !== 'convert' || !isMissing || words.length < 2 || isExisting(output)) return null;
  return didYouMean(attempt, ['convert', ...words.slice(0, -1), '-o', output]);
}

/** `pstat version` */
function versionAsCommand({ words }: Attempt): string | null {
  return words.length === 1 && words[0] === 'version' && !isExisting('version') ? 'did you mean --version?' : null;
}

/** `pstat callrs main x.prof`, `pstat diff a b` */
function misspeltCommand(attempt: Attempt, { source }: PstatError): string | null {
  const { named, words } = attempt;
  const [word, ...others] = words;
  if (named || word === undefined || isExisting(word)) return null;
  if (source !== null && source !== escapeControls(word)) return null;
  const [command, ...more] = commandFor(word);
  return command === undefined ? null : didYouMean(attempt, [command, ...inOrder(command, [...more, ...others])]);
}

/** The command that a word stands for, and options that go with it; empty for none. */
function commandFor(word: string): readonly string[] {
  const synonym = synonymOf(word);
  if (synonym !== null) return synonym;
  const [, rows] = /^top(\d+)$/.exec(word) ?? [];
  if (rows !== undefined) return ['top', '--limit', rows];
  // Shorter words resemble too many others.
  const near = word.length < 3 ? null : nearestWord(word.toLowerCase(), COMMAND_NAMES);
  return near === null ? [] : [near];
}

/** `pstat x.prof top`, `pstat main callers x.prof` */
function commandBehindFiles(attempt: Attempt): string | null {
  const { named, words } = attempt;
  if (named) return null;
  const at = words.findIndex((word, i) => i > 0 && COMMAND_NAMES.includes(word) && !isExisting(word));
  const command = words[at];
  if (command === undefined) return null;
  return didYouMean(attempt, [command, ...inOrder(command, words.toSpliced(at, 1))]);
}

/** FUNCTION before FILES. */
const ABOUT_FUNCTIONS: ReadonlySet<string> = new Set(['callers', 'callees', 'list']);

/** Puts a word that is no file before the files, for a command that takes a function. */
function inOrder(command: string, words: readonly string[]): readonly string[] {
  const [first] = words;
  const fn = words.findIndex((word) => !isExisting(word));
  if (!ABOUT_FUNCTIONS.has(command) || fn === -1 || first === undefined || !isExisting(first)) return words;
  return [words[fn] ?? '', ...words.toSpliced(fn, 1)];
}

/** `pstat callers x.prof main` */
function functionBehindFile(attempt: Attempt): string | null {
  const { command, words } = attempt;
  const ordered = inOrder(command.name, words);
  if (ordered === words || words.length < 2) return null;
  return didYouMean(attempt, [command.name, ...ordered]);
}

/** `pstat top`, where `top` is a file */
function fileNamedAsCommand({ command, named, words }: Attempt): string | null {
  const needed = ABOUT_FUNCTIONS.has(command.name) ? 2 : 1;
  if (!named || words.length >= needed || !isExisting(command.name)) return null;
  return `for the file of that name, write ./${command.name}`;
}

/** `pstat callers x.prof` */
function missingFunction({ command, words }: Attempt): string | null {
  const [word] = words;
  if (!ABOUT_FUNCTIONS.has(command.name) || words.length > 1) return null;
  if (word === undefined) return null;
  // `list` needs no function.
  if (command.name === 'list') return !isExisting(word) && isName(word) ? functionUsage('list', word) : null;
  return isExisting(word) ? `${escapeControls(word)} is a file, and the function comes before it` : null;
}

/** `pstat x.prof main` */
function functionAlone({ command, words }: Attempt, { source }: PstatError): string | null {
  const word = words.find((each) => escapeControls(each) === source && !isExisting(each));
  if (word === undefined || !isName(word) || command.name === 'compare' || ABOUT_FUNCTIONS.has(command.name))
    return null;
  return words.some(isExisting) ? functionUsage('callers', word) : null;
}

function functionUsage(command: string, name: string): string {
  return `for a function of that name, \`pstat ${shellWords([command, name])} FILES…\``;
}

/** No path, and no name of a file with an extension. */
function isName(word: string): boolean {
  return word.length <= MAX_NAME && /^[#\w$]+$/.test(word);
}

const MAX_NAME = 80;

/** `pstat requests x.prof` */
function fileForFolder(attempt: Attempt, { source }: PstatError): string | null {
  const { command, words } = attempt;
  const [word = ''] = words;
  const isAlone = command.name === 'requests' && words.length === 1 && source === escapeControls(word);
  // A report is read as a folder: what is wrong with it is something else.
  return isAlone && isFile(word) && !isReportFile(word) ? `\`pstat ${shellWords(words)}\` shows a file` : null;
}

/** `--format html` */
function otherFormat(_: Attempt, { unknown }: PstatError): string | null {
  const word = unknown?.word ?? '';
  const isWritable = WRITABLE_FORMATS.some((format) => format.name === word);
  const name = isWritable ? 'convert' : Object.hasOwn(FORMAT_COMMANDS, word) ? FORMAT_COMMANDS[word] : undefined;
  const command = COMMANDS.find((each) => each.name === name);
  return command === undefined ? null : `did you mean \`pstat ${command.usage}\`?`;
}

/** What is neither a format of a table nor one of files -> the command that writes it. */
const FORMAT_COMMANDS: Readonly<Record<string, string>> = {
  html: 'report',
  collapsed: 'convert',
  svg: 'flame',
  flame: 'flame',
  flamegraph: 'flame',
  tree: 'tree',
};

const PROGRAMS: ReadonlySet<string> = new Set(['node', 'npm', 'npx', 'yarn', 'pnpm', 'tsx', 'deno', 'bun']);

/** `pstat node app.js`, `pstat app.js` */
function programToRecord({ named, words }: Attempt, { source }: PstatError): string | null {
  const [word] = words;
  if (named || word === undefined) return null;
  if (PROGRAMS.has(word)) return `to profile a program, \`pstat record -- ${shellWords(words)}\``;
  if (source !== word || !/\.[cm]?[jt]sx?$/.test(word) || !isExisting(word)) return null;
  return `to profile this program, \`pstat record -- ${shellWords(['node', ...words])}\``;
}

/** `pstat http://localhost:9229` */
function runningProgram({ words }: Attempt): string | null {
  const target = words.find((word) => /^(?:https?|wss?):\/\/|^:\d+$/.test(word) && !isExisting(word));
  if (target === undefined) return null;
  if (/^https?:\/\/[^/]+\/./.test(target)) return `pstat reads files: \`curl -s ${shellWord(target)} | pstat -\``;
  return `to profile a running program, \`pstat attach ${shellWords([target])}\``;
}

/** `pstat --sort tottime cumtime x.prof` */
function secondSortKey({ words, args }: Attempt, { source }: PstatError): string | null {
  const key = words.find((word) => isSortKey(word) && source === word && !isExisting(word));
  if (key === undefined) return null;
  const first = last(args['sort']);
  return `did you mean --sort ${first === undefined ? key : `${escapeControls(String(first))},${key}`}?`;
}

/** `pstat x.prof 10`, `pstat x.prof -10` */
function numberOfRows(_: Attempt, { source }: PstatError): string | null {
  const [, number] = /^-?(\d+%?)$/.exec(source ?? '') ?? [];
  return number === undefined || isExisting(number) ? null : `did you mean --limit ${number}?`;
}

/** `pstat profle.cpuprofile` */
function misspeltFile({ words }: Attempt, { kind, source }: PstatError): string | null {
  const word = words.find((each) => escapeControls(each) === source);
  if (kind !== 'unreadable' || word === undefined || word === '' || isExisting(word)) return null;
  const { ext } = path.parse(word);
  // Two names that only share a long extension are not alike.
  const names = namesBeside(word);
  const same = names.filter((name) => name.endsWith(ext));
  const others = names.filter((name) => !name.endsWith(ext));
  const stemOf = (name: string) => name.slice(0, name.length - ext.length);
  const stem = nearestWord(stemOf(word), same.map(stemOf));
  const near = stem === null ? nearestWord(word, others) : stem + ext;
  return near === null ? null : `did you mean ${escapeControls(near)}?`;
}

/** `pstat record app.js` */
function scriptAsProgram(attempt: Attempt): string | null {
  const { command, words } = attempt;
  const [word = ''] = words;
  const isScript = command.name === 'record' && /\.[cm]?[jt]sx?$/.test(word) && exists(word);
  return isScript ? `to run it with Node, \`pstat record -- ${shellWords(['node', ...words])}\`` : null;
}

/** `pstat record -- noed app.js` */
function misspeltProgram({ command, words }: Attempt): string | null {
  const [word = ''] = words;
  const near = command.name === 'record' ? nearestWord(word, [...PROGRAMS]) : null;
  return near === null || near === word ? null : `did you mean ${near}?`;
}

/** `pstat ab HEAD node app.js` */
function programWithoutSeparator(attempt: Attempt): string | null {
  const { argv, command, words } = attempt;
  const program = words.findIndex((word) => PROGRAMS.has(word));
  if (command.name !== 'ab' || argv.includes('--') || program === -1) return null;
  const revisions = program === 0 ? ['HEAD'] : words.slice(0, program);
  const whole = ['pstat', 'ab', ...optionsOf(attempt), ...revisions, '--', ...words.slice(program)];
  return `did you mean \`${shorten(shellWords(whole), MAX_COMMAND)}\`?`;
}

function isExisting(word: string): boolean {
  return word === '-' || exists(word);
}

// ---- the command line as it should be ------------------------------------------------------------------------------

/** Longer command lines are not repeated. */
const MAX_COMMAND = 160;

/** @param words the positional words, the command's name first; options follow as they were written */
function didYouMean(attempt: Attempt, words: readonly string[]): string {
  const withLimit = words.flatMap((word, i) =>
    i > 0 && isNumber(word) && words[i - 1] !== '--limit' ? ['--limit', word] : [word],
  );
  const whole = shellWords(['pstat', ...withLimit, ...optionsOf(attempt)]);
  const shown = whole.length > MAX_COMMAND ? `pstat ${words[0]} …` : whole;
  return `did you mean \`${shown}\`?`;
}

/** The words of the command line that are options and their values. */
function optionsOf({ argv, words, command, named }: Attempt): string[] {
  const positional = named ? [command.name, ...words] : [...words];
  return argv.filter((word, i) => {
    const isValue = takesNextWord(argv[i - 1] ?? '');
    if (isValue || word !== positional[0]) return word !== '--';
    positional.shift();
    return false;
  });
}

function isNumber(word: string): boolean {
  return /^\d+%?$/.test(word) && !isExisting(word);
}

function shellWords(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
