import type { Count } from '../model/count.ts';
import type { FunctionKind } from '../model/function-table.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import type { Match } from './matching.ts';

/** What two sets of runs say of each other. Immutable. */
export interface Comparison {
  /** What is tested: time in a function itself, or with everything it called. */
  readonly measure: 'self' | 'total';
  readonly counts: 'samples' | 'calls';
  readonly before: ComparedSide;
  readonly after: ComparedSide;
  readonly whole: Change;
  /** Whether the whole is the measured time at work of each request, and not the sum of what was counted. */
  readonly isMeasured: boolean;
  readonly family: Family;
  /** Every function of either side, in no order that means anything. */
  readonly rows: readonly ComparedFunction[];
  /** What a careful reader should be told. */
  readonly notes: readonly string[];
}

export interface ComparedSide {
  /** run -> files, as the user named them */
  readonly runs: readonly (readonly string[])[];
  /** run -> how slow the machine was; 1 is ordinary */
  readonly factors: readonly number[];
  /** run -> µs counted */
  readonly wholes: readonly Microseconds[];
}

/** The functions that were tested together. */
export interface Family {
  readonly size: number;
  /** The share of false alarms allowed, on average: 0.05. */
  readonly level: number;
  /** The least p that so many runs can give. */
  readonly smallestP: number;
  /** Runs a side from which one function of the family can be told from noise. */
  readonly runsNeeded: number;
}

/**
 * A time before and after. `before`, `after`, `delta` and `ratio` are of medians as recorded. `shift`, `low`, `high` and
 * `p` are of times scaled by the factors: what is left when the machine's own speed is taken out. Null: the data cannot
 * say.
 */
export interface Change {
  readonly before: Microseconds | null;
  readonly after: Microseconds | null;
  readonly delta: Microseconds | null;
  /** median before, with the machine's speed taken out: what a shift is a share of */
  readonly scaledBefore: Microseconds | null;
  /** after / before; null when there was none before */
  readonly ratio: number | null;
  readonly least: { readonly before: Microseconds | null; readonly after: Microseconds | null };
  /** by how much it grew, with the 95 % interval that holds it */
  readonly shift: Microseconds | null;
  readonly low: Microseconds | null;
  readonly high: Microseconds | null;
  readonly p: number | null;
  /** `p` held to the false discovery rate among the family, of which the whole is none; null for what was not tested */
  readonly adjustedP: number | null;
  /** whether `adjustedP` is within the family's level */
  readonly significant: boolean | null;
}

/** Calls or samples before and after: medians. `changed` is null where it cannot be told. */
export interface CountChange {
  readonly before: Count | null;
  readonly after: Count | null;
  readonly delta: Count | null;
  readonly changed: boolean | null;
}

export interface ComparedFunction {
  readonly kind: FunctionKind;
  readonly name: string;
  readonly shownName: string;
  readonly file: string | null;
  readonly shownPlace: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly status: Match['status'];
  /** Where a moved function was. */
  readonly cameFrom: string | null;
  readonly self: Change;
  readonly total: Change;
  readonly count: CountChange;
  /** What to make of it. */
  readonly verdict: Verdict;
}

/**
 * - `slower`, `faster`: told from noise, over several runs
 * - `new`, `removed`: on one side only
 * - `count`: the number of calls changed, which noise cannot do
 * - `noise`: cannot be told from noise
 * - `unclear`: one run a side; more than sampling error, and whether more than noise cannot be told
 * - `light`: not tested, for it weighs too little, or for want of runs
 */
export type Verdict = 'slower' | 'faster' | 'new' | 'removed' | 'count' | 'noise' | 'unclear' | 'light';
