/** `--format pstats` for `top`, `callers` and `callees`. */

import { type DatedProfile, loadDated } from '../../input/load.ts';
import { type CombinedStats, combineProfiles } from '../../pstats/combine.ts';
import { createListing, type ListKind } from '../../pstats/listing.ts';
import {
  parseFunctionRestriction,
  parseLimitRestriction,
  parseRestriction,
  type Restriction,
} from '../../pstats/restrictions.ts';
import { splitSortWords } from '../../query/sort-keys.ts';
import { Stats } from '../../query/stats.ts';
import { type PstatsView, pstatsView } from '../../view/pstats-view.ts';
import { type Arguments, choice, flag, list, rowKind, sortWords, statsOptionsFrom, textOf } from '../arguments.ts';
import { notInPstats } from '../errors.ts';
import type { Io } from '../io.ts';
import { loadWithProgress } from '../progress.ts';

export interface PstatsCommand {
  readonly list: ListKind;
  /** FUNCTION; null for `top`. */
  readonly pattern: string | null;
  readonly files: readonly string[];
}

/** Answers as pstats would. Throws PstatError. */
export async function pstatsAnswer(
  { list: kind, pattern, files }: PstatsCommand,
  args: Arguments,
  io: Io,
): Promise<PstatsView> {
  const { sort, reverse, strip, restrictions } = pstatsQuestionFrom(args, pattern);
  const { stats, notes } = await loadPythonStats(files, args, io);
  if (strip) stats.strip();
  if (sort.length > 0) stats.sort(...sort);
  if (reverse) stats.reverse();
  return pstatsView(createListing(stats, { list: kind, restrictions }), stats.size, notes);
}

interface PstatsQuestion {
  readonly sort: readonly string[];
  readonly reverse: boolean;
  /** Whether paths are cut to file names. */
  readonly strip: boolean;
  /** FUNCTION, each --restrict, --limit. */
  readonly restrictions: readonly Restriction[];
}

/** Throws PstatError (`query`). @param pattern FUNCTION; null for `top` */
function pstatsQuestionFrom(args: Arguments, pattern: string | null): PstatsQuestion {
  if (rowKind(args) !== 'function') throw notInPstats('--by', 'its rows are functions');
  for (const option of ['filter', 'exclude'])
    if (args[option] !== undefined) throw notInPstats(`--${option}`, 'use --restrict');
  const paths = choice(args, { option: 'paths', choices: ['full', 'base'], otherwise: 'full' });
  const limit = parseLimitRestriction(textOf(args, 'limit') ?? '0');
  return {
    sort: splitSortWords(sortWords(args)),
    reverse: flag(args, 'reverse'),
    strip: paths === 'base',
    restrictions: [
      ...(pattern === null ? [] : [parseFunctionRestriction(pattern)]),
      ...list(args['restrict']).map(parseRestriction),
      ...(limit === null ? [] : [limit]),
    ],
  };
}

async function loadPythonStats(files: readonly string[], args: Arguments, io: Io): Promise<CombinedStats> {
  const profiles = await loadWithProgress(args, io, (load) => loadDated(files, load));
  const { idle = false, focus = [], ignore = [] } = statsOptionsFrom(args);
  const applyOptions = ({ profile, modified }: DatedProfile) => ({
    stats: new Stats(profile, { idle, focus, ignore }),
    idle,
    modified,
  });
  return combineProfiles(profiles.map(applyOptions));
}
