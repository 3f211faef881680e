/** `--format pstats` of top, callers and callees. */

import { nothingToRead } from '../../errors.ts';
import { loadProfiles, modified } from '../../load.ts';
import { type Added, addedProfiles } from '../../pstats/added.ts';
import { type ListKind, listed } from '../../pstats/listed.ts';
import { Stats } from '../../query/stats.ts';
import { type PstatsView, pstatsView } from '../../view/pstats-view.ts';
import type { Io } from '../io.ts';
import { type Arguments, loadOptionsFrom, pstatsQuestionFrom, statsOptionsFrom } from '../options.ts';

export interface PstatsCommand {
  readonly list: ListKind;
  /** FUNCTION, where the command has one. */
  readonly pattern: string | null;
  readonly files: readonly string[];
}

/** What pstats would print of the files. Throws PstatError. */
export async function pstatsAnswer(
  { list, pattern, files }: PstatsCommand,
  args: Arguments,
  io: Io,
): Promise<PstatsView> {
  const { sort, reverse, strip, restrictions } = pstatsQuestionFrom(args, pattern);
  const { stats, notes } = await pythonStats(files, args, io);
  if (strip) stats.strip();
  if (sort.length > 0) stats.sort(...sort);
  if (reverse) stats.reverse();
  return pstatsView(listed(stats, { list, restrictions }), stats.size, notes);
}

async function pythonStats(files: readonly string[], args: Arguments, io: Io): Promise<Added> {
  const profiles = await loadProfiles(files, { ...loadOptionsFrom(args), stdin: io.stdin });
  const { idle = false, focus = [], ignore = [] } = statsOptionsFrom(args);
  const asked = profiles.map((profile) => new Stats(profile, { idle, focus, ignore }));
  const times = await Promise.all(profiles.map(({ sources: [name = ''] }) => modified(name)));
  const [first, ...others] = asked.map((stats, i) => ({ stats, idle, modified: times[i] ?? null }));
  if (first === undefined) throw nothingToRead();
  return addedProfiles([first, ...others]);
}
