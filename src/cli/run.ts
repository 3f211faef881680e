/** The command: arguments in, text out, an exit code. All of pstat that a test can run without a process. */

import { PstatError } from '../errors.ts';
import { renderJson } from '../render/json.ts';
import { renderTable } from '../render/table.ts';
import { themeFor } from '../render/theme.ts';
import { VERSION } from '../version.ts';
import type { View } from '../view/views.ts';
import type { Command } from './command.ts';
import { callees, callers, top } from './commands/queries.ts';
import { colorLevel, type Io, tableWidth } from './io.ts';
import { type Arguments, colorChoice, flag, outputFormat } from './options.ts';
import { parse } from './parse.ts';

/** 0 shown · 1 nothing matched · 2 could not understand or read */
export type ExitCode = 0 | 1 | 2;

const COMMANDS: readonly [Command, ...Command[]] = [top, callers, callees];

/** Runs pstat. Writes to `io` alone, and lets no PstatError out. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const { command, named, words, args } = await parse(argv, COMMANDS);
    if (flag(args, 'help')) return say(io, await help(named ? command : null, io));
    if (flag(args, 'version')) return say(io, `${VERSION}\n`);
    const color = colorLevel(colorChoice(args), io.stdout, io.env);
    const view = await command.answer(words, args, io);
    io.stdout.write(rendered(view, args, { columns: tableWidth(io.stdout, io.env), color }));
    return exitCode(view);
  } catch (error) {
    if (!(error instanceof PstatError)) throw error;
    await complain(error, io);
    return 2;
  }
}

function rendered(view: View, args: Arguments, options: Parameters<typeof renderTable>[1]): string {
  return outputFormat(args) === 'json' ? renderJson(view) : renderTable(view, options);
}

/** An empty profile is an answer; a pattern or a window that leaves nothing of a full one is none. */
function exitCode(view: View): ExitCode {
  if (view.of === 0) return (view.profile.outside ?? 0) > 0 ? 1 : 0;
  return view.matched === 0 || isBare(view) ? 1 : 0;
}

/** Filters that leave no inner row anywhere matched nothing, though FUNCTION did. */
function isBare(view: View): boolean {
  return view.view !== 'functions' && view.filtered && view.rows.every((row) => row.matchedEdges === 0);
}

async function help(command: Command | null, io: Io): Promise<string> {
  const { commandHelp, mainHelp } = await import('./help.ts');
  const columns = Math.min(tableWidth(io.stdout, io.env) ?? 80, 100);
  return command === null ? mainHelp(COMMANDS, columns) : commandHelp(command, columns);
}

function say(io: Io, text: string): ExitCode {
  io.stdout.write(text);
  return 0;
}

async function complain(error: PstatError, io: Io): Promise<void> {
  const theme = themeFor(colorLevel('auto', io.stderr, io.env));
  const lines = [`${theme.error('pstat:')} ${error.message}`];
  if (error.pattern !== null) {
    const { faultLines } = await import('./pattern-fault.ts');
    lines.push(...faultLines(error.pattern));
  }
  io.stderr.write(`${lines.join('\n')}\n`);
}
