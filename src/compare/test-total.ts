/** The test of a total over processes, and its verdict. */

import { at } from '../model/columns.ts';
import type { Both } from './both.ts';
import { hasOneSign, medianChange, withShift } from './changes.ts';
import type { Change, TotalVerdict } from './comparison.ts';
import { hodgesLehmann } from './statistics/hodges-lehmann.ts';
import { mannWhitneyP } from './statistics/mann-whitney.ts';
import { pairedShift, signedRankP } from './statistics/signed-rank.ts';

/** Processes a side below which nothing is tested: 3 v 3 cannot give a p of 0.05. */
export const MIN_RUNS = 4;

/** The expected share of false alarms: of the total by itself, of functions among what is called. */
export const LEVEL = 0.05;

export function canTest(before: number, after: number): boolean {
  return before >= MIN_RUNS && after >= MIN_RUNS;
}

/** run -> µs */
export interface Totals extends Both<readonly number[]> {
  /** Whether the nth runs of both sides ran in one block. @default false */
  readonly isPaired?: boolean;
}

/** The change of a total over processes, tested by itself where there are enough of them. */
export function testTotal(totals: Totals): Change {
  const { before, after, isPaired = false } = totals;
  const change = medianChange(totals);
  if (!canTest(before.length, after.length) || ![...before, ...after].every(Number.isFinite)) return change;
  return isPaired ? testPairs(change, totals) : testSides(change, totals);
}

function testSides(change: Change, { before, after }: Totals): Change {
  return callChange(withShift(change, hodgesLehmann(before, after)), mannWhitneyP(before, after));
}

function testPairs(change: Change, { before, after }: Totals): Change {
  const differences = after.map((time, block) => time - at(before, block));
  return callChange(withShift(change, pairedShift(differences)), signedRankP(differences));
}

function callChange(change: Change, p: number): Change {
  return { ...change, p, adjustedP: p, significant: p <= LEVEL && hasOneSign(change) };
}

export function totalVerdict({ significant, delta }: Change): TotalVerdict {
  if (significant === null) return 'inconclusive';
  if (!significant) return 'no-change';
  return (delta ?? 0) > 0 ? 'slower' : 'faster';
}
