/** Raw samples → a settled profile: weighed, hung, summed per node, laid out. Every sampled format comes through here. */

import { layOut, type UnorderedTree } from './call-tree.ts';
import { at } from './function-table.ts';
import { type Placed, place } from './hanging.ts';
import type { PathsProfile, Timeline } from './profile.ts';
import type { Microseconds, RawPathsProfile } from './raw-profile.ts';
import { cutStackNote, gapNote, strayNote } from './sample-notes.ts';
import { type Weighed, weigh } from './weighing.ts';

/** Settles a raw profile: orders and weighs its samples, hangs the garbage collector, lays the tree out. */
export function settlePaths(raw: RawPathsProfile, source: string): PathsProfile {
  const weighed = weigh(raw);
  const placed = place(raw, weighed);
  const unordered = sumPerNode(placed, weighed);
  const { tree, movedTo } = layOut(unordered);
  const strayTime = strays(placed.node, weighed.weight);
  const timeline = relocate({ ...weighed, node: placed.node }, movedTo);
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
    timeline,
    notes: [
      ...raw.notes,
      ...weighed.notes,
      ...strayNote(placed.node, strayTime),
      ...gapNote(weighed),
      ...cutStackNote(tree, placed.functions),
    ],
    ...(raw.request === undefined ? {} : { request: raw.request }),
  };
}

function sumPerNode(placed: Placed, weighed: Weighed): UnorderedTree {
  const length = placed.parent.length;
  const self = new Float64Array(length);
  const samples = new Float64Array(length);
  for (let i = 0; i < weighed.length; i++) {
    const node = at(placed.node, i);
    if (node === -1) continue;
    self[node] = at(self, node) + at(weighed.weight, i);
    samples[node] = at(samples, node) + (weighed.hits === null ? 1 : at(weighed.hits, i));
  }
  if (Number.isNaN(weighed.duration)) self.fill(Number.NaN);
  return { length, parent: placed.parent, function: placed.function, self, samples };
}

/** Null where samples have no times. Of no samples all times are known. */
function relocate(weighed: Timeline, movedTo: Int32Array | null): Timeline | null {
  const { length, node, time, weight } = weighed;
  if (length > 0 && Number.isNaN(at(time, 0))) return null;
  if (movedTo === null) return { length, node, time, weight };
  return { length, node: node.map((row) => (row === -1 ? -1 : at(movedTo, row))), time, weight };
}

/** The time of samples whose node is not in the file. */
function strays(node: Int32Array, weight: Float64Array): Microseconds {
  let sum = 0;
  for (let i = 0; i < node.length; i++) if (at(node, i) === -1) sum += at(weight, i);
  return sum;
}
