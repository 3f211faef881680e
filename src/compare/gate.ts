/** The gate: whether a comparison passes, fails or decides nothing. */

import { parsePercent, parseTime } from '../base/units.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import type { RoutesComparison } from './compare-routes.ts';
import type { Change, ComparedFunction, Comparison } from './comparison.ts';
import { canTest } from './test-total.ts';

/** A percentage of the time before, or a time. */
export interface Threshold {
  readonly percent: number | null;
  readonly microseconds: Microseconds | null;
}

/** What is checked: the total, or each function that was tested. */
export type GateTarget = 'total' | 'function';

export interface GateOptions {
  readonly target: GateTarget;
  readonly threshold: Threshold;
  /** Whether `undecided` does not pass. */
  readonly isStrict: boolean;
}

export interface Gate extends GateOptions {
  /**
   * - `failed`: significantly slower, by more than the threshold
   * - `passed`: the whole 95 % interval lies below the threshold
   * - `undecided`: neither
   */
  readonly outcome: 'passed' | 'failed' | 'undecided';
  /** The largest first. */
  readonly failures: readonly GateFailure[];
  /** What could exceed the threshold without being seen, the largest first. */
  readonly undecided: readonly GateFailure[];
  /** Why nothing could be decided, whatever the times. */
  readonly reason: 'too-few-runs' | 'unknown-times' | 'unknown-processes' | null;
}

export interface GateFailure {
  /** As shown; null for the total. */
  readonly name: string | null;
  readonly file: string | null;
  readonly line: number | null;
  /**
   * By how much it is slower; of what is undecided, by how much it could be: the end of the interval, and null without
   * one, for too few runs.
   */
  readonly delta: Microseconds | null;
  /** The same of the time before; null where there was none, and without `delta`. */
  readonly percent: number | null;
}

/** `5%`, `3ms`; null for anything else. */
export function parseThreshold(text: string): Threshold | null {
  const percent = parsePercent(text);
  if (percent !== null) return { percent, microseconds: null };
  const time = parseTime(text);
  return time === null ? null : { percent: null, microseconds: time };
}

export function evaluateGate(comparison: Comparison, options: GateOptions): Gate {
  const candidates =
    options.target === 'total' ? [candidateOf(null, comparison.total)] : functionCandidates(comparison);
  const { total, before, after } = comparison;
  const isKnown = [before, after].every(({ requests, isProcessKnown }) => requests === null || isProcessKnown);
  const untested = canTest(before.runs, after.runs) ? 'unknown-times' : 'too-few-runs';
  return judge(candidates, options, { whole: total, untested: total.p === null ? untested : null, isKnown });
}

/** The total of every route is checked. */
export function evaluateRoutesGate({ routes }: RoutesComparison, options: GateOptions): Gate {
  const candidates = routes.map(({ route, total }) => candidateOf(route, total));
  const isTested = routes.some(({ total }) => total.p !== null);
  const isKnown = routes.every(({ isProcessKnown }) => isProcessKnown);
  return judge(candidates, options, { whole: null, untested: isTested ? null : 'too-few-runs', isKnown });
}

interface Evidence {
  /** What functions are a part of; null for routes. */
  readonly whole: Change | null;
  /** Why nothing was tested; null where something was. */
  readonly untested: 'too-few-runs' | 'unknown-times' | null;
  /** Requests of unknown processes may all be of one, and then prove nothing: a strict gate does not accept them. */
  readonly isKnown: boolean;
}

function judge(candidates: readonly Candidate[], options: GateOptions, { whole, untested, isKnown }: Evidence): Gate {
  const limit = (one: Candidate) => limitOf(one, options.threshold, whole);
  const hasFailed = (one: Candidate) => one.significant === true && one.delta > limit(one);
  const hasPassed = (one: Candidate) => one.high !== null && one.high < limit(one);
  const failures = candidates
    .filter(hasFailed)
    .map((one) => failureOf(one, one.delta))
    .sort(byDelta);
  const undecided = candidates
    .filter((one) => !hasFailed(one) && !hasPassed(one))
    .map((one) => failureOf(one, one.high))
    .sort(byDelta);
  const decided = failures.length > 0 ? 'failed' : undecided.length > 0 ? 'undecided' : 'passed';
  const reason = untested ?? (options.isStrict && !isKnown ? 'unknown-processes' : null);
  return { ...options, outcome: reason === null ? decided : 'undecided', failures, undecided, reason };
}

function byDelta(a: GateFailure, b: GateFailure): number {
  return (b.delta ?? -Infinity) - (a.delta ?? -Infinity) || 0;
}

/** A build passes unless the gate failed, or is strict and nothing was decided. */
export function gateExitCode({ outcome, isStrict }: Gate): 0 | 3 | 4 {
  if (outcome === 'failed') return 3;
  return outcome === 'undecided' && isStrict ? 4 : 0;
}

interface Candidate extends Pick<GateFailure, 'name' | 'file' | 'line'> {
  readonly before: Microseconds;
  readonly delta: Microseconds;
  readonly high: Microseconds | null;
  readonly significant: boolean | null;
}

function candidateOf(name: string | null, total: Change): Candidate {
  return { name, file: null, line: null, ...figuresOf(total) };
}

/**
 * The functions that were tested, new ones included. A function that may hold the time of a callee that is gone, and a
 * new one that may replace a removed one, are judged by the sum of both.
 */
function functionCandidates({ rows, measure }: Comparison): Candidate[] {
  return rows
    .filter((row) => row[measure].adjustedP !== null && row.status !== 'removed')
    .map((row) => {
      const { shownName: name, file, line } = row;
      return { name, file, line, ...withReplaced(figuresOf(row[measure]), replacedBy(row, rows)?.[measure] ?? null) };
    });
}

function figuresOf({ before, delta, high, significant }: Change) {
  return { before: before ?? 0, delta: delta ?? 0, high, significant };
}

function withReplaced(metrics: ReturnType<typeof figuresOf>, replaced: Change | null) {
  if (replaced === null) return metrics;
  const gone = replaced.before ?? 0;
  return {
    before: metrics.before + gone,
    delta: metrics.delta - gone,
    high: metrics.high === null ? null : metrics.high - gone,
    significant: metrics.significant === true && metrics.delta > gone,
  };
}

function replacedBy({ hint }: ComparedFunction, rows: readonly ComparedFunction[]): ComparedFunction | null {
  const other = hint === null ? undefined : rows[hint.row];
  return other?.status === 'removed' ? other : null;
}

/** µs; a percentage of a function that took nothing before is one of the total. */
function limitOf({ before }: Candidate, threshold: Threshold, whole: Change | null): Microseconds {
  if (threshold.microseconds !== null) return threshold.microseconds;
  return ((threshold.percent ?? 0) * (before === 0 ? (whole?.before ?? 0) : before)) / 100;
}

function failureOf({ name, file, line, before }: Candidate, delta: Microseconds | null): GateFailure {
  return { name, file, line, delta, percent: before === 0 || delta === null ? null : (100 * delta) / before };
}
