/**
 * The likely tree of a profile of edges, which knows what each function spent on each callee, but not on which stack.
 *
 * A function spends its time on all stacks in the proportions of all its calls: that is inferred. Its time as a whole is
 * measured. A function that is on the stack already is not called again: recursion is drawn once.
 */

import { at } from '../columns.ts';
import type { FunctionIndex } from '../function-table.ts';
import type { EdgesProfile } from '../profile.ts';
import { type Figures, type LayoutNode, type LayoutTree, ROOT } from './layout-tree.ts';

export interface EstimatedTreeOptions {
  /** FunctionIndex -> 1 for the roots of the tree; null for functions without callers. */
  readonly roots: Uint8Array | null;
  /** Whether the tree leads from functions with self time up to their callers. */
  readonly isInverted: boolean;
}

interface EstimatedNode {
  readonly parent: LayoutNode;
  readonly fn: FunctionIndex;
  readonly weight: number;
  opened: { readonly own: number; readonly children: readonly LayoutNode[] } | null;
}

/** A function at the other end of an edge, and the µs that the edge accounts for. */
interface Share {
  readonly fn: FunctionIndex;
  readonly time: number;
}

export class EstimatedTree implements LayoutTree {
  readonly #nodes: EstimatedNode[] = [];
  readonly #isInverted: boolean;
  /** FunctionIndex -> tottime and cumtime in µs */
  readonly #self: Float64Array;
  readonly #total: Float64Array;
  /** FunctionIndex -> its callees, or its callers in an inverted tree */
  readonly #next: readonly (readonly Share[])[];

  constructor(profile: EdgesProfile, { roots, isInverted }: EstimatedTreeOptions) {
    this.#isInverted = isInverted;
    const { length } = profile.functions;
    this.#self = timesOf(profile, 'self', length);
    this.#total = timesOf(profile, 'total', length);
    const { callees, callers } = sharesOf(profile, this.#total);
    this.#next = isInverted ? callers : callees;
    const times = isInverted ? this.#self : this.#total;
    const first = isInverted || roots !== null ? [...profile.rows] : findOutermost(profile, { callers, times });
    this.#nodes.push({ parent: -1, fn: -1, weight: 0, opened: null });
    const shares = first
      .filter((fn) => roots === null || at(roots, fn) === 1)
      .map((fn) => ({ fn, time: at(times, fn) }));
    const children = this.#addChildren(ROOT, shares);
    const weight = children.reduce((sum, child) => sum + this.weight(child), 0);
    this.#nodes[ROOT] = { parent: -1, fn: -1, weight, opened: { own: 0, children } };
  }

  parent(node: LayoutNode): LayoutNode {
    return at(this.#nodes, node).parent;
  }

  key(node: LayoutNode): number {
    return at(this.#nodes, node).fn;
  }

  children(node: LayoutNode): readonly LayoutNode[] {
    return this.#open(node).children;
  }

  weight(node: LayoutNode): number {
    return at(this.#nodes, node).weight;
  }

  ownWeight(node: LayoutNode): number {
    return this.#open(node).own;
  }

  gapBefore(): number {
    return 0;
  }

  figures(node: LayoutNode): Figures {
    const { NaN: unknown } = Number;
    const squares = { selfSquares: unknown, totalSquares: unknown };
    return { self: this.ownWeight(node), total: this.weight(node), samples: unknown, cumsamples: unknown, ...squares };
  }

  hasFewerSamples(node: LayoutNode, limit: number): boolean {
    return this.figures(node).cumsamples < limit;
  }

  functions(node: LayoutNode): readonly FunctionIndex[] {
    return node === ROOT ? [] : [this.key(node)];
  }

  chain(node: LayoutNode): readonly LayoutNode[] {
    return [node];
  }

  isEstimated(node: LayoutNode): boolean {
    return node !== ROOT && this.parent(node) !== ROOT;
  }

  #open(node: LayoutNode) {
    const known = at(this.#nodes, node);
    known.opened ??= this.#divide(node, known);
    return known.opened;
  }

  /** Divides the time of a node between the function itself and its calls, in their proportions over the whole profile. */
  #divide(node: LayoutNode, { fn, weight }: EstimatedNode) {
    const onStack = new Set<FunctionIndex>();
    for (let above = node; above !== ROOT; above = this.parent(above)) onStack.add(this.key(above));
    const next = at(this.#next, fn).filter((share) => !onStack.has(share.fn) && share.time > 0);
    const own = this.#isInverted ? 0 : at(this.#self, fn);
    const all = next.reduce((sum, { time }) => sum + time, own);
    if (!(all > 0) || next.length === 0) return { own: weight, children: [] };
    const children = this.#addChildren(
      node,
      next.map((share) => ({ fn: share.fn, time: (weight * share.time) / all })),
    );
    return { own: weight - children.reduce((sum, child) => sum + this.weight(child), 0), children };
  }

  #addChildren(parent: LayoutNode, shares: readonly Share[]): readonly LayoutNode[] {
    const children = shares
      .filter(({ time }) => time > 0)
      .map(({ fn, time }) => this.#nodes.push({ parent, fn, weight: time, opened: null }) - 1);
    return children.sort((a, b) => this.weight(b) - this.weight(a) || this.key(a) - this.key(b));
  }
}

/** Functions without callers. If all are called, as in a program that calls itself, the one with the most time. */
function findOutermost(
  { rows }: EdgesProfile,
  { callers, times }: { readonly callers: readonly (readonly Share[])[]; readonly times: Float64Array },
): FunctionIndex[] {
  const outermost = [...rows].filter((fn) => at(callers, fn).length === 0);
  if (outermost.length > 0 || rows.length === 0) return outermost;
  return [rows.reduce((longest, fn) => (at(times, fn) > at(times, longest) ? fn : longest))];
}

const MICROSECONDS = 1e6;

/** FunctionIndex -> µs; 0 for callers without metrics of their own */
function timesOf({ rows, metrics }: EdgesProfile, field: 'self' | 'total', length: number): Float64Array {
  const times = new Float64Array(length);
  rows.forEach((fn, row) => {
    times[fn] = at(metrics[field], row) * MICROSECONDS;
  });
  return times;
}

/** Who calls whom, and for how long. Where edges have no times, calls of a function are taken to be equally long. */
function sharesOf({ edges, functions, counts }: EdgesProfile, total: Float64Array) {
  const countOf = (edge: number) =>
    Number(at(counts === 'calls' ? edges.metrics.selfCount : edges.metrics.totalCount, edge));
  const callees: Share[][] = Array.from({ length: functions.length }, () => []);
  const callers: Share[][] = Array.from({ length: functions.length }, () => []);
  const calls = new Float64Array(functions.length);
  for (let edge = 0; edge < edges.length; edge++) {
    const callee = at(edges.callee, edge);
    calls[callee] = at(calls, callee) + countOf(edge);
  }
  for (let edge = 0; edge < edges.length; edge++) {
    const caller = at(edges.caller, edge);
    const callee = at(edges.callee, edge);
    if (caller === callee) continue;
    const measured = at(edges.metrics.total, edge) * MICROSECONDS;
    const share = countOf(edge) / at(calls, callee);
    const time = Number.isNaN(measured) ? at(total, callee) * share : measured;
    at(callees, caller).push({ fn: callee, time });
    at(callers, callee).push({ fn: caller, time });
  }
  return { callees, callers };
}
