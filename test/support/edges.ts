/** Who calls whom, as pstat and viewers of its exports show it. */

import { expect } from 'vitest';
import { pstat } from './cli.ts';
import type { Row } from './viewers.ts';

/** `caller -> callee` -> inclusive time, without functions that call themselves. */
export type Edges = Map<string, number>;

export type RelatedRow = Row & { readonly callers?: readonly Row[]; readonly callees?: readonly Row[] };

/** Returns all functions with their callers or callees, as `pstat callers` and `callees` show them. */
export async function relatedRows(command: 'callers' | 'callees', file: string): Promise<RelatedRow[]> {
  const { stdout } = await pstat([command, '/^/', file, '--json']);
  return (JSON.parse(stdout) as { rows: RelatedRow[] }).rows;
}

/**
 * @param keyOf undefined leaves the edges of a function out
 * @param figureOf the inclusive time, unless given
 */
export function edgesOf(
  rows: readonly RelatedRow[],
  keyOf: (row: Row) => string | undefined,
  figureOf: (row: Row) => number = ({ cumtime }) => cumtime,
): Edges {
  const edges: Edges = new Map();
  for (const row of rows) {
    for (const caller of row.callers ?? []) addEdge(edges, keyOf(caller), keyOf(row), figureOf(caller));
    for (const callee of row.callees ?? []) addEdge(edges, keyOf(row), keyOf(callee), figureOf(callee));
  }
  return edges;
}

export function addEdge(edges: Edges, caller: string | undefined, callee: string | undefined, value: number): void {
  if (caller === undefined || callee === undefined || caller === callee) return;
  const key = `${caller} -> ${callee}`;
  edges.set(key, (edges.get(key) ?? 0) + value);
}

/** Both have the same keys and values, to `unit`; keys of no more may be missing. */
export function expectSame(
  shown: ReadonlyMap<string, number>,
  expected: ReadonlyMap<string, number>,
  unit: number,
): void {
  const keys = new Set([...shown.keys(), ...expected.keys()]);
  const wrong = [...keys].filter((key) => Math.abs((shown.get(key) ?? 0) - (expected.get(key) ?? 0)) > unit);
  expect(wrong.map((key) => [key, shown.get(key), expected.get(key)])).toEqual([]);
  expect(expected.size).toBeGreaterThan(1);
}

/** The callers and callees on a cycle: those that call themselves through others. */
export function functionsOnCycles(edges: Edges): Set<string> {
  const callees = new Map<string, string[]>();
  for (const key of edges.keys()) {
    const [caller = '', callee = ''] = key.split(' -> ');
    callees.set(caller, [...(callees.get(caller) ?? []), callee]);
  }
  const cyclic = new Set<string>();
  for (const start of callees.keys()) {
    const seen = new Set<string>();
    const next = [...(callees.get(start) ?? [])];
    for (let each = next.pop(); each !== undefined; each = next.pop()) {
      if (seen.has(each)) continue;
      seen.add(each);
      next.push(...(callees.get(each) ?? []));
    }
    if (seen.has(start)) cyclic.add(start);
  }
  return cyclic;
}
