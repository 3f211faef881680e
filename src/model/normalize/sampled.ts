/** Raw samples → a settled profile: weighed, hung, summed per node, laid out. Every sampled format comes through here. */

import type { CallTree } from '../call-tree.ts';
import { within } from '../columns.ts';
import { type LaidOutNodes, layOutWith } from '../depth-first.ts';
import type { PathsProfile, Timeline } from '../profile.ts';
import type { RawPathsProfile } from '../raw-profile.ts';
import { place } from './attach-gc.ts';
import { cutStackNote, gapNote, type Strays, strayNote } from './quality-notes.ts';
import { withQueued } from './queued-time.ts';
import { type Weighed, weigh } from './sample-durations.ts';

/** Settles a raw profile: orders and weighs its samples, hangs the garbage collector, lays the tree out. */
export function settlePaths(raw: RawPathsProfile, source: string): PathsProfile {
  const weighed = weigh(raw);
  const { functions, hung, node: placed } = place(raw, weighed);
  const laidOut = layOutWith(hung, raw.nodes);
  const { self, samples, node, strays } = counted(placed, weighed, laidOut);
  const tree: CallTree = { ...laidOut.nodes, self, samples };
  const timeline = timelineOf(node, weighed);
  const profile: PathsProfile = {
    counts: 'samples',
    format: raw.format,
    executingLines: raw.executingLines,
    sources: [source],
    functions,
    paths: tree,
    duration: weighed.duration,
    head: weighed.head,
    tail: weighed.tail + strays.time,
    outside: 0,
    interval: weighed.interval,
    timeline,
    queued: null,
    isUndisturbed: false,
    notes: [
      ...raw.notes,
      ...weighed.notes,
      ...strayNote(strays),
      ...gapNote(weighed),
      ...cutStackNote(tree, functions, laidOut.height),
    ],
    ...(raw.request === undefined ? {} : { request: raw.request }),
    ...(raw.run === undefined ? {} : { run: raw.run }),
  };
  return withQueued(profile);
}

/** The nodes' own figures, and where each sample now lies. */
interface Counted extends Pick<CallTree, 'self' | 'samples'>, Pick<Timeline, 'node'> {
  readonly strays: Strays;
}

/** Samples counted on the nodes they hang on, in one pass. */
function counted(placed: Int32Array, weighed: Weighed, { nodes, movedTo }: LaidOutNodes): Counted {
  const { hits, weight } = weighed;
  const self = new Float64Array(nodes.length);
  const samples = new Float64Array(nodes.length);
  const node = new Int32Array(placed.length);
  const strays = { count: 0, time: 0 };
  for (let i = 0; i < placed.length; i++) {
    const row = within(placed[i]);
    const to = row === -1 || movedTo === null ? row : within(movedTo[row]);
    node[i] = to;
    if (to === -1) {
      strays.count++;
      strays.time += within(weight[i]);
    } else {
      self[to] = within(self[to]) + within(weight[i]);
      samples[to] = within(samples[to]) + (hits === null ? 1 : within(hits[i]));
    }
  }
  if (Number.isNaN(weighed.duration)) self.fill(Number.NaN);
  return { self, samples, node, strays };
}

/** Null where samples have no times. Of no samples all times are known. */
function timelineOf(node: Int32Array, { length, time, weight }: Weighed): Timeline | null {
  return length > 0 && Number.isNaN(within(time[0])) ? null : { length, node, time, weight };
}
