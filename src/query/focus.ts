/** Stacks kept or dropped by what stands on them. */

import { noStacks } from '../errors.ts';
import { prunedTree } from '../model/call-tree.ts';
import { at } from '../model/columns.ts';
import type { FunctionIndex } from '../model/function-table.ts';
import type { PathsProfile, Profile } from '../model/profile.ts';

/** Whether a function is meant. */
export type FunctionTest = (fn: FunctionIndex) => boolean;

/**
 * The profile with only the stacks on which every `focus` and no `ignore` stands somewhere. The time of the others is
 * `outside`. Throws PstatError (`missing-data`) for a profile of pairs, which knows no stacks.
 */
export function focused(profile: Profile, focus: readonly FunctionTest[], ignore: readonly FunctionTest[]): Profile {
  if (focus.length + ignore.length === 0) return profile;
  if (!('paths' in profile)) throw noStacks(profile.sources[0] ?? '');
  const wanted = focus.map((test) => stacksWith(profile, test));
  const unwanted = ignore.map((test) => stacksWith(profile, test));
  const isKept = (node: number) => wanted.every((hit) => hit[node] === 1) && !unwanted.some((hit) => hit[node] === 1);
  const { self, samples } = profile.paths;
  const kept = {
    self: self.map((time, i) => (isKept(i) ? time : 0)),
    samples: samples.map((n, i) => (isKept(i) ? n : 0)),
  };
  const dropped = self.reduce((sum, time, i) => (isKept(i) ? sum : sum + time), 0);
  return {
    ...profile,
    paths: prunedTree({ ...profile.paths, ...kept }),
    outside: profile.outside + dropped,
    timeline: null,
  };
}

/** NodeIndex -> 1 where the function, or one that called it, is meant. Parents stand first, so one pass will do. */
function stacksWith({ paths: tree, functions }: PathsProfile, test: FunctionTest): Uint8Array {
  const answers = new Map<FunctionIndex, number>();
  const hit = new Uint8Array(tree.length);
  for (let node = 0; node < tree.length; node++) {
    const fn = at(tree.function, node);
    // V8's root stands on every stack and is no row: nobody can mean it.
    const answer = answers.get(fn) ?? Number(at(functions.kind, fn) !== 'root' && test(fn));
    answers.set(fn, answer);
    const parent = at(tree.parent, node);
    hit[node] = answer | (parent === -1 ? 0 : at(hit, parent));
  }
  return hit;
}
