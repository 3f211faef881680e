/** A call tree that grows: merges the nodes of several chunks, one node per call path. */

import type { Profiler, Runtime } from 'node:inspector';
import type { ChunkNode, ProfileChunk } from './profile-chunk.ts';

/** An index into the nodes of a PathTree. */
export type PathNode = number;

const ROOT: PathNode = 0;

export class PathTree {
  readonly #frames: Runtime.CallFrame[] = [createMetaFrame('(root)')];
  readonly #children: PathNode[][] = [[]];
  /** PathNode -> executing line -> samples */
  readonly #ticks = new Map<PathNode, Map<number, number>>();
  /** The parent and the call frame as text -> the child. */
  readonly #byPath = new Map<string, PathNode>();
  #idle: PathNode | null = null;

  /** The node of `(idle)`: the thread waits, or runs another request. */
  get idle(): PathNode {
    this.#idle ??= this.#getOrAddChild(ROOT, createMetaFrame('(idle)')); // every sample of a waiting request needs it
    return this.#idle;
  }

  /** The node of `(program)`: V8's own work, and here also the profiler's. */
  get program(): PathNode {
    return this.#getOrAddChild(ROOT, createMetaFrame('(program)'));
  }

  /**
   * Adds the call path of a chunk's node and returns its node here. Removes the profiler's frames that have frames of
   * the program below them.
   * @param known ChunkNode -> PathNode for the nodes of this chunk that are added already; grows
   */
  addPath(chunk: ProfileChunk, node: ChunkNode, known: Map<ChunkNode, PathNode>): PathNode {
    const unknown: ChunkNode[] = [];
    let at = node;
    while (!known.has(at) && at !== -1) {
      unknown.push(at);
      at = findCaller(chunk, at);
    }
    let path = known.get(at) ?? ROOT;
    for (const next of unknown.reverse()) {
      const frame = chunk.frames[next];
      if (frame !== undefined && chunk.parents[next] !== -1) path = this.#getOrAddChild(path, frame);
      known.set(next, path);
    }
    return path;
  }

  /** Adds a node's samples by executing line. */
  addTicks(node: PathNode, ticks: ProfileChunk['ticks'][number]): void {
    if (ticks.length === 0) return;
    const ofNode = this.#ticks.get(node) ?? new Map<number, number>();
    this.#ticks.set(node, ofNode);
    for (const { line, ticks: count } of ticks) ofNode.set(line, (ofNode.get(line) ?? 0) + count);
  }

  /** The scripts of all nodes. */
  get urls(): Set<string> {
    return new Set(this.#frames.map(({ url }) => url));
  }

  /**
   * Returns the nodes as a .cpuprofile holds them.
   * @param columns columns of samples, each sample -> PathNode on top; they give the hit counts
   */
  toNodes(columns: Iterable<Iterable<PathNode>>): Profiler.ProfileNode[] {
    const hits = new Array<number>(this.#frames.length).fill(0);
    for (const column of columns) for (const node of column) hits[node] = (hits[node] ?? 0) + 1;
    return this.#frames.map((callFrame, node) => {
      const children = this.#children[node] ?? [];
      const ticks = this.#ticks.get(node);
      return {
        ...{ id: toNodeId(node), callFrame, hitCount: hits[node] ?? 0 },
        ...(children.length === 0 ? {} : { children: children.map(toNodeId) }),
        ...(ticks === undefined ? {} : { positionTicks: [...ticks].map(([line, count]) => ({ line, ticks: count })) }),
      };
    });
  }

  #getOrAddChild(parent: PathNode, frame: Runtime.CallFrame): PathNode {
    const { scriptId, lineNumber, columnNumber, functionName } = frame;
    const path = `${parent} ${scriptId} ${lineNumber} ${columnNumber} ${functionName}`;
    const present = this.#byPath.get(path);
    if (present !== undefined) return present;
    const node = this.#frames.push(frame) - 1;
    this.#children.push([]);
    this.#children[parent]?.push(node);
    this.#byPath.set(path, node);
    return node;
  }
}

/** Returns the node's id in the file. V8 counts ids from 1. */
export function toNodeId(node: PathNode): number {
  return node + 1;
}

/** Returns the caller of a node. Skips the profiler's frames, unless the node itself is one of them. */
function findCaller({ parents, isProfilerFrame }: ProfileChunk, node: ChunkNode): ChunkNode {
  let caller = parents[node] ?? -1;
  if (isProfilerFrame[node] === true) return caller;
  while (isProfilerFrame[caller] === true) caller = parents[caller] ?? -1;
  return caller;
}

function createMetaFrame(functionName: string): Runtime.CallFrame {
  return { functionName, scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
}
