/** The profile of a whole thread, from its pieces; as long as it likes. */

import type { Profiler } from 'node:inspector';
import type { Microseconds } from '../../model/raw-profile.ts';
import { moduleUrl } from '../module-url.ts';
import { idOf, type PathNode, PathTree } from '../path-tree.ts';
import { KICK_URL, type Piece, type PieceNode, pieceOf } from '../profile-chunk.ts';
import type { RunMetadata } from '../run-metadata.ts';

export class ThreadProfile {
  readonly #tree = new PathTree();
  /** By piece: sample -> µs of V8's clock, and the node on top. */
  readonly #columns: { times: Float64Array; nodes: Int32Array }[] = [];
  #start: Microseconds | null = null;
  #end: Microseconds = 0;
  #last: Microseconds = Number.NEGATIVE_INFINITY;
  #run: RunMetadata | null = null;

  /** A profile with no sample says nothing. */
  get isEmpty(): boolean {
    return this.#columns.length === 0;
  }

  /** µs from start to end. */
  get duration(): Microseconds {
    return this.#end - (this.#start ?? this.#end);
  }

  /** Samples in which the program ran. */
  get work(): number {
    const { idle, program } = this.#tree;
    return this.#columns.reduce(
      (sum, { nodes }) => sum + nodes.filter((node) => node !== idle && node !== program).length,
      0,
    );
  }

  add(profile: Profiler.Profile): void {
    this.#start ??= profile.startTime;
    this.#end = Math.max(this.#end, profile.endTime);
    const piece = pieceOf(profile, this.#last);
    if (piece.times.length === 0) return;
    const known = new Map<PieceNode, PathNode>();
    const isProfiler = profilerNodes(piece);
    const nodes = Int32Array.from(piece.samples, (node) =>
      isProfiler[node] === true || piece.isOurs[node] === true
        ? this.#tree.program
        : this.#tree.adopt(piece, node, known),
    );
    this.#columns.push({ times: Float64Array.from(piece.times), nodes });
    this.#last = piece.times.at(-1) ?? this.#last;
  }

  /** Replaces the metadata of the run: each one counts from the start of the recording. */
  setRun(run: RunMetadata): void {
    this.#run = run;
  }

  /** The text of the .cpuprofile in parts, for it may be longer than V8's longest text. */
  *text(): Generator<string> {
    const start = this.#start ?? 0;
    yield '{"nodes":[';
    yield* joined(this.#tree.nodes(this.#columns.map((column) => column.nodes)), (node) => JSON.stringify(node));
    yield `],"startTime":${start},"endTime":${this.#end},"samples":[`;
    yield* joined(this.#columns, ({ nodes }) => Array.from(nodes, idOf).join());
    yield '],"timeDeltas":[';
    let previous = start;
    yield* joined(this.#columns, ({ times }) => {
      const deltas = Array.from(times, (time, i) => time - (times[i - 1] ?? previous));
      previous = times.at(-1) ?? previous;
      return deltas.join();
    });
    yield this.#run === null ? ']}\n' : `],"pstat":${JSON.stringify({ run: this.#run })}}\n`;
  }
}

/** node -> whether what spools the profile stands on its stack: it calls nothing of the program's. */
function profilerNodes({ frames, parents }: Piece): boolean[] {
  const known: boolean[] = [];
  frames.forEach(({ url, functionName }, node) => {
    const spools = url === KICK_URL || (url === ATTACHED && functionName === SPOOLING);
    known.push(spools || known[parents[node] ?? -1] === true);
  });
  return known;
}

/** What is loaded before a recorded program. */
const ATTACHED = moduleUrl('program/preload').href;
/** The function there under which nothing of the program runs. */
const SPOOLING = 'spoolSeen';

function* joined<Item>(items: Iterable<Item>, text: (item: Item) => string): Generator<string> {
  let comma = '';
  for (const item of items) {
    yield comma + text(item);
    comma = ',';
  }
}
