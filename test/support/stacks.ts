/** Explicit stacks, and what every figure of theirs must be, found the slow way: one stack after the other. */

import fc from 'fast-check';
import type { CallGraph, Figures } from '../../src/model/call-graph.ts';
import type { Count } from '../../src/model/count.ts';
import type { PathsProfile } from '../../src/model/profile.ts';
import { settlePaths } from '../../src/model/timeline.ts';
import { fromStacks } from './draw.ts';

/** A stack, outermost function first, and the µs that it stands for. */
export interface WeighedStack {
  readonly stack: readonly string[];
  readonly weight: number;
}

/** Few functions, so that they call themselves and each other; some stacks deep, some empty, the last one so. */
export const weighedStacks: fc.Arbitrary<WeighedStack[]> = fc
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

/** A profile of these stacks. The last one weighs nothing: the recording ends with it. */
export function profileOf(stacks: readonly WeighedStack[], source = 'stacks'): PathsProfile {
  let duration = 0;
  const times = Float64Array.from(stacks, ({ weight }) => {
    duration += weight;
    return duration - weight;
  });
  return settlePaths({ ...fromStacks(stacks.map(({ stack }) => stack)), times, duration }, source);
}

/** self, total, count, subcount */
export type Figure = readonly [self: number, total: number, count: Count, subcount: Count];
export type FigureTable = Readonly<Record<string, Figure>>;

/** What the graph says of each function, by name. */
export function functionTable({ figures, functions, rows }: CallGraph): FigureTable {
  return keyed(Array.from(rows, (fn) => [functions.name[fn] ?? '', figureAt(figures, fn)]));
}

/** What the graph says of each edge, by `caller > callee`. */
export function edgeTable({ edges, functions }: CallGraph): FigureTable {
  const nameOf = (fn: number | undefined) => functions.name[fn ?? -1];
  return keyed(
    Array.from(edges.caller, (caller, edge) => [
      `${nameOf(caller)} > ${nameOf(edges.callee[edge])}`,
      figureAt(edges, edge),
    ]),
  );
}

function keyed(entries: readonly [string, Figure][]): FigureTable {
  const table = Object.fromEntries(entries);
  if (Object.keys(table).length !== entries.length) throw new Error('something stands there twice');
  return table;
}

function figureAt({ self, total, count, subcount }: Figures, i: number): Figure {
  return [self[i] ?? Number.NaN, total[i] ?? Number.NaN, count[i] ?? Number.NaN, subcount[i] ?? Number.NaN];
}

/** A stack counts once for every function on it. */
export function countFunctions(stacks: readonly WeighedStack[]): FigureTable {
  return tally(
    stacks.map(({ stack, weight }) => {
      const frames = stack.length === 0 ? ['(no stack)'] : stack;
      return { on: new Set(frames), top: frames.at(-1), weight };
    }),
  );
}

/** A stack counts once for every pair of neighbours on it. */
export function countEdges(stacks: readonly WeighedStack[]): FigureTable {
  return tally(
    stacks.map(({ stack, weight }) => {
      const pairs = stack.slice(1).map((callee, i) => `${stack[i]} > ${callee}`);
      return { on: new Set(pairs), top: pairs.at(-1), weight };
    }),
  );
}

interface Tallied {
  readonly on: ReadonlySet<string>;
  readonly top: string | undefined;
  readonly weight: number;
}

function tally(samples: readonly Tallied[]): FigureTable {
  const table: Record<string, [number, number, number, number]> = {};
  for (const { on, top, weight } of samples) {
    for (const key of on) {
      const [self, total, count, subcount] = table[key] ?? [0, 0, 0, 0];
      const isTop = key === top;
      table[key] = [self + (isTop ? weight : 0), total + weight, count + (isTop ? 1 : 0), subcount + 1];
    }
  }
  return table;
}
