/** The profile of a whole thread, merged from its chunks. */

import type { Profiler } from 'node:inspector';
import type { Microseconds } from '../../model/raw-profile.ts';
import { moduleUrl } from '../module-url.ts';
import { type PathNode, PathTree, toNodeId } from '../path-tree.ts';
import { type ChunkNode, createChunk, FLUSH_URL, type ProfileChunk } from '../profile-chunk.ts';
import type { WrittenRunMetadata } from '../run-metadata.ts';
import { FLUSH_FUNCTION } from './flush-protocol.ts';

export class ThreadProfile {
  readonly #tree = new PathTree();
  /** One entry per chunk: sample -> µs of V8's clock, sample -> PathNode on top. */
  readonly #columns: { times: Float64Array; nodes: Int32Array }[] = [];
  #start: Microseconds | null = null;
  #end: Microseconds = 0;
  #lastTime: Microseconds = Number.NEGATIVE_INFINITY;
  #run: WrittenRunMetadata | null = null;

  /** Whether it has no sample. */
  get isEmpty(): boolean {
    return this.#columns.length === 0;
  }

  /** µs from start to end. */
  get duration(): Microseconds {
    return this.#end - (this.#start ?? this.#end);
  }

  /** Samples other than `(idle)` and `(program)`. */
  get activeSampleCount(): number {
    const { idle, program } = this.#tree;
    return this.#columns.reduce(
      (sum, { nodes }) => sum + nodes.filter((node) => node !== idle && node !== program).length,
      0,
    );
  }

  /** Adds the next chunk. The profiler's own work becomes `(program)`. */
  addChunk(profile: Profiler.Profile): void {
    this.#start ??= profile.startTime;
    this.#end = Math.max(this.#end, profile.endTime);
    const chunk = createChunk(profile, this.#lastTime);
    if (chunk.times.length === 0) return;
    const known = new Map<ChunkNode, PathNode>();
    const isFlushNode = findFlushNodes(chunk);
    const nodes = Int32Array.from(chunk.samples, (node) =>
      isFlushNode[node] === true || chunk.isProfilerFrame[node] === true
        ? this.#tree.program
        : this.#tree.addPath(chunk, node, known),
    );
    this.#columns.push({ times: Float64Array.from(chunk.times), nodes });
    this.#lastTime = chunk.times.at(-1) ?? this.#lastTime;
  }

  /** Replaces the metadata of the run: each covers the time from the start of the recording. */
  setRun(run: WrittenRunMetadata): void {
    this.#run = run;
  }

  /** Yields the .cpuprofile in parts, since it may exceed V8's maximum string length. */
  *serialize(): Generator<string> {
    const start = this.#start ?? 0;
    yield '{"nodes":[';
    yield* joinWithCommas(this.#tree.toNodes(this.#columns.map((column) => column.nodes)), (node) =>
      JSON.stringify(node),
    );
    yield `],"startTime":${start},"endTime":${this.#end},"samples":[`;
    yield* joinWithCommas(this.#columns, ({ nodes }) => Array.from(nodes, toNodeId).join());
    yield '],"timeDeltas":[';
    let previous = start;
    yield* joinWithCommas(this.#columns, ({ times }) => {
      const deltas = Array.from(times, (time, i) => time - (times[i - 1] ?? previous));
      previous = times.at(-1) ?? previous;
      return deltas.join();
    });
    yield this.#run === null ? ']}\n' : `],"pstat":${JSON.stringify({ run: this.#run })}}\n`;
  }
}

/** Returns ChunkNode -> whether the flush is on its stack. The flush calls no function of the program. */
function findFlushNodes({ frames, parents }: ProfileChunk): boolean[] {
  const isFlushNode: boolean[] = [];
  frames.forEach(({ url, functionName }, node) => {
    const isFlush = url === FLUSH_URL || (url === PRELOAD_URL && functionName === FLUSH_FUNCTION);
    isFlushNode.push(isFlush || isFlushNode[parents[node] ?? -1] === true);
  });
  return isFlushNode;
}

const PRELOAD_URL = moduleUrl('program/preload').href;

function* joinWithCommas<Item>(items: Iterable<Item>, format: (item: Item) => string): Generator<string> {
  let comma = '';
  for (const item of items) {
    yield comma + format(item);
    comma = ',';
  }
}
