/** The types of a comparison: what it says of the totals, of each function and of the runs. */

import type { Count } from '../model/count.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import type { ShownFunction } from '../query/function-names.ts';
import type { Both } from './both.ts';
import type { Match } from './matching.ts';

/** What two sets of runs say about each other. Immutable. */
export interface Comparison {
  /** Which time of a function is tested: in the function itself, or with everything it called. */
  readonly measure: 'self' | 'total';
  readonly counts: 'samples' | 'calls';
  /** Which time the total is. */
  readonly basis: Basis;
  /** Which time the functions have: `undisturbed` or `counted`. */
  readonly functionBasis: FunctionBasis;
  readonly before: ComparedSide;
  readonly after: ComparedSide;
  readonly verdict: TotalVerdict;
  /** Whether the totals were tested in pairs, the runs of each block with each other. */
  readonly isPaired: boolean;
  readonly total: Change;
  /** The same of every other basis that both sides know. */
  readonly otherTotals: readonly OtherTotal[];
  readonly family: Family;
  /** Every function of either side that the filters keep, in no particular order. */
  readonly rows: readonly ComparedFunction[];
  /** How the mean change of the functions' time is made up; null where the total did not change significantly or is not known. */
  readonly parts: ChangeParts | null;
  /** The ratio by which most functions changed; null where they did not change alike. */
  readonly alike: AlikeChange | null;
  /** The ratio by which nearly all calls increased or decreased; null where they did not change alike. */
  readonly work: number | null;
  readonly notes: readonly CompareNote[];
}

/**
 * - `undisturbed`: counted time, less the time in which the thread had no processor
 * - `counted`: what the functions' times add up to
 * - `cpu`: CPU time of the process; `elapsed`: from start to end
 * - `busy`: time that the thread worked for a request, as the request profiler measured it
 */
export type Basis = FunctionBasis | 'cpu' | 'elapsed' | 'busy';

export const BASES: readonly Basis[] = ['undisturbed', 'counted', 'cpu', 'elapsed', 'busy'];

export type FunctionBasis = 'undisturbed' | 'counted';

export type TotalVerdict = 'slower' | 'faster' | 'no-change' | 'inconclusive';

export interface ComparedSide {
  /** What ran, in words; null where only its files are known. */
  readonly label: string | null;
  /** The files, as the user named them, in the order given. */
  readonly sources: readonly string[];
  /** Processes: what is compared. */
  readonly runs: number;
  /** Profiles of requests, where the runs consist of them; null for others. */
  readonly requests: number | null;
  /** Whether the files say which process each is of. Where they do not, each counts as one. */
  readonly isProcessKnown: boolean;
  /** run -> µs of the basis */
  readonly totals: readonly Microseconds[];
}

export interface OtherTotal {
  readonly basis: Basis;
  readonly change: Change;
}

/** The functions that were tested together. */
export interface Family {
  readonly size: number;
  /** The expected share of false discoveries among what is called: 0.05. */
  readonly level: number;
  /** The smallest p that so many runs can give. */
  readonly smallestP: number;
  /** Runs a side from which one function of the family can be significant. */
  readonly runsNeeded: number;
}

/**
 * A time before and after, in µs. Of the total, `before` and `after` are medians over runs; of functions, means over
 * runs. `delta` and `ratio` are of exactly these. null: the data cannot say.
 */
export interface Change {
  readonly before: Microseconds | null;
  readonly after: Microseconds | null;
  readonly delta: Microseconds | null;
  /** after / before; null where either is unknown or there was none before */
  readonly ratio: number | null;
  readonly min: Both<Microseconds | null>;
  /** Hodges–Lehmann estimate of the shift, with its 95 % interval */
  readonly shift: Microseconds | null;
  readonly low: Microseconds | null;
  readonly high: Microseconds | null;
  /** Mann–Whitney, two-sided; of a total of pairs the signed-rank test */
  readonly p: number | null;
  /** Benjamini–Hochberg among the family, which the total is not part of; null for what was not tested */
  readonly adjustedP: number | null;
  /** Whether it is called a change; null for what was not tested. */
  readonly significant: boolean | null;
}

/** Calls or samples before and after: medians over runs. */
export interface CountChange {
  readonly before: Count | null;
  readonly after: Count | null;
  readonly delta: Count | null;
  /** Whether the number of calls changed; null for samples, and for one run a side. */
  readonly changed: boolean | null;
}

export interface ComparedFunction extends ShownFunction {
  readonly status: Match['status'];
  /** Where a moved function was. */
  readonly movedFrom: string | null;
  /** What may explain it; to be checked by a person. */
  readonly hint: Hint | null;
  readonly self: Change;
  readonly total: Change;
  readonly count: CountChange;
  readonly verdict: Verdict;
  /** Whether its source differs between the versions; null where that is not known. */
  readonly edited: boolean | null;
  /** An edited function that calls it, as shown, where it is not edited itself; else null. */
  readonly editedCaller: string | null;
}

/**
 * - `renamed`: a new function with the callers and callees of a removed one, named here; and the reverse
 * - `inlined`: a function that may hold the time of a callee that is gone, named here
 */
interface Hint {
  readonly kind: 'renamed' | 'inlined';
  /** The other function, as shown. */
  readonly name: string;
  /** The other function's place in `rows`. */
  readonly row: number;
}

/**
 * - `slower`, `faster`, `new`, `removed`: significant
 * - `calls-changed`: the number of calls changed, and no time is significant
 * - `no-change`: tested, and no significant change
 * - `inconclusive`: too few runs for a test, or new or removed without significance
 * - `untested`: takes too little time to be tested
 */
export type Verdict =
  | 'slower'
  | 'faster'
  | 'new'
  | 'removed'
  | 'calls-changed'
  | 'no-change'
  | 'inconclusive'
  | 'untested';

/** Means over runs: `delta` is the sum of the listed functions' changes and of the others'. */
export interface ChangeParts {
  readonly delta: Microseconds;
  readonly listed: readonly {
    readonly name: string;
    readonly before: Microseconds;
    readonly after: Microseconds;
    readonly delta: Microseconds;
  }[];
  readonly others: { readonly functions: number; readonly delta: Microseconds };
}

export interface AlikeChange {
  readonly ratio: number;
  readonly functions: number;
  readonly of: number;
}

/** Facts about the runs, most important first. render/compare-text.ts words them. */
export type CompareNote =
  | { readonly code: 'waits-longer' | 'other-threads'; readonly cpu: Change; readonly own: Change }
  | {
      readonly code: 'queued';
      readonly before: Microseconds;
      readonly after: Microseconds;
      readonly isRemoved: boolean;
      /** What the times are means of. */
      readonly of: 'run' | 'request';
    }
  | { readonly code: 'one-after-the-other' }
  | (Both<string> & { readonly code: 'different-node' })
  | (Both<Microseconds> & { readonly code: 'different-intervals' })
  | { readonly code: 'few-samples'; readonly interval: Microseconds | null }
  | { readonly code: 'few-runs-for-functions'; readonly runsNeeded: number; readonly family: number }
  | {
      readonly code: 'outlier';
      readonly side: 'before' | 'after';
      readonly runs: number;
      readonly source: string;
      readonly time: Microseconds;
      readonly median: Microseconds;
    }
  | { readonly code: 'undersampled'; readonly side: 'before' | 'after'; readonly files: number }
  /** Generated files with a source map on one side only: both are left at generated places. */
  | { readonly code: 'one-sided-source-map'; readonly files: readonly string[] };
