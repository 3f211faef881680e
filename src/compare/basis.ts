/** Which time is compared: one for both sides, never a run's time multiplied by a factor of the run. */

import { at } from '../model/columns.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import { type Both, mapBoth } from './both.ts';
import { BASES, type Basis, type Change, type FunctionBasis, type OtherTotal } from './comparison.ts';
import { mixedTimes, unknownBasis } from './errors.ts';
import type { ProcessRun } from './process-run.ts';
import type { Side } from './side.ts';
import { MIN_PAIRS } from './statistics/signed-rank.ts';
import { type Totals, testTotal } from './test-total.ts';

export type Sides = Both<Side>;

/** Throws PstatError (`missing-data`) where some profiles have undisturbed time and others counted time. */
export function functionBasisOf({ before, after }: Sides): FunctionBasis {
  const [basis = 'counted', ...others] = functionBasesOf([before, after]);
  if (others.length > 0) throw mixedTimes();
  return basis;
}

/** The times that profiles of the sides have; several where some have undisturbed time and others counted time. */
export function functionBasesOf(sides: readonly Side[]): ReadonlySet<FunctionBasis> {
  return new Set(
    sides.flatMap(({ undisturbed, profiles }) => [
      ...(undisturbed > 0 ? (['undisturbed'] as const) : []),
      ...(undisturbed < profiles ? (['counted'] as const) : []),
    ]),
  );
}

/** Requests are compared by their busy time where it was measured, all others by the time of their functions. */
export function chooseBasis(sides: Sides, asked: Basis | 'auto'): Basis {
  const functionBasis = functionBasisOf(sides);
  if (asked === 'auto') return totalsOf(sides, 'busy') === null ? functionBasis : 'busy';
  const unknown = processesOf(sides).find(({ totals }) => totals[asked] === null);
  if (unknown !== undefined) throw unknownBasis(asked, unknown.sources[0] ?? '');
  return asked;
}

/**
 * The blocks that both sides ran in, in order, where two versions ran in turn; null where a run is of no block, one is
 * missing on a side, or there are too few for a test of pairs.
 */
export function blocksOf({ before, after }: Sides): readonly Both<number>[] | null {
  const [first, second] = [runOfBlock(before), runOfBlock(after)];
  if (first.size !== before.processes.length || second.size !== after.processes.length) return null;
  if (first.size !== second.size || first.size < MIN_PAIRS) return null;
  const pairs = [...first].map(([block, run]) => ({ block, before: run, after: second.get(block) ?? -1 }));
  return pairs.some((pair) => pair.after === -1) ? null : pairs.sort((a, b) => a.block - b.block);
}

/** block -> run; runs of no block are not in it */
function runOfBlock({ processes }: Side): Map<number, number> {
  return new Map(processes.flatMap(({ block }, run) => (block === null ? [] : [[block, run] as const])));
}

/** The change of a basis that all processes know, as `chooseBasis` makes sure. */
export function totalChange(sides: Sides, basis: Basis): Change {
  const totals = testedTotals(sides, basis);
  if (totals === null) throw new RangeError(`a process does not know its ${basis} time`);
  return testTotal(totals);
}

/** The totals for their test: by block where all runs are of blocks. */
function testedTotals(sides: Sides, basis: Basis): Totals | null {
  const totals = totalsOf(sides, basis);
  const blocks = blocksOf(sides);
  if (totals === null || blocks === null) return totals;
  return { ...mapBoth(totals, (times, side) => blocks.map((runs) => at(times, runs[side]))), isPaired: true };
}

/** process -> µs of the basis; null where a process of either side does not know it. */
function totalsOf(sides: Sides, basis: Basis): Both<number[]> | null {
  return ofAllProcesses(sides, ({ totals }) => totals[basis]);
}

/** process -> a time; null where a process of either side does not know it. */
function ofAllProcesses(sides: Sides, timeOf: (run: ProcessRun) => Microseconds | null): Both<number[]> | null {
  const times = mapBoth(sides, ({ processes }) => processes.map(timeOf).filter((time) => time !== null));
  const isKnown = times.before.length + times.after.length === processesOf(sides).length;
  return isKnown ? times : null;
}

/** The other totals that both sides know and that differ from the one compared. */
export function otherTotalsOf(sides: Sides, basis: Basis, total: Change): readonly OtherTotal[] {
  return BASES.flatMap((other) => {
    const totals = other === basis ? null : testedTotals(sides, other);
    if (totals === null) return [];
    const change = testTotal(totals);
    return change.before === total.before && change.after === total.after ? [] : [{ basis: other, change }];
  });
}

/**
 * For each process CPU ÷ counted time; null unless the functions have counted time, all processes know their CPU time
 * and were recorded as a whole. Another busy process lowers it, helper threads raise it, waiting lowers it.
 */
export function cpuRatiosOf(sides: Sides): Both<number[]> | null {
  if (functionBasisOf(sides) === 'undisturbed') return null;
  const [cpu, counted] = [totalsOf(sides, 'cpu'), totalsOf(sides, 'counted')];
  if (cpu === null || counted === null) return null;
  const ratios = mapBoth(cpu, (times, side) => times.map((time, i) => time / (counted[side][i] ?? 0)));
  return [...ratios.before, ...ratios.after].every((ratio) => ratio > 0 && Number.isFinite(ratio)) ? ratios : null;
}

function processesOf({ before, after }: Sides): readonly ProcessRun[] {
  return [...before.processes, ...after.processes];
}

/** process -> share of its time in which it had no processor; null where any process does not know it. */
export function queuedSharesOf(sides: Sides): Both<number[]> | null {
  const counted = totalsOf(sides, 'counted');
  const queued = ofAllProcesses(sides, (run) => run.queued);
  if (counted === null || queued === null) return null;
  return mapBoth(queued, (times, side) => times.map((time, i) => (time === 0 ? 0 : time / (counted[side][i] ?? 0))));
}
