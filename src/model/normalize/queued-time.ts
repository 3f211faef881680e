/**
 * Queued time: the recorded thread was ready to run but had no processor.
 *
 * The kernel provides the sum for a recording. A sample that lasts longer than the interval was taken late, so the sum
 * is distributed over the samples in proportion to the part of each above 1.1 intervals. Measured: beside three busy
 * processes, functions keep their time within 5 %.
 */

import { sum } from '../../base/averages.ts';
import { type CallTree, linesOfNodes, withLines } from '../call-tree.ts';
import { at } from '../columns.ts';
import { type LineTimes, rescaleLines } from '../line-times.ts';
import type { StacksProfile, Timeline } from '../profile.ts';
import type { Microseconds } from '../raw-profile.ts';
import { sumSampleLines } from './executing-lines.ts';

/** Samples of up to this many intervals were not late. */
const PUNCTUAL_LIMIT = 1.1;

/**
 * The default interval of V8 and pstat, for files that do not have it. The median time between samples is too long if
 * most samples were late.
 */
const DEFAULT_INTERVAL: Microseconds = 1000;

/** Returns the profile with its queued time, if it is known. */
export function addQueuedTime(profile: StacksProfile): StacksProfile {
  const queued = distributeQueued(profile);
  return queued === null ? profile : { ...profile, queued: sum(queued) };
}

/** Subtracts queued time from the samples. Returns null if it is not known. */
export function subtractQueuedTime(profile: StacksProfile): StacksProfile | null {
  const queued = distributeQueued(profile);
  if (queued === null || profile.timeline === null) return null;
  const self = profile.callTree.self.slice();
  const selfSquares = profile.callTree.selfSquares?.slice() ?? null;
  const duration = profile.timeline.duration.slice();
  const queuedOfNode = new Float64Array(self.length);
  for (let sample = 0; sample < queued.length; sample++) {
    const time = at(queued, sample);
    if (time === 0) continue;
    const node = at(profile.timeline.node, sample);
    const before = at(duration, sample);
    const after = before - time;
    self[node] = at(self, node) - time;
    queuedOfNode[node] = at(queuedOfNode, node) + time;
    duration[sample] = after;
    // Exact for whole µs, whose squares are integers below 2^53.
    if (selfSquares !== null) selfSquares[node] = at(selfSquares, node) - before * before + after * after;
  }
  const { length, parent, subtreeEnd, function: fn, samples } = profile.callTree;
  const timeline = { ...profile.timeline, duration, subtracted: queued };
  const nodes = { length, parent, subtreeEnd, function: fn, self, samples, selfSquares, queued: queuedOfNode };
  return {
    ...profile,
    callTree: withLines(nodes, (isWanted) => undisturbedLines(profile, nodes, { timeline, isWanted })),
    timeline,
    isUndisturbed: true,
  };
}

function undisturbedLines(
  { callTree: before, functions }: StacksProfile,
  after: Omit<CallTree, 'lines'>,
  { timeline, isWanted }: { readonly timeline: Timeline; readonly isWanted: Uint8Array | null },
): LineTimes | null {
  const lines = linesOfNodes(before, isWanted);
  const { node, line, duration } = timeline;
  if (lines === null || line === null) return lines && rescaleLines(lines, before, after);
  return sumSampleLines({ node, line, self: duration, samples: null }, { tree: after, functions, isWanted });
}

/**
 * The queued time of a profile from which samples were removed: not known for a part of a recording, unless it was
 * subtracted before.
 */
export function remainingQueued({ queued, isUndisturbed }: StacksProfile): Microseconds | null {
  return isUndisturbed ? queued : null;
}

/**
 * sample -> queued µs of it, or null if not known. Whole µs, so that sums are exact. 0 for idle time and for samples of
 * unknown nodes.
 */
function distributeQueued(profile: StacksProfile): Float64Array | null {
  const { timeline, run } = profile;
  const interval = run?.interval ?? Math.min(profile.interval ?? DEFAULT_INTERVAL, DEFAULT_INTERVAL);
  const total = run?.thread?.queued ?? null;
  if (timeline === null || total === null || profile.isUndisturbed) return null;
  const limit = PUNCTUAL_LIMIT * interval;
  const excess = timeline.duration.map((time) => Math.max(0, time - limit));
  const allExcess = sum(excess);
  const share = allExcess === 0 ? 0 : total / allExcess;
  const isCounted = countedSamples(profile, timeline);
  return excess.map((time, sample) => {
    if (at(isCounted, sample) === 0) return 0;
    return Math.min(at(timeline.duration, sample), Math.floor(share * time));
  });
}

/** sample -> 1 for counted time */
function countedSamples({ callTree, functions }: StacksProfile, { node }: Timeline): Uint8Array {
  return Uint8Array.from(node, (row) =>
    row === -1 || at(functions.kind, at(callTree.function, row)) === 'idle' ? 0 : 1,
  );
}
