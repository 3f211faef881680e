/** Normalizes sampled profiles: assigns durations, attaches GC, sums by node, orders depth-first. For every format. */

import { type CallTree, type NodeTimes, withLines } from '../call-tree.ts';
import { floatAt, intAt } from '../columns.ts';
import { type DepthFirstNodes, toDepthFirstWith } from '../depth-first.ts';
import type { StacksProfile, Timeline } from '../profile.ts';
import type { RawStacksProfile } from '../raw-profile.ts';
import { attachGc } from './attach-gc.ts';
import { linesOfSamples, sumSampleLines, sumTicks } from './executing-lines.ts';
import { cutStackNote, gapNote, type UnresolvedSamples, unresolvedSamplesNote } from './quality-notes.ts';
import { addQueuedTime } from './queued-time.ts';
import { assignSampleDurations, type SampleDurations } from './sample-durations.ts';

export function normalizeStacks(raw: RawStacksProfile, source: string): StacksProfile {
  const durations = assignSampleDurations(raw);
  const { functions, attached, node: attachedNode } = attachGc(raw, durations);
  const depthFirst = toDepthFirstWith(attached, raw.nodes);
  const { node, unresolved, ...times } = sumByNode(attachedNode, durations, depthFirst);
  const tree = { ...depthFirst.nodes, ...times };
  const line = linesOfSamples(raw, durations);
  const callTree = withLines(tree, (isWanted) => {
    const nodes = { tree, functions, isWanted };
    return line === null
      ? sumTicks(raw.nodes.positionTicks, nodes, depthFirst.movedTo)
      : sumSampleLines({ node, line, self: durations.sampleDuration, samples: durations.hits }, nodes);
  });
  const profile: StacksProfile = {
    counts: 'samples',
    unit: raw.unit ?? 'us',
    format: raw.format,
    linesAreSampled: raw.linesAreSampled,
    sources: [source],
    functions,
    callTree,
    duration: durations.duration,
    beforeFirstSample: durations.beforeFirstSample,
    afterLastSample: durations.afterLastSample + unresolved.time,
    excluded: 0,
    interval: durations.interval,
    timeline: buildTimeline(node, line, durations),
    queued: null,
    isUndisturbed: false,
    notes: [
      ...raw.notes,
      ...durations.notes,
      ...unresolvedSamplesNote(unresolved),
      ...gapNote(durations, (sample) => isIdle(raw, intAt(durations.node, sample))),
      ...cutStackNote(callTree, functions, depthFirst.height),
    ],
    ...(raw.request === undefined ? {} : { request: raw.request }),
    ...(raw.run === undefined ? {} : { run: raw.run }),
    ...(raw.scripts === undefined ? {} : { scripts: raw.scripts }),
  };
  return addQueuedTime(profile);
}

function isIdle({ functions, nodes }: RawStacksProfile, row: number): boolean {
  return row !== -1 && functions.kind[intAt(nodes.function, row)] === 'idle';
}

/** The nodes' own times, and sample -> NodeIndex. */
interface SampleSums extends NodeTimes, Pick<CallTree, 'queued'>, Pick<Timeline, 'node'> {
  readonly unresolved: UnresolvedSamples;
}

/** Sums samples by node in one pass. */
function sumByNode(sampleRow: Int32Array, durations: SampleDurations, { nodes, movedTo }: DepthFirstNodes): SampleSums {
  const { hits, sampleDuration } = durations;
  const self = new Float64Array(nodes.length);
  const samples = new Float64Array(nodes.length);
  const selfSquares = new Float64Array(nodes.length);
  const node = new Int32Array(sampleRow.length);
  const unresolved = { count: 0, time: 0 };
  for (let i = 0; i < sampleRow.length; i++) {
    const row = intAt(sampleRow, i);
    const to = row === -1 || movedTo === null ? row : intAt(movedTo, row);
    node[i] = to;
    if (to === -1) {
      unresolved.count++;
      unresolved.time += floatAt(sampleDuration, i);
    } else {
      const time = floatAt(sampleDuration, i);
      const count = hits === null ? 1 : floatAt(hits, i);
      self[to] = floatAt(self, to) + time;
      samples[to] = floatAt(samples, to) + count;
      selfSquares[to] = floatAt(selfSquares, to) + (time * time) / count;
    }
  }
  if (Number.isNaN(durations.duration)) for (const column of [self, selfSquares]) column.fill(Number.NaN);
  return { self, samples, selfSquares, queued: null, node, unresolved };
}

/** Returns null for samples without times. A recording without samples has an empty timeline. */
function buildTimeline(
  node: Int32Array,
  line: Int32Array | null,
  { length, time, sampleDuration }: SampleDurations,
): Timeline | null {
  return length > 0 && Number.isNaN(floatAt(time, 0))
    ? null
    : { length, node, line, time, duration: sampleDuration, subtracted: null };
}
