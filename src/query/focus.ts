/** Filters stacks by the functions on them: --focus and --ignore. */

import { sum } from '../base/averages.ts';
import { type CallTree, withLines } from '../model/call-tree.ts';
import { at } from '../model/columns.ts';
import type { FunctionIndex } from '../model/function-table.ts';
import { type LineTimes, moveLines } from '../model/line-times.ts';
import { remainingQueued } from '../model/normalize/queued-time.ts';
import type { Profile, StacksProfile, Timeline } from '../model/profile.ts';
import { filterSamples, pruneProfile } from '../model/prune.ts';
import { noStacks } from './errors.ts';

/** Whether a function matches. */
export type FunctionTest = (fn: FunctionIndex) => boolean;

/**
 * Keeps the stacks that contain a match of every `focus` test and of no `ignore` test. The time of the others becomes
 * `excluded`. Throws PstatError (`missing-data`) for an edges profile.
 */
export function applyFocus(profile: Profile, focus: readonly FunctionTest[], ignore: readonly FunctionTest[]): Profile {
  if (focus.length + ignore.length === 0) return profile;
  if (!('callTree' in profile)) throw noStacks(profile.sources[0] ?? '');
  const isKept = selectNodes(profile, focus, ignore);
  const { callTree } = profile;
  const keep = (column: Float64Array) => column.map((value, node) => (at(isKept, node) === 1 ? value : 0));
  const times = {
    self: keep(callTree.self),
    samples: keep(callTree.samples),
    selfSquares: callTree.selfSquares === null ? null : keep(callTree.selfSquares),
    queued: callTree.queued === null ? null : keep(callTree.queued),
  };
  const { length, parent, subtreeEnd, function: fn } = callTree;
  const kept = withLines({ length, parent, subtreeEnd, function: fn, ...times }, () => keepLines(callTree, isKept));
  const excluded = callTree.self.reduce((sum, time, node) => (at(isKept, node) === 1 ? sum : sum + time), 0);
  const queued = times.queued === null ? null : sum(times.queued);
  return {
    ...pruneProfile(profile, kept, keepSamples(profile, isKept)),
    excluded: profile.excluded + excluded + (profile.isUndisturbed ? (profile.queued ?? 0) - (queued ?? 0) : 0),
    queued: remainingQueued({ ...profile, queued }),
  };
}

/** The samples of kept nodes; null if their times are not known. */
function keepSamples({ timeline }: StacksProfile, isKept: Uint8Array): Timeline | null {
  if (timeline === null) return null;
  return filterSamples(timeline, (i) => at(timeline.node, i) !== -1 && at(isKept, at(timeline.node, i)) === 1);
}

function keepLines({ lines, length }: CallTree, isKept: Uint8Array): LineTimes | null {
  if (lines === null) return null;
  const keptNode = Int32Array.from(isKept, (kept, node) => (kept === 1 ? node : -1));
  return moveLines(lines, keptNode, length);
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
function markStacksWith({ callTree: tree, functions }: StacksProfile, test: FunctionTest): Uint8Array {
  // V8's root is on every stack and is not a row, so it never matches.
  const matches = Uint8Array.from(functions.kind, (kind, fn) => Number(kind !== 'root' && test(fn)));
  const hit = new Uint8Array(tree.length);
  for (let node = 0; node < tree.length; node++) {
    const parent = at(tree.parent, node);
    hit[node] = at(matches, at(tree.function, node)) | (parent === -1 ? 0 : at(hit, parent));
  }
  return hit;
}
