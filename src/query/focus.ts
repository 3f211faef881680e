/** Stacks kept or dropped by what stands on them. */

import { noStacks } from '../base/errors.ts';
import { pruneTree } from '../model/call-tree.ts';
import { at } from '../model/columns.ts';
import type { FunctionIndex } from '../model/function-table.ts';
import { dropSampleTimes } from '../model/normalize/queued-time.ts';
import type { Profile, StacksProfile } from '../model/profile.ts';

/** Whether a function is meant. */
export type FunctionTest = (fn: FunctionIndex) => boolean;

/**
 * The profile with only the stacks on which every `focus` and no `ignore` stands somewhere. The time of the others is
 * `outside`. Throws PstatError (`missing-data`) for a profile of pairs, which knows no stacks.
 */
export function applyFocus(profile: Profile, focus: readonly FunctionTest[], ignore: readonly FunctionTest[]): Profile {
  if (focus.length + ignore.length === 0) return profile;
  if (!('callTree' in profile)) throw noStacks(profile.sources[0] ?? '');
  const kept = selectNodes(profile, focus, ignore);
  const { callTree } = profile;
  const self = new Float64Array(callTree.length);
  const samples = new Float64Array(callTree.length);
  let dropped = 0;
  for (let node = 0; node < callTree.length; node++) {
    if (kept[node] === 1) {
      self[node] = at(callTree.self, node);
      samples[node] = at(callTree.samples, node);
    } else dropped += at(callTree.self, node);
  }
  return {
    ...profile,
    callTree: pruneTree({ ...callTree, self, samples }),
    excluded: profile.excluded + dropped,
    ...dropSampleTimes(profile),
  };
}

/** NodeIndex -> 1 where its stack is kept. */
function selectNodes(
  profile: StacksProfile,
  focus: readonly FunctionTest[],
  ignore: readonly FunctionTest[],
): Uint8Array {
  const kept = new Uint8Array(profile.callTree.length).fill(1);
  for (const test of focus) intersect(kept, markStacksWith(profile, test), 1);
  for (const test of ignore) intersect(kept, markStacksWith(profile, test), 0);
  return kept;
}

function intersect(kept: Uint8Array, hit: Uint8Array, wanted: 0 | 1): void {
  for (let node = 0; node < kept.length; node++) if (hit[node] !== wanted) kept[node] = 0;
}

/** NodeIndex -> 1 where the function, or one that called it, is meant. Parents stand first, so one pass will do. */
function markStacksWith({ callTree: tree, functions }: StacksProfile, test: FunctionTest): Uint8Array {
  // V8's root stands on every stack and is no row: nobody can mean it.
  const isMeant = Uint8Array.from(functions.kind, (kind, fn) => Number(kind !== 'root' && test(fn)));
  const hit = new Uint8Array(tree.length);
  for (let node = 0; node < tree.length; node++) {
    const parent = at(tree.parent, node);
    hit[node] = at(isMeant, at(tree.function, node)) | (parent === -1 ? 0 : at(hit, parent));
  }
  return hit;
}
