import { at, byteAt, floatAt, intAt, pickRows } from './columns.ts';
import { toDepthFirst } from './depth-first.ts';
import type { FunctionIndex } from './function-table.ts';
import { type LineTimes, LineTimesBuilder, moveLines } from './line-times.ts';
import type { Microseconds } from './raw-profile.ts';

/** A row of a CallTree. */
export type NodeIndex = number;

/**
 * The call tree in depth-first order: a node comes before its children, and a subtree is one contiguous range of rows.
 *
 *     row  0 main          subtreeEnd 5
 *     row  1   parse       subtreeEnd 3
 *     row  2     scan      subtreeEnd 3
 *     row  3   print       subtreeEnd 5
 *     row  4     flush     subtreeEnd 5
 *
 * So a row i after a lies below a exactly if `i < subtreeEnd[a]`, and one backward pass sums every subtree. The tree
 * may have several roots. The order of siblings has no meaning.
 */
export interface CallTree {
  readonly length: number;
  /** NodeIndex -> NodeIndex of the caller, always smaller, or -1 for a root */
  readonly parent: Int32Array;
  /** NodeIndex -> the row after the last one of its subtree */
  readonly subtreeEnd: Int32Array;
  /** NodeIndex -> FunctionIndex */
  readonly function: Int32Array;
  /** NodeIndex -> µs with this node on top of the stack; NaN if the file has no times */
  readonly self: Float64Array;
  /** NodeIndex -> samples with this node on top of the stack */
  readonly samples: Float64Array;
  /** NodeIndex -> Σd² over the durations d of these samples, in µs², for the error of `self`; null or NaN if not known */
  readonly selfSquares: Float64Array | null;
  /** NodeIndex -> µs of queued time subtracted from `self`; null or 0 if none was subtracted */
  readonly queued: Float64Array | null;
  /** `self` and `samples` by executing line; null if the file does not know lines */
  readonly lines: LineTimes | null;
}

/** The columns that add up over subtrees. */
export type NodeTimes = Pick<CallTree, 'self' | 'samples' | 'selfSquares'>;

/** A finished tree, and where its nodes went. */
export interface BuiltCallTree {
  readonly tree: CallTree;
  /** row in the order of `push` -> NodeIndex; null if no row moved */
  readonly movedTo: Int32Array | null;
}

/** Kept, because the call graph and every picture of a tree need them. */
const knownSums = new WeakMap<CallTree, NodeTimes>();

/** NodeIndex -> sums over the node's subtree, itself included. */
export function subtreeSums(tree: CallTree): NodeTimes {
  const known = knownSums.get(tree) ?? sumSubtrees(tree);
  knownSums.set(tree, known);
  return known;
}

function sumSubtrees(tree: CallTree): NodeTimes {
  const self = tree.self.slice();
  const samples = tree.samples.slice();
  const selfSquares = tree.selfSquares?.slice() ?? null;
  for (let node = tree.length - 1; node >= 0; node--) {
    const parent = intAt(tree.parent, node);
    if (parent === -1) continue;
    self[parent] = floatAt(self, parent) + floatAt(self, node);
    samples[parent] = floatAt(samples, parent) + floatAt(samples, node);
    if (selfSquares !== null) selfSquares[parent] = floatAt(selfSquares, parent) + floatAt(selfSquares, node);
  }
  return { self, samples, selfSquares };
}

/** NodeIndex -> number of frames on its stack, without the root. */
export function stackDepths(tree: Pick<CallTree, 'length' | 'parent'>): Int32Array {
  const depth = new Int32Array(tree.length);
  for (let node = 0; node < tree.length; node++) {
    const parent = intAt(tree.parent, node);
    if (parent !== -1) depth[node] = at(depth, parent) + 1;
  }
  return depth;
}

/**
 * Returns the tree with other lines. They are found when they are asked for: most queries are about functions alone.
 *
 * @param nodes whose own lines are not asked for
 */
export function withLines(nodes: Omit<CallTree, 'lines'>, find: () => LineTimes | null): CallTree {
  const { length, parent, subtreeEnd, function: fn, self, samples, selfSquares, queued } = nodes;
  let lines: LineTimes | null | undefined;
  return {
    ...{ length, parent, subtreeEnd, function: fn, self, samples, selfSquares, queued },
    get lines() {
      if (lines === undefined) lines = find();
      return lines;
    },
  };
}

/** A tree without the nodes whose subtrees have neither time nor samples, and where its nodes went. */
export interface PrunedTree {
  readonly tree: CallTree;
  /** NodeIndex before -> NodeIndex, -1 for a removed node */
  readonly movedTo: Int32Array;
}

/**
 * Removes the nodes whose subtrees have neither time nor samples. Keeps the order of the others.
 *
 * @param isKept NodeIndex -> 1 for a node that keeps its own time and samples; null for all
 */
