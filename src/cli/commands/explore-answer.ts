/** The answer of `explore`: it runs until the user quits. */

import { loadTheme } from '../../render/theme.ts';
import type { RecordResult } from '../command.ts';
import { noTerminal } from '../errors.ts';
import type { Explored } from '../explore/explored-model.ts';
import { runExplore } from '../explore/run-explore.ts';
import { quoted } from '../explore/view.ts';
import { colorLevel, type Io } from '../io.ts';
import { type Arguments, colorChoice, flag, last, list, statsOptionsFrom } from '../options.ts';
import { loadStats } from './queries-answer.ts';

/** Throws PstatError. */
export async function exploreAnswer(words: readonly string[], args: Arguments, io: Io): Promise<RecordResult> {
  // Said before a file is read, which may take long.
  if (io.terminal === null) throw noTerminal();
  const stats = await loadStats(words, args, io);
  await exploreStats(
    { stats, options: statsOptionsFrom(args), estimates: flag(args, 'estimate') },
    { words: [...words.map(quoted), ...optionWords(args)], args },
    io,
  );
  return { exit: { code: 0 }, lines: [], view: null };
}

/** Ends when the user quits. @param words files and options as the command line names them. Throws PstatError. */
export async function exploreStats(
  { stats, options, estimates }: Explored,
  { words, args }: { readonly words: readonly string[]; readonly args: Arguments },
  io: Io,
): Promise<void> {
  if (io.terminal === null) throw noTerminal();
  await runExplore({ stats, options, estimates }, io.terminal, io, {
    words: words.join(' '),
    folders: list(args['source-path']),
    theme: await loadTheme(colorLevel(colorChoice(args), io.stdout, io.env)),
  });
}

/** The options that the printing commands have too. */
const FLAGS = ['estimate', 'idle', 'merge-lines'] as const;
const VALUES = ['source-map', 'time', 'from', 'to', 'thread', 'route', 'paths'] as const;

export function optionWords(args: Arguments): string[] {
  return [
    ...FLAGS.filter((name) => flag(args, name)).map((name) => `--${name}`),
    ...VALUES.filter((name) => args[name] !== undefined).map((name) => `--${name} ${quoted(String(last(args[name])))}`),
    ...(['focus', 'ignore'] as const).flatMap((name) =>
      list(args[name]).map((pattern) => `--${name} ${quoted(pattern)}`),
    ),
  ];
}
