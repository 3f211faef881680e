/** The functions of both sides: what changed, tested as one family. */

import { mean } from '../base/averages.ts';
import { at } from '../model/columns.ts';
import { cpuRatiosOf, queuedSharesOf, type Sides } from './basis.ts';
import { type Both, mapBoth } from './both.ts';
import { countChangeOf, hasOneSign, meanChange } from './changes.ts';
import type { Change, CountChange } from './comparison.ts';
import type { Match } from './matching.ts';
import { adjustPs } from './statistics/benjamini-hochberg.ts';
import { mannWhitneyP } from './statistics/mann-whitney.ts';
import { testCounts } from './test-counts.ts';
import { FunctionTest } from './test-function.ts';
import { canTest, LEVEL } from './test-total.ts';

/**
 * A change of a function is called only if its whole interval lies beyond this: smaller ones are caches, memory layout
 * and compilation, and are the larger where the machine was busier on one side. Measured on runs that differ by waiting
 * alone, 9 v 9: an untouched function was called in 6 % of draws, and in 58 % if only the estimate had to exceed it.
 */
const MIN_CHANGE = 0.03;
const MIN_CHANGE_UNEVEN = 0.05;

/** A function of either side. */
export interface FunctionChanges {
  readonly match: Match;
  readonly self: Change;
  readonly total: Change;
  readonly count: CountChange;
  /** The largest share of a side's time. */
  readonly weight: number;
  readonly isTested: boolean;
}

interface FamilyOptions {
  readonly measure: 'self' | 'total';
  readonly isTested: (match: Match, weight: number) => boolean;
}

/** match -> its changes; of the family with their p-values, adjusted among each other. */
export function testFunctions(matches: readonly Match[], sides: Sides, options: FamilyOptions): FunctionChanges[] {
  const { measure } = options;
  const functions = measureFunctions(matches, sides, options);
  const family = functions.filter(({ isTested }) => isTested);
  const tested = testFamily(family, sides, measure);
  const changes = new Map(tested.map((change, i) => [at(family, i), change]));
  return functions.map((fn) => ({ ...fn, [measure]: changes.get(fn) ?? fn[measure] }));
}

function measureFunctions(
  matches: readonly Match[],
  sides: Sides,
  { measure, isTested }: FamilyOptions,
): FunctionChanges[] {
  const times = mapBoth(sides, ({ processes }) => mean(processes.map(({ functionTime }) => functionTime)));
  const counts = matches.map((match) =>
    mapBoth(sides, ({ count }, side) => (match[side] === -1 ? null : at(count, match[side]))),
  );
  const areCalls = sides.before.counts === 'calls';
  const changed = areCalls ? testCounts(counts.map((both) => withZeros(both, sides))) : [];
  return matches.map((match, i) => {
    const self = meanChange(timesOf(sides, match, 'self'));
    const total = meanChange(timesOf(sides, match, 'total'));
    const count = { ...countChangeOf(at(counts, i)), changed: changed[i] ?? null };
    const { before, after, delta } = measure === 'self' ? self : total;
    const weight = Math.max(share(before, times.before), share(after, times.after));
    return { match, self, total, count, weight, isTested: delta !== null && isTested(match, weight) };
  });
}

function share(time: number | null, of: number): number {
  return time === null || !(of > 0) ? 0 : time / of;
}

function timesOf(sides: Sides, match: Match, measure: 'self' | 'total'): Both<readonly number[] | null> {
  return mapBoth(sides, ({ [measure]: times }, side) => (match[side] === -1 ? null : [...at(times, match[side])]));
}

/** A function that a side does not have took nothing there. */
function withZeros<Value>(values: Both<readonly Value[] | null>, sides: Sides): Both<readonly (Value | number)[]> {
  return mapBoth(values, (known, side) => known ?? sides[side].processes.map(() => 0));
}

/** Returns nothing for too few runs. */
function testFamily(family: readonly FunctionChanges[], sides: Sides, measure: 'self' | 'total'): Change[] {
  if (!canTest(sides.before.processes.length, sides.after.processes.length)) return [];
  const test = new FunctionTest(cpuRatiosOf(sides));
  const changes = family.map(({ match, [measure]: change }) =>
    test.test(change, withZeros(timesOf(sides, match, measure), sides)),
  );
  const adjusted = adjustPs(changes.map(({ p }) => p ?? 1));
  const minChange = minChangeOf(sides);
  return changes.map((change, i) => {
    const adjustedP = at(adjusted, i);
    const isLarge = nearEnd(change) >= minChange * (change.before ?? 0);
    return { ...change, adjustedP, significant: adjustedP <= LEVEL && isLarge && hasOneSign(change) };
  });
}

/** How far from no change the nearer end of the interval lies; 0 where the interval contains no change. */
function nearEnd({ low, high }: Change): number {
  if (low === null || high === null) return 0;
  return low > 0 ? low : high < 0 ? -high : 0;
}

/** Where the machine was busier on one side, caches were colder there. */
function minChangeOf(sides: Sides): number {
  const shares = queuedSharesOf(sides);
  const isUneven = shares !== null && mannWhitneyP(shares.before, shares.after) <= LEVEL;
  return isUneven ? MIN_CHANGE_UNEVEN : MIN_CHANGE;
}
