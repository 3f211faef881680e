/** A piece of what V8 saw, as columns. */

import type { Profiler, Runtime } from 'node:inspector';
import type { Microseconds } from '../model/raw-profile.ts';

/** An index into the nodes of one piece. */
export type PieceNode = number;

export interface Piece {
  /** node -> its call frame. */
  readonly frames: readonly Runtime.CallFrame[];
  /** node -> its caller's node; -1 for the root. */
  readonly parents: Int32Array;
  /** node -> whether it is the profiler's, or a builtin that the profiler called. */
  readonly isOurs: readonly boolean[];
  /** node -> whether nothing ran. */
  readonly isIdle: readonly boolean[];
  /** sample -> node on top. */
  readonly samples: readonly PieceNode[];
  /** sample -> µs of V8's clock, ascending. */
  readonly times: readonly Microseconds[];
}

/** @param after µs of V8's clock: what was seen until then is known from the piece before, and left out */
export function pieceOf(
  { nodes, startTime, samples = [], timeDeltas = [] }: Profiler.Profile,
  after: Microseconds,
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
  return {
    frames: nodes.map(({ callFrame }) => callFrame),
    parents,
    isOurs: oursOf(nodes, parents),
    isIdle: nodes.map(({ callFrame }) => isIdleFrame(callFrame)),
    samples: seen.map(({ node }) => node),
    times: seen.map((sample) => sample.time),
  };
}

/** V8 lists callers before what they call. */
function oursOf(nodes: readonly Profiler.ProfileNode[], parents: Int32Array): boolean[] {
  const isOurs: boolean[] = [];
  nodes.forEach(({ callFrame: { url } }, node) => {
    isOurs.push(url === '' ? (isOurs[parents[node] ?? -1] ?? false) : isOurUrl(url));
  });
  return isOurs;
}

function isOurUrl(url: string): boolean {
  return url.startsWith(HOME) || url === KICK_URL;
}

/** What the code is called that is run from outside in a thread whose event loop stands still. */
export const KICK_URL = 'pstat:kick';

/** Where the profiler's own files are: `dist/`, or `src/`. */
const HOME = new URL('..', import.meta.url).href;

/** Whether nothing ran: V8's own `(idle)`, not a function of that name. */
function isIdleFrame({ functionName, scriptId, url }: Runtime.CallFrame): boolean {
  return functionName === '(idle)' && scriptId === '0' && url === '';
}
