/**
 * The calls that no function of a profile makes. callgrind_annotate adds up the edges to a function for its inclusive
 * time, so a function with callers would lose the time that it has without one.
 */

import type { CallGraph } from '../../model/call-graph.ts';
import { type CallTree, type NodeIndex, subtreeSums } from '../../model/call-tree.ts';
import { at } from '../../model/columns.ts';
import type { Count } from '../../model/count.ts';
import type { FunctionIndex, FunctionTable } from '../../model/function-table.ts';
import type { Profile } from '../../model/profile.ts';

export interface Call {
  readonly callee: FunctionIndex;
  /** inclusive, in the graph's unit */
  readonly time: number;
  readonly calls: Count;
}

export function rootCalls(profile: Profile, graph: CallGraph): Call[] {
  return 'callTree' in profile ? callsInTree(profile.callTree, graph.functions) : callsWithoutCaller(graph);
}

/** The outermost frames of stacks. */
function callsInTree(tree: CallTree, functions: FunctionTable): Call[] {
  const sums = subtreeSums(tree);
  const isRoot = (node: NodeIndex) => node === -1 || at(functions.kind, at(tree.function, node)) === 'root';
  const sumsOf = new Map<FunctionIndex, { readonly time: number; readonly calls: number }>();
  for (let node = 0; node < tree.length; node++) {
    if (isRoot(node) || !isRoot(at(tree.parent, node))) continue;
    const callee = at(tree.function, node);
    const { time, calls } = sumsOf.get(callee) ?? { time: 0, calls: 0 };
    sumsOf.set(callee, { time: time + at(sums.self, node), calls: calls + at(sums.samples, node) });
  }
  return [...sumsOf].map(([callee, sum]) => ({ callee, ...sum }));
}

/** What is left of a function's calls and time without those that a function of the file makes. */
function callsWithoutCaller({ edges, metrics, rows }: CallGraph): Call[] {
  const isRow = new Set(rows);
  const rest = new Map(
    [...rows].map((fn) => [fn, { time: at(metrics.total, fn), calls: Number(at(metrics.selfCount, fn)) }]),
  );
  for (let edge = 0; edge < edges.length; edge++) {
    const [caller, callee] = [at(edges.caller, edge), at(edges.callee, edge)];
    const left = rest.get(callee);
    if (left === undefined || !isRow.has(caller)) continue;
    left.calls -= Number(at(edges.selfCount, edge));
    if (caller !== callee) left.time -= at(edges.total, edge) || 0;
  }
  return [...rest]
    .map(([callee, { time, calls }]) => ({ callee, time: Math.max(0, time), calls }))
    .filter(({ calls }) => calls > 0);
}
