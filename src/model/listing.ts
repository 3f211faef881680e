/** The time of a function by line, and the time of the calls that it makes. */

import { getOrInsert } from '../base/maps.ts';
import type { CallGraph } from './call-graph.ts';
import { linesOfNodes } from './call-tree.ts';
import { at, floatAt, intAt } from './columns.ts';
import { type Count, knownOrNull } from './count.ts';
import type { FunctionIndex } from './function-table.ts';
import type { LineTimes } from './line-times.ts';
import type { Profile, StacksProfile } from './profile.ts';
import type { Microseconds } from './raw-profile.ts';

/** Time and samples, or calls, of an executing line. */
export interface ListedLine {
  readonly line: number;
  readonly self: Microseconds;
  readonly samples: Count;
}

/** A function called by the listed one. */
export interface ListedCall {
  readonly callee: FunctionIndex;
  /** Its time while it was called by the listed function itself; null if not known. */
  readonly total: Microseconds | null;
  /** Samples, or ncalls of traced profiles. */
  readonly count: Count | null;
}

/** A function's self time by line, and its calls: together its cumtime. */
export interface Listing {
  /** Ascending; without lines that have no time. */
  readonly lines: readonly ListedLine[];
  /** The largest first. */
  readonly calls: readonly ListedCall[];
}

/**
 * Returns the listing of each function. In a stacks profile a stack's time belongs to the call that the innermost frame of
 * the function makes, so that calls add up to cumtime − tottime, also under recursion. In an edges profile calls are the
 * file's edges.
 */
export function listFunctions(profile: Profile, graph: CallGraph, wanted: readonly FunctionIndex[]): Listing[] {
  if (!('callTree' in profile)) return wanted.map((fn) => listEdges(graph, fn, profile.linesAreSampled));
  const nodesOf = groupNodes(profile, new Set(wanted));
  const isWanted = new Uint8Array(profile.callTree.length);
  for (const nodes of nodesOf.values()) for (const node of nodes) isWanted[node] = 1;
  const lines = linesOfNodes(profile.callTree, isWanted);
  return wanted.map((fn) => {
    const nodes = nodesOf.get(fn) ?? [];
    return { lines: lines === null ? [] : sumListedLines(lines, nodes), calls: listCalls(profile, fn, nodes) };
  });
}

function groupNodes({ callTree }: StacksProfile, wanted: ReadonlySet<FunctionIndex>): Map<FunctionIndex, number[]> {
  const nodes = new Map<FunctionIndex, number[]>();
  for (const fn of wanted) nodes.set(fn, []);
  for (let node = 0; node < callTree.length; node++) nodes.get(intAt(callTree.function, node))?.push(node);
  return nodes;
}

function listCalls(profile: StacksProfile, fn: FunctionIndex, nodes: readonly number[]): ListedCall[] {
  const { callTree } = profile;
  const calls = new Map<FunctionIndex, { total: number; count: number }>();
  let end = 0;
  for (const outermost of nodes) {
    if (outermost < end) continue;
    end = at(callTree.subtreeEnd, outermost);
    addCalls(calls, profile, { fn, outermost });
  }
  return [...calls].map(([callee, sums]) => ({ callee, ...sums })).sort((a, b) => b.total - a.total);
}

/** Adds the time of each stack below a node to the function that the innermost frame of `fn` calls. */
function addCalls(
  calls: Map<FunctionIndex, { total: number; count: number }>,
  { callTree }: StacksProfile,
  { fn, outermost }: { readonly fn: FunctionIndex; readonly outermost: number },
): void {
  const end = at(callTree.subtreeEnd, outermost);
  /** node − outermost -> the function that the innermost frame of `fn` calls, -1 for `fn` itself */
  const called = new Int32Array(end - outermost).fill(-1);
  for (let node = outermost + 1; node < end; node++) {
    const own = intAt(callTree.function, node);
    if (own === fn) continue;
    const parent = intAt(callTree.parent, node);
    const callee = intAt(callTree.function, parent) === fn ? own : intAt(called, parent - outermost);
    called[node - outermost] = callee;
    const self = floatAt(callTree.self, node);
    const samples = floatAt(callTree.samples, node);
    if (self === 0 && samples === 0) continue;
    const sums = getOrInsert(calls, callee, () => ({ total: 0, count: 0 }));
    sums.total += self;
    sums.count += samples;
  }
}

function sumListedLines(lines: LineTimes, nodes: readonly number[]): ListedLine[] {
  const sums = new Map<number, { line: number; self: number; samples: number }>();
  for (const node of nodes) {
    for (let entry = at(lines.start, node); entry < at(lines.start, node + 1); entry++) {
      const line = at(lines.line, entry);
      const sum = getOrInsert(sums, line, () => ({ line, self: 0, samples: 0 }));
      sum.self += at(lines.self, entry);
      sum.samples += at(lines.samples, entry);
    }
  }
  return [...sums.values()].filter(({ self, samples }) => self !== 0 || samples !== 0).sort((a, b) => a.line - b.line);
}

/**
 * A call of the function by itself is in its cumtime already. Python's sampler has a row for each executing line of a
 * function.
 */
function listEdges({ edges, unit, metrics, functions }: CallGraph, fn: FunctionIndex, isLine: boolean): Listing {
  const calls: ListedCall[] = [];
  for (let edge = 0; edge < edges.length; edge++) {
    if (at(edges.caller, edge) !== fn || at(edges.callee, edge) === fn) continue;
    calls.push({
      callee: at(edges.callee, edge),
      total: knownOrNull(at(edges.total, edge) * unit),
      count: knownOrNull(at(edges.selfCount, edge)),
    });
  }
  const own = { line: at(functions.line, fn), self: at(metrics.self, fn) * unit, samples: at(metrics.selfCount, fn) };
  return { lines: isLine && own.line > 0 ? [own] : [], calls: calls.sort((a, b) => (b.total ?? 0) - (a.total ?? 0)) };
}
