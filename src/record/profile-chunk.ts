/** A chunk of V8's profile of a thread, as columns. */

import type { Profiler, Runtime } from 'node:inspector';
import type { Microseconds } from '../model/raw-profile.ts';
import { FLUSH_URL } from './flush-url.ts';

/** An index into the nodes of one chunk. */
export type ChunkNode = number;

export interface ProfileChunk {
  /** ChunkNode -> call frame. */
  readonly frames: readonly Runtime.CallFrame[];
  /** ChunkNode -> ChunkNode of the caller; -1 for the root. */
  readonly parents: Int32Array;
  /** ChunkNode -> whether it is a function of the profiler, or one of Node's called by one. */
  readonly isProfilerFrame: readonly boolean[];
  /** ChunkNode -> whether it is V8's `(idle)`. */
  readonly isIdle: readonly boolean[];
  /** ChunkNode -> samples with it on top, by executing line; those of skipped samples included. */
  readonly ticks: readonly (readonly Profiler.PositionTickInfo[])[];
  /** sample -> ChunkNode on top. */
  readonly samples: readonly ChunkNode[];
  /** sample -> µs of V8's clock, ascending. */
  readonly times: readonly Microseconds[];
}

/**
 * Converts a profile of V8 into a chunk.
 * @param after µs of V8's clock; samples up to this time were in the chunk before and are skipped
 */
export function createChunk(
  { nodes, startTime, samples = [], timeDeltas = [] }: Profiler.Profile,
  after: Microseconds,
): ProfileChunk {
  const indices = new Map(nodes.map(({ id }, node) => [id, node]));
  const parents = new Int32Array(nodes.length).fill(-1);
  nodes.forEach(({ children = [] }, node) => {
    for (const child of children) parents[indices.get(child) ?? 0] = node;
  });
  let time = startTime;
  const ordered = samples
    .map((id, i) => {
      time += timeDeltas[i] ?? 0;
      return { node: indices.get(id) ?? 0, time };
    })
    .filter((sample) => sample.time > after)
    .sort((a, b) => a.time - b.time); // V8 adds some samples out of order
  return {
    frames: nodes.map(({ callFrame }) => callFrame),
    parents,
    isProfilerFrame: findProfilerFrames(nodes, parents),
    isIdle: nodes.map(({ callFrame }) => isIdleFrame(callFrame)),
    ticks: nodes.map(({ positionTicks = [] }) => positionTicks),
    samples: ordered.map(({ node }) => node),
    times: ordered.map((sample) => sample.time),
  };
}

/** Relies on V8 listing callers before the functions that they call. */
function findProfilerFrames(nodes: readonly Profiler.ProfileNode[], parents: Int32Array): boolean[] {
  const isProfilerFrame: boolean[] = [];
  nodes.forEach(({ callFrame: { url } }, node) => {
    const belongsToCaller = url === '' || ASYNC_CONTEXT_URL.test(url);
    isProfilerFrame.push(belongsToCaller ? (isProfilerFrame[parents[node] ?? -1] ?? false) : isProfilerUrl(url));
  });
  return isProfilerFrame;
}

/** Node's AsyncLocalStorage: called by the profiler, it is the profiler's work. */
const ASYNC_CONTEXT_URL = /^node:(?:async_hooks$|internal\/async_(?:hooks$|local_storage\/|context_frame$))/;

function isProfilerUrl(url: string): boolean {
  return url.startsWith(PSTAT_ROOT) || url === FLUSH_URL;
}

/** The folder of pstat's files: `dist/`, or `src/`. */
const PSTAT_ROOT = new URL('..', import.meta.url).href;

/** Distinguishes V8's own `(idle)` from a function of that name. */
function isIdleFrame({ functionName, scriptId, url }: Runtime.CallFrame): boolean {
  return functionName === '(idle)' && scriptId === '0' && url === '';
}
