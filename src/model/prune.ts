/** Removes what a window, focus or ignore left without time. */

import { type CallTree, pruneTree } from './call-tree.ts';
import { at, pickRows } from './columns.ts';
import type { StacksProfile, Timeline } from './profile.ts';

/**
 * Returns the profile with this tree, without the nodes that have neither time nor samples, and with the samples of the
 * timeline on the nodes that are left.
 */
export function pruneProfile(profile: StacksProfile, callTree: CallTree, timeline: Timeline | null): StacksProfile {
  const { tree, movedTo } = pruneTree(callTree);
  return { ...profile, callTree: tree, timeline: timeline && keepSamples(timeline, movedTo) };
}

/** Moves samples to where their nodes went; drops those of removed nodes. */
function keepSamples(timeline: Timeline, movedTo: Int32Array): Timeline {
  const { node } = timeline;
  const kept = filterSamples(timeline, (i) => at(node, i) === -1 || at(movedTo, at(node, i)) !== -1);
  return { ...kept, node: kept.node.map((each) => (each === -1 ? -1 : at(movedTo, each))) };
}

/** Returns the samples for which the test is true. */
export function filterSamples(
  { node, time, duration, line, subtracted }: Timeline,
  isKept: (sample: number) => boolean,
): Timeline {
  const indexes = new Int32Array(node.length);
  let length = 0;
  for (let i = 0; i < node.length; i++) if (isKept(i)) indexes[length++] = i;
  const kept = indexes.subarray(0, length);
  const pick = (column: Float64Array) => pickRows(column, kept);
  return {
    length,
    node: kept.map((i) => at(node, i)),
    time: pick(time),
    duration: pick(duration),
    line: line && kept.map((i) => at(line, i)),
    subtracted: subtracted && pick(subtracted),
  };
}
