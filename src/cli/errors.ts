/** Errors of the command line. */

import { missingDataError, PstatError, queryError } from '../base/errors.ts';
import { escapeControls, listFirst, quote } from '../base/text.ts';
import { WRITABLE_FORMATS } from '../formats/registry.ts';

/** `none is`, `3 are` */
function countGiven(given: number): string {
  if (given === 0) return 'none is';
  return given === 1 ? '1 is' : `${given} are`;
}

export function missingSides(given: number): PstatError {
  return queryError(
    `compare takes two paths, BEFORE and AFTER, and ${countGiven(given)} given; quote a glob that names several files`,
  );
}

export function oneSideBefore(given: number): PstatError {
  return queryError(
    `explore --against takes one path before it, and ${countGiven(given)} given: pstat explore BEFORE --against AFTER; quote a glob that names several files`,
  );
}

export function fileExists(file: string): PstatError {
  return queryError(`${quote(file)} exists; choose another name`);
}

export function notInTimeOrder(option: string): PstatError {
  return queryError(`--time-order shows call by call, so --${option} does not apply; --from, --to and --focus do`);
}

export function oneFolder(given: number): PstatError {
  return queryError(`requests takes one folder, and ${countGiven(given)} given`);
}

export function nothingToAsk(): PstatError {
  return queryError('shell reads its commands from standard input, so - cannot be a profile');
}

export function gateWithoutThreshold(option: string): PstatError {
  return queryError(`--${option} needs --fail-above, the threshold: --fail-above 5%`);
}

export function tailWithoutRoute(): PstatError {
  return queryError('--tail is about the requests of one route; choose it with --route');
}

/** @param what an option about functions, and its verb */
export function functionsOfSeveralRoutes(what: string): PstatError {
  return queryError(`--${what} one route; choose it with --route`);
}

export function unmatchedGate(): PstatError {
  return queryError(
    'the options that select functions, stacks or time leave nothing to check; was a function renamed?',
  );
}

export function emptyWindow(from: string, to: string): PstatError {
  return queryError(`--from ${quote(from)} is not before --to ${quote(to)}`);
}

export function badOption(option: string, value: string, expected: string): PstatError {
  return queryError(`--${option} ${quote(value)} is not ${expected}`);
}

export function badChoice(option: string, value: string, choices: readonly string[]): PstatError {
  const fact = `--${option} ${quote(value)} is not ${alternatives(choices)}`;
  return queryError(fact, { word: value, known: choices });
}

/** `a, b or c` */
function alternatives(choices: readonly string[]): string {
  return choices.join(', ').replace(/, ([^,]*)$/, ' or $1');
}

export function nothingToConvert(): PstatError {
  return queryError('no file given; write `pstat convert FILES… -o out.pb.gz`');
}

/** @param word of --to */
export function unknownFormat(word: string): PstatError {
  const known = WRITABLE_FORMATS.map(({ name }) => name);
  const fact = `--to ${quote(word)} is neither a format (${known.join(', ')}) nor a time such as 1.2s`;
  return queryError(fact, { word, known });
}

/** @param file null for standard output */
export function missingFormat(file: string | null): PstatError {
  const names = WRITABLE_FORMATS.map(({ name }) => name).join(', ');
  const fact =
    file === null
      ? 'neither -o FILE nor --to FORMAT is given'
      : `the name ${quote(file)} ends like no format that pstat writes`;
  return queryError(`${fact}; choose with --to: ${names}`);
}

export function splitWithoutFolder(): PstatError {
  return queryError('--split writes several files, and needs a folder for them: -o fleet/');
}

export function binaryToTerminal(format: string): PstatError {
  return queryError(`${format} is binary and not for a terminal; write it to a file: -o FILE`);
}

/** @param option without its dashes @param why what the format is: `which writes every stack` */
export function notInFormat(option: string, format: string, why: string): PstatError {
  return queryError(
    `--${option} does not go with --format ${format}, ${why}; --focus, --ignore, --from and --to choose stacks`,
  );
}

export function groupedEdges(source: string): PstatError {
  return missingDataError(
    'knows who calls whom, but no stacks, so calls inside a group are not known; --estimate draws the likely stacks',
    source,
  );
}

export function nothingToReport(): PstatError {
  return queryError('no file given; write `pstat report FILES… -o report.html`');
}

export function reportToTerminal(): PstatError {
  return queryError('a report is a page for a browser; write it to a file: -o report.html');
}

export function comparisonToTerminal(): PstatError {
  return queryError('--format html is a page for a browser; write it to a file: > diff.html');
}

export function nothingToWrite(): PstatError {
  return new PstatError('no-match', 'the options leave nothing of the profile; nothing is written');
}

/** @param words the given FUNCTION and FILES */
export function missingWords(command: string, words: readonly string[]): PstatError {
  const [only] = words;
  const missing =
    only === undefined ? 'no function and no file given' : `no file given after the function ${quote(only)}`;
  return queryError(`${missing}; write \`pstat ${command} FUNCTION FILES…\``);
}

