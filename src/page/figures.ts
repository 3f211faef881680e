/** The figures of functions, computed when they are needed: the first picture does not need them. */

import { buildCallGraph, type CallGraph } from '../model/call-graph.ts';
import { at } from '../model/columns.ts';
import { compareFunctions } from '../model/function-order.ts';
import type { FunctionTable } from '../model/function-table.ts';
import type { PageFacts } from '../model/layout/page-facts.ts';
import { type Listing, listFunctions } from '../model/listing.ts';
import type { Profile } from '../model/profile.ts';
import { relativeErrors } from '../model/sampling-error.ts';
import type { SortColumn } from './state.ts';

/** A row of the table: the figures of `pstat top`. NaN if not known; errors are shares, 0 if not known. */
export interface FunctionRow {
  readonly fn: number;
  readonly tottime: number;
  readonly cumtime: number;
  readonly selfCount: number;
  readonly totalCount: number;
  readonly selfError: number;
  readonly totalError: number;
}

export interface Figures {
  /** Hottest first. */
  rows(): readonly FunctionRow[];
  rowOf(fn: number): FunctionRow | undefined;
  sums(): CallGraph['sums'];
  /** The lines and calls of a function. */
  listing(fn: number): Listing;
}

export function figuresOf(profile: Profile, { idle }: Pick<PageFacts, 'idle'>): Figures {
  const { functions } = profile;
  const graph = lazy(() => buildCallGraph(profile));
  const rows = lazy(() =>
    rowsOf(graph())
      .filter(({ fn }) => idle || at(functions.kind, fn) !== 'idle')
      .sort(rowOrders(functions).tottime),
  );
  const rowOf = lazy(() => new Map(rows().map((row) => [row.fn, row])));
  return {
    rows,
    rowOf: (fn) => rowOf().get(fn),
    sums: () => graph().sums,
    listing: (fn) => at(listFunctions(profile, graph(), [fn]), 0),
  };
}

function lazy<Value extends object>(compute: () => Value): () => Value {
  let known: Value | null = null;
  return () => {
    known ??= compute();
    return known;
  };
}

function rowsOf({ metrics, rows, unit, counts }: CallGraph): FunctionRow[] {
  return Array.from(rows, (fn) => {
    const { selfError, totalError } =
      counts === 'calls' ? { selfError: null, totalError: null } : relativeErrors(metrics, fn);
    return {
      fn,
      tottime: at(metrics.self, fn) * unit,
      cumtime: at(metrics.total, fn) * unit,
      selfCount: Number(at(metrics.selfCount, fn)),
      totalCount: Number(at(metrics.totalCount, fn)),
      selfError: selfError ?? 0,
      totalError: totalError ?? 0,
    };
  });
}

/** As `pstat top` sorts, and breaks ties. */
export function rowOrders(
  functions: FunctionTable,
): Readonly<Record<SortColumn, (a: FunctionRow, b: FunctionRow) => number>> {
  const name = (a: FunctionRow, b: FunctionRow) => compareFunctions(functions, a.fn, b.fn);
  const cumtime = (a: FunctionRow, b: FunctionRow) => (b.cumtime || 0) - (a.cumtime || 0) || name(a, b);
  const tottime = (a: FunctionRow, b: FunctionRow) => (b.tottime || 0) - (a.tottime || 0) || cumtime(a, b);
  const samples = (a: FunctionRow, b: FunctionRow) => (b.selfCount || 0) - (a.selfCount || 0) || cumtime(a, b);
  return { name, tottime, cumtime, samples };
}
