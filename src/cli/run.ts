/** Runs one command line: arguments in, text and an exit code out. Needs no process, so tests call it. */

import { PstatError } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';
import { type AnyView, type OutputFormat, render } from '../render/render.ts';
import { loadTheme } from '../render/theme.ts';
import type { Command, RecordResult } from './command.ts';
import { COMMANDS } from './commands.ts';
import { colorLevel, type Io, screenOf } from './io.ts';
import { type Arguments, colorChoice, flag, outputFormat } from './options.ts';
import { type Parsed, parse, suggestCommand } from './parse.ts';
import { formatError } from './suggest.ts';

/**
 * 0 shown, 1 nothing matched, 2 could not understand or read, 3 the gate failed, 4 undecided under --strict.
 * `record` ends with the exit code or signal of its program.
 */
export type ExitCode = number | NodeJS.Signals;

/** Runs pstat. Writes only to `io`. Never throws PstatError. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const parsed = await parse(argv, COMMANDS);
    const { command, named, args } = parsed;
    if (flag(args, 'version')) return printText(`${VERSION}\n`, io);
    if (flag(args, 'help')) return run(named ? ['help', command.name] : ['help'], io);
    const color = colorLevel(colorChoice(args), io.stdout, io.env);
    const format = outputFormat(args);
    if (format === 'prof') {
      const { answerProf } = await import('./commands/prof-format.ts');
      return await answerProf(command, parsed, io);
    }
    const answer = await answerCommand(parsed, io);
    if (typeof answer === 'string') return printText(answer, io);
    return 'exit' in answer
      ? await printRecordResult(answer, args, io)
      : await printView(answer, { format, color, io });
  } catch (error) {
    if (!(error instanceof PstatError)) throw error;
    await printError(error, io);
    return error.kind === 'no-match' ? 1 : 2;
  }
}

/** A first word that cannot be read as a file may be a misspelt command. */
async function answerCommand(parsed: Parsed, io: Io): ReturnType<Command['answer']> {
  const { command, words, args } = parsed;
  try {
    return await command.answer(words, args, io);
  } catch (error) {
    const isFirstWord = error instanceof PstatError && error.kind === 'unreadable' && error.source === words[0];
    throw isFirstWord ? suggestCommand(error, parsed, COMMANDS) : error;
  }
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

function printText(text: string, io: Io): ExitCode {
  io.stdout.write(text);
  return 0;
}

async function printError(error: PstatError, io: Io): Promise<void> {
  const theme = await loadTheme(colorLevel('auto', io.stderr, io.env));
  io.stderr.write(`${theme.error('pstat:')} ${await formatError(error)}\n`);
}
