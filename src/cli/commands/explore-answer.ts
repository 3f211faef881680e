/** The answer of `explore`: it runs until the user quits. */

import { loadTheme } from '../../render/theme.ts';
import type { RecordResult } from '../command.ts';
import { noTerminal } from '../errors.ts';
import { Explorer } from '../explore/explorer.ts';
import { runExplore } from '../explore/run-explore.ts';
import { quoted } from '../explore/view.ts';
import { colorLevel, type Io } from '../io.ts';
import { type Arguments, colorChoice, flag, last, list, statsOptionsFrom } from '../options.ts';
import { loadStats } from './queries-answer.ts';

/** Throws PstatError. */
export async function exploreAnswer(words: readonly string[], args: Arguments, io: Io): Promise<RecordResult> {
  const { terminal } = io;
  if (terminal === null) throw noTerminal();
  const stats = await loadStats(words, args, io);
  const explorer = new Explorer(stats, statsOptionsFrom(args), flag(args, 'estimate'));
  await runExplore(explorer, terminal, io, {
    words: [...words.map(quoted), ...optionWords(args)].join(' '),
    folders: list(args['source-path']),
    theme: await loadTheme(colorLevel(colorChoice(args), io.stdout, io.env)),
  });
  return { exit: { code: 0 }, lines: [], view: null };
}

/** The options that the printing commands have too. */
const FLAGS = ['estimate', 'idle', 'merge-lines'] as const;
const VALUES = ['source-map', 'time', 'from', 'to', 'thread', 'route', 'paths'] as const;

function optionWords(args: Arguments): string[] {
  return [
    ...FLAGS.filter((name) => flag(args, name)).map((name) => `--${name}`),
    ...VALUES.filter((name) => args[name] !== undefined).map((name) => `--${name} ${quoted(String(last(args[name])))}`),
    ...(['focus', 'ignore'] as const).flatMap((name) =>
      list(args[name]).map((pattern) => `--${name} ${quoted(pattern)}`),
    ),
  ];
}
