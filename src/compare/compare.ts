/**
 * Two sets of runs → what changed, and with what evidence.
 *
 * Runs are processes. Verdicts, changes and intervals are of the times that the columns show: no time is multiplied by
 * a factor of its run. See `pstat help compare`.
 */

import { sum } from '../base/averages.ts';
import { at } from '../model/columns.ts';
import { type FunctionInfo, functionAt } from '../model/function-table.ts';
import { FunctionNames, type ShownFunction, showFunction } from '../query/function-names.ts';
import { type Filter, parseFilter } from '../query/pattern.ts';
import type { PathStyle } from '../query/places.ts';
import type { Stats } from '../query/stats.ts';
import { findAlike, findWork } from './alike.ts';
import { blocksOf, chooseBasis, functionBasisOf, otherTotalsOf, type Sides, totalChange } from './basis.ts';
import { type Both, mapBoth } from './both.ts';
import type {
  Basis,
  Change,
  ChangeParts,
  ComparedFunction,
  ComparedSide,
  Comparison,
  Family,
  Verdict,
} from './comparison.ts';
import { unlikeSides } from './errors.ts';
import { findEditedCallers, findHints, findRelations } from './hints.ts';
import { type Match, matchFunctions } from './matching.ts';
import { notesFor } from './notes.ts';
import { type Side, sideOf } from './side.ts';
import { runsNeeded, smallestP } from './statistics/mann-whitney.ts';
import { type FunctionChanges, testFunctions } from './test-functions.ts';
import { canTest, LEVEL, MIN_RUNS, totalVerdict } from './test-total.ts';

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
 * Compares the profiles of a program before and after a change. Each Stats is one file; the files of a process, as
 * they say themselves, are one run.
 * Throws PstatError: `missing-data` where a side is empty, where one counts samples and the other calls, and where
 * `time` asks for what a file does not know; `query` for an invalid pattern.
 */
export function compare(before: Iterable<Stats>, after: Iterable<Stats>, options: CompareOptions = {}): Comparison {
  return compareSides(mapBoth({ before, after }, sideOf), options);
}

/** The same of sides that were collected file by file. */
export function compareSides(sides: Sides, options: CompareOptions = {}): Comparison {
  const { counts } = sides.before;
  if (counts !== sides.after.counts) throw unlikeSides();
  const { measure = 'self', time = 'auto', labels = null } = options;
  const basis = chooseBasis(sides, time);
  const total = totalChange(sides, basis);
  const otherTotals = otherTotalsOf(sides, basis, total);
  const { rows, family, functions } = compareFunctions(sides, options);
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
    parts: partsOf(total, functions, sides),
    alike: findAlike(
      rows.map((row) => row[measure]).filter(({ adjustedP }) => adjustedP !== null),
      { total, otherTotals },
    ),
    work: counts === 'calls' ? findWork(functions.map(({ count }) => count)) : null,
  };
  return { ...comparison, notes: notesFor(comparison, sides) };
}

function describeSide({ processes }: Side, basis: Basis): Omit<ComparedSide, 'label'> {
  const requests = sum(processes.map((run) => run.requests));
  return {
    sources: processes.flatMap(({ sources }) => sources),
    runs: processes.length,
    requests: requests === 0 ? null : requests,
    isProcessKnown: processes.every(({ isKnown }) => isKnown),
    totals: processes.map(({ totals }) => totals[basis]).filter((time) => time !== null),
  };
}

// ---- functions -------------------------------------------------------------------------------------------------------

function compareFunctions(sides: Sides, options: CompareOptions) {
  const { measure = 'self', filter = [] } = options;
  const matches = matchFunctions(sides.before.functions, sides.after.functions);
  const isRow = rowFilter(options, sides);
  const isTested = (match: Match, weight: number) => isRow(match) && (filter.length > 0 || weight >= MIN_WEIGHT);
  const functions = testFunctions(matches, sides, { measure, isTested });
  const isCallable = canTest(sides.before.processes.length, sides.after.processes.length);
  const isNotable = (fn: FunctionChanges) => (isCallable ? fn[measure].significant === true : fn.weight >= MIN_WEIGHT);
  const relations = findRelations(matches, sides);
  const hints = findHints(
    matches,
    relations,
    functions.map((fn) => (isNotable(fn) ? (fn.self.delta ?? 0) : 0)),
  );
  const edited = matches.map((match) => isEdited(match, sides, options.isEdited));
  const editedCallers = findEditedCallers(relations, edited);
  const describe = describeFunctions(sides, options.paths ?? 'short');
  const nameOf = (match: number) => describe(at(matches, match)).shownName;
  const shown = [...matches.keys()].filter((i) => isRow(at(matches, i)));
  const rowOfMatch = new Map(shown.map((match, row) => [match, row]));
  const hintOf = (i: number): ComparedFunction['hint'] => {
    const hint = hints.get(i);
    const row = hint && rowOfMatch.get(hint.match);
    return hint === undefined || row === undefined ? null : { kind: hint.kind, name: nameOf(hint.match), row };
  };
  const rows = shown.map((i) => {
    const fn = at(functions, i);
    const { match, self, total, count } = fn;
    const caller = editedCallers.get(i);
    return {
      ...describe(match),
      hint: hintOf(i),
      ...{ self, total, count },
      verdict: verdictOf(fn, measure),
      edited: edited[i] ?? null,
      editedCaller: caller === undefined ? null : nameOf(caller),
    };
  });
  return { rows, functions, family: familyOf(sides, functions.filter((fn) => fn.isTested).length) };
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

function verdictOf(fn: FunctionChanges, measure: 'self' | 'total'): Verdict {
  const { match, count, isTested } = fn;
  const { status } = match;
  const { significant, delta } = fn[measure];
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
function partsOf(total: Change, functions: readonly FunctionChanges[], sides: Sides): ChangeParts | null {
  if (total.significant === false || total.delta === null) return null;
  const changed = functions.filter(({ self }) => self.delta !== null && self.delta !== 0);
  const isCalled = total.significant === null ? () => true : ({ self }: FunctionChanges) => self.significant === true;
  const listed = changed
    .filter(isCalled)
    .sort((a, b) => Math.abs(b.self.delta ?? 0) - Math.abs(a.self.delta ?? 0))
    .slice(0, MAX_PARTS);
  const names = describeFunctions(sides, 'short');
  const deltaOf = (parts: readonly FunctionChanges[]) => sum(parts.map(({ self }) => self.delta ?? 0));
  return {
    delta: deltaOf(changed),
    listed: listed.map(({ match, self }) => ({
      name: names(match).shownName,
      before: self.before ?? 0,
      after: self.after ?? 0,
      delta: self.delta ?? 0,
    })),
    others: { functions: changed.length - listed.length, delta: deltaOf(changed) - deltaOf(listed) },
  };
}
