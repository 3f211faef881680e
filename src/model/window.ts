/** A stretch of a recording. Applied to each file by itself, before any merging: clocks of two files are not one. */

import { noSampleTimes } from '../base/errors.ts';
import { pruneTree } from './call-tree.ts';
import { at } from './columns.ts';
import { dropSampleTimes } from './normalize/queued-time.ts';
import type { Profile, StacksProfile, Timeline } from './profile.ts';
import type { Microseconds } from './raw-profile.ts';

/** µs from each file's own start of recording: `from` up to, not with, `to`. */
export interface Window {
  /** @default the first sample, which V8 may have taken before the start */
  readonly from?: Microseconds | undefined;
  /** @default the end of the recording */
  readonly to?: Microseconds | undefined;
}

/**
 * The part of a profile inside a window. The time that a sample stands for is clipped at the window's edges; a sample
 * is counted where its own timestamp lies. What was cut off is `outside`.
 * Throws PstatError (`missing-data`) for a profile that does not know when its samples were taken.
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
  const { callTree: paths, duration } = profile;
  const self = new Float64Array(paths.length);
  const samples = new Float64Array(paths.length);
  let stray = 0;
  let end = profile.beforeFirstSample;
  for (let i = 0; i < timeline.length; i++) {
    const start = at(timeline.time, i);
    end = start + at(timeline.duration, i);
    const inside = overlap({ start, end }, window);
    const node = at(timeline.node, i);
    if (node === -1) stray += inside;
    else {
      self[node] = at(self, node) + inside;
      if (start >= window.start && start < window.end) samples[node] = at(samples, node) + 1;
    }
  }
  // A first sample before the start makes the head negative: what stands before the start is then taken from it.
  const head =
    profile.beforeFirstSample < 0
      ? -overlap({ start: profile.beforeFirstSample, end: 0 }, window)
      : overlap({ start: 0, end: profile.beforeFirstSample }, window);
  // Only a recording without samples may have an unknown end. Nothing of it is known that could be left out.
  const recorded = Number.isNaN(duration) ? end : duration;
  const tail = stray + overlap({ start: end, end: recorded }, window);
  const kept = self.reduce((sum, time) => sum + time, 0);
  return {
    ...profile,
    callTree: pruneTree({ ...paths, self, samples }),
    beforeFirstSample: head,
    afterLastSample: tail,
    excluded: recorded - head - tail - kept - (profile.isUndisturbed ? (profile.queued ?? 0) : 0),
    ...dropSampleTimes(profile),
  };
}

function overlap(a: Span, b: Span): Microseconds {
  return Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));
}
