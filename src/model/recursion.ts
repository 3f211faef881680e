/** Finds functions that may be recursive, from edges alone. */

import { at } from './columns.ts';
import type { FunctionIndex } from './function-table.ts';
import type { EdgeTable } from './profile.ts';

/**
 * Returns the functions on a cycle of calls or between two cycles. Any other function was on a stack at most once:
 * a function that is on a stack twice leaves the edges of a cycle.
 */
export function possiblyRecursive({ length, caller, callee }: EdgeTable): ReadonlySet<FunctionIndex> {
  const edges = Array.from({ length }, (_, edge) => ({ from: at(caller, edge), to: at(callee, edge) }));
  const reached = removeUnreachable(edges);
  return removeUnreachable(
    edges
      .filter(({ from, to }) => reached.has(from) && reached.has(to))
      .map(({ from, to }) => ({ from: to, to: from })),
  );
}

interface Edge {
  readonly from: FunctionIndex;
  readonly to: FunctionIndex;
}

/** Removes functions without incoming edges, and their edges, until none is left. Visits each edge once: O(n). */
function removeUnreachable(edges: readonly Edge[]): Set<FunctionIndex> {
  const callees = new Map<FunctionIndex, FunctionIndex[]>();
  const incoming = new Map<FunctionIndex, number>();
  for (const { from, to } of edges) {
    callees.set(from, []);
    incoming.set(from, incoming.get(from) ?? 0);
    incoming.set(to, (incoming.get(to) ?? 0) + 1);
  }
  for (const { from, to } of edges) callees.get(from)?.push(to);
  const remaining = new Set(incoming.keys());
  const unreached = [...remaining].filter((fn) => incoming.get(fn) === 0);
  for (let fn = unreached.pop(); fn !== undefined; fn = unreached.pop()) {
    remaining.delete(fn);
    for (const callee of callees.get(fn) ?? []) {
      const more = (incoming.get(callee) ?? 0) - 1;
      incoming.set(callee, more);
      if (more === 0) unreached.push(callee);
    }
  }
  return remaining;
}
