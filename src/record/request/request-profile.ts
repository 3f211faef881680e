/** The profile of one request, built from the chunks of its thread. */

import { sum } from '../../base/averages.ts';
import type { Microseconds } from '../../model/raw-profile.ts';
import { type PathNode, PathTree, toNodeId } from '../path-tree.ts';
import type { ChunkNode, ProfileChunk } from '../profile-chunk.ts';
import type { ScriptSources } from '../script-sources.ts';
import type { WrittenRequestFacts } from './messages.ts';
import { PROFILER, type RequestId, UNATTRIBUTED } from './request-id.ts';

/**
 * The request's samples of one chunk. Many requests wait concurrently, so they share the times and store no idle nodes.
 */
interface Span {
  /** The chunk's sample -> µs of V8's clock. The request's samples are `count` samples from `first` on. */
  readonly times: readonly Microseconds[];
  readonly first: number;
  readonly count: number;
  /** sample, from `first` on -> PathNode; null if all are idle. */
  readonly nodes: readonly PathNode[] | null;
}

/** What is known of a request when all of its samples are there. */
interface RequestEnd {
  /** V8's clock. */
  readonly end: Microseconds;
  /** µs that the thread worked for the request. */
  readonly busy: Microseconds;
  /** The scripts of its thread. */
  readonly scripts: ScriptSources;
}

export class RequestProfile {
  readonly #id: RequestId;
  /** V8's clock. */
  readonly #start: Microseconds;
  readonly #tree = new PathTree();
  readonly #spans: Span[] = [];
  /** The request's samples so far, and those of them in which the profiler worked. */
  #sampleCount = 0;
  readonly #profilerSamples: number[] = [];
  #otherSamples = 0;
  #unattributedSamples = 0;

  constructor(id: RequestId, start: Microseconds) {
    this.#id = id;
    this.#start = start;
  }

  /**
   * Adds the request's samples of a chunk. A sample owns the time until the next one, so samples of other work and of
   * the profiler become `(idle)` instead of being removed.
   *
   * @param owners sample -> RequestId that ran
   * @param end V8's clock; later samples are not the request's, whatever ran
   */
  addChunk(chunk: ProfileChunk, owners: readonly RequestId[], end: Microseconds): void {
    const { times, samples } = chunk;
    const first = lowerBound(times, this.#start);
    const last = lowerBound(times, end);
    const known = new Map<ChunkNode, PathNode>();
    const nodes: PathNode[] = [];
    let isAllIdle = true;
    for (let i = first; i < last; i++) {
      const [owner = UNATTRIBUTED, node = 0] = [owners[i], samples[i]];
      const isIdle = chunk.isIdle[node] === true;
      const isProfiler = chunk.isProfilerFrame[node] === true;
      const isOwn = owner === this.#id && !isIdle && !isProfiler;
      nodes.push(isOwn ? this.#tree.addPath(chunk, node, known) : this.#tree.idle);
      if (isOwn) isAllIdle = false;
      else if (owner === this.#id && isProfiler) this.#profilerSamples.push(this.#sampleCount + i - first);
      else if (!isIdle && !isProfiler) this.#countOtherSample(owner);
    }
    this.#sampleCount += last - first;
    if (nodes.length > 0) this.#spans.push({ times, first, count: nodes.length, nodes: isAllIdle ? null : nodes });
  }

  /**
   * Returns the .cpuprofile, with the facts under the key `pstat`, which other viewers ignore.
   * Throws RangeError beyond V8's maximum string length.
   */
  serialize(facts: WrittenRequestFacts, { end, busy, scripts }: RequestEnd): string {
    // Whole µs, as V8 writes them. The start is rounded down, so that the first sample is never before it.
    const start = Math.floor(this.#start);
    const times = this.#spans.flatMap((span) => span.times.slice(span.first, span.first + span.count));
    const nodes = this.#spans.flatMap((span) => span.nodes ?? new Array<PathNode>(span.count).fill(this.#tree.idle));
    const endTime = Math.max(Math.round(end), times.at(-1) ?? start);
    const profiler = sum(this.#profilerSamples.map((i) => (times[i + 1] ?? endTime) - (times[i] ?? endTime)));
    const [others, unattributed] = [this.#otherSamples, this.#unattributedSamples];
    const sources = scripts.select(this.#tree.urls);
    const added = sources.length === 0 ? {} : { scripts: sources };
    return JSON.stringify({
      nodes: this.#tree.toNodes([nodes]),
      startTime: start,
      endTime,
      samples: nodes.map(toNodeId),
      timeDeltas: times.map((time, i) => time - (times[i - 1] ?? start)),
      pstat: { ...facts, busy: Math.min(busy, facts.elapsed), profiler, others, unattributed, ...added },
    });
  }

  #countOtherSample(owner: RequestId): void {
    if (owner === UNATTRIBUTED) this.#unattributedSamples++;
    else if (owner !== PROFILER) this.#otherSamples++;
  }
}

/** Returns the index of the first time that is not before the start. @param times ascending */
function lowerBound(times: readonly Microseconds[], start: Microseconds): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
