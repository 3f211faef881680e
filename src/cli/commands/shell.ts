/** The command `shell`: reads files once and answers line by line, as `python -m pstats` does. */

import { OUTPUT_FORMATS } from '../../render/render.ts';
import { flag, loadOptionsFrom, outputFormat } from '../arguments.ts';
import type { Command } from '../command.ts';
import { nothingToAsk } from '../errors.ts';
import { OUTPUT_OPTIONS } from '../options.ts';

export const shell: Command = {
  name: 'shell',
  usage: 'shell FILES…',
  describe: 'interactive, as python -m pstats',
  examples: [
    ['pstat shell GET.users.prof', 'then sort, stats, callers, callees; help lists all commands'],
    ["printf 'sort tottime\\nstats 5\\n' | pstat shell GET.users.prof", 'prints what Python prints'],
  ],
  options: [
    ...(['idle', 'merge-lines', 'from', 'to', 'thread', 'skip-broken'] as const),
    ...OUTPUT_OPTIONS.filter((name) => name !== 'paths'),
  ],
  describes: {
    format: 'Write table, json, csv, markdown, or pstats (what Python prints; default for Python profiles)',
  },
  choices: { format: OUTPUT_FORMATS },
  about: `The first of FILES is read, the others are added, as by the commands read and add.

On a terminal: history, completion with Tab, Ctrl-C discards a line, Ctrl-D exits.
PSTAT_HISTORY names the history file; an empty value switches the history off.`,
  async answer(words, args, io) {
    const format = args['format'] === undefined && !flag(args, 'json') ? null : outputFormat(args);
    if (words.includes('-')) throw nothingToAsk();
    const { runShell } = await import('../shell/run-shell.ts');
    return runShell(words, { session: { load: loadOptionsFrom(args), idle: flag(args, 'idle'), format }, args }, io);
  },
};
