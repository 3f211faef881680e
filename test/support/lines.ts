/** Lines of a profile in short form, and raw profiles with ticks. */

import type { Profile } from '../../src/model/profile.ts';
import type { RawStacksProfile } from '../../src/model/raw-profile.ts';

/** A tick: node of the raw profile, line, ticks. */
export type Tick = readonly [node: number, line: number, ticks: number];

/** The raw profile with V8's ticks. */
export function withTicks(raw: RawStacksProfile, ticks: readonly Tick[]): RawStacksProfile {
  const column = (i: 0 | 1 | 2) => ticks.map((tick) => tick[i]);
  const positionTicks = {
    length: ticks.length,
    node: Int32Array.from(column(0)),
    line: Int32Array.from(column(1)),
    ticks: Float64Array.from(column(2)),
  };
  return { ...raw, nodes: { ...raw.nodes, positionTicks } };
}

/** `function:line self/samples` of every entry, in the order of nodes. */
export function linesOf(profile: Profile): string[] {
  if (!('callTree' in profile)) throw new TypeError('an edges profile');
  const { callTree, functions } = profile;
  const { lines } = callTree;
  if (lines === null) return [];
  return [...callTree.function].flatMap((fn, node) => {
    const [start = 0, end = 0] = lines.start.subarray(node, node + 2);
    return Array.from(
      { length: end - start },
      (_, i) => `${functions.name[fn]}:${lines.line[start + i]} ${lines.self[start + i]}/${lines.samples[start + i]}`,
    );
  });
}
