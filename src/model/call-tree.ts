import { getOrInsert } from '../base/maps.ts';
import { at, byteAt, floatAt, intAt } from './columns.ts';
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
  return getOrInsert(knownSums, tree, () => new SubtreeSums(tree));
}

/** Each column is summed when it is asked for: pictures are drawn by one of them. */
class SubtreeSums implements NodeTimes {
  readonly #tree: CallTree;
  #self: Float64Array | null = null;
  #samples: Float64Array | null = null;
  #selfSquares: Float64Array | null = null;

  constructor(tree: CallTree) {
    this.#tree = tree;
  }

  get self(): Float64Array {
    this.#self ??= sumSubtrees(this.#tree.self, this.#tree.parent);
    return this.#self;
  }

  get samples(): Float64Array {
    this.#samples ??= sumSubtrees(this.#tree.samples, this.#tree.parent);
    return this.#samples;
  }

  get selfSquares(): Float64Array | null {
    const { selfSquares, parent } = this.#tree;
    if (selfSquares !== null) this.#selfSquares ??= sumSubtrees(selfSquares, parent);
    return this.#selfSquares;
  }
}

function sumSubtrees(column: Float64Array, parents: Int32Array): Float64Array {
  const sums = column.slice();
  for (let node = sums.length - 1; node >= 0; node--) {
    const parent = intAt(parents, node);
    if (parent !== -1) sums[parent] = floatAt(sums, parent) + floatAt(sums, node);
  }
  return sums;
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

/** NodeIndex -> the outermost frame of one of the functions at or above it, -1 for none. @param isOne FunctionIndex -> 1 */
export function outermostFrames({ length, parent: parents, function: fns }: CallTree, isOne: Uint8Array): Int32Array {
  const outermost = new Int32Array(length).fill(-1);
  for (let node = 0; node < length; node++) {
    const parent = intAt(parents, node);
    const above = parent === -1 ? -1 : intAt(outermost, parent);
    outermost[node] = above !== -1 ? above : byteAt(isOne, intAt(fns, node)) === 1 ? node : -1;
  }
  return outermost;
}

/** Finds the lines of all nodes, or at least of those that have a 1 there. The others have all of their lines, or none. */
export type FindLines = (isWanted: Uint8Array | null) => LineTimes | null;

/**
 * Returns the tree with other lines. They are found when they are asked for: most queries are about functions alone.
 *
 * @param nodes their own lines are not read
 */
export function withLines(nodes: Omit<CallTree, 'lines'>, find: FindLines): CallTree {
  return deferred(nodes, { samples: () => nodes.samples, selfSquares: () => nodes.selfSquares, lines: find });
}

/** Returns the tree with columns that are found when they are asked for. */
export function deferred(nodes: Omit<CallTree, keyof DeferredColumns>, find: DeferredColumns): CallTree {
  return new DeferredTree(nodes, find);
}

interface DeferredColumns {
  readonly samples: () => Float64Array;
  readonly selfSquares: () => Float64Array | null;
  readonly lines: FindLines;
}

/** As `tree.lines`, for some nodes alone: in a large profile the lines of all take longer than a key of the explorer may. */
export function linesOfNodes(tree: CallTree, isWanted: Uint8Array | null): LineTimes | null {
  return isWanted !== null && tree instanceof DeferredTree ? tree.linesOf(isWanted) : tree.lines;
}

/** A class, because V8 keeps an object literal with a getter as a hash table: passes over its columns take 3 times as long. */
class DeferredTree implements CallTree {
  readonly length: number;
  readonly parent: Int32Array;
  readonly subtreeEnd: Int32Array;
  readonly function: Int32Array;
  readonly self: Float64Array;
  readonly queued: Float64Array | null;
  readonly #find: DeferredColumns;
  #samples: Float64Array | undefined;
  #selfSquares: Float64Array | null | undefined;
  #lines: LineTimes | null | undefined;

  constructor(nodes: Omit<CallTree, keyof DeferredColumns>, find: DeferredColumns) {
    this.length = nodes.length;
    this.parent = nodes.parent;
    this.subtreeEnd = nodes.subtreeEnd;
    this.function = nodes.function;
    this.self = nodes.self;
    this.queued = nodes.queued;
    this.#find = find;
  }

  get samples(): Float64Array {
    this.#samples ??= this.#find.samples();
    return this.#samples;
  }

  get selfSquares(): Float64Array | null {
    if (this.#selfSquares === undefined) this.#selfSquares = this.#find.selfSquares();
    return this.#selfSquares;
  }

  get lines(): LineTimes | null {
    if (this.#lines === undefined) this.#lines = this.#find.lines(null);
    return this.#lines;
  }

  linesOf(isWanted: Uint8Array): LineTimes | null {
    return this.#lines === undefined ? this.#find.lines(isWanted) : this.#lines;
  }
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
 * @param isKept NodeIndex -> 1 for a node that keeps its self time and samples; null for all
 */
export function pruneTree(tree: CallTree, isKept: Uint8Array | null = null): PrunedTree {
  const { nodes, movedTo } = pruneNodes(tree, isKept);
  const movedLines = (isWanted: Uint8Array | null) => {
    const places = keptPlaces(movedTo, isKept);
    const lines = linesOfNodes(tree, isWanted && markBefore(isWanted, places));
    return lines && moveLines(lines, places, nodes.length);
  };
  return { tree: withLines(nodes, movedLines), movedTo };
}

/** All columns in one pass, which takes half of the time of a pass for each. */
function pruneNodes(tree: CallTree, isKept: Uint8Array | null) {
  const { parent: parents, function: fns } = tree;
  const { sizes, left } = leftSizes(tree, isKept);
  const [parent, subtreeEnd, fn] = [new Int32Array(left), new Int32Array(left), new Int32Array(left)];
  const columnOf = (times: Float64Array | null) => (times === null ? null : new Float64Array(left));
  const [self, samples] = [new Float64Array(left), new Float64Array(left)];
  const [selfSquares, queued] = [columnOf(tree.selfSquares), columnOf(tree.queued)];
  const movedTo = new Int32Array(tree.length).fill(-1);
  let to = 0;
  for (let node = 0; node < tree.length; node++) {
    const size = intAt(sizes, node);
    if (size === 0) continue;
    const above = intAt(parents, node);
    parent[to] = above === -1 ? -1 : intAt(movedTo, above);
    // The nodes that are left are still in depth-first order.
    subtreeEnd[to] = to + size;
    fn[to] = intAt(fns, node);
    if (isKept === null || byteAt(isKept, node) === 1) {
      self[to] = floatAt(tree.self, node);
      samples[to] = floatAt(tree.samples, node);
      if (selfSquares !== null && tree.selfSquares !== null) selfSquares[to] = floatAt(tree.selfSquares, node);
      if (queued !== null && tree.queued !== null) queued[to] = floatAt(tree.queued, node);
    }
    movedTo[node] = to++;
  }
  return { nodes: { length: left, parent, subtreeEnd, function: fn, self, samples, selfSquares, queued }, movedTo };
}

/** NodeIndex -> number of nodes of its subtree that are left, 0 for a removed node; and how many are left at all. */
function leftSizes({ length, parent: parents, self, samples }: CallTree, isKept: Uint8Array | null) {
  const sizes = new Int32Array(length);
  let left = 0;
  for (let node = length - 1; node >= 0; node--) {
    const below = intAt(sizes, node);
    const isOwnKept = isKept === null || byteAt(isKept, node) === 1;
    if (below === 0 && !(isOwnKept && (floatAt(self, node) > 0 || floatAt(samples, node) > 0))) continue;
    sizes[node] = below + 1;
    left++;
    const parent = intAt(parents, node);
    if (parent !== -1) sizes[parent] = intAt(sizes, parent) + below + 1;
  }
  return { sizes, left };
}

/** Where the time of nodes went: -1 for a node that is there for what it calls alone. */
function keptPlaces(movedTo: Int32Array, isKept: Uint8Array | null): Int32Array {
  if (isKept === null) return movedTo;
  return movedTo.map((to, node) => (byteAt(isKept, node) === 1 ? to : -1));
}

/** NodeIndex before -> the mark of where its time went. */
function markBefore(isMarked: Uint8Array, places: Int32Array): Uint8Array {
  const marked = new Uint8Array(places.length);
  for (let node = 0; node < places.length; node++) {
    const to = intAt(places, node);
    if (to !== -1) marked[node] = byteAt(isMarked, to);
  }
  return marked;
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
