/** Small .cpuprofile documents as plain values that a test may change. */

export interface Frame {
  functionName?: unknown;
  scriptId?: unknown;
  url?: unknown;
  lineNumber?: unknown;
  columnNumber?: unknown;
  [key: string]: unknown;
}

export interface Node {
  id: unknown;
  callFrame: Frame;
  hitCount?: unknown;
  children?: unknown;
  parent?: unknown;
  [key: string]: unknown;
}

export interface Document {
  nodes: Node[];
  startTime?: unknown;
  endTime?: unknown;
  samples?: unknown;
  timeDeltas?: unknown;
  [key: string]: unknown;
}

export const APP = 'file:///srv/app/main.js';

/** A frame without a script, as V8 writes meta nodes and built-in functions. */
export function native(functionName: string): Frame {
  return { functionName, scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
}

/** A function of `/srv/app/main.js`; line and column count from 0. */
export function code(functionName: string, lineNumber = 0, columnNumber = 0): Frame {
  return { functionName, scriptId: '7', url: APP, lineNumber, columnNumber };
}

/**
 * A small tree: (root) → {(program), (garbage collector), (idle), main → {a → a, b}}.
 *
 *     1 (root)   2 (program)   3 (garbage collector)   4 (idle)   5 main   6 a   7 a in a   8 b
 */
export function tree(): Node[] {
  return [
    { id: 1, callFrame: native('(root)'), hitCount: 0, children: [2, 3, 4, 5] },
    { id: 2, callFrame: native('(program)'), hitCount: 0 },
    { id: 3, callFrame: native('(garbage collector)'), hitCount: 0 },
    { id: 4, callFrame: native('(idle)'), hitCount: 0 },
    { id: 5, callFrame: code('main'), hitCount: 1, children: [6, 8] },
    { id: 6, callFrame: code('a', 9), hitCount: 1, children: [7] },
    { id: 7, callFrame: code('a', 9), hitCount: 0 },
    { id: 8, callFrame: code('b', 19), hitCount: 2 },
  ];
}

/** Four samples: main 1000/4700, a 1000/1000, b 2700/2700, 5000 before the first sample, 0 after the last. */
export function plain(changes: Partial<Document> = {}): Document {
  return {
    nodes: tree(),
    startTime: 1_000_000,
    endTime: 1_009_700,
    samples: [5, 6, 8, 8],
    timeDeltas: [5000, 1000, 1000, 2000],
    ...changes,
  };
}

/** Other frames below (root), each with one node and one sample, 1 ms apart. */
export function withFrames(...frames: readonly Frame[]): Document {
  const nodes: Node[] = frames.map((callFrame, at) => ({ id: at + 2, callFrame }));
  return {
    nodes: [{ id: 1, callFrame: native('(root)'), children: nodes.map(({ id }) => id) }, ...nodes],
    startTime: 0,
    endTime: frames.length * 1000,
    samples: nodes.map(({ id }) => id),
    timeDeltas: frames.map((_, at) => (at === 0 ? 0 : 1000)),
  };
}

export function json(document: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(document));
}
