/**
 * Time in which the recorded thread was ready to run but had no processor.
 *
 * The kernel tells its sum for a recording. Where it lies shows in the samples: one that lasts longer than the interval
 * was taken late. So the sum is distributed over the samples in proportion to what each exceeds 1.1 intervals. Measured: functions keep their time within 5 % beside three busy processes.
 */

import { at } from '../columns.ts';
import type { StacksProfile, Timeline } from '../profile.ts';
import type { Microseconds } from '../raw-profile.ts';

/** Samples up to this many intervals long were taken in time. */
const PUNCTUAL_LIMIT = 1.1;

/**
 * µs, as V8 and pstat take samples by default: for files that do not say it. The median of the times between samples is
 * no measure of it where most samples were taken late.
 */
const DEFAULT_INTERVAL: Microseconds = 1000;

/** The profile with its queued time, where it knows enough to say it. */
export function addQueuedTime(profile: StacksProfile): StacksProfile {
  const queued = distributeQueued(profile);
  return queued === null ? profile : { ...profile, queued: queued.reduce((sum, time) => sum + time, 0) };
}

/** The profile with its queued time taken off the samples; null where it is not known. */
export function subtractQueuedTime(profile: StacksProfile): StacksProfile | null {
  const queued = distributeQueued(profile);
  if (queued === null || profile.timeline === null) return null;
  const self = profile.callTree.self.slice();
  const duration = profile.timeline.duration.slice();
  for (let sample = 0; sample < queued.length; sample++) {
    const time = at(queued, sample);
    if (time === 0) continue;
    const node = at(profile.timeline.node, sample);
    self[node] = at(self, node) - time;
    duration[sample] = at(duration, sample) - time;
  }
  return {
    ...profile,
    callTree: { ...profile.callTree, self },
    timeline: { ...profile.timeline, duration: duration },
    isUndisturbed: true,
  };
}

/**
 * What remains true of a profile of which samples were removed: when the others were taken is not known any more, nor
 * how much of the queued time was theirs, unless it was taken off before.
 */
export function dropSampleTimes({ queued, isUndisturbed }: StacksProfile) {
  return { timeline: null, queued: isUndisturbed ? queued : null };
}

/** sample -> µs of it, whole so that sums of them are exact, that the thread was queued, 0 for samples of idle time and of no node; null if not known. */
function distributeQueued(profile: StacksProfile): Float64Array | null {
  const { timeline, run } = profile;
  const interval = run?.interval ?? Math.min(profile.interval ?? DEFAULT_INTERVAL, DEFAULT_INTERVAL);
  const total = run?.thread?.queued ?? null;
  if (timeline === null || total === null || profile.isUndisturbed) return null;
  const limit = PUNCTUAL_LIMIT * interval;
  const excess = timeline.duration.map((time) => Math.max(0, time - limit));
  const allExcess = excess.reduce((sum, time) => sum + time, 0);
  const share = allExcess === 0 ? 0 : total / allExcess;
  const isCounted = countedSamples(profile, timeline);
  return excess.map((time, sample) => {
    if (at(isCounted, sample) === 0) return 0;
    return Math.min(at(timeline.duration, sample), Math.floor(share * time));
  });
}

/** sample -> 1 if it is counted time */
function countedSamples({ callTree, functions }: StacksProfile, { node }: Timeline): Uint8Array {
  return Uint8Array.from(node, (row) =>
    row === -1 || at(functions.kind, at(callTree.function, row)) === 'idle' ? 0 : 1,
  );
}
