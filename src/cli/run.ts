/** The command: arguments in, text out, an exit code. All of pstat that a test can run without a process. */

import { PstatError } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';
import { type AnyView, type OutputFormat, render } from '../render/render.ts';
import { loadTheme } from '../render/theme.ts';
import type { View } from '../view/views.ts';
import type { Aftermath } from './command.ts';
import { COMMANDS } from './commands.ts';
import { colorLevel, type Io, screenOf } from './io.ts';
import { type Arguments, colorChoice, flag, outputFormat } from './options.ts';
import { parse } from './parse.ts';

/** 0 shown · 1 nothing matched · 2 could not understand or read · 3 a gate failed · 4 it is undecided. After `record` it is the program's ending. */
export type ExitCode = number | NodeJS.Signals;

/** Runs pstat. Writes to `io` alone, and lets no PstatError out. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const { command, named, words, args } = await parse(argv, COMMANDS);
    if (flag(args, 'version')) return say(`${VERSION}\n`, io);
    if (flag(args, 'help')) return run(named ? ['help', command.name] : ['help'], io);
    const color = colorLevel(colorChoice(args), io.stdout, io.env);
    const format = outputFormat(args);
    if (format === 'prof') {
      const { dump } = await import('./commands/dump.ts');
      return await dump(command, { words, args }, io);
    }
    const answer = await command.answer(words, args, io);
    if (typeof answer === 'string') return say(answer, io);
    return 'ending' in answer ? await tell(answer, args, io) : await show(answer, { format, color, io });
  } catch (error) {
    if (!(error instanceof PstatError)) throw error;
    await complain(error, io);
    return error.kind === 'no-match' ? 1 : 2;
  }
}

interface Screen {
  readonly format: OutputFormat;
  readonly color: ReturnType<typeof colorLevel>;
  readonly io: Io;
}

async function show(view: AnyView, { format, color, io }: Screen): Promise<ExitCode> {
  const screen = await screenOf(io.stdout, color, io.env);
  const { stdout, stderr, exitCode: code } = await render(view, format, { ...screen, terminal: io.stdout.isTTY });
  io.stdout.write(stdout);
  if (stderr !== '') io.stderr.write(stderr);
  return code ?? exitCode(view);
}

/** stdout is the program's alone, so what pstat has to say goes to stderr. */
async function tell({ ending, lines, view }: Aftermath, args: Arguments, io: Io): Promise<ExitCode> {
  const color = colorLevel(colorChoice(args), io.stderr, io.env);
  const theme = await loadTheme(color);
  io.stderr.write(lines.map((line) => `${theme.error('pstat:')} ${line}\n`).join(''));
  if (view !== null) {
    io.stderr.write(`\n${(await render(view, 'table', await screenOf(io.stderr, color, io.env))).stdout}`);
  }
  return 'code' in ending ? ending.code : ending.signal;
}

/** An empty profile is an answer; a pattern or a window that leaves nothing of a full one is none. */
function exitCode(view: AnyView): 0 | 1 {
  if (view.view === 'compare' || view.view === 'compare-routes') return 0;
  if (view.view === 'pstats') return view.matched === 0 && view.of > 0 ? 1 : 0;
  if (view.view === 'requests') return view.matched === 0 ? 1 : 0;
  if (view.of === 0) return (view.profile.excluded ?? 0) > 0 ? 1 : 0;
  return view.matched === 0 || isBare(view) ? 1 : 0;
}

/** Filters that leave no inner row anywhere matched nothing, though FUNCTION did. */
function isBare(view: View): boolean {
  return view.view !== 'functions' && view.filtered && view.rows.every((row) => row.matchedEdges === 0);
}

function say(text: string, io: Io): ExitCode {
  io.stdout.write(text);
  return 0;
}

async function complain(error: PstatError, io: Io): Promise<void> {
  const theme = await loadTheme(colorLevel('auto', io.stderr, io.env));
  const lines = [`${theme.error('pstat:')} ${error.message}`];
  if (error.pattern !== null) {
    const { faultLines } = await import('./regexp-error.ts');
    lines.push(...faultLines(error.pattern));
  }
  io.stderr.write(`${lines.join('\n')}\n`);
}
