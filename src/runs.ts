/** A path → runs: one recording each, the threads of a process together. */

import { mixedRuns } from './errors.ts';
import { type LoadOptions, loadProfiles } from './load.ts';
import { merge } from './model/merge.ts';
import type { Profile } from './model/profile.ts';
import { Stats, type StatsOptions } from './query/stats.ts';
import { processFile, routeOf } from './recording-names.ts';

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
  return runsOf(path, await loadProfiles([path], load), stats);
}

/** Profiles as runs. Throws as `loadRuns`; `path` is where they come from. */
export function runsOf(path: string, profiles: readonly Profile[], stats: StatsOptions): Stats[] {
  refuseMixed(path, 'kinds', profiles.map(kindOf));
  const routes = profiles.map((profile) => routeOf(profile.sources[0] ?? ''));
  refuseMixed(
    path,
    'routes',
    routes.filter((route) => route !== null),
  );
  return byProcess(profiles).map((run) => new Stats(merge(run), stats));
}

/** Requests to one route say nothing of those to another. Throws PstatError (`missing-data`). */
export function refuseUnlikeRoutes(before: readonly Stats[], after: readonly Stats[]): void {
  const routes = [...before, ...after].map(({ summary }) => routeOf(summary.sources[0] ?? ''));
  refuseMixed(
    'BEFORE and AFTER',
    'routes',
    routes.filter((route) => route !== null),
  );
}

function kindOf(profile: Profile): string {
  return `${'paths' in profile ? 'stacks' : 'pairs'} with ${profile.counts}`;
}

function refuseMixed(path: string, what: string, found: readonly string[]): void {
  const different = [...new Set(found)].sort();
  if (different.length > 1) throw mixedRuns(path, what, different);
}

function byProcess(profiles: readonly Profile[]): [Profile, ...Profile[]][] {
  const runs: { readonly profiles: [Profile, ...Profile[]]; readonly numbers: Set<number> }[] = [];
  const current = new Map<string, (typeof runs)[number]>();
  for (const profile of profiles) {
    const file = processFile(profile.sources[0] ?? '');
    const run = file === null ? undefined : current.get(file.process);
    // A process numbers its files; a number that comes again is of another process of the same id.
    if (file !== null && run !== undefined && !run.numbers.has(file.number)) {
      run.profiles.push(profile);
      run.numbers.add(file.number);
      continue;
    }
    const started = {
      profiles: [profile] as [Profile, ...Profile[]],
      numbers: new Set(file === null ? [] : [file.number]),
    };
    runs.push(started);
    if (file !== null) current.set(file.process, started);
  }
  return runs.map((run) => run.profiles);
}
