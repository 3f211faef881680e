/**
 * Two sets of runs → what changed, and whether it is real.
 *
 * Over several runs a side, each function that carries weight is tested (mann-whitney.ts) on times from which the
 * machine's own speed is taken (scaling.ts), and what is called significant is held to the false discovery rate among
 * all that were tested. One run a side allows no test, and none is pretended.
 */

import { emptySide, unlikeSides } from '../errors.ts';
import { within } from '../model/columns.ts';
import type { Count } from '../model/count.ts';
import { functionAt } from '../model/function-table.ts';
import { FunctionNames } from '../query/function-names.ts';
import { type PatternLike, parsePattern } from '../query/pattern.ts';
import type { PathStyle } from '../query/places.ts';
import type { Stats } from '../query/stats.ts';
import { changeOf, countChangeOf, type Values, withSamplingError } from './changes.ts';
import type { Change, ComparedFunction, Comparison, CountChange, Family, Verdict } from './comparison.ts';
import { adjustedPs } from './false-discovery.ts';
import { type KnownDistributions, mannWhitneyP, runsNeeded, smallestP } from './mann-whitney.ts';
import { type Match, matchFunctions } from './matching.ts';
import { median } from './median.ts';
import { speedFactors } from './scaling.ts';
import { countedWholes, measuredWholes, type Side, sideOf } from './side.ts';
import { warningsFor } from './warnings.ts';

export interface CompareOptions {
  /**
   * What is tested: `self` (tottime) or `total` (cumtime).
   * @default 'self'
   */
  readonly measure?: 'self' | 'total';
  /** Functions to look at; only these are rows, and only these are tested, whatever they weigh. */
  readonly filter?: readonly PatternLike[];
  readonly exclude?: readonly PatternLike[];
  /** @default 'short' */
  readonly paths?: PathStyle;
}

/** The share of false alarms among those raised, on average. */
const LEVEL = 0.05;

/** Of the whole; a lighter function is not worth a test, and each test makes the others harder to pass. */
const LEAST_WEIGHT = 0.003;

/** Fewer samples than this over all runs do not make a function new or gone, nor do those of fewer than half of the runs. */
const FEW_SAMPLES = 10;

/**
 * Compares runs of one program before and after a change. Each Stats is one run.
 * Throws PstatError (`missing-data`) where a side is empty, or where one counts samples and the other calls.
 */
export function compare(before: readonly Stats[], after: readonly Stats[], options: CompareOptions = {}): Comparison {
  const counts = commonCounts(before, after);
  const { measure = 'self', paths = 'short' } = options;
  const [wholes, isMeasured] = wholesOf(before, after);
  const sides = { before: sideOf(before, wholes.before), after: sideOf(after, wholes.after) };
  const names = {
    before: new FunctionNames(sides.before.functions, paths),
    after: new FunctionNames(sides.after.functions, paths),
  };
  const matches = matchFunctions(sides.before.functions, sides.after.functions);
  const factors = factorsOf(sides, matches);
  const isSingle = before.length === 1 && after.length === 1;
  const distributions: KnownDistributions = new Map();
  const canTest = smallestP(before.length, after.length) <= LEVEL;
  const test: Test = canTest ? (a, b) => mannWhitneyP(a, b, distributions) : null;
  const context: Context = { sides, names, factors, counts, measure, isSingle, test };
  const isAsked = asked(options, context);
  const drafts = matches.filter(isAsked).map((match) => draftOf(match, context));
  const isFiltered = (options.filter ?? []).length > 0;
  const inFamily = drafts.map(({ row, weight }) => row[measure].p !== null && (isFiltered || weight >= LEAST_WEIGHT));
  const tested = drafts.filter((_, i) => inFamily[i]);
  const adjusted = adjustedPs(tested.map(({ row }) => row[measure].p ?? 1));
  const adjustedOf = new Map(tested.map((draft, i) => [draft, adjusted[i] ?? 1]));
  const whole = wholeChange(context);
  const comparison = {
    measure,
    counts,
    before: { runs: before.map(sourcesOf), factors: factors.before, wholes: [...sides.before.whole] },
    after: { runs: after.map(sourcesOf), factors: factors.after, wholes: [...sides.after.whole] },
    whole: withAdjustedP(whole, whole.p),
    isMeasured,
    family: familyOf(context, tested.length, drafts.filter(isCandidate).length),
    rows: drafts.map((draft) => judged(draft, adjustedOf.get(draft) ?? null, context)),
  };
  return { ...comparison, notes: warningsFor(comparison, before, after) };
}

