import { checkMergeable } from '../model/merge.ts';
import { mergeNotes } from '../model/merge-notes.ts';
import type { Stats } from '../query/stats.ts';
import type { SummaryNote } from '../query/summary.ts';
import { buildDictionary } from './dictionary.ts';
import { type PythonProfile, PythonStats } from './python-stats.ts';

/** The profile of one file after --focus and --ignore. */
export interface FilteredProfile {
  readonly stats: Stats;
  /** Whether V8's `(idle)` is a row. */
  readonly idle: boolean;
  /** Modification time of the file in seconds since 1970; null for standard input. */
  readonly modified: number | null;
}

export interface CombinedStats {
  readonly stats: PythonStats;
  readonly notes: readonly SummaryNote[];
}

/** Adds profiles as `pstats.Stats.add` does. Throws PstatError (`missing-data`) for kinds that cannot be added. */
export function combineProfiles([first, ...others]: readonly [FilteredProfile, ...FilteredProfile[]]): CombinedStats {
  const kinds = checkMergeable([first.stats.profile, ...others.map(({ stats }) => stats.profile)]);
  return {
    stats: new PythonStats(toPythonProfile(first), ...others.map(toPythonProfile)),
    notes: others.length === 0 ? first.stats.summary.notes : mergeNotes(kinds),
  };
}

/** Without a date the list has no header, as in Python for statistics that are not from a file. */
export function toPythonProfile({ stats: { graph, profile }, idle, modified }: FilteredProfile): PythonProfile {
  const [name = ''] = profile.sources;
  return {
    counts: graph.counts,
    dictionary: buildDictionary(graph, idle),
    file: modified === null ? null : { name, modified },
  };
}
