/**
 * Two sets of runs → what changed, and with what evidence.
 *
 * Runs are processes. Verdicts, changes and intervals are of the times that the columns show: no time is multiplied by
 * a factor of its run. See `pstat help compare`.
 */

import { mean } from '../base/averages.ts';
import { at } from '../model/columns.ts';
import { type FunctionInfo, functionAt } from '../model/function-table.ts';
import { FunctionNames, type ShownFunction, showFunction } from '../query/function-names.ts';
import { type Filter, parseFilter } from '../query/pattern.ts';
import type { PathStyle } from '../query/places.ts';
import type { Stats } from '../query/stats.ts';
import { findAlike, findWork } from './alike.ts';
import {
  blocksOf,
  chooseBasis,
  cpuRatiosOf,
  functionBasisOf,
  otherTotalsOf,
  queuedSharesOf,
  type Sides,
  testedTotals,
} from './basis.ts';
import { type Both, mapBoth } from './both.ts';
import { countChangeOf, hasOneSign, meanChange } from './changes.ts';
import type {
  Basis,
  Change,
  ChangeParts,
  ComparedFunction,
  ComparedSide,
  Comparison,
  CountChange,
  Family,
  Verdict,
} from './comparison.ts';
import { unlikeSides } from './errors.ts';
import { findEditedCallers, findHints, type MatchHints } from './hints.ts';
import { type Match, matchFunctions } from './matching.ts';
import { notesFor } from './notes.ts';
import { type Side, SideBuilder } from './side.ts';
import { adjustPs } from './statistics/benjamini-hochberg.ts';
import { mannWhitneyP, runsNeeded, smallestP } from './statistics/mann-whitney.ts';
import { testCounts } from './test-counts.ts';
import { FunctionTest } from './test-function.ts';
import { canTest, LEVEL, MIN_RUNS, testTotal, totalVerdict } from './test-total.ts';

/** With `filter` and `exclude`: functions that are rows. Only these are tested, however little time they take. */
export interface CompareOptions extends Filter {
  /**
   * What is tested: `self` (tottime) or `total` (cumtime).
   * @default 'self'
   */
  readonly measure?: 'self' | 'total';
  /**
   * Which time the total is. `auto`: the busy time of requests where it was measured, else the functions' time.
   * @default 'auto'
   */
  readonly time?: Basis | 'auto';
  /** @default 'short' */
  readonly paths?: PathStyle;
  /**
   * What ran on each side, in words.
   * @default null
   */
  readonly labels?: Both<string> | null;
  /**
   * Whether the source of a function differs between the versions; null stands for a side without the function.
   * @default null: not known of any function
   */
  readonly isEdited?: ((before: FunctionInfo | null, after: FunctionInfo | null) => boolean) | null;
}

/** Of the total, on either side; a function with less is not tested, since every test makes the others harder to pass. */
const MIN_WEIGHT = 0.003;

/**
 * A change of a function is called only if its whole interval lies beyond this: smaller ones are caches, memory layout
 * and compilation, and are the larger where the machine was busier on one side. Measured on runs that differ by waiting
 * alone, 9 v 9: an untouched function was called in 6 % of draws, and in 58 % if only the estimate had to exceed it.
 */
const MIN_CHANGE = 0.03;
const MIN_CHANGE_UNEVEN = 0.05;

/**
 * Compares the profiles of a program before and after a change. Each Stats is one file; the files of a process, as
 * they say themselves, are one run.
 * Throws PstatError: `missing-data` where a side is empty, where one counts samples and the other calls, and where
 * `time` asks for what a file does not know; `query` for an invalid pattern.
 */
export function compare(before: Iterable<Stats>, after: Iterable<Stats>, options: CompareOptions = {}): Comparison {
  return compareSides(mapBoth({ before, after }, sideOf), options);
}

function sideOf(profiles: Iterable<Stats>): Side {
  const side = new SideBuilder();
  for (const stats of profiles) side.add(stats);
  return side.finish();
}

/** The same of sides that were collected file by file. */
export function compareSides(sides: Sides, options: CompareOptions = {}): Comparison {
  const { counts } = sides.before;
  if (counts !== sides.after.counts) throw unlikeSides();
  const { measure = 'self', time = 'auto', labels = null } = options;
  const basis = chooseBasis(sides, time);
  const total = testTotal(testedTotals(sides, basis) ?? { before: [], after: [] });
  const otherTotals = otherTotalsOf(sides, basis, total);
  const { rows, family, drafts } = compareFunctions(sides, options);
  const comparison = {
    measure,
    counts,
    basis,
    functionBasis: functionBasisOf(sides),
    ...mapBoth(sides, (side, name) => ({ ...describeSide(side, basis), label: labels?.[name] ?? null })),
    verdict: totalVerdict(total),
    isPaired: blocksOf(sides) !== null,
    total,
    otherTotals,
    family,
    rows,
    parts: partsOf(total, drafts, sides),
    alike: findAlike(
      rows.map((row) => row[measure]).filter(({ adjustedP }) => adjustedP !== null),
      { total, otherTotals },
    ),
    work: counts === 'calls' ? findWork(drafts.map(({ count }) => count)) : null,
  };
  return { ...comparison, notes: notesFor(comparison, sides) };
}

