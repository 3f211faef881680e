/** Filters stacks by the functions on them. */

import { byteAt, floatAt, intAt } from './columns.ts';
import { noStacks } from './errors.ts';
import type { FunctionIndex } from './function-table.ts';
import { remainingQueued } from './normalize/queued-time.ts';
import type { Profile, StacksProfile } from './profile.ts';
import { pruneProfile } from './prune.ts';

/** Whether a function matches. */
export type FunctionTest = (fn: FunctionIndex) => boolean;

/**
 * Keeps the stacks that contain a match of every `focus` test and of no `ignore` test. The time of the others becomes
 * `excluded`. Throws PstatError (`missing-data`) for an edges profile.
 */
export function applyFocus(profile: Profile, focus: readonly FunctionTest[], ignore: readonly FunctionTest[]): Profile {
  if (focus.length + ignore.length === 0) return profile;
  if (!('callTree' in profile)) throw noStacks(profile.sources[0] ?? '');
  return focusStacks(profile, focus, ignore);
}

/** As `applyFocus`, of a profile that has stacks. */
export function focusStacks(
  profile: StacksProfile,
  focus: readonly FunctionTest[],
  ignore: readonly FunctionTest[],
): StacksProfile {
  const isKept = selectNodes(profile, focus, ignore);
  const { callTree } = profile;
  const pruned = pruneProfile(profile, callTree, { timeline: profile.timeline, isKept });
  const queued = callTree.queued === null ? null : sumWhere(callTree.queued, isKept, 1);
  return {
    ...pruned,
    excluded:
      profile.excluded +
      sumWhere(callTree.self, isKept, 0) +
      (profile.isUndisturbed ? (profile.queued ?? 0) - (queued ?? 0) : 0),
    queued: remainingQueued({ ...profile, queued }),
  };
}

function sumWhere(column: Float64Array, isKept: Uint8Array, wanted: 0 | 1): number {
  let sum = 0;
  for (let node = 0; node < column.length; node++) if (byteAt(isKept, node) === wanted) sum += floatAt(column, node);
  return sum;
}

/** NodeIndex -> 1 if its stack is kept. */
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

/** NodeIndex -> 1 if the test matches a function on its stack. Parents come first, so one pass is enough. */
function markStacksWith({ callTree, functions }: StacksProfile, test: FunctionTest): Uint8Array {
  // V8's root is on every stack and is not a row, so it never matches.
  const matches = Uint8Array.from(functions.kind, (kind, fn) => Number(kind !== 'root' && test(fn)));
  const { length, parent: parents, function: fns } = callTree;
  const hit = new Uint8Array(length);
  for (let node = 0; node < length; node++) {
    const parent = intAt(parents, node);
    hit[node] = byteAt(matches, intAt(fns, node)) | (parent === -1 ? 0 : byteAt(hit, parent));
  }
  return hit;
}
