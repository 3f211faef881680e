/**
 * Who calls whom, and what it costs: the shape in which every profile can be asked, wherever it came from.
 *
 * The counting rule: a stack counts once. For a function's total and for an edge's total alike, however deep the
 * recursion. The trees are depth-first, so one loop does it: while the subtree of an outermost call is open, calls of
 * the same function inside it add nothing.
 */

import { type CallTree, subtreeSums } from './call-tree.ts';
import { at } from './columns.ts';
import { addCounts, type Count } from './count.ts';
import type { FunctionIndex, FunctionTable } from './function-table.ts';
import type { EdgesProfile, EdgeTable, Profile, StacksProfile } from './profile.ts';
import type { Microseconds, TracedMetrics } from './raw-profile.ts';

/** Figures of a column of things (functions or edges). NaN: not known. */
export interface Metrics {
  /** time in the thing itself, in the graph's unit */
  readonly self: ArrayLike<number>;
  /** time with everything it called, in the graph's unit */
  readonly total: ArrayLike<number>;
  /** samples, or calls */
  readonly selfCount: ArrayLike<Count>;
  /** samples with everything it called, or primitive calls */
  readonly totalCount: ArrayLike<Count>;
}

/** A row of a CallGraph's edges. */
export type EdgeIndex = number;

/** Caller to callee with the figures of the callee while called by that caller. */
export interface Edges extends Metrics {
  readonly length: number;
  /** EdgeIndex -> FunctionIndex */
  readonly caller: Int32Array;
  /** EdgeIndex -> FunctionIndex */
  readonly callee: Int32Array;
}

export interface CallGraph {
  readonly counts: 'samples' | 'calls';
  /** µs in one unit of time: 1 for V8's profiles, 1e6 for Python's, whose seconds stay as they were read. */
  readonly unit: 1 | 1e6;
  readonly functions: FunctionTable;
  /** The functions that are rows: all but V8's root, and Python's callers that have no figures. */
  readonly rows: Int32Array;
  /** FunctionIndex -> figures */
  readonly figures: Metrics;
  readonly edges: Edges;
  readonly sums: Sums;
}

/** What the rows add up to. Times in the graph's unit. */
export interface Sums {
  /** all counted time, `(idle)` left out */
  readonly counted: number;
  /** time of `(idle)`; null in traced profiles, which have none */
  readonly idle: Microseconds | null;
  /** all samples, `(idle)` included, or all calls */
  readonly selfCount: Count;
  /** all primitive calls; null where samples are counted, for theirs overlap */
  readonly totalCount: Count | null;
}

export function callGraph(profile: Profile): CallGraph {
  return 'callTree' in profile ? stacksGraph(profile) : edgesGraph(profile);
}

// ---- stacks --------------------------------------------------------------------------------------------------------

function stacksGraph({ functions, callTree }: StacksProfile): CallGraph {
  const { openUntil, ...figures } = callTreeMetrics(callTree, callTree.function, functions.length);
  let edges: Edges | null = null;
  return {
    counts: 'samples',
    unit: 1,
    functions,
    rows: functionsInTree(openUntil, functions),
    figures,
    // Half of the work, and most questions are about functions alone.
    get edges() {
      edges ??= collectEdges(callTree, functions);
      return edges;
    },
    sums: sumStacks(figures, functions),
  };
}

/** Which functions stand somewhere in the tree, V8's root left out: a profile may have had stacks left out of it. */
function functionsInTree(openUntil: Int32Array, functions: FunctionTable): Int32Array {
  return Int32Array.from(openUntil.keys()).filter((fn) => at(openUntil, fn) > 0 && at(functions.kind, fn) !== 'root');
}

/**
 * The counting rule, for any grouping of nodes: `key` says which group a node falls into, -1 for none.
 * Self figures add up; total figures add the subtree only where no call of the same group is open.
 * `openUntil` is the row after the last one below a group, 0 for a group that stands nowhere.
 */
