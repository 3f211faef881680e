/**
 * The likely tree of a profile of edges, which knows what each function spent on each callee, but not on which stack.
 *
 * A function spends its time on all stacks in the proportions of all its calls: that is inferred. Its time as a whole is
 * measured. A function that is on the stack already is not called again: recursion is drawn once.
 */

import { at } from '../columns.ts';
import type { Count } from '../count.ts';
import type { FunctionIndex } from '../function-table.ts';
import type { EdgesProfile } from '../profile.ts';
import type { TracedMetrics } from '../raw-profile.ts';
import { type Figures, type LayoutNode, type LayoutTree, ROOT } from './layout-tree.ts';

export interface EstimatedTreeOptions {
  /** FunctionIndex -> 1 for the roots of the tree; null for functions with calls that no function made. */
  readonly roots: Uint8Array | null;
  /** Whether the tree leads from functions with self time up to their callers. */
  readonly isInverted: boolean;
}

interface EstimatedNode {
  readonly parent: LayoutNode;
  readonly fn: FunctionIndex;
  readonly weight: number;
  readonly isInferred: boolean;
  opened: { readonly own: number; readonly children: readonly LayoutNode[] } | null;
}

/** A function at the other end of an edge, and the µs that the edge accounts for. */
interface Share {
  readonly fn: FunctionIndex;
  readonly time: number;
  readonly isInferred?: boolean;
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
    const edges = sharesOf(profile, this.#total);
    this.#next = isInverted ? edges.callers : edges.callees;
    const times = isInverted ? this.#self : this.#total;
    const shares =
      isInverted || roots !== null
        ? [...profile.rows]
            .filter((fn) => roots === null || at(roots, fn) === 1)
            .map((fn) => ({ fn, time: at(times, fn) }))
        : findOutermost(profile, { ...edges, times });
    this.#nodes.push({ parent: -1, fn: -1, weight: 0, isInferred: false, opened: null });
    const children = this.#addChildren(ROOT, shares);
    const weight = children.reduce((sum, child) => sum + this.weight(child), 0);
    this.#nodes[ROOT] = { parent: -1, fn: -1, weight, isInferred: false, opened: { own: 0, children } };
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

  hasFewerSamples(): boolean {
    return false;
  }

  functions(node: LayoutNode): readonly FunctionIndex[] {
    return node === ROOT ? [] : [this.key(node)];
  }

  chain(node: LayoutNode): readonly LayoutNode[] {
    return [node];
  }

  isEstimated(node: LayoutNode): boolean {
    return at(this.#nodes, node).isInferred;
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
      .map(
        ({ fn, time, isInferred = parent !== ROOT }) =>
          this.#nodes.push({ parent, fn, weight: time, isInferred, opened: null }) - 1,
      );
    return children.sort((a, b) => this.weight(b) - this.weight(a) || this.key(a) - this.key(b));
  }
}

interface KnownCalls {
  readonly callers: readonly (readonly Share[])[];
  /** FunctionIndex -> number of its calls that the edges know */
  readonly calls: Float64Array;
  /** FunctionIndex -> cumtime in µs */
  readonly times: Float64Array;
}

/**
 * The time of calls that no edge knows: of functions without callers, and of those with more calls than their callers
 * made, such as `exec`, which runs a Python program and every module that it imports. If there are none, as in a program
 * that calls itself, the function with the most time.
 */
function findOutermost({ rows, metrics, counts }: EdgesProfile, { callers, calls, times }: KnownCalls): Share[] {
  const outermost = [...rows].flatMap((fn, row): Share[] => {
    const time = at(times, fn);
    if (at(callers, fn).length === 0) return [{ fn, time }];
    const uncalled = Number(at(anyCount(metrics, counts), row)) - at(calls, fn);
    // NaN where the calls are not known.
    if (!(uncalled > 0)) return [];
    // Then the calls that edges know are inside of others, and their time is part of the time of those.
    if (counts === 'calls' && uncalled >= Number(at(metrics.totalCount, row))) return [{ fn, time }];
    const called = at(callers, fn).reduce((sum, share) => sum + share.time, 0);
    return [{ fn, time: Math.max(0, time - called), isInferred: true }];
  });
  if (outermost.length > 0 || rows.length === 0) return outermost;
  const fn = rows.reduce((longest, each) => (at(times, each) > at(times, longest) ? each : longest));
  return [{ fn, time: at(times, fn) }];
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
  const edgeCounts = anyCount(edges.metrics, counts);
  const callees: Share[][] = Array.from({ length: functions.length }, () => []);
  const callers: Share[][] = Array.from({ length: functions.length }, () => []);
  const calls = new Float64Array(functions.length);
  for (let edge = 0; edge < edges.length; edge++) {
    const callee = at(edges.callee, edge);
    calls[callee] = at(calls, callee) + Number(at(edgeCounts, edge));
  }
  for (let edge = 0; edge < edges.length; edge++) {
    const caller = at(edges.caller, edge);
    const callee = at(edges.callee, edge);
    if (caller === callee) continue;
    const measured = at(edges.metrics.total, edge) * MICROSECONDS;
    const share = Number(at(edgeCounts, edge)) / at(calls, callee);
    const time = Number.isNaN(measured) ? at(total, callee) * share : measured;
    at(callees, caller).push({ fn: callee, time });
    at(callers, callee).push({ fn: caller, time });
  }
  return { callees, callers, calls };
}

/** All calls, or samples anywhere on the stack. */
function anyCount(metrics: TracedMetrics, counts: EdgesProfile['counts']): readonly Count[] {
  return counts === 'calls' ? metrics.selfCount : metrics.totalCount;
}
