import { hasOneSign, medianChange, withShift } from './changes.ts';
import type { Change, TotalVerdict } from './comparison.ts';
import { mannWhitneyP } from './statistics/mann-whitney.ts';

/** Processes a side below which nothing is tested: 3 v 3 cannot give a p of 0.05. */
export const MIN_RUNS = 4;

/** The expected share of false alarms: of the total by itself, of functions among what is called. */
export const LEVEL = 0.05;

export function canTest(before: number, after: number): boolean {
  return before >= MIN_RUNS && after >= MIN_RUNS;
}

/** The change of a total over processes, tested by itself where there are enough of them. */
export function testTotal(values: { readonly before: readonly number[]; readonly after: readonly number[] }): Change {
  const { before, after } = values;
  const change = medianChange(values);
  if (!canTest(before.length, after.length) || ![...before, ...after].every(Number.isFinite)) return change;
  const shifted = withShift(change, before, after);
  const p = mannWhitneyP(before, after);
  return { ...shifted, p, adjustedP: p, significant: p <= LEVEL && hasOneSign(shifted) };
}

export function totalVerdict({ significant, delta }: Change): TotalVerdict {
  if (significant === null) return 'inconclusive';
  if (!significant) return 'no-change';
  return (delta ?? 0) > 0 ? 'slower' : 'faster';
}