export function pruneTree(tree: CallTree, isKept: Uint8Array | null = null): PrunedTree {
  const kept = keptNodes(tree, isKept);
  const { rows, rank } = kept;
  const { length } = rows;
  const parent = new Int32Array(length);
  const subtreeEnd = new Int32Array(length);
  const fn = new Int32Array(length);
  // The nodes that are left are still in depth-first order, so a subtree ends at the rank of its end.
  for (let to = 0; to < length; to++) {
    const node = intAt(rows, to);
    const above = intAt(tree.parent, node);
    parent[to] = above === -1 ? -1 : intAt(rank, above);
    subtreeEnd[to] = intAt(rank, intAt(tree.subtreeEnd, node));
    fn[to] = intAt(tree.function, node);
  }
  const keep = (column: Float64Array) => keepTimes(column, rows, isKept);
  const pruned = {
    ...{ length, parent, subtreeEnd, function: fn },
    self: keep(tree.self),
    samples: keep(tree.samples),
    selfSquares: tree.selfSquares === null ? null : keep(tree.selfSquares),
    queued: tree.queued === null ? null : keep(tree.queued),
  };
  const movedTo = placesOf(kept, tree.length);
  const movedLines = () => (tree.lines === null ? null : moveLines(tree.lines, keptPlaces(movedTo, isKept), length));
  return { tree: withLines(pruned, movedLines), movedTo };
}

interface KeptNodes {
  /** NodeIndex -> number of nodes before it that are left; one value more than nodes */
  readonly rank: Int32Array;
  /** The nodes that are left. */
  readonly rows: Int32Array;
}

function keptNodes({ length, parent, self, samples }: CallTree, isKept: Uint8Array | null): KeptNodes {
  const isLeft = new Uint8Array(length);
  for (let node = length - 1; node >= 0; node--) {
    const hasOwn = isKept === null || byteAt(isKept, node) === 1;
    if (hasOwn && (floatAt(self, node) > 0 || floatAt(samples, node) > 0)) isLeft[node] = 1;
    const above = intAt(parent, node);
    if (above !== -1 && byteAt(isLeft, node) === 1) isLeft[above] = 1;
  }
  const rank = new Int32Array(length + 1);
  const rows = new Int32Array(length);
  let left = 0;
  for (let node = 0; node < length; node++) {
    rank[node] = left;
    if (byteAt(isLeft, node) === 1) rows[left++] = node;
  }
  rank[length] = left;
  return { rank, rows: rows.subarray(0, left) };
}

function keepTimes(column: Float64Array, rows: Int32Array, isKept: Uint8Array | null): Float64Array {
  const picked = pickRows(column, rows);
  if (isKept === null) return picked;
  for (let to = 0; to < rows.length; to++) if (byteAt(isKept, intAt(rows, to)) === 0) picked[to] = 0;
  return picked;
}

function placesOf({ rows }: KeptNodes, length: number): Int32Array {
  const movedTo = new Int32Array(length).fill(-1);
  for (let to = 0; to < rows.length; to++) movedTo[intAt(rows, to)] = to;
  return movedTo;
}

/** Where the time of nodes went: -1 for a node that is there for what it calls alone. */
function keptPlaces(movedTo: Int32Array, isKept: Uint8Array | null): Int32Array {
  if (isKept === null) return movedTo;
  return movedTo.map((to, node) => (byteAt(isKept, node) === 1 ? to : -1));
}

function reorder(from: Float64Array, movedTo: Int32Array | null): Float64Array {
  if (movedTo === null) return from;
  const into = new Float64Array(from.length);
  for (let row = 0; row < from.length; row++) into[intAt(movedTo, row)] = at(from, row);
  return into;
}

interface AddedSamples {
  readonly self: Microseconds;
  readonly samples: number;
  readonly selfSquares: number;
  readonly queued: Microseconds;
}

/** Builds a call tree from nodes in any order in which parents come first. */
export class CallTreeBuilder {
  readonly #parent: number[] = [];
  readonly #function: number[] = [];
  readonly #self: number[] = [];
  readonly #samples: number[] = [];
  readonly #selfSquares: number[] = [];
  readonly #queued: number[] = [];
  readonly #lines = new LineTimesBuilder();

  /** Adds a node without time and returns its row. The parent is a row added before, or -1 for a root. */
  push(parent: number, fn: FunctionIndex): number {
    this.#self.push(0);
    this.#samples.push(0);
    this.#selfSquares.push(0);
    this.#queued.push(0);
    this.#parent.push(parent);
    return this.#function.push(fn) - 1;
  }

  /** Adds samples to a node: times, number, and the sum of their squared durations (NaN if not known). */
  add(node: number, { self, samples, selfSquares, queued }: AddedSamples): void {
    this.#self[node] = at(this.#self, node) + self;
    this.#samples[node] = at(this.#samples, node) + samples;
    this.#selfSquares[node] = at(this.#selfSquares, node) + selfSquares;
    this.#queued[node] = at(this.#queued, node) + queued;
  }

  /** Adds the lines of a tree. @param nodeOf NodeIndex of that tree -> row */
  addLines(lines: LineTimes, nodeOf: Int32Array): void {
    this.#lines.addAll(lines, nodeOf);
  }

  finish(): BuiltCallTree {
    const { nodes, movedTo } = toDepthFirst({
      length: this.#parent.length,
      parent: Int32Array.from(this.#parent),
      function: Int32Array.from(this.#function),
    });
    const column = (values: readonly number[]) => reorder(Float64Array.from(values), movedTo);
    const times = {
      self: column(this.#self),
      samples: column(this.#samples),
      selfSquares: column(this.#selfSquares),
      queued: column(this.#queued),
      lines: this.#lines.finish(this.#parent.length, movedTo),
    };
    return { tree: { ...nodes, ...times }, movedTo };
  }
}
