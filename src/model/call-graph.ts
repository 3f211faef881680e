/**
 * The call graph of a profile: times and counts of functions and of the edges between them, in one shape for every
 * format.
 *
 * Counting rule: a stack counts once, for a function's total and for an edge's total, however deep the recursion. Call
 * trees are depth-first, so one loop is enough: inside the subtree of an outermost call, further calls of the same
 * function add nothing to its total.
 */

import { sum } from '../base/averages.ts';
import { type CallTree, type NodeIndex, subtreeSums } from './call-tree.ts';
import { at, byteAt, floatAt, intAt } from './columns.ts';
import { addCounts, type Count } from './count.ts';
import type { FunctionIndex, FunctionTable } from './function-table.ts';
import { PairIndex } from './pair-index.ts';
import type { EdgesProfile, EdgeTable, Profile, StacksProfile } from './profile.ts';
import type { Microseconds, TracedMetrics } from './raw-profile.ts';

/**
 * Times and counts of functions or edges, one column each. NaN: not known.
 *
 * What the two counts mean depends on the graph's `counts`:
 *
 *     counts       selfCount                                   totalCount
 *     'samples'    samples: on top of the stack                cumsamples: anywhere on the stack
 *     'calls'      ncalls: all calls                           pcalls: primitive (not recursive) calls
 *
 * So `selfCount <= totalCount` holds for samples, and `selfCount >= totalCount` for calls. Rows of Stats
 * (query/stats.ts) have the same two fields; views name them by the words in the table.
 */
export interface Metrics {
  /** time in the function itself, in the graph's unit */
  readonly self: ArrayLike<number>;
  /** time with everything it called, in the graph's unit */
  readonly total: ArrayLike<number>;
  readonly selfCount: ArrayLike<Count>;
  readonly totalCount: ArrayLike<Count>;
  /** Σd² over the durations d of the samples of `self`, in µs², for its error; null if not known */
  readonly selfSquares: ArrayLike<number> | null;
  /** the same for `total` */
  readonly totalSquares: ArrayLike<number> | null;
}

/** A row of a CallGraph's edges. */
export type EdgeIndex = number;

/** Edges from caller to callee, with the metrics of the callee while called by that caller. */
export interface Edges extends Metrics {
  readonly length: number;
  /** EdgeIndex -> FunctionIndex */
  readonly caller: Int32Array;
  /** EdgeIndex -> FunctionIndex */
  readonly callee: Int32Array;
}

/** The functions of a profile and the edges between them, with their metrics. */
export interface CallGraph {
  readonly counts: 'samples' | 'calls';
  /** µs in one unit of time: 1 for V8's profiles, 1e6 for Python's, whose times stay in seconds as read. */
  readonly unit: 1 | 1e6;
  readonly functions: FunctionTable;
  /** The functions that are rows: all but V8's root and Python's callers without metrics of their own. */
  readonly rows: Int32Array;
  /** FunctionIndex -> metrics */
  readonly metrics: Metrics;
  readonly edges: Edges;
  /** The edges from and to these functions, and maybe others: in a large profile all take longer than a key of the explorer may. */
  edgesOf(fns: readonly FunctionIndex[]): Edges;
  readonly sums: Sums;
}

/** The sums over all rows. Times are in the graph's unit. */
export interface Sums {
  /** all counted time, without `(idle)` */
  readonly counted: number;
  /** time of `(idle)`; null for traced profiles, which have none */
  readonly idle: Microseconds | null;
  /** all samples, with those of `(idle)`, or all calls */
  readonly selfCount: Count;
  /** all primitive calls; null for samples, whose total counts overlap */
  readonly totalCount: Count | null;
}

/** Builds the call graph of a profile. */
export function buildCallGraph(profile: Profile): CallGraph {
  return 'callTree' in profile ? stacksGraph(profile) : edgesGraph(profile);
}

// ---- stacks profiles -----------------------------------------------------------------------------------------------

function stacksGraph({ functions, callTree }: StacksProfile): CallGraph {
  const { openUntil, ...metrics } = callTreeMetrics(callTree, callTree.function, functions.length);
  let edges: Edges | null = null;
  // Callers and callees of a function are asked for one after the other.
  let last: { readonly fns: string; readonly edges: Edges | null } = { fns: '', edges: null };
  return {
    counts: 'samples',
    unit: 1,
    functions,
    rows: functionsInTree(openUntil, functions),
    metrics,
    // On demand: edges take half of the time, and most queries are about functions alone.
    get edges() {
      edges ??= collectEdges(callTree, functions, null);
      return edges;
    },
    edgesOf(fns) {
      if (edges !== null || fns.length > MAX_CHOSEN) return this.edges;
      if (last.edges !== null && last.fns === fns.join()) return last.edges;
      const isChosen = new Uint8Array(functions.length);
      for (const fn of fns) isChosen[fn] = 1;
      const chosen = collectEdges(callTree, functions, isChosen);
      last = { fns: fns.join(), edges: chosen };
      return chosen;
    },
    sums: sumStacks(metrics, functions),
  };
}

/** Of more functions, the edges are found with all others, and kept. */
const MAX_CHOSEN = 10;

/** Returns the functions of the tree without V8's root. Filters may have removed all stacks of a function. */
function functionsInTree(openUntil: Int32Array, functions: FunctionTable): Int32Array {
  return Int32Array.from(openUntil.keys()).filter(
    (fn) => intAt(openUntil, fn) > 0 && at(functions.kind, fn) !== 'root',
  );
}