export function callTreeMetrics(tree: CallTree, key: Int32Array, groups: number) {
  const sums = subtreeSums(tree);
  const self = new Float64Array(groups);
  const total = new Float64Array(groups);
  const selfCount = new Float64Array(groups);
  const totalCount = new Float64Array(groups);
  const openUntil = new Int32Array(groups);
  for (let node = 0; node < tree.length; node++) {
    const group = at(key, node);
    if (group === -1) continue;
    self[group] = at(self, group) + at(tree.self, node);
    selfCount[group] = at(selfCount, group) + at(tree.samples, node);
    if (node < at(openUntil, group)) continue;
    openUntil[group] = at(tree.subtreeEnd, node);
    total[group] = at(total, group) + at(sums.self, node);
    totalCount[group] = at(totalCount, group) + at(sums.samples, node);
  }
  return { self, total, selfCount, totalCount, openUntil };
}

/** Direct recursion is an edge from the function to itself. What hangs under a root is called by no function. */
function collectEdges(tree: CallTree, functions: FunctionTable): Edges {
  const edgeOf = new Map<number, EdgeIndex>();
  const caller: FunctionIndex[] = [];
  const callee: FunctionIndex[] = [];
  const key = new Int32Array(tree.length).fill(-1);
  for (let node = 0; node < tree.length; node++) {
    const parent = at(tree.parent, node);
    if (parent === -1) continue;
    const from = at(tree.function, parent);
    if (at(functions.kind, from) === 'root') continue;
    const to = at(tree.function, node);
    const pair = from * functions.length + to;
    let edge = edgeOf.get(pair);
    if (edge === undefined) {
      edge = caller.push(from) - 1;
      callee.push(to);
      edgeOf.set(pair, edge);
    }
    key[node] = edge;
  }
  const { openUntil: _, ...figures } = callTreeMetrics(tree, key, caller.length);
  return { length: caller.length, caller: Int32Array.from(caller), callee: Int32Array.from(callee), ...figures };
}

function sumStacks(figures: Metrics, functions: FunctionTable): Sums {
  let counted = 0;
  let idle = 0;
  let samples: Count = 0;
  for (let fn = 0; fn < functions.length; fn++) {
    if (at(functions.kind, fn) === 'idle') idle += at(figures.self, fn);
    else counted += at(figures.self, fn);
    samples = addCounts(samples, at(figures.selfCount, fn));
  }
  return { counted: counted, idle, selfCount: samples, totalCount: null };
}

// ---- pairs ---------------------------------------------------------------------------------------------------------

/** The file's numbers, as they are. A cumtime may exceed the sum of tottimes there; that is not ours to correct. */
function edgesGraph({ counts, functions, rows, figures, edges }: EdgesProfile): CallGraph {
  return {
    counts,
    unit: 1e6,
    functions,
    rows,
    figures: byFunction(rows, figures, functions.length),
    edges: pairEdges(edges),
    sums: sumEdges(figures, counts),
  };
}

/** row -> figures, made FunctionIndex -> figures. */
function byFunction(rows: Int32Array, figures: TracedMetrics, length: number): Metrics {
  const self = new Float64Array(length);
  const total = new Float64Array(length);
  const count: Count[] = new Array(length).fill(0);
  const subcount: Count[] = new Array(length).fill(0);
  for (let row = 0; row < rows.length; row++) {
    const fn = at(rows, row);
    self[fn] = at(figures.self, row);
    total[fn] = at(figures.total, row);
    count[fn] = at(figures.selfCount, row);
    subcount[fn] = at(figures.totalCount, row);
  }
  return { self, total, selfCount: count, totalCount: subcount };
}

function pairEdges({ length, caller, callee, figures }: EdgeTable): Edges {
  return { length, caller, callee, ...figures };
}

function sumEdges({ self, selfCount: count, totalCount: subcount }: TracedMetrics, counts: 'samples' | 'calls'): Sums {
  return {
    counted: self.reduce((sum, seconds) => sum + seconds, 0),
    idle: null,
    selfCount: count.reduce(addCounts, 0),
    totalCount: counts === 'calls' ? subcount.reduce(addCounts, 0) : null,
  };
}
