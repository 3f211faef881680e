/** The profile of a whole thread, merged from its chunks. */

import type { Profiler, Runtime } from 'node:inspector';
import type { Microseconds } from '../../model/raw-profile.ts';
import { FLUSH_URL } from '../flush-url.ts';
import { moduleUrl } from '../module-url.ts';
import { type PathNode, PathTree, toNodeId } from '../path-tree.ts';
import { type ChunkNode, createChunk, type ProfileChunk } from '../profile-chunk.ts';
import type { WrittenRunMetadata } from '../run-metadata.ts';
import type { ListedScript } from '../script-list.ts';
import { ScriptSources } from '../script-sources.ts';
import type { Turn } from '../turn.ts';
import { HOOKS } from './hook-names.ts';

export class ThreadProfile {
  readonly #tree = new PathTree();
  /** One entry per chunk: sample -> µs of V8's clock, sample -> PathNode on top. */
  readonly #columns: { times: Float64Array; nodes: Int32Array }[] = [];
  #start: Microseconds | null = null;
  #end: Microseconds = 0;
  #lastTime: Microseconds = Number.NEGATIVE_INFINITY;
  #run: WrittenRunMetadata | null = null;
  /** Time of samples in which the recorder worked. */
  #profiler: Microseconds = 0;
  /** Whether the last sample is one of them. Nothing follows it that could tell its time, if the recording ends there. */
  #isOwnLast = false;
  #scripts: readonly ListedScript[] = [];

  /** Whether it has no sample. */
  get isEmpty(): boolean {
    return this.#columns.length === 0;
  }

  /** µs of V8's clock. */
  get start(): Microseconds {
    return this.#start ?? 0;
  }

  /** The end of the last `(idle)` sample that begins between two times of V8's clock; the first time without one. */
  findIdleEnd(from: Microseconds, to: Microseconds): Microseconds {
    const { idle } = this.#tree;
    let end = from;
    let wasIdle = false;
    for (const { times, nodes } of this.#columns) {
      for (const [i, time] of times.entries()) {
        if (wasIdle) end = Math.max(from, time);
        if (time >= to) return end;
        wasIdle = nodes[i] === idle;
      }
    }
    return end;
  }

  /** µs from start to end. */
  get duration(): Microseconds {
    return this.#end - (this.#start ?? this.#end);
  }

  /** Samples other than `(idle)` and V8's `(program)`. */
  get activeSampleCount(): number {
    const { idle, program } = this.#tree;
    return this.#columns.reduce(
      (sum, { nodes }) => sum + nodes.filter((node) => node !== idle && node !== program).length,
      0,
    );
  }

  /** Adds the next chunk. The recorder's own work becomes `(idle)`, as the request profiler's does. */
  addChunk(profile: Profiler.Profile): void {
    this.#start ??= profile.startTime;
    this.#end = Math.max(this.#end, profile.endTime);
    const chunk = createChunk(profile, this.#lastTime);
    if (chunk.times.length === 0) return;
    const known = new Map<ChunkNode, PathNode>();
    const isRecorderNode = findRecorderNodes(chunk);
    const isOwn: boolean[] = [];
    for (const node of chunk.samples) {
      const isRecorder = isRecorderNode[node] === true || chunk.isProfilerFrame[node] === true;
      isOwn.push(isRecorder || (isOwn.at(-1) === true && isGarbageCollector(chunk.frames[node])));
    }
    const nodes = Int32Array.from(chunk.samples, (node, i) =>
      isOwn[i] === true ? this.#tree.idle : this.#tree.addPath(chunk, node, known),
    );
    for (const node of new Set(chunk.samples.filter((_, i) => isOwn[i] !== true))) {
      this.#tree.addTicks(known.get(node) ?? this.#tree.program, chunk.ticks[node] ?? []);
    }
    this.#columns.push({ times: Float64Array.from(chunk.times), nodes });
    this.#countProfilerTime(chunk.times, isOwn);
    this.#lastTime = chunk.times.at(-1) ?? this.#lastTime;
  }

  /** A sample owns the time until the next one. */
  #countProfilerTime(times: readonly Microseconds[], isOwn: readonly boolean[]): void {
    const first = times[0] ?? 0;
    if (this.#isOwnLast) this.#profiler += first - this.#lastTime;
    for (const [i, time] of times.entries()) if (isOwn[i] === true) this.#profiler += (times[i + 1] ?? time) - time;
    this.#isOwnLast = isOwn.at(-1) === true;
  }

  /** Replaces the metadata of the run: each covers the time from the start of the recording. */
  setRun(run: WrittenRunMetadata): void {
    this.#run = run;
  }

  /** The scripts that have samples. */
  get urls(): ReadonlySet<string> {
    return this.#tree.urls;
  }

  setScripts(scripts: readonly ListedScript[]): void {
    this.#scripts = scripts;
  }

  /**
   * Yields the .cpuprofile in parts, since it may exceed V8's maximum string length.
   *
   * @param turn what the run is one of, where versions run in turn
   */
  *serialize(turn: Turn | null = null): Generator<string> {
    const { start } = this;
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
    const metadata = this.#metadata(turn);
    yield Object.keys(metadata).length === 0 ? ']}\n' : `],"pstat":${JSON.stringify(metadata)}}\n`;
  }

  #metadata(turn: Turn | null) {
    const scripts = new ScriptSources(this.#scripts).select(this.urls);
    const run = { ...(this.#run === null ? {} : { ...this.#run, profiler: this.#profiler }), ...turn };
    return { ...(Object.keys(run).length === 0 ? {} : { run }), ...(scripts.length === 0 ? {} : { scripts }) };
  }
}

/** V8's, and not a function of that name. Right after a flush it collects what the flush has left. */
function isGarbageCollector(frame: Runtime.CallFrame | undefined): boolean {
  return frame?.functionName === '(garbage collector)' && frame.scriptId === '0';
}

/** Returns ChunkNode -> whether the recorder is on its stack, other than by the hooks that call the program. */
function findRecorderNodes({ frames, parents }: ProfileChunk): boolean[] {
  const isRecorderNode: boolean[] = [];
  frames.forEach(({ url, functionName }, node) => {
    const isRecorder = url === FLUSH_URL || (RECORDER_URLS.has(url) && !HOOKS.includes(functionName));
    isRecorderNode.push(isRecorder || isRecorderNode[parents[node] ?? -1] === true);
  });
  return isRecorderNode;
}

const RECORDER_URLS: ReadonlySet<string> = new Set(
  (['program/preload', 'program/recorder'] as const).map((name) => moduleUrl(name).href),
);

function* joinWithCommas<Item>(items: Iterable<Item>, format: (item: Item) => string): Generator<string> {
  let comma = '';
  for (const item of items) {
    yield comma + format(item);
    comma = ',';
  }
}
