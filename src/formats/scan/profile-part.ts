/** What a scanner found in a .cpuprofile, or in a part of one: columns, and texts that are still to be parsed. */

import { MET } from './kernel-instance.ts';

export interface ProfilePart {
  /** node -> id */
  readonly ids: Int32Array<ArrayBuffer>;
  /** node -> id of its parent, or -1 where the node does not say */
  readonly parents: Int32Array<ArrayBuffer>;
  /** node -> its text among those of call frames */
  readonly frames: Int32Array<ArrayBuffer>;
  /** node -> hit count, 0 where the node does not say */
  readonly hits: Int32Array<ArrayBuffer>;
  /** node -> how many of the child ids are its */
  readonly childCounts: Int32Array<ArrayBuffer>;
  /** child ids, node after node */
  readonly children: Int32Array<ArrayBuffer>;
  /** ids of samples */
  readonly samples: Int32Array<ArrayBuffer>;
  readonly deltas: Float64Array<ArrayBuffer>;
  /** JSON of call frames in order of their first node; one of two parts may stand twice */
  readonly frameTexts: readonly string[];
  /** JSON of the members that are no list and no time */
  readonly rest: readonly string[];
  /** Bits of MET: which members there were. */
  readonly met: number;
  /** Bits of SAID: what nodes say. */
  readonly said: number;
  /** Microseconds; NaN where it has none. */
  readonly startTime: number;
  readonly endTime: number;
}

/** Two parts of one file as one; null if a member stands in both, for a second one would take the place of the first. */
export function joined(first: ProfilePart, second: ProfilePart): ProfilePart | null {
  if ((first.met & second.met) !== MET.nodes) return null;
  const known = first.frameTexts.length;
  return {
    ids: integers(first.ids, second.ids),
    parents: integers(first.parents, second.parents),
    frames: integers(
      first.frames,
      second.frames.map((frame) => frame + known),
    ),
    hits: integers(first.hits, second.hits),
    childCounts: integers(first.childCounts, second.childCounts),
    children: integers(first.children, second.children),
    // A list stands in one of them.
    samples: first.samples.length > 0 ? first.samples : second.samples,
    deltas: first.deltas.length > 0 ? first.deltas : second.deltas,
    frameTexts: [...first.frameTexts, ...second.frameTexts],
    rest: [...first.rest, ...second.rest],
    met: first.met | second.met,
    said: first.said | second.said,
    startTime: Number.isNaN(first.startTime) ? second.startTime : first.startTime,
    endTime: Number.isNaN(first.endTime) ? second.endTime : first.endTime,
  };
}

function integers(first: Int32Array, second: Int32Array): Int32Array<ArrayBuffer> {
  const both = new Int32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
