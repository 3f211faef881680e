/** Notes on the quality of samples: gaps, truncated stacks, samples of unknown nodes. */

import { pluralize } from '../../base/text.ts';
import { formatDuration as inWords } from '../../base/units.ts';
import { type CallTree, stackDepths } from '../call-tree.ts';
import { at } from '../columns.ts';
import type { FunctionTable } from '../function-table.ts';
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

export function unresolvedSamplesNote({ count, time }: UnresolvedSamples): string[] {
  if (count === 0) return [];
  return [`${pluralize(count, 'sample')} of nodes that are not in the file belong to no function (${inWords(time)})`];
}

/** Above this share of the time of code, gaps are not a detail. */
const MAX_GAP_SHARE = 0.5;

/** @param isIdle whether nothing ran in a sample, so that nothing is missed in a gap after it */
export function gapNote(durations: SampleDurations, isIdle: (sample: number) => boolean): string[] {
  const { time, sampleDuration, interval, length } = durations;
  if (interval === null) return [];
  let count = 0;
  let sum = 0;
  let longest = 0;
  let ofCode = 0;
  let code = 0;
  for (let i = 0; i < length; i++) {
    const gap = at(sampleDuration, i);
    const running = isIdle(i) ? 0 : gap;
    code += running;
    if (gap <= GAP_THRESHOLD * interval || i + 1 === length) continue;
    count++;
    sum += gap;
    ofCode += running;
    if (gap > at(sampleDuration, longest)) longest = i;
  }
  if (count === 0) return [];
  const where = `the longest ${inWords(at(sampleDuration, longest))}, at ${inWords(at(time, longest))}`;
  if (ofCode > MAX_GAP_SHARE * code) {
    const share = `${Math.floor((100 * ofCode) / code)}% (${inWords(ofCode)})`;
    return [
      `most of the time was not sampled: ${share} is in ${pluralize(count, 'gap')}, ${where}; what ran there is not known, and each gap is counted on the sample before it`,
    ];
  }
  return [
    `${pluralize(count, 'gap')} of over ${GAP_THRESHOLD} intervals between samples, ${inWords(sum)} together, ${where}; each is counted on the sample before it`,
  ];
}

/** @param height number of frames of the deepest stack */
export function cutStackNote(tree: CallTree, functions: FunctionTable, height: number): string[] {
  if (height < V8_FRAME_LIMIT) return [];
  const depth = stackDepths(tree);
  let cut = 0;
  let all = 0;
  for (let node = 0; node < tree.length; node++) {
    const samples = at(tree.samples, node);
    all += samples;
    // An attached garbage collector node is not a frame of the stack.
    const frames = at(depth, node) - (at(functions.kind, at(tree.function, node)) === 'gc' ? 1 : 0);
    if (frames >= V8_FRAME_LIMIT) cut += samples;
  }
  if (cut === 0) return [];
  const share = ((100 * cut) / all).toFixed(1);
  return [
    `${pluralize(cut, 'sample')} (${share}%) have stacks of ${V8_FRAME_LIMIT} frames or more, where V8 cuts them: totals of outer callers are low`,
  ];
}
