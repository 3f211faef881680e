/** shell: the files once, and then line by line, as `python -m pstats`. */

import type { Command } from '../command.ts';
import { badOption, nothingToAsk } from '../errors.ts';
import { flag, loadOptionsFrom, OUTPUT_OPTIONS, outputFormat } from '../options.ts';

export const shell: Command = {
  name: 'shell',
  usage: 'shell FILES…',
  describe: 'ask line by line, as python -m pstats',
  examples: [
    ['pstat shell GET.users.prof', 'sort, stats, callers, callees; help lists the rest'],
    ["printf 'sort tottime\\nstats 5\\n' | pstat shell GET.users.prof", 'what Python prints'],
  ],
  options: ['idle', 'merge-lines', 'from', 'to', 'thread', ...OUTPUT_OPTIONS.filter((name) => name !== 'paths')],
  describes: {
    format: 'Write a table, json, csv, markdown, or pstats (the default for Python profiles: what Python prints)',
  },
  about: `FILES are read as read and add would read them: the first one, then the others.

On a terminal there are a history, the tab key, Ctrl-C for a line, Ctrl-D for all.
PSTAT_HISTORY names the file of the history; when empty, none is kept.`,
  async answer(words, args, io) {
    const format = args['format'] === undefined && !flag(args, 'json') ? null : outputFormat(args);
    if (format === 'prof') throw badOption('format', format, 'table, json, csv, markdown or pstats here');
    if (words.includes('-')) throw nothingToAsk();
    const { runShell } = await import('../shell/run-shell.ts');
    return runShell(words, { session: { load: loadOptionsFrom(args), idle: flag(args, 'idle'), format }, args }, io);
  },
};