function describeSide({ processes }: Side, basis: Basis): Omit<ComparedSide, 'label'> {
  const requests = processes.reduce((sum, run) => sum + run.requests, 0);
  return {
    sources: processes.flatMap(({ sources }) => sources),
    runs: processes.length,
    requests: requests === 0 ? null : requests,
    isProcessKnown: processes.every(({ isKnown }) => isKnown),
    totals: processes.map(({ totals }) => totals[basis]).filter((time) => time !== null),
  };
}

// ---- functions -------------------------------------------------------------------------------------------------------

/** A function of either side, before its family is known. */
interface Draft {
  readonly match: Match;
  readonly self: Change;
  readonly total: Change;
  readonly count: CountChange;
  /** The largest share of a side's time. */
  readonly weight: number;
}

function compareFunctions(sides: Sides, options: CompareOptions) {
  const { measure = 'self', filter = [] } = options;
  const matches = matchFunctions(sides.before.functions, sides.after.functions);
  const drafts = draftFunctions(matches, sides, measure);
  const keeps = rowFilter(options, sides);
  const isTested = drafts.map((draft) => keeps(draft.match) && (filter.length > 0 || draft.weight >= MIN_WEIGHT));
  const tested = testDrafts(
    drafts.filter((_, i) => isTested[i]),
    sides,
    measure,
  );
  const changes = new Map(tested.map(({ draft, change }) => [draft, change]));
  const judged = drafts.map((draft) => ({ ...draft, [measure]: changes.get(draft) ?? draft[measure] }));
  const kept = judged.flatMap((draft, i) => (keeps(draft.match) ? [{ draft, isTested: isTested[i] === true, i }] : []));
  const isCallable = canTest(sides.before.processes.length, sides.after.processes.length);
  const hints = findHints(
    matches,
    sides,
    judged.map((draft) =>
      (isCallable ? draft[measure].significant === true : draft.weight >= MIN_WEIGHT) ? (draft.self.delta ?? 0) : 0,
    ),
  );
  const edited = matches.map((match) => isEdited(match, sides, options.isEdited ?? null));
  const editedCallers = findEditedCallers(matches, sides, edited);
  const rowOfMatch = new Map(kept.map(({ i }, row) => [i, row]));
  const describe = describeFunctions(sides, options.paths ?? 'short');
  const rows = kept.map(({ draft, isTested, i }) => ({
    ...describe(draft.match),
    hint: hintOf(i, { hints, rowOfMatch, matches, describe }),
    self: draft.self,
    total: draft.total,
    count: draft.count,
    verdict: verdictOf(draft, measure, isTested),
    edited: edited[i] ?? null,
    editedCaller: callerName(matches[editedCallers.get(i) ?? -1], describe),
  }));
  return { rows, drafts: judged, family: familyOf(sides, isTested.filter(Boolean).length) };
}

