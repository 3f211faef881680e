/** One side of a comparison: the functions of several runs, and each one's figures run by run. */

import { within } from '../model/columns.ts';
import { addCounts, type Count } from '../model/count.ts';
import { type FunctionIndex, type FunctionTable, FunctionTableBuilder, functionAt } from '../model/function-table.ts';
import { withoutAddresses } from '../model/merge.ts';
import type { Stats } from '../query/stats.ts';

/** Figures of every function in every run; a function that a run does not hold has zeros there. */
export interface Side {
  readonly functions: FunctionTable;
  /** FunctionIndex -> run -> µs */
  readonly self: readonly Float64Array[];
  /** FunctionIndex -> run -> µs */
  readonly total: readonly Float64Array[];
  /** FunctionIndex -> run -> samples or calls */
  readonly count: readonly (readonly Count[])[];
  /** FunctionIndex -> run -> samples behind the total; zeros where calls are counted */
  readonly subcount: readonly (readonly Count[])[];
  /** run -> µs */
  readonly whole: Float64Array;
  /** µs between samples of the first run; null where none were taken, or it is not known */
  readonly interval: number | null;
}

/** @param whole run -> µs */
export function sideOf(runs: readonly Stats[], whole: Float64Array): Side {
  const functions = new FunctionTableBuilder();
  const self: Float64Array[] = [];
  const total: Float64Array[] = [];
  const count: Count[][] = [];
  const subcount: Count[][] = [];
  const rowFor = (fn: FunctionIndex): FunctionIndex => {
    if (fn === self.length) {
      self.push(new Float64Array(runs.length));
      total.push(new Float64Array(runs.length));
      count.push(new Array<Count>(runs.length).fill(0));
      subcount.push(new Array<Count>(runs.length).fill(0));
    }
    return fn;
  };
  runs.forEach(({ graph }, run) => {
    for (const fn of graph.rows) {
      const info = functionAt(graph.functions, fn);
      if (info.kind === 'idle') continue;
      const row = rowFor(functions.intern({ ...info, name: withoutAddresses(info.name) }));
      addTime(self[row], run, within(graph.figures.self[fn]) * graph.unit);
      addTime(total[row], run, within(graph.figures.total[fn]) * graph.unit);
      addCount(count[row], run, within(graph.figures.count[fn]));
      addCount(subcount[row], run, within(graph.figures.subcount[fn]));
    }
  });
  return {
    functions: functions.finish(),
    self,
    total,
    count,
    subcount,
    whole,
    interval: runs[0]?.summary.interval ?? null,
  };
}

/** Two functions of a run become one where only a memory address told them apart; so their figures add up. */
function addTime(column: Float64Array | undefined, run: number, time: number): void {
  if (column !== undefined) column[run] = within(column[run]) + time;
}

function addCount(column: Count[] | undefined, run: number, count: Count): void {
  if (column !== undefined) column[run] = addCounts(within(column[run]), count);
}

/**
 * run -> the time that the thread worked for the request, measured; null unless every run knows it and was asked as a
 * whole. It is exact where samples are not: on a busy machine the sampler oversleeps, and a short request has none.
 */
export function measuredWholes(runs: readonly Stats[]): Float64Array | null {
  const busy = runs.map(({ summary: { request, outside } }) => (outside === 0 ? (request?.busy ?? null) : null));
  const known = busy.filter((time) => time !== null);
  return known.length === runs.length ? Float64Array.from(known) : null;
}

/** run -> the time of all samples or calls. */
export function countedWholes(runs: readonly Stats[]): Float64Array {
  return Float64Array.from(runs, ({ graph }) => graph.sums.whole * graph.unit);
}
