/** What top, callers and callees answer. */

import { loadProfile } from '../../input/load.ts';
import { Stats } from '../../query/stats.ts';
import type { PstatsView } from '../../view/pstats-view.ts';
import { functionsView, groupsView, relationsView, type View } from '../../view/views.ts';
import { missingWords } from '../errors.ts';
import type { Io } from '../io.ts';
import {
  type Arguments,
  functionTimeFrom,
  loadOptionsFrom,
  outputFormat,
  queryFrom,
  rowKind,
  statsOptionsFrom,
} from '../options.ts';
import { withProgress } from '../progress.ts';
import type { PstatsCommand } from './pstats-format.ts';

/** Throws PstatError. */
export async function topAnswer(words: readonly string[], args: Arguments, io: Io): Promise<View | PstatsView> {
  if (outputFormat(args) === 'pstats') return asPstats({ list: 'functions', pattern: null, files: words }, args, io);
  const query = queryFrom(args);
  const by = rowKind(args);
  const stats = await statsOf(words, args, io);
  return by === 'function' ? functionsView(stats, query) : groupsView(by, stats, query);
}

/** Throws PstatError. */
export async function relationsAnswer(
  name: 'callers' | 'callees',
  words: readonly string[],
  { args, io }: { readonly args: Arguments; readonly io: Io },
): Promise<View | PstatsView> {
  const [pattern, ...files] = words;
  if (pattern === undefined || files.length === 0) throw missingWords(name, words);
  if (outputFormat(args) === 'pstats') return asPstats({ list: name, pattern, files }, args, io);
  const query = queryFrom(args);
  return relationsView(name, await statsOf(files, args, io), { pattern, query });
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