function draftFunctions(matches: readonly Match[], sides: Sides, measure: 'self' | 'total'): Draft[] {
  const times = mapBoth(sides, ({ processes }) => mean(processes.map(({ functionTime }) => functionTime)));
  const counts = matches.map((match) =>
    mapBoth(sides, ({ count }, side) => (match[side] === -1 ? null : at(count, match[side]))),
  );
  const areCalls = sides.before.counts === 'calls';
  const changed = areCalls ? testCounts(counts.map((both) => withZeros(both, sides))) : [];
  return matches.map((match, i) => {
    const self = meanChange(timesOf(sides, match, 'self'));
    const total = meanChange(timesOf(sides, match, 'total'));
    const tested = measure === 'self' ? self : total;
    const count = countChangeOf(at(counts, i));
    return {
      match,
      self,
      total,
      count: { ...count, changed: changed[i] ?? null },
      weight: Math.max(share(tested.before, times.before), share(tested.after, times.after)),
    };
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

/** The family: its changes with their p-values, adjusted among each other. */
function testDrafts(drafts: readonly Draft[], sides: Sides, measure: 'self' | 'total') {
  if (!canTest(sides.before.processes.length, sides.after.processes.length)) return [];
  const test = new FunctionTest(cpuRatiosOf(sides));
  const changes = drafts.map((draft) =>
    test.test(draft[measure], withZeros(timesOf(sides, draft.match, measure), sides)),
  );
  const adjusted = adjustPs(changes.map(({ p }) => p ?? 1));
  const minChange = minChangeOf(sides);
  return changes.map((change, i) => {
    const adjustedP = at(adjusted, i);
    const isLarge = nearEnd(change) >= minChange * (change.before ?? 0);
    const significant = adjustedP <= LEVEL && isLarge && hasOneSign(change);
    return { draft: at(drafts, i), change: { ...change, adjustedP, significant } };
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

function familyOf({ before, after }: Sides, size: number): Family {
  return {
    size,
    level: LEVEL,
    smallestP: smallestP(before.processes.length, after.processes.length),
    runsNeeded: Math.max(MIN_RUNS, runsNeeded(LEVEL, size)),
  };
}

function rowFilter(
  { filter = [], exclude = [], paths = 'short' }: CompareOptions,
  sides: Sides,
): (match: Match) => boolean {
  if (filter.length + exclude.length === 0) return () => true;
  const names = namesOf(sides, paths);
  return parseFilter(
    { filter, exclude },
    (pattern, { before, after }) =>
      (before !== -1 && names.before.matches(pattern, before)) || (after !== -1 && names.after.matches(pattern, after)),
  );
}

function namesOf(sides: Sides, paths: PathStyle): Both<FunctionNames> {
  return mapBoth(sides, ({ functions }) => new FunctionNames(functions, paths));
}

function isEdited(match: Match, sides: Sides, test: CompareOptions['isEdited']): boolean | null {
  const { before, after } = mapBoth(sides, ({ functions }, side) =>
    match[side] === -1 ? null : functionAt(functions, match[side]),
  );
  return test?.(before, after) ?? null;
}

function callerName(caller: Match | undefined, describe: (match: Match) => Description): string | null {
  return caller === undefined ? null : describe(caller).shownName;
}

type Description = ShownFunction & Pick<ComparedFunction, 'status' | 'movedFrom'>;

function describeFunctions(sides: Sides, paths: PathStyle): (match: Match) => Description {
  const names = namesOf(sides, paths);
  return (match) => {
    const side = match.after === -1 ? 'before' : 'after';
    return {
      ...showFunction(sides[side].functions, names[side], match[side]),
      status: match.status,
      movedFrom: match.status === 'moved' ? names.before.place(match.before) : null,
    };
  };
}

interface HintContext {
  readonly hints: MatchHints;
  readonly rowOfMatch: ReadonlyMap<number, number>;
  readonly matches: readonly Match[];
  readonly describe: (match: Match) => Description;
}

function hintOf(i: number, { hints, rowOfMatch, matches, describe }: HintContext): ComparedFunction['hint'] {
  const hint = hints.get(i);
  const row = hint === undefined ? undefined : rowOfMatch.get(hint.match);
  if (hint === undefined || row === undefined) return null;
  return { kind: hint.kind, name: describe(at(matches, hint.match)).shownName, row };
}

function verdictOf(
  { match: { status }, count, ...draft }: Draft,
  measure: 'self' | 'total',
  isTested: boolean,
): Verdict {
  const { significant, delta } = draft[measure];
  const hasChanged = significant === true || count.changed === true;
  if (status === 'new' || status === 'removed') return hasChanged ? status : 'inconclusive';
  if (significant === true) return (delta ?? 0) > 0 ? 'slower' : 'faster';
  if (hasChanged) return 'calls-changed';
  if (!isTested) return 'untested';
  return significant === null ? 'inconclusive' : 'no-change';
}

// ---- what the change is made of ----------------------------------------------------------------------------------------

/** Functions listed by name in the sum. */
const MAX_PARTS = 3;

/** Means, because only they add up. */
function partsOf(total: Change, drafts: readonly Draft[], sides: Sides): ChangeParts | null {
  if (total.significant === false) return null;
  const changed = drafts.filter(({ self }) => self.delta !== null && self.delta !== 0);
  const isCalled = total.significant === null ? () => true : ({ self }: Draft) => self.significant === true;
  const listed = changed
    .filter(isCalled)
    .sort((a, b) => Math.abs(b.self.delta ?? 0) - Math.abs(a.self.delta ?? 0))
    .slice(0, MAX_PARTS);
  const names = describeFunctions(sides, 'short');
  const sum = (parts: readonly Draft[]) => parts.reduce((all, { self }) => all + (self.delta ?? 0), 0);
  return {
    delta: sum(changed),
    listed: listed.map(({ match, self }) => ({
      name: names(match).shownName,
      before: self.before ?? 0,
      after: self.after ?? 0,
      delta: self.delta ?? 0,
    })),
    others: { functions: changed.length - listed.length, delta: sum(changed) - sum(listed) },
  };
}
