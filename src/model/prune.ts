/** Removes what a window, focus or ignore left without time. */

import { type CallTree, pruneTree } from './call-tree.ts';
import { byteAt, intAt, pickRows } from './columns.ts';
import type { StacksProfile, Timeline } from './profile.ts';

/**
 * Returns the profile with this tree, without the nodes that have neither time nor samples, and with the samples of the
 * timeline on the nodes that are left.
 *
 * @param isKept NodeIndex -> 1 for a node that keeps its self time and samples; null for all
 */
export function pruneProfile(
  profile: StacksProfile,
  callTree: CallTree,
  { timeline, isKept = null }: { readonly timeline: Timeline | null; readonly isKept?: Uint8Array | null },
): StacksProfile {
  const { tree, movedTo } = pruneTree(callTree, isKept);
  return {
    ...profile,
    callTree: tree,
    timeline: timeline && timelineOnDemand(() => keepSamples(timeline, movedTo, isKept)),
  };
}

/** A timeline that is computed when it is read: most queries are about times of functions alone. */
export function timelineOnDemand(compute: () => Timeline): Timeline {
  let known: Timeline | null = null;
  const timeline = () => {
    known ??= compute();
    return known;
  };
  return {
    get length() {
      return timeline().length;
    },
    get node() {
      return timeline().node;
    },
    get time() {
      return timeline().time;
    },
    get duration() {
      return timeline().duration;
    },
    get line() {
      return timeline().line;
    },
    get subtracted() {
      return timeline().subtracted;
    },
  };
}

/** Moves samples to where their nodes went. Those of no known node stay if all nodes are kept. */
function keepSamples(timeline: Timeline, movedTo: Int32Array, isKept: Uint8Array | null): Timeline {
  const { node } = timeline;
  const isSampleKept = (i: number) => {
    const each = intAt(node, i);
    if (each === -1) return isKept === null;
    return intAt(movedTo, each) !== -1 && (isKept === null || byteAt(isKept, each) === 1);
  };
  const kept = filterSamples(timeline, isSampleKept);
  return { ...kept, node: kept.node.map((each) => (each === -1 ? -1 : intAt(movedTo, each))) };
}

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
    node: kept.map((i) => intAt(node, i)),
    time: pick(time),
    duration: pick(duration),
    line: line && kept.map((i) => intAt(line, i)),
    subtracted: subtracted && pick(subtracted),
  };
}
