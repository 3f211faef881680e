/** `--format pstats` of top, callers and callees. */

import { nothingToRead } from '../../errors.ts';
import { loadProfiles, modified } from '../../load.ts';
import { type Added, addedProfiles } from '../../pstats/added.ts';
import type { Listing, PythonStats } from '../../pstats/python-stats.ts';
import { tooMuchText } from '../../pstats/refusals.ts';
import type { Restriction } from '../../pstats/restrictions.ts';
import { Stats } from '../../query/stats.ts';
import type { PstatsView } from '../../view/pstats-view.ts';
import type { Io } from '../io.ts';
import { type Arguments, loadOptionsFrom, pstatsQuestionFrom, statsOptionsFrom } from '../options.ts';

export interface PstatsCommand {
  readonly list: 'functions' | 'callers' | 'callees';
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
  const { lines, shown } = listed(stats, list, restrictions);
  if (lines.reduce((length, line) => length + line.length, 0) > MOST_TEXT) throw tooMuchText();
  const isNothing = shown === 0 && stats.size > 0;
  return {
    view: 'pstats',
    lines,
    matched: shown,
    of: stats.size,
    notes: isNothing ? [...notes, 'no function is left after the restrictions'] : notes,
  };
}

/** A small file may refer to one long name again and again. Characters; V8's longest text is about twice that. */
const MOST_TEXT = 2 ** 28;

function listed(stats: PythonStats, list: PstatsCommand['list'], restrictions: readonly Restriction[]): Listing {
  switch (list) {
    case 'functions':
      return stats.listFunctions(restrictions);
    case 'callers':
      return stats.listCallers(restrictions);
    case 'callees':
      return stats.listCallees(restrictions);
  }
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
