/** Notes on the quality of samples: gaps, truncated stacks, samples of unknown nodes. */

import { type CallTree, stackDepths } from '../call-tree.ts';
import { at, floatAt, intAt } from '../columns.ts';
import type { FunctionTable } from '../function-table.ts';
import type { ProfileNote } from '../notes.ts';
import type { Microseconds } from '../raw-profile.ts';
import type { SampleDurations } from './sample-durations.ts';

/** A sample duration of more intervals than this is a gap. */
const GAP_THRESHOLD = 10;

/**
 * V8 records this many frames of a stack and drops the outermost ones: kMaxFramesCount in
 * https://github.com/v8/v8/blob/main/src/profiler/tick-sample.h
 */
const V8_FRAME_LIMIT = 255;

/** Samples whose node is not in the file. */
export interface UnresolvedSamples {
  readonly count: number;
  readonly time: Microseconds;
}

export function unresolvedSamplesNote({ count, time }: UnresolvedSamples): ProfileNote[] {
  return count === 0 ? [] : [{ code: 'samples-of-no-node', count, time }];
}

/** Above this share of the time of code, gaps are not a detail. */
const MAX_GAP_SHARE = 0.5;

/** @param isIdle whether nothing ran in a sample, so that nothing is missed in a gap after it */
export function gapNote(durations: SampleDurations, isIdle: (sample: number) => boolean): ProfileNote[] {
  const { time, sampleDuration, interval, length } = durations;
  if (interval === null) return [];
  let count = 0;
  let sum = 0;
  let longest = 0;
  let ofCode = 0;
  let code = 0;
  for (let i = 0; i < length; i++) {
    const gap = floatAt(sampleDuration, i);
    const running = isIdle(i) ? 0 : gap;
    code += running;
    if (gap <= GAP_THRESHOLD * interval || i + 1 === length) continue;
    count++;
    sum += gap;
    ofCode += running;
    if (gap > floatAt(sampleDuration, longest)) longest = i;
  }
  if (count === 0) return [];
  const gaps = { count, longest: floatAt(sampleDuration, longest), at: floatAt(time, longest) };
  return ofCode > MAX_GAP_SHARE * code
    ? [{ code: 'mostly-gaps', ...gaps, total: ofCode, of: code }]
    : [{ code: 'gaps', ...gaps, intervals: GAP_THRESHOLD, total: sum }];
}

/** @param height number of frames of the deepest stack */
export function cutStackNote(tree: CallTree, functions: FunctionTable, height: number): ProfileNote[] {
  if (height < V8_FRAME_LIMIT) return [];
  const depth = stackDepths(tree);
  let cut = 0;
  let all = 0;
  for (let node = 0; node < tree.length; node++) {
    const samples = floatAt(tree.samples, node);
    all += samples;
    // An attached garbage collector node is not a frame of the stack.
    const frames = intAt(depth, node) - (at(functions.kind, intAt(tree.function, node)) === 'gc' ? 1 : 0);
    if (frames >= V8_FRAME_LIMIT) cut += samples;
  }
  return cut === 0 ? [] : [{ code: 'cut-stacks', count: cut, of: all, frames: V8_FRAME_LIMIT }];
}
