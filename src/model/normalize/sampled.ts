/** Raw samples → a settled profile: weighed, hung, summed per node, laid out. Every sampled format comes through here. */

import type { CallTree } from '../call-tree.ts';
import { at } from '../columns.ts';
import { type DepthFirstNodes, toDepthFirstWith } from '../depth-first.ts';
import type { StacksProfile, Timeline } from '../profile.ts';
import type { RawStacksProfile } from '../raw-profile.ts';
import { attachGc } from './attach-gc.ts';
import { cutStackNote, gapNote, type UnresolvedSamples, unresolvedSamplesNote } from './quality-notes.ts';
import { addQueuedTime } from './queued-time.ts';
import { assignSampleDurations, type SampleDurations } from './sample-durations.ts';

/** Settles a raw profile: orders and weighs its samples, hangs the garbage collector, lays the tree out. */
export function normalizeStacks(raw: RawStacksProfile, source: string): StacksProfile {
  const sampleDurations = assignSampleDurations(raw);
  const { functions, attached, node: attachedNode } = attachGc(raw, sampleDurations);
  const depthFirst = toDepthFirstWith(attached, raw.nodes);
  const { self, samples, node, unresolved: strays } = sumByNode(attachedNode, sampleDurations, depthFirst);
  const tree: CallTree = { ...depthFirst.nodes, self, samples };
  const timeline = buildTimeline(node, sampleDurations);
  const profile: StacksProfile = {
    counts: 'samples',
    format: raw.format,
    executingLines: raw.executingLines,
    sources: [source],
    functions,
    callTree: tree,
    duration: sampleDurations.duration,
    beforeFirstSample: sampleDurations.beforeFirstSample,
    afterLastSample: sampleDurations.afterLastSample + strays.time,
    excluded: 0,
    interval: sampleDurations.interval,
    timeline,
    queued: null,
    isUndisturbed: false,
    notes: [
      ...raw.notes,
      ...sampleDurations.notes,
      ...unresolvedSamplesNote(strays),
      ...gapNote(sampleDurations),
      ...cutStackNote(tree, functions, depthFirst.height),
    ],
    ...(raw.request === undefined ? {} : { request: raw.request }),
    ...(raw.run === undefined ? {} : { run: raw.run }),
  };
  return addQueuedTime(profile);
}

/** The nodes' own figures, and where each sample now lies. */
interface NodeTimes extends Pick<CallTree, 'self' | 'samples'>, Pick<Timeline, 'node'> {
  readonly unresolved: UnresolvedSamples;
}

/** Samples counted on the nodes they hang on, in one pass. */
function sumByNode(placed: Int32Array, weighed: SampleDurations, { nodes, movedTo }: DepthFirstNodes): NodeTimes {
  const { hits, sampleDuration: weight } = weighed;
  const self = new Float64Array(nodes.length);
  const samples = new Float64Array(nodes.length);
  const node = new Int32Array(placed.length);
  const strays = { count: 0, time: 0 };
  for (let i = 0; i < placed.length; i++) {
    const row = at(placed, i);
    const to = row === -1 || movedTo === null ? row : at(movedTo, row);
    node[i] = to;
    if (to === -1) {
      strays.count++;
      strays.time += at(weight, i);
    } else {
      self[to] = at(self, to) + at(weight, i);
      samples[to] = at(samples, to) + (hits === null ? 1 : at(hits, i));
    }
  }
  if (Number.isNaN(weighed.duration)) self.fill(Number.NaN);
  return { self, samples, node, unresolved: strays };
}

/** Null where samples have no times. Of no samples all times are known. */
function buildTimeline(node: Int32Array, { length, time, sampleDuration: weight }: SampleDurations): Timeline | null {
  return length > 0 && Number.isNaN(at(time, 0)) ? null : { length, node, time, duration: weight };
}
