import { at } from '../model/columns.ts';
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

/** Adds profiles, at least one, as `pstats.Stats.add` does. Throws PstatError (`missing-data`) for kinds that cannot be added. */
export function combineProfiles(filtered: readonly FilteredProfile[]): CombinedStats {
  const profiles = filtered.map(({ stats }) => stats.profile);
  checkMergeable(profiles);
  const pythonProfiles = filtered.map(toPythonProfile);
  return {
    stats: new PythonStats(at(pythonProfiles, 0), ...pythonProfiles.slice(1)),
    notes: filtered.length === 1 ? at(filtered, 0).stats.summary.notes : mergeNotes(profiles),
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