interface Context {
  readonly sides: Both<Side>;
  readonly names: Both<FunctionNames>;
  readonly factors: Both<readonly number[]>;
  readonly counts: 'samples' | 'calls';
  readonly measure: 'self' | 'total';
  readonly isSingle: boolean;
  /** What gives a p; null where so few runs can give none that passes. */
  readonly test: Test;
}

type Test = ((before: readonly number[], after: readonly number[]) => number) | null;

interface Both<T> {
  readonly before: T;
  readonly after: T;
}

/** Measured on both sides, or on none. */
function wholesOf(before: readonly Stats[], after: readonly Stats[]): [Both<Float64Array>, isMeasured: boolean] {
  const measured = { before: measuredWholes(before), after: measuredWholes(after) };
  if (measured.before !== null && measured.after !== null) {
    return [{ before: measured.before, after: measured.after }, true];
  }
  return [{ before: countedWholes(before), after: countedWholes(after) }, false];
}

function commonCounts(before: readonly Stats[], after: readonly Stats[]): 'samples' | 'calls' {
  const [first, ...others] = [...before, ...after];
  if (first === undefined || before.length === 0 || after.length === 0) throw emptySide();
  const counts = first.graph.counts;
  if (others.some((stats) => stats.graph.counts !== counts)) throw unlikeSides();
  return counts;
}

function sourcesOf(stats: Stats): readonly string[] {
  return stats.summary.sources;
}

/** Factors of all runs together, dealt back to the sides. */
function factorsOf(sides: Both<Side>, matches: readonly Match[]): Both<readonly number[]> {
  const runs = sides.before.whole.length + sides.after.whole.length;
  const pooledWhole = median([...sides.before.whole, ...sides.after.whole]);
  const times = matches
    .filter(({ before, after }) => before !== -1 && after !== -1)
    .map(({ before, after }) => [...column(sides.before.self, before), ...column(sides.after.self, after)])
    .filter((row) => median(row) >= LEAST_WEIGHT * pooledWhole);
  const factors = speedFactors(times, runs);
  return { before: factors.slice(0, sides.before.whole.length), after: factors.slice(sides.before.whole.length) };
}

function column(columns: readonly Float64Array[], fn: number): readonly number[] {
  return [...(columns[fn] ?? [])];
}

function asked({ filter = [], exclude = [] }: CompareOptions, { names }: Context): (match: Match) => boolean {
  const wanted = filter.map(parsePattern);
  const unwanted = exclude.map(parsePattern);
  return ({ before, after }) => {
    const matches = (pattern: ReturnType<typeof parsePattern>) =>
      (before !== -1 && names.before.matches(pattern, before)) || (after !== -1 && names.after.matches(pattern, after));
    return wanted.every(matches) && !unwanted.some(matches);
  };
}

/** A row before its family is known. */
interface Draft {
  readonly row: Omit<ComparedFunction, 'verdict'>;
  /** of the whole: the pooled median of the measure */
  readonly weight: number;
  /** samples behind the measure, over all runs */
  readonly samples: number;
}

function draftOf(match: Match, context: Context): Draft {
  const { sides, names, measure, counts } = context;
  const isGone = match.after === -1;
  const side = isGone ? 'before' : 'after';
  const fn = isGone ? match.before : match.after;
  const { kind, name, file, line, column: position } = functionAt(sides[side].functions, fn);
  const row = {
    kind,
    name,
    shownName: names[side].label(fn),
    file: file === '' ? null : file,
    shownPlace: names[side].place(fn),
    line: line === 0 ? null : line,
    column: position === 0 ? null : position,
    status: match.status,
    cameFrom: match.status === 'moved' ? names.before.place(match.before) : null,
    self: timeChange(match, 'self', context),
    total: timeChange(match, 'total', context),
    count: countChangeOf(counted(sides.before, match.before), counted(sides.after, match.after), counts),
  };
  const values = [
    ...(timesOf(match, measure, context).before ?? []),
    ...(timesOf(match, measure, context).after ?? []),
  ];
  const pooledWhole = median([...sides.before.whole, ...sides.after.whole]);
  return {
    row,
    weight: pooledWhole > 0 ? median(values) / pooledWhole : 0,
    samples: evidence(match, measure, context),
  };
}

