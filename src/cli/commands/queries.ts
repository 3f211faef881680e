/** top, callers and callees: a profile, a question, an answer. */

import { missingWords } from '../../errors.ts';
import { loadProfile } from '../../load.ts';
import { Stats } from '../../query/stats.ts';
import type { PstatsView } from '../../view/pstats-view.ts';
import { functionsView, groupsView, relationsView } from '../../view/views.ts';
import type { Command } from '../command.ts';
import type { Io } from '../io.ts';
import {
  type Arguments,
  functionTimeFrom,
  loadOptionsFrom,
  OUTPUT_OPTIONS,
  outputFormat,
  queryFrom,
  ROW_OPTIONS,
  rowKind,
  STACK_OPTIONS,
  statsOptionsFrom,
} from '../options.ts';
import { withProgress } from '../progress.ts';
import type { PstatsCommand } from './pstats-format.ts';

export const top: Command = {
  name: 'top',
  usage: '[top] FILES…',
  describe: 'hot functions (the default command)',
  examples: [
    ['pstat GET.users.prof --sort tottime --limit 20', 'what is hot'],
    ['pstat profiles/ --filter handlers/', 'a folder as one, some functions of it'],
  ],
  options: ['by', 'time', ...ROW_OPTIONS, ...STACK_OPTIONS, ...OUTPUT_OPTIONS],
  async answer(words, args, io) {
    if (outputFormat(args) === 'pstats') return asPstats({ list: 'functions', pattern: null, files: words }, args, io);
    const query = queryFrom(args);
    const by = rowKind(args);
    const stats = await statsOf(words, args, io);
    return by === 'function' ? functionsView(stats, query) : groupsView(by, stats, query);
  },
};

export const callers = relations('callers', {
  describe: 'who calls FUNCTION, and what each caller costs it',
  example: ['pstat callers serializeLinks profile.cpuprofile', 'who calls it'],
});

export const callees = relations('callees', {
  describe: 'what FUNCTION calls, and what each call costs',
  example: ["pstat callees '/handler/i' profile.cpuprofile --json", 'what they call, for a script'],
});

function relations(
  name: 'callers' | 'callees',
  { describe, example }: { describe: string; example: readonly [string, string] },
): Command {
  return {
    name,
    usage: `${name} FUNCTION FILES…`,
    describe,
    examples: [example],
    options: [...ROW_OPTIONS, ...STACK_OPTIONS, ...OUTPUT_OPTIONS],
    async answer(words, args, io) {
      const [pattern, ...files] = words;
      if (pattern === undefined || files.length === 0) throw missingWords(name, words);
      if (outputFormat(args) === 'pstats') return asPstats({ list: name, pattern, files }, args, io);
      const query = queryFrom(args);
      return relationsView(name, await statsOf(files, args, io), { pattern, query });
    },
  };
}

/** pstats' rules are a second path through the code, which few go. */
async function asPstats(command: PstatsCommand, args: Arguments, io: Io): Promise<PstatsView> {
  const { pstatsAnswer } = await import('./pstats-format.ts');
  return pstatsAnswer(command, args, io);
}

/** The profile of the files, less the stacks that the options leave out. Throws PstatError. */
export async function statsOf(files: readonly string[], args: Arguments, io: Io): Promise<Stats> {
  const load = { ...loadOptionsFrom(args), stdin: io.stdin, time: functionTimeFrom(args) };
  const options = statsOptionsFrom(args);
  const profile = await withProgress(io, (onProgress) => loadProfile(files, { ...load, onProgress }));
  return new Stats(profile, options);
}
