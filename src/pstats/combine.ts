import { checkMergeable, mergedNotes } from '../model/merge.ts';
import type { Stats } from '../query/stats.ts';
import { buildDictionary } from './dictionary.ts';
import { type PythonProfile, PythonStats } from './python-stats.ts';

/** A file's profile, less what was left out of it. */
export interface FilteredProfile {
  readonly stats: Stats;
  /** Whether V8's `(idle)` is a function. */
  readonly idle: boolean;
  /** When the file was written, in seconds since 1970; null where it is no file. */
  readonly modified: number | null;
}

export interface CombinedStats {
  readonly stats: PythonStats;
  readonly notes: readonly string[];
}

/** Files as Python adds them. Throws PstatError (`missing-data`) for kinds that do not go together. */
export function combineProfiles([first, ...others]: readonly [FilteredProfile, ...FilteredProfile[]]): CombinedStats {
  const kinds = checkMergeable([first.stats.profile, ...others.map(({ stats }) => stats.profile)]);
  return {
    stats: new PythonStats(toPythonProfile(first), ...others.map(toPythonProfile)),
    notes: others.length === 0 ? first.stats.summary.notes : mergedNotes(kinds),
  };
}

/** As Python has it. What has no date is standard input; it has no header, as what Python takes from memory has none. */
export function toPythonProfile({ stats: { graph, profile }, idle, modified }: FilteredProfile): PythonProfile {
  const [name = ''] = profile.sources;
  return {
    counts: graph.counts,
    dictionary: buildDictionary(graph, idle),
    file: modified === null ? null : { name, modified },
  };
}