function counted(side: Side, fn: number): readonly Count[] | null {
  return fn === -1 ? null : (side.count[fn] ?? null);
}

function timesOf({ before, after }: Match, measure: 'self' | 'total', { sides }: Context): Values {
  return {
    before: before === -1 ? null : column(sides.before[measure], before),
    after: after === -1 ? null : column(sides.after[measure], after),
  };
}

/** The change of a time; its p only for the measure that is tested. */
function timeChange(match: Match, measure: 'self' | 'total', context: Context): Change {
  const values = timesOf(match, measure, context);
  const scaled = scaledBy(values, context.factors);
  const change = changeOf(values, scaled, measure === context.measure ? context.test : null);
  if (!context.isSingle || context.counts === 'calls') return change;
  const error = (side: 'before' | 'after') => samplingError(side, match[side], { measure, context });
  return withSamplingError(change, { before: error('before'), after: error('after') });
}

function scaledBy({ before, after }: Values, factors: Both<readonly number[]>): Values {
  const scale = (values: readonly number[] | null, by: readonly number[]) =>
    values?.map((value, run) => value / (by[run] ?? 1)) ?? null;
  return { before: scale(before, factors.before), after: scale(after, factors.after) };
}

/** µs by which a sampled time of one run may be off: 1/√n of it; none was sampled: as if one had been. */
function samplingError(
  side: 'before' | 'after',
  fn: number,
  { measure, context }: { measure: 'self' | 'total'; context: Context },
): number {
  if (fn === -1) return 0;
  const { [side]: data } = context.sides;
  const time = within((data[measure][fn] ?? new Float64Array(1))[0]) / (context.factors[side][0] ?? 1);
  const samples = Number((measure === 'self' ? data.count : data.subcount)[fn]?.[0] ?? 0);
  return samples > 0 ? time / Math.sqrt(samples) : (data.interval ?? 0);
}

function evidence({ before, after }: Match, measure: 'self' | 'total', { sides }: Context): number {
  const sum = (side: Side, fn: number) =>
    ((measure === 'self' ? side.count : side.subcount)[fn] ?? []).reduce<number>(
      (total, count) => total + Number(count),
      0,
    );
  return sum(sides.before, before) + sum(sides.after, after);
}

function wholeChange(context: Context): Change {
  const { sides, factors, test } = context;
  const values = { before: [...sides.before.whole], after: [...sides.after.whole] };
  return changeOf(values, scaledBy(values, factors), test);
}

function withAdjustedP(change: Change, adjustedP: number | null): Change {
  return { ...change, adjustedP, significant: adjustedP === null ? null : adjustedP <= LEVEL };
}

/** Whether there would be something to test, given runs enough. */
function isCandidate({ row, weight }: Draft): boolean {
  return weight >= LEAST_WEIGHT && row.status !== 'new' && row.status !== 'removed';
}

function familyOf({ sides }: Context, size: number, candidates: number): Family {
  return {
    size,
    level: LEVEL,
    smallestP: smallestP(sides.before.whole.length, sides.after.whole.length),
    runsNeeded: runsNeeded(LEVEL, Math.max(size, candidates)),
  };
}

function judged({ row, weight, samples }: Draft, adjustedP: number | null, context: Context): ComparedFunction {
  const { measure } = context;
  const change = withAdjustedP(row[measure], adjustedP);
  const verdict = verdictOf({ ...row, [measure]: change }, { weight, samples, context });
  return { ...row, [measure]: change, verdict };
}

function verdictOf(
  row: Omit<ComparedFunction, 'verdict'>,
  { weight, samples, context }: { weight: number; samples: number; context: Context },
): Verdict {
  const change = row[context.measure];
  if (change.significant === true) return (change.shift ?? 0) > 0 ? 'slower' : 'faster';
  if (row.status === 'new' || row.status === 'removed') {
    const isNews =
      context.counts === 'samples' ? samples >= FEW_SAMPLES && row.count.delta !== 0 : isCountChanged(row.count);
    return isNews ? row.status : 'light';
  }
  if (isCountChanged(row.count)) return 'count';
  if (change.significant === false) return 'noise';
  if (weight < LEAST_WEIGHT || !context.isSingle) return 'light';
  const { low, high } = change;
  return low !== null && high !== null && low <= 0 && high >= 0 ? 'noise' : 'unclear';
}

function isCountChanged({ changed }: CountChange): boolean {
  return changed === true;
}