/**
 * Applies the counting rule to any grouping of nodes. `key` maps each node to its group, or to -1 for none.
 * A node always adds to its group's self metrics, but to the total metrics only if no call of the group is open.
 * `openUntil` is the row after the last one in a group's subtrees, 0 for a group without nodes.
 */
export function callTreeMetrics(tree: CallTree, key: Int32Array, groups: number) {
  const { length, subtreeEnd, self: ownTimes, samples: ownCounts, selfSquares: ownSquares } = tree;
  const { self: times, samples: counts, selfSquares: squares } = subtreeSums(tree);
  const column = () => new Float64Array(groups);
  const [self, total, selfCount, totalCount] = [column(), column(), column(), column()];
  const [selfSquares, totalSquares] = ownSquares === null ? [null, null] : [column(), column()];
  const openUntil = new Int32Array(groups);
  // One pass for all columns: a pass for each takes almost twice the time.
  for (let node = 0; node < length; node++) {
    const group = intAt(key, node);
    if (group === -1) continue;
    self[group] = floatAt(self, group) + floatAt(ownTimes, node);
    selfCount[group] = floatAt(selfCount, group) + floatAt(ownCounts, node);
    addSquares(selfSquares, group, ownSquares, node);
    if (node < intAt(openUntil, group)) continue;
    openUntil[group] = intAt(subtreeEnd, node);
    total[group] = floatAt(total, group) + floatAt(times, node);
    totalCount[group] = floatAt(totalCount, group) + floatAt(counts, node);
    addSquares(totalSquares, group, squares, node);
  }
  return { self, total, selfCount, totalCount, selfSquares, totalSquares, openUntil };
}

function addSquares(into: Float64Array | null, group: number, from: Float64Array | null, node: NodeIndex): void {
  if (into !== null && from !== null) into[group] = floatAt(into, group) + floatAt(from, node);
}

/**
 * Direct recursion is an edge from a function to itself. Children of a root have no caller.
 *
 * @param isChosen FunctionIndex -> 1 for a function whose edges are collected; null for all
 */
function collectEdges(tree: CallTree, functions: FunctionTable, isChosen: Uint8Array | null): Edges {
  const edges = new PairIndex();
  const { length, parent: parents, function: fns } = tree;
  const key = new Int32Array(length).fill(-1);
  for (let node = 0; node < length; node++) {
    const parent = intAt(parents, node);
    if (parent === -1) continue;
    const from = intAt(fns, parent);
    const to = intAt(fns, node);
    if (isChosen !== null && byteAt(isChosen, from) === 0 && byteAt(isChosen, to) === 0) continue;
    if (at(functions.kind, from) === 'root') continue;
    key[node] = edges.indexOf(from, to);
  }
  const { openUntil: _, ...metrics } = callTreeMetrics(tree, key, edges.length);
  const [caller, callee] = [new Int32Array(edges.firsts), new Int32Array(edges.seconds)];
  return { length: edges.length, caller, callee, ...metrics };
}

function sumStacks({ self, selfCount }: Pick<Metrics, 'self' | 'selfCount'>, functions: FunctionTable): Sums {
  let counted = 0;
  let idle = 0;
  let samples: Count = 0;
  for (let fn = 0; fn < functions.length; fn++) {
    if (at(functions.kind, fn) === 'idle') idle += at(self, fn);
    else counted += at(self, fn);
    samples = addCounts(samples, at(selfCount, fn));
  }
  return { counted, idle, selfCount: samples, totalCount: null };
}

// ---- edges profiles ------------------------------------------------------------------------------------------------

/** Takes the file's numbers as they are. A cumtime may exceed the sum of all tottimes; pstat does not correct it. */
function edgesGraph({ counts, functions, rows, metrics, edges: table }: EdgesProfile): CallGraph {
  const edges = withoutSquares(table);
  return {
    counts,
    unit: 1e6,
    functions,
    rows,
    metrics: byFunction(rows, metrics, functions.length),
    edges,
    edgesOf: () => edges,
    sums: sumEdges(metrics, counts),
  };
}

/** Turns row -> metrics into FunctionIndex -> metrics. */
function byFunction(rows: Int32Array, metrics: TracedMetrics, length: number): Metrics {
  const self = new Float64Array(length);
  const total = new Float64Array(length);
  const selfCount: Count[] = new Array(length).fill(0);
  const totalCount: Count[] = new Array(length).fill(0);
  for (let row = 0; row < rows.length; row++) {
    const fn = at(rows, row);
    self[fn] = at(metrics.self, row);
    total[fn] = at(metrics.total, row);
    selfCount[fn] = at(metrics.selfCount, row);
    totalCount[fn] = at(metrics.totalCount, row);
  }
  return { self, total, selfCount, totalCount, ...UNKNOWN_SQUARES };
}

/** Squared durations of edges profiles, which have no samples of their own. */
const UNKNOWN_SQUARES = { selfSquares: null, totalSquares: null } as const;

function withoutSquares({ length, caller, callee, metrics }: EdgeTable): Edges {
  return { length, caller, callee, ...metrics, ...UNKNOWN_SQUARES };
}

function sumEdges({ self, selfCount, totalCount }: TracedMetrics, counts: 'samples' | 'calls'): Sums {
  return {
    counted: sum(self),
    idle: null,
    selfCount: selfCount.reduce(addCounts, 0),
    totalCount: counts === 'calls' ? totalCount.reduce(addCounts, 0) : null,
  };
}
