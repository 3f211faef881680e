/**
 * `compare --format folded`: the input of difference flame graphs, a stack and its µs before and after, each the mean of a
 * run, as in the table: runs are processes, and a process of requests counts with the mean of its requests. See
 * difffolded.pl of https://github.com/brendangregg/FlameGraph
 */

import { groupBy } from '../../base/maps.ts';
import type { Both } from '../../compare/both.ts';
import { isRequest, type Origin, processOf } from '../../compare/process.ts';
import { foldStacks } from '../../formats/folded/write-folded.ts';
import { writtenStacks } from '../../formats/stacks/written-stacks.ts';
import { loadProfiles } from '../../input/load.ts';
import { merge } from '../../model/merge.ts';
import type { Profile } from '../../model/profile.ts';
import { Stats } from '../../query/stats.ts';
import { type Arguments, statsOptionsFrom } from '../arguments.ts';
import { notInFormat } from '../errors.ts';
import type { Io } from '../io.ts';
import { GATE_OPTIONS, ROW_OPTIONS } from '../options.ts';
import { loadWithProgress } from '../progress.ts';

/** Options of rows, tests and gates. Folded stacks have neither: an option that did nothing would hide a failed gate. */
const VERDICT_OPTIONS = [...ROW_OPTIONS, 'diff', ...GATE_OPTIONS] as const;

/** Throws PstatError: `query` for options of rows, `missing-data` for profiles of edges, and for those without times. */
export async function compareFolded({ before, after }: Both<string>, args: Arguments, io: Io): Promise<string> {
  const given = VERDICT_OPTIONS.find((name) => args[name] !== undefined);
  if (given !== undefined) throw notInFormat(given, 'folded', 'which writes every stack');
  const sides = [await meanTimes(before, args, io), await meanTimes(after, args, io)] as const;
  const stacks = [...new Set([...sides[0].keys(), ...sides[1].keys()])].sort();
  const timeOf = (side: ReadonlyMap<string, number>, stack: string) => Math.round(side.get(stack) ?? 0);
  return stacks.map((stack) => `${stack} ${timeOf(sides[0], stack)} ${timeOf(sides[1], stack)}\n`).join('');
}

/** Stack -> mean µs of a run. */
async function meanTimes(path: string, args: Arguments, io: Io): Promise<ReadonlyMap<string, number>> {
  const { idle = false, ...stats } = statsOptionsFrom(args);
  const loaded = await loadWithProgress(args, io, (load) => loadProfiles([path], load));
  const runs = groupByRun(loaded.map((profile) => new Stats(profile, stats).profile));
  const means = new Map<string, number>();
  for (const profiles of runs) {
    const parts = runs.length * Math.max(1, profiles.filter((profile) => isRequest(originOf(profile))).length);
    for (const [stack, time] of foldStacks(writtenStacks(merge(profiles), 1, { idle })))
      means.set(stack, (means.get(stack) ?? 0) + time / parts);
  }
  return means;
}

/** Profiles of one process are one run; one that does not say is a run of its own. */
function groupByRun(profiles: readonly Profile[]): [Profile, ...Profile[]][] {
  return [...groupBy(profiles, (profile) => processOf(originOf(profile)) ?? profile).values()];
}

function originOf(profile: Profile): Origin {
  const { run, request } = 'callTree' in profile ? profile : {};
  return { source: profile.sources[0] ?? '', run, request };
}
