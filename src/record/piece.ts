/** A piece of what V8 saw, as columns, with the owner of each sample. */

import type { Profiler, Runtime } from 'node:inspector';
import type { Microseconds } from '../model/raw-profile.ts';
import type { Owner } from './owners.ts';

/** An index into the nodes of one piece. */
export type PieceNode = number;

export interface Piece {
  /** node -> its call frame. */
  readonly frames: readonly Runtime.CallFrame[];
  /** node -> its caller's node; -1 for the root. */
  readonly parents: Int32Array;
  /** node -> whether it is the profiler's, or a builtin that the profiler called. */
  readonly isOurs: readonly boolean[];
  /** sample -> node on top. */
  readonly samples: readonly PieceNode[];
  /** sample -> µs of V8's clock, ascending. */
  readonly times: readonly Microseconds[];
  /** sample -> whose turn it was. */
  readonly owners: readonly Owner[];
}

/**
 * @param after µs of V8's clock: what was seen until then is known from the piece before, and left out
 * @param ownersAt owners of samples at ascending times of V8's clock
 */
export function pieceOf(
  { nodes, startTime, samples = [], timeDeltas = [] }: Profiler.Profile,
  after: Microseconds,
  ownersAt: (times: readonly Microseconds[]) => readonly Owner[],
): Piece {
  const indices = new Map(nodes.map(({ id }, node) => [id, node]));
  const parents = new Int32Array(nodes.length).fill(-1);
  nodes.forEach(({ children = [] }, node) => {
    for (const child of children) parents[indices.get(child) ?? 0] = node;
  });
  let time = startTime;
  const seen = samples
    .map((id, i) => {
      time += timeDeltas[i] ?? 0;
      return { node: indices.get(id) ?? 0, time };
    })
    .filter((sample) => sample.time > after)
    .sort((a, b) => a.time - b.time); // V8 adds some samples out of turn
  const times = seen.map((sample) => sample.time);
  return {
    frames: nodes.map(({ callFrame }) => callFrame),
    parents,
    isOurs: oursOf(nodes, parents),
    samples: seen.map(({ node }) => node),
    times,
    owners: ownersAt(times),
  };
}

/** V8 lists callers before what they call. */
function oursOf(nodes: readonly Profiler.ProfileNode[], parents: Int32Array): boolean[] {
  const isOurs: boolean[] = [];
  nodes.forEach(({ callFrame: { url } }, node) => {
    isOurs.push(url === '' ? (isOurs[parents[node] ?? -1] ?? false) : url.startsWith(HOME));
  });
  return isOurs;
}

/** Where the profiler's own files are: `dist/`, or `src/`. */
const HOME = new URL('..', import.meta.url).href;

/** Whether nothing ran: V8's own `(idle)`, not a function of that name. */
export function isIdle({ frames }: Piece, node: PieceNode): boolean {
  const frame = frames[node];
  return frame !== undefined && frame.functionName === '(idle)' && frame.scriptId === '0' && frame.url === '';
}
