/** Which functions may stand on a stack twice, as far as pairs of functions tell. */

import { at } from './columns.ts';
import type { FunctionIndex } from './function-table.ts';
import type { EdgeTable } from './profile.ts';

/**
 * The functions that lie on a circle of calls, or between two. Each of the others was on any stack once at most, for
 * whatever was on a stack left its pairs.
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

/** What is left when functions that nothing leads to are taken off, until there is none: each edge once, O(n). */
function removeUnreachable(edges: readonly Edge[]): Set<FunctionIndex> {
  const callees = new Map<FunctionIndex, FunctionIndex[]>();
  const leadingTo = new Map<FunctionIndex, number>();
  for (const { from, to } of edges) {
    callees.set(from, []);
    leadingTo.set(from, leadingTo.get(from) ?? 0);
    leadingTo.set(to, (leadingTo.get(to) ?? 0) + 1);
  }
  for (const { from, to } of edges) callees.get(from)?.push(to);
  const left = new Set(leadingTo.keys());
  const ends = [...left].filter((fn) => leadingTo.get(fn) === 0);
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    left.delete(end);
    for (const callee of callees.get(end) ?? []) {
      const more = (leadingTo.get(callee) ?? 0) - 1;
      leadingTo.set(callee, more);
      if (more === 0) ends.push(callee);
    }
  }
  return left;
}
