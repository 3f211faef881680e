/** A tree of call paths that grows: the nodes of several pieces, each path once. */

import type { Profiler, Runtime } from 'node:inspector';
import type { Piece, PieceNode } from './profile-chunk.ts';

/** An index into the nodes of a PathTree. */
export type PathNode = number;

const ROOT: PathNode = 0;

export class PathTree {
  readonly #frames: Runtime.CallFrame[] = [metaFrame('(root)')];
  readonly #children: PathNode[][] = [[]];
  /** A parent and a call frame, as a text -> the child. */
  readonly #byPath = new Map<string, PathNode>();
  #idle: PathNode | null = null;

  /** The thread waits, or works for somebody else. */
  get idle(): PathNode {
    this.#idle ??= this.#child(ROOT, metaFrame('(idle)')); // asked for at every tick of every request that waits
    return this.#idle;
  }

  /** V8's own work; here also the profiler's. */
  get program(): PathNode {
    return this.#child(ROOT, metaFrame('(program)'));
  }

  /**
   * The node of the same path as a piece's, without the profiler's own functions between the program's.
   * @param known piece's node -> ours, for those that were asked for before; grows
   */
  adopt(piece: Piece, node: PieceNode, known: Map<PieceNode, PathNode>): PathNode {
    const unknown: PieceNode[] = [];
    let at = node;
    while (!known.has(at) && at !== -1) {
      unknown.push(at);
      at = callerOf(piece, at);
    }
    let path = known.get(at) ?? ROOT;
    for (const next of unknown.reverse()) {
      const frame = piece.frames[next];
      if (frame !== undefined && piece.parents[next] !== -1) path = this.#child(path, frame);
      known.set(next, path);
    }
    return path;
  }

  /**
   * As a .cpuprofile has them.
   * @param columns of samples: the node on top of each
   */
  nodes(columns: Iterable<Iterable<PathNode>>): Profiler.ProfileNode[] {
    const hits = new Array<number>(this.#frames.length).fill(0);
    for (const column of columns) for (const node of column) hits[node] = (hits[node] ?? 0) + 1;
    return this.#frames.map((callFrame, node) => {
      const children = this.#children[node] ?? [];
      const described = { id: idOf(node), callFrame, hitCount: hits[node] ?? 0 };
      return children.length === 0 ? described : { ...described, children: children.map(idOf) };
    });
  }

  #child(parent: PathNode, frame: Runtime.CallFrame): PathNode {
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

/** The id in the file. They are counted from 1, as V8 does. */
export function idOf(node: PathNode): number {
  return node + 1;
}

/** What the profiler itself was busy with stays where it is; only what it passed on to the program moves up. */
function callerOf({ parents, isOurs }: Piece, node: PieceNode): PieceNode {
  let caller = parents[node] ?? -1;
  if (isOurs[node] === true) return caller;
  while (isOurs[caller] === true) caller = parents[caller] ?? -1;
  return caller;
}

function metaFrame(functionName: string): Runtime.CallFrame {
  return { functionName, scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
}
