/** How busy the thread was in the course of a recording. */

import { at, floatAt, intAt } from '../model/columns.ts';
import type { StacksProfile } from '../model/profile.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import type { Stats } from './stats.ts';

/** From the start to the end of the recording, or of the samples that a window or filters left of it. */
export function recordedPart({ timeline, duration, excluded }: StacksProfile): {
  readonly from: Microseconds;
  readonly to: Microseconds;
} {
  const last = (timeline?.length ?? 0) - 1;
  const end = timeline === null || last < 0 ? 0 : at(timeline.time, last) + at(timeline.duration, last);
  const isPart = excluded > 0 && timeline !== null && last >= 0;
  return { from: isPart ? at(timeline.time, 0) : 0, to: isPart || !(duration > end) ? end : duration };
}

/** part -> the share of its time that was counted, 0 to 1; the parts are equally long */
export function activityOf({ profile }: Stats, parts: number): number[] {
  const busy = new Array<number>(parts).fill(0);
  if (!('callTree' in profile) || profile.timeline === null) return busy;
  const { from, to } = recordedPart(profile);
  const length = (to - from) / parts;
  const { timeline, callTree, functions } = profile;
  for (let sample = 0; sample < timeline.length; sample++) {
    const node = intAt(timeline.node, sample);
    if (node === -1 || at(functions.kind, intAt(callTree.function, node)) === 'idle') continue;
    const start = floatAt(timeline.time, sample);
    const end = start + floatAt(timeline.duration, sample);
    // A sample may be as long as several parts.
    const last = Math.min(parts - 1, Math.floor((end - from) / length));
    for (let part = Math.max(0, Math.floor((start - from) / length)); part <= last; part++) {
      const inside = Math.min(end, from + (part + 1) * length) - Math.max(start, from + part * length);
      if (inside > 0) busy[part] = (busy[part] ?? 0) + inside / length;
    }
  }
  return busy;
}
