import { at, pickRows } from './columns.ts';
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
    const parent = at(tree.parent, node);
    if (parent === -1) continue;
    self[parent] = at(self, parent) + at(self, node);
    samples[parent] = at(samples, parent) + at(samples, node);
    if (selfSquares !== null) selfSquares[parent] = at(selfSquares, parent) + at(selfSquares, node);
  }
  return { self, samples, selfSquares };
}

/** NodeIndex -> number of frames on its stack, without the root. */
export function stackDepths(tree: Pick<CallTree, 'length' | 'parent'>): Int32Array {
  const depth = new Int32Array(tree.length);
  for (let node = 0; node < tree.length; node++) {
    const parent = at(tree.parent, node);
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

/** Removes the nodes whose subtrees have neither time nor samples. Keeps the order of the others. */
export function pruneTree(tree: CallTree): PrunedTree {
  const { movedTo, length } = assignKeptRows(subtreeSums(tree));
  const parent = new Int32Array(length);
  const fn = new Int32Array(length);
  const kept = new Int32Array(length);
  for (let node = 0; node < tree.length; node++) {
    const to = at(movedTo, node);
    if (to === -1) continue;
    kept[to] = node;
    const above = at(tree.parent, node);
    parent[to] = above === -1 ? -1 : at(movedTo, above);
    fn[to] = at(tree.function, node);
  }
  const keep = (column: Float64Array) => pickRows(column, kept);
  const pruned = {
    // The rows are in depth-first order already, so none moves.
    ...toDepthFirst({ length, parent, function: fn }).nodes,
    self: keep(tree.self),
    samples: keep(tree.samples),
    selfSquares: tree.selfSquares === null ? null : keep(tree.selfSquares),
    queued: tree.queued === null ? null : keep(tree.queued),
  };
  const movedLines = () => (tree.lines === null ? null : moveLines(tree.lines, movedTo, length));
  return { tree: withLines(pruned, movedLines), movedTo };
}

/** NodeIndex -> its row among the kept nodes, or -1; and the number of kept nodes. */
function assignKeptRows({ self, samples }: NodeTimes) {
  const movedTo = new Int32Array(self.length).fill(-1);
  let length = 0;
  for (let node = 0; node < movedTo.length; node++) {
    if (at(self, node) > 0 || at(samples, node) > 0) movedTo[node] = length++;
  }
  return { movedTo, length };
}

function reorder(from: Float64Array, movedTo: Int32Array | null): Float64Array {
  if (movedTo === null) return from;
  const into = new Float64Array(from.length);
  for (let row = 0; row < from.length; row++) into[at(movedTo, row)] = at(from, row);
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
