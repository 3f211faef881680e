/** A path → runs: one recording each, the threads of a process together. */

import { mixedRuns } from './errors.ts';
import { type LoadOptions, loadProfiles } from './load.ts';
import { merge } from './model/merge.ts';
import type { Profile } from './model/profile.ts';
import { Stats, type StatsOptions } from './query/stats.ts';
import { processOf, routeOf } from './recording-names.ts';

/** How a set of runs is read and asked. */
export interface RunsOptions {
  readonly load: LoadOptions;
  readonly stats: StatsOptions;
}

/**
 * The runs of a file, a folder or a glob. Files that Node wrote for the threads of one process are one run.
 * Throws PstatError (`missing-data`) for a set of several routes or kinds, with the list of them.
 */
export async function loadRuns(path: string, { load, stats }: RunsOptions): Promise<Stats[]> {
  const profiles = await loadProfiles([path], load);
  refuseMixed(path, 'kinds', profiles.map(kindOf));
  const routes = profiles.map((profile) => routeOf(profile.sources[0] ?? ''));
  refuseMixed(
    path,
    'routes',
    routes.filter((route) => route !== null),
  );
  return byProcess(profiles).map((run) => new Stats(merge(run), stats));
}

function kindOf(profile: Profile): string {
  return `${'paths' in profile ? 'stacks' : 'pairs'} with ${profile.counts}`;
}

function refuseMixed(path: string, what: string, found: readonly string[]): void {
  const different = [...new Set(found)].sort();
  if (different.length > 1) throw mixedRuns(path, what, different);
}

function byProcess(profiles: readonly Profile[]): [Profile, ...Profile[]][] {
  const runs = new Map<string, [Profile, ...Profile[]]>();
  profiles.forEach((profile, i) => {
    const key = processOf(profile.sources[0] ?? '') ?? `run ${i}`;
    const known = runs.get(key);
    if (known === undefined) runs.set(key, [profile]);
    else known.push(profile);
  });
  return [...runs.values()];
}
