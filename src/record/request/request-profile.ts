/** What was seen of one request, piece by piece, and the .cpuprofile that is made of it. */

import type { Microseconds } from '../../model/raw-profile.ts';
import { idOf, type PathNode, PathTree } from '../path-tree.ts';
import type { Piece, PieceNode } from '../profile-chunk.ts';
import type { RequestFacts } from './messages.ts';
import { NOBODY, type Owner, PROFILER } from './owners.ts';

/** What the ticks of one piece were to the request. Those who wait are many: they share the times, and hold no ids. */
interface Span {
  /** The piece's sample -> µs of V8's clock; the request's are those from `first` on. */
  readonly times: readonly Microseconds[];
  readonly first: number;
  readonly count: number;
  /** sample -> node, from `first` on; null if the request rested all the time. */
  readonly nodes: readonly PathNode[] | null;
}

export class RequestProfile {
  readonly #owner: Owner;
  /** V8's clock. */
  readonly #start: Microseconds;
  readonly #tree = new PathTree();
  readonly #spans: Span[] = [];
  #others = 0;
  #unattributed = 0;

  constructor(owner: Owner, start: Microseconds) {
    this.#owner = owner;
    this.#start = start;
  }

  /**
   * Takes what is this request's. A sample owns the time until the next, so the place of those that are not taken must
   * not stay empty: the request rested then, and `(idle)` stands for them.
   *
   * @param owners sample -> whose turn it was
   * @param end V8's clock; samples after it are not the request's, whoever ran
   */
  take(piece: Piece, owners: readonly Owner[], end: Microseconds): void {
    const { times, samples } = piece;
    const first = firstFrom(times, this.#start);
    const last = firstFrom(times, end);
    const known = new Map<PieceNode, PathNode>();
    const nodes: PathNode[] = [];
    let isResting = true;
    for (let i = first; i < last; i++) {
      const [owner = NOBODY, node = 0] = [owners[i], samples[i]];
      const isIdle = piece.isIdle[node] === true;
      const isOwn = owner === this.#owner && !isIdle;
      nodes.push(isOwn ? this.#tree.adopt(piece, node, known) : this.#tree.idle);
      if (isOwn) isResting = false;
      else if (!isIdle) this.#countForeign(owner);
    }
    if (nodes.length > 0) this.#spans.push({ times, first, count: nodes.length, nodes: isResting ? null : nodes });
  }

  /**
   * The .cpuprofile, with the facts under a key that viewers pass over.
   * @param end V8's clock
   * @param busy µs that the thread worked for the request
   * Throws RangeError beyond V8's longest text.
   */
  document(facts: RequestFacts, end: Microseconds, busy: Microseconds): string {
    // Whole µs, as V8 has them; the start is cut, so that it never lies after the first sample.
    const start = Math.floor(this.#start);
    const times = this.#spans.flatMap((span) => span.times.slice(span.first, span.first + span.count));
    const nodes = this.#spans.flatMap((span) => span.nodes ?? new Array<PathNode>(span.count).fill(this.#tree.idle));
    return JSON.stringify({
      nodes: this.#tree.nodes([nodes]),
      startTime: start,
      endTime: Math.max(Math.round(end), times.at(-1) ?? start),
      samples: nodes.map(idOf),
      timeDeltas: times.map((time, i) => time - (times[i - 1] ?? start)),
      pstat: { ...facts, busy, others: this.#others, unattributed: this.#unattributed },
    });
  }

  #countForeign(owner: Owner): void {
    if (owner === NOBODY) this.#unattributed++;
    else if (owner !== this.#owner && owner !== PROFILER) this.#others++;
  }
}

/** The first of ascending times that is not before the start. */
function firstFrom(times: readonly Microseconds[], start: Microseconds): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
