/** Limits a profile to a window of time. Applied to each file before merging, because files have different clocks. */

import { sum } from '../base/averages.ts';
import { linesOfNodes, withLines } from './call-tree.ts';
import { floatAt, intAt } from './columns.ts';
import { noSampleTimes } from './errors.ts';
import { type LineTimes, type NodeSums, rescaleLines } from './line-times.ts';
import { type LineSamples, sumSampleLines } from './normalize/executing-lines.ts';
import { remainingQueued } from './normalize/queued-time.ts';
import type { Profile, StacksProfile, Timeline } from './profile.ts';
import { filterSamples, pruneProfile, timelineOnDemand } from './prune.ts';
import type { Microseconds } from './raw-profile.ts';

/** µs from the start of each file's recording, `to` excluded. */
export interface Window {
  /** @default the first sample, which V8 may have taken before the start */
  readonly from?: Microseconds | undefined;
  /** @default the end of the recording */
  readonly to?: Microseconds | undefined;
}

/**
 * Returns the part of a profile inside a window. Sample durations are clipped at the window's edges; a sample is
 * counted if its own timestamp is inside. The time outside the window becomes `excluded`.
 * Throws PstatError (`missing-data`) for a profile without sample times.
 */
export function applyWindow(
  profile: Profile,
  { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: Window,
): Profile {
  if (from === Number.NEGATIVE_INFINITY && to === Number.POSITIVE_INFINITY) return profile;
  if (!('callTree' in profile) || profile.timeline === null) throw noSampleTimes(profile.sources[0] ?? '');
  return clipProfile(profile, profile.timeline, { start: from, end: to });
}

interface Span {
  readonly start: Microseconds;
  readonly end: Microseconds;
}

function clipProfile(profile: StacksProfile, timeline: Timeline, window: Span): StacksProfile {
  const { callTree, duration } = profile;
  const { times, lines, unresolved, end } = clipSamples(profile, timeline, window);
  const queued = sum(times.queued ?? []);
  // A first sample before the start of recording makes beforeFirstSample negative: that time is subtracted.
  const beforeFirstSample =
    profile.beforeFirstSample < 0
      ? -overlap(profile.beforeFirstSample, 0, window)
      : overlap(0, profile.beforeFirstSample, window);
  // Only a recording without samples may have an unknown end. Then there is no time to exclude.
  const recorded = Number.isNaN(duration) ? end : duration;
  const afterLastSample = unresolved + overlap(end, recorded, window);
  const counted = sum(times.self);
  const { length, parent, subtreeEnd, function: fn } = callTree;
  const part = withLines({ length, parent, subtreeEnd, function: fn, ...times }, (isWanted) =>
    clipLines(profile, times, { samples: lines, isWanted }),
  );
  return {
    ...pruneProfile(profile, part, { timeline: timelineOnDemand(() => clipTimeline(timeline, window)) }),
    beforeFirstSample,
    afterLastSample,
    excluded: recorded - beforeFirstSample - afterLastSample - counted - queued,
    queued: remainingQueued({ ...profile, queued }),
  };
}

/** Sums the samples inside the window by node. `end` is the end of the last sample of the recording. */
function clipSamples({ callTree, beforeFirstSample }: StacksProfile, timeline: Timeline, window: Span) {
  const { length, node: nodes, time, duration, subtracted } = timeline;
  const self = new Float64Array(callTree.length);
  const samples = new Float64Array(callTree.length);
  const selfSquares = new Float64Array(callTree.length);
  const queued = callTree.queued === null ? null : new Float64Array(callTree.length);
  const { line } = timeline;
  const lines =
    line === null ? null : { node: nodes, line, self: new Float64Array(length), samples: new Float64Array(length) };
  let unresolved = 0;
  let end = beforeFirstSample;
  for (let i = 0; i < length; i++) {
    const start = floatAt(time, i);
    const stop = start + floatAt(duration, i);
    end = stop + (subtracted === null ? 0 : floatAt(subtracted, i));
    // Most samples, where the window is small.
    if (start >= window.end || (start < window.start && end <= window.start)) continue;
    const inside = overlap(start, stop, window);
    const queuedInside = overlap(stop, end, window);
    const node = intAt(nodes, i);
    if (node === -1) unresolved += inside;
    else {
      self[node] = floatAt(self, node) + inside;
      selfSquares[node] = floatAt(selfSquares, node) + inside * inside;
      if (queued !== null) queued[node] = floatAt(queued, node) + queuedInside;
      const count = start >= window.start && start < window.end ? 1 : 0;
      samples[node] = floatAt(samples, node) + count;
      if (lines !== null) {
        lines.self[i] = inside;
        lines.samples[i] = count;
      }
    }
  }
  return { times: { self, samples, selfSquares, queued }, lines, unresolved, end };
}

/** The samples that are partly inside, with that part of their durations. */
function clipTimeline(timeline: Timeline, window: Span): Timeline {
  const { time, duration, subtracted } = timeline;
  const endOf = (i: number) => floatAt(time, i) + floatAt(duration, i);
  const clipped = {
    ...timeline,
    time: time.map((start) => Math.max(start, window.start)),
    duration: duration.map((_, i) => overlap(floatAt(time, i), endOf(i), window)),
    subtracted: subtracted?.map((queued, i) => overlap(endOf(i), endOf(i) + queued, window)) ?? null,
  };
  const isCounted = (i: number) => floatAt(time, i) >= window.start && floatAt(time, i) < window.end;
  return filterSamples(clipped, (i) => floatAt(clipped.duration, i) > 0 || isCounted(i));
}

/** The lines of the samples in the window; where only the whole recording has lines, they are scaled. */
function clipLines(
  { callTree, functions }: StacksProfile,
  part: NodeSums,
  { samples, isWanted }: { readonly samples: LineSamples | null; readonly isWanted: Uint8Array | null },
): LineTimes | null {
  if (samples !== null) return sumSampleLines(samples, { tree: callTree, functions, isWanted });
  const lines = linesOfNodes(callTree, isWanted);
  return lines === null ? null : { ...rescaleLines(lines, callTree, part), areScaled: true };
}

/** The part of a span that lies in a window. */
function overlap(start: Microseconds, end: Microseconds, window: Span): Microseconds {
  return Math.max(0, Math.min(end, window.end) - Math.max(start, window.start));
}
