/** Explicit stacks, and their expected times and counts by a slow loop over stacks. */

import fc from 'fast-check';
import type { CallGraph, Metrics } from '../../src/model/call-graph.ts';
import type { Count } from '../../src/model/count.ts';
import type { FunctionTable } from '../../src/model/function-table.ts';
import { normalizeStacks } from '../../src/model/normalize/sampled.ts';
import type { StacksProfile } from '../../src/model/profile.ts';
import { type Drawing, fromStacks } from './draw.ts';

/** A stack, outermost function first, and the µs that it stands for. */
export interface StackSample {
  readonly stack: readonly string[];
  readonly weight: number;
  /** Number of samples. Default: 1. */
  readonly samples?: number;
}

/** Few functions, so that many calls are recursive; some deep and some empty stacks, the last one empty. */
export const stackSamples: fc.Arbitrary<StackSample[]> = fc
  .array(
    fc.record({
      stack: fc.oneof(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 6 }),
        fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12, size: 'max' }),
        fc.array(fc.constantFrom('a', 'b'), { maxLength: 60, size: 'max' }),
      ),
      weight: fc.nat(5000),
    }),
    { minLength: 1, maxLength: 16, size: 'max' },
  )
  .map((stacks) => [...stacks, { stack: [], weight: 0 }]);

/** A profile of these stacks. The last one has duration 0: the recording ends with it. */
export function profileOf(stacks: readonly StackSample[], drawing: Drawing = {}): StacksProfile {
  let duration = 0;
  const times = Float64Array.from(stacks, ({ weight }) => {
    duration += weight;
    return duration - weight;
  });
  const names = stacks.map(({ stack }) => stack);
  return normalizeStacks({ ...fromStacks(names, drawing), times, duration }, 'stacks');
}

/** self, total, selfCount, totalCount */
export type Figure = readonly [self: number, total: number, selfCount: Count, totalCount: Count];
export type FigureTable = Readonly<Record<string, Figure>>;

type Naming = (functions: FunctionTable, fn: number) => string;

const byName: Naming = ({ name }, fn) => name[fn] ?? '';

/** The graph's metrics of functions by name. */
export function functionTable({ metrics, functions, rows }: CallGraph, nameOf = byName): FigureTable {
  return keyed(Array.from(rows, (fn) => [nameOf(functions, fn), figureAt(metrics, fn)]));
}

/** The graph's metrics of edges by `caller > callee`. */
export function edgeTable({ edges, functions }: CallGraph, nameOf = byName): FigureTable {
  return keyed(
    Array.from(edges.caller, (caller, edge) => [
      `${nameOf(functions, caller)} > ${nameOf(functions, edges.callee[edge] ?? -1)}`,
      figureAt(edges, edge),
    ]),
  );
}

/** The rows with time or samples. */
export function withoutZeros(table: FigureTable): FigureTable {
  return Object.fromEntries(
    Object.entries(table).filter(([, [, total, , totalCount]]) => total !== 0 || totalCount !== 0),
  );
}

function keyed(entries: readonly [string, Figure][]): FigureTable {
  const table = Object.fromEntries(entries);
  if (Object.keys(table).length !== entries.length) throw new Error('something stands there twice');
  return table;
}

function figureAt({ self, total, selfCount, totalCount }: Metrics, i: number): Figure {
  return [self[i] ?? Number.NaN, total[i] ?? Number.NaN, selfCount[i] ?? Number.NaN, totalCount[i] ?? Number.NaN];
}

/** Counts each stack once for every function on it. */
export function countFunctions(stacks: readonly StackSample[]): FigureTable {
  return tally(
    stacks.map(({ stack, weight, samples = 1 }) => {
      const frames = stack.length === 0 ? ['(no stack)'] : stack;
      return { on: new Set(frames), top: frames.at(-1), weight, samples };
    }),
  );
}

/** Counts each stack once for every edge on it. */
export function countEdges(stacks: readonly StackSample[]): FigureTable {
  return tally(
    stacks.map(({ stack, weight, samples = 1 }) => {
      const pairs = stack.slice(1).map((callee, i) => `${stack[i]} > ${callee}`);
      return { on: new Set(pairs), top: pairs.at(-1), weight, samples };
    }),
  );
}

interface Tallied {
  readonly on: ReadonlySet<string>;
  readonly top: string | undefined;
  readonly weight: number;
  readonly samples: number;
}

function tally(stacks: readonly Tallied[]): FigureTable {
  const table: Record<string, [number, number, number, number]> = {};
  for (const { on, top, weight, samples } of stacks) {
    for (const key of on) {
      const [self, total, selfCount, totalCount] = table[key] ?? [0, 0, 0, 0];
      const isTop = key === top;
      table[key] = [
        self + (isTop ? weight : 0),
        total + weight,
        selfCount + (isTop ? samples : 0),
        totalCount + samples,
      ];
    }
  }
  return table;
}
