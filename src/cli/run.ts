/** Runs one command line: arguments in, text and an exit code out. Needs no process, so tests call it. */

import { PstatError } from '../base/errors.ts';
import { escapeLines } from '../base/text.ts';
import { VERSION } from '../base/version.ts';
import { type AnyView, type OutputFormat, render } from '../render/render.ts';
import { loadTheme } from '../render/theme.ts';
import { type Arguments, colorChoice, flag, outputFormat } from './arguments.ts';
import type { Command, RecordResult } from './command.ts';
import { colorLevel, helpWidth, type Io, screenOf } from './io.ts';
import type { Attempt } from './mistakes.ts';
import { checkFormat, type Parsed, parse, rejectForeignOptions } from './parse.ts';
import { formatError } from './suggest.ts';

/**
 * 0 shown, 1 nothing matched, 2 could not understand or read, 3 the gate failed, 4 undecided under --strict.
 * `record` ends with the exit code or signal of its program.
 */
export type ExitCode = number | NodeJS.Signals;

/** Runs pstat. Writes only to `io`. Never throws PstatError. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  if (argv.length === 0 && !io.stdinIsFile()) return printUsage(io);
  try {
    const parsed = await parse(argv);
    const { command, named, args } = parsed;
    if (flag(args, 'version')) return printText(`${VERSION}\n`, io);
    if (flag(args, 'help')) return printText(await helpPage(named ? command : null, io), io);
    return await withAdvice({ ...parsed, argv }, () => runParsed(parsed, io));
  } catch (error) {
    if (!(error instanceof PstatError)) throw error;
    await printError(error, io);
    return error.kind === 'no-match' ? 1 : 2;
  }
}

async function runParsed(parsed: Parsed, io: Io): Promise<ExitCode> {
  rejectForeignOptions(parsed);
  const { command, words, args } = parsed;
  const color = colorLevel(colorChoice(args), io.stdout, io.env);
  checkFormat(command, args);
  const format = outputFormat(args);
  const answer = await command.answer(words, args, io);
  if (typeof answer === 'string') return printText(answer, io);
  if ('exit' in answer) return printRecordResult(answer, args, io);
  if (!('code' in answer)) return printView(answer, { format, color, io });
  await printView(answer.view, { format, color, io });
  return answer.code;
}

/** Adds to an error what the command line was probably meant to be. */
async function withAdvice<Result>(attempt: Attempt, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof PstatError)) throw error;
    const { adviceFor } = await import('./mistakes.ts');
    const advice = adviceFor(error, attempt);
    throw advice === null ? error : new PstatError(error.kind, `${error.fact}; ${advice}`, { source: error.source });
  }
}

/** @param command null for the main page */
async function helpPage(command: Command | null, io: Io): Promise<string> {
  const { commandHelp, mainHelp } = await import('./help.ts');
  return command === null ? mainHelp(helpWidth(io)) : commandHelp(command, helpWidth(io));
}

/** `pstat` alone. */
async function printUsage(io: Io): Promise<2> {
  const { shortHelp } = await import('./help.ts');
  io.stderr.write(shortHelp());
  return 2;
}

interface PrintOptions {
  readonly format: OutputFormat;
  readonly color: ReturnType<typeof colorLevel>;
  readonly io: Io;
}

async function printView(view: AnyView, { format, color, io }: PrintOptions): Promise<ExitCode> {
  const screen = await screenOf(io.stdout, color, io.env);
  const { stdout, stderr, exitCode } = await render(view, format, { ...screen, terminal: io.stdout.isTTY });
  io.stdout.write(stdout);
  if (stderr !== '') io.stderr.write(stderr);
  return exitCode;
}

/** Prints to stderr, because stdout belongs to the recorded program. */
async function printRecordResult({ exit, lines, view }: RecordResult, args: Arguments, io: Io): Promise<ExitCode> {
  const color = colorLevel(colorChoice(args), io.stderr, io.env);
  const theme = await loadTheme(color);
  io.stderr.write(lines.map((line) => `${theme.error('pstat:')} ${line}\n`).join(''));
  if (view !== null) {
    io.stderr.write(`\n${(await render(view, 'table', await screenOf(io.stderr, color, io.env))).stdout}`);
  }
  return 'code' in exit ? exit.code : exit.signal;
}

/** Other tools read some texts, such as folded stacks: a pipe gets them as they are. */
function printText(text: string, { stdout }: Io): ExitCode {
  stdout.write(stdout.isTTY ? escapeLines(text) : text);
  return 0;
}

async function printError(error: PstatError, io: Io): Promise<void> {
  const theme = await loadTheme(colorLevel('auto', io.stderr, io.env));
  io.stderr.write(`${theme.error('pstat:')} ${await formatError(error)}\n`);
}
