/** Raw samples → a settled profile: weighed, hung, summed per node, laid out. Every sampled format comes through here. */

import { type CallTree, layOut } from './call-tree.ts';
import { floatAt, intAt } from './columns.ts';
import { place } from './hanging.ts';
import type { PathsProfile, Timeline } from './profile.ts';
import type { Microseconds, RawPathsProfile } from './raw-profile.ts';
import { cutStackNote, gapNote, strayNote } from './sample-notes.ts';
import { type Weighed, weigh } from './weighing.ts';

/** Settles a raw profile: orders and weighs its samples, hangs the garbage collector, lays the tree out. */
export function settlePaths(raw: RawPathsProfile, source: string): PathsProfile {
  const weighed = weigh(raw);
  const placed = place(raw, weighed);
  const { nodes, movedTo } = layOut({ length: placed.parent.length, parent: placed.parent, function: placed.function });
  const node = relocated(placed.node, movedTo);
  const tree: CallTree = { ...nodes, ...sumsPerNode(nodes.length, node, weighed) };
  const strayTime = strays(node, weighed.weight);
  return {
    counts: 'samples',
    format: raw.format,
    executingLines: raw.executingLines,
    sources: [source],
    functions: placed.functions,
    paths: tree,
    duration: weighed.duration,
    head: weighed.head,
    tail: weighed.tail + strayTime,
    outside: 0,
    interval: weighed.interval,
    timeline: timelineOf(node, weighed),
    notes: [
      ...raw.notes,
      ...weighed.notes,
      ...strayNote(node, strayTime),
      ...gapNote(weighed),
      ...cutStackNote(tree, placed.functions),
    ],
    ...(raw.request === undefined ? {} : { request: raw.request }),
  };
}

/** NodeIndex -> the time and the samples with it on top */
function sumsPerNode(length: number, node: Int32Array, weighed: Weighed): Pick<CallTree, 'self' | 'samples'> {
  const self = new Float64Array(length);
  const samples = new Float64Array(length);
  for (let i = 0; i < weighed.length; i++) {
    const row = intAt(node, i);
    if (row === -1) continue;
    self[row] = floatAt(self, row) + floatAt(weighed.weight, i);
    samples[row] = floatAt(samples, row) + (weighed.hits === null ? 1 : floatAt(weighed.hits, i));
  }
  if (Number.isNaN(weighed.duration)) self.fill(Number.NaN);
  return { self, samples };
}

function relocated(node: Int32Array, movedTo: Int32Array | null): Int32Array {
  return movedTo === null ? node : node.map((row) => (row === -1 ? -1 : intAt(movedTo, row)));
}

/** Null where samples have no times. Of no samples all times are known. */
function timelineOf(node: Int32Array, { length, time, weight }: Weighed): Timeline | null {
  return length > 0 && Number.isNaN(floatAt(time, 0)) ? null : { length, node, time, weight };
}

/** The time of samples whose node is not in the file. */
function strays(node: Int32Array, weight: Float64Array): Microseconds {
  let sum = 0;
  for (let i = 0; i < node.length; i++) if (intAt(node, i) === -1) sum += floatAt(weight, i);
  return sum;
}