export function noExecutingLines(source: string): PstatError {
  return missingDataError(
    'does not say which lines were executing; `pstat list FUNCTION FILES…` shows the calls on each line',
    source,
  );
}

/** @param format one that another command writes @param formats those of this command */
export function restrictedFormat(command: string, format: string, formats: readonly string[]): PstatError {
  const fact = `--format ${format} does not go with ${command}; use ${alternatives(formats)}`;
  return queryError(fact, { word: format, known: [] });
}

export function noTerminal(): PstatError {
  return queryError('explore needs a terminal for its keys and its screen; `pstat flame` prints the picture');
}

export function estimateNeeded(source: string): PstatError {
  return missingDataError(
    'knows who calls whom, but no stacks; --estimate draws the likely tree, and callers and callees are exact',
    source,
  );
}

export function unknownTopic(topic: string, known: readonly string[]): PstatError {
  const fact = `no help on ${quote(topic)}; there is ${known.join(', ')}`;
  return queryError(fact, { word: topic, known });
}

export function unknownShell(shell: string, known: readonly string[]): PstatError {
  const fact = shell === '' ? 'no shell named' : `no completion for ${quote(shell)}`;
  return queryError(`${fact}; there is ${known.join(', ')}`, { word: shell, known });
}

/** @param option as it was written, with its dashes @param advice what it may stand for; null if there is nothing like it */
export function unknownOption(option: string, advice: string | null): PstatError {
  const [name = ''] = option.split('=');
  const otherwise = 'see `pstat --help`, and write ./-x for a file with a dash';
  return queryError(`unknown option ${escapeControls(name)}; ${advice ?? otherwise}`);
}

export function flagWithValue(option: string): PstatError {
  return queryError(`--${option} takes no value; write it alone, or leave it out`);
}

/** @param others the commands that have the option */
export function foreignOption(option: string, command: string, others: readonly string[]): PstatError {
  const where = listFirst(others, others.length).replace(/, ([^,]*)$/, ' and $1');
  return queryError(`--${option} does not go with ${command}, but with ${where}`);
}

/** @param message from yargs */
export function usageError(message: string): PstatError {
  const [, option] = /^Not enough arguments following: (.*)$/s.exec(message) ?? [];
  const fact =
    option === undefined
      ? `${message.replace(/\s*\n\s*/g, ' ')}; see \`pstat --help\``
      : `${withDashes(option)} needs a value; one that begins with a dash is written ${withDashes(option)}=-x`;
  return queryError(escapeControls(fact));
}

/** An option of one letter has one dash. */
function withDashes(option: string): string {
  return option.length === 1 ? `-${option}` : `--${option}`;
}

export function missingCommand(): PstatError {
  return queryError('no program to record; write `pstat record -- node app.js`');
}

/** @param option with its dashes @param instead the remedy */
export function notInPstats(option: string, instead: string): PstatError {
  return queryError(`${option} does not work with --format pstats; ${instead}`);
}

export function restrictElsewhere(): PstatError {
  return queryError('--restrict works only with --format pstats; use --filter and --limit');
}

export function requestsWithoutDir(): PstatError {
  return queryError('--requests writes many files: --dir names their folder');
}

/** @param given words: none where options are given without one */
export function oneTarget(given: number): PstatError {
  return queryError(
    `attach takes one PID, :PORT or URL, and ${countGiven(given)} given; \`pstat attach\` alone lists the Node processes`,
  );
}

/** @param hasThreads whether a thread was profiled */
export function nothingAttached(hasThreads: boolean): PstatError {
  return new PstatError(
    'no-match',
    hasThreads ? 'nothing was recorded: there was no sample' : 'nothing was recorded: the program ended first',
  );
}

export function oneProcess(given: number): PstatError {
  return queryError(`detach takes one PID or :PORT, and ${countGiven(given)} given; \`pstat attach\` lists them`);
}

export function endlessRequests(): PstatError {
  return queryError('--for does not go with --requests, which `pstat detach` ends');
}

export function requestsAreKept(): PstatError {
  return queryError('--last, --on-stall and --live record the whole program; --requests keeps a file a request');
}

export function liveIsScreen(): PstatError {
  return queryError('--live shows the explorer; run a second `pstat attach` for --on-stall or --format');
}

export function stallsHaveNames(): PstatError {
  return queryError('--on-stall names its files by the time of day; --dir names their folder');
}

export function stallsAreText(format: string): PstatError {
  return queryError(`--on-stall answers with a sentence a stall; --format ${format} reads its files`);
}

export function requestsOfUrl(): PstatError {
  return queryError('requests are profiled in a Node process of this machine: name its PID or the port of its server');
}

export function notProfiled(pids: readonly number[]): PstatError {
  return new PstatError('no-match', `no request of process ${pids.join(', ')} is profiled by pstat`);
}
