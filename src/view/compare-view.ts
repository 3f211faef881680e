/** `pstat compare`, ready to be written. */

import { compareCodePoints } from '../base/text.ts';
import type { Both } from '../compare/both.ts';
import type { ComparedRoute, RoutesComparison } from '../compare/compare-routes.ts';
import type { ComparedFunction, Comparison, Verdict } from '../compare/comparison.ts';
import type { Gate } from '../compare/gate.ts';
import type { ProfileNote } from '../model/notes.ts';
import { unknownSortKey } from '../query/errors.ts';
import { type Limit, limitRows } from '../query/limit.ts';
import { parseSortKey, splitSortWords } from '../query/sort-keys.ts';
import { COMPARE_SORT_KEYS, type CompareSortKey } from './sort-keys.ts';

export interface CompareView {
  readonly view: 'compare';
  readonly comparison: Comparison;
  readonly rows: readonly ComparedFunction[];
  readonly sort: readonly CompareSortKey[];
  readonly reverse: boolean;
  /** Whether options selected functions, stacks or a window. */
  readonly filtered: boolean;
  /** rows that match, before the limit */
  readonly matched: number;
  /** rows that match and did not change, which are left out */
  readonly unchanged: number;
  /** Files that could not be read, as messages. */
  readonly leftOut: readonly string[];
  /** What is no profile in the folders. */
  readonly skipped: readonly ProfileNote[];
  /** null where nothing was to be checked */
  readonly gate: Gate | null;
  /** The result of the bisection that this comparison is a part of; null for others. */
  readonly bisection: BisectConclusion | null;
}

export interface BisectConclusion {
  /** The first slower commit; null where none was found. */
  readonly commit: { readonly hash: string; readonly subject: string } | null;
  /** In a sentence. */
  readonly text: string;
}

/** `pstat compare` of two folders of several routes. */
export interface CompareRoutesView {
  readonly view: 'compare-routes';
  /** As the user named the sides. */
  readonly names: Both<string>;
  /** Whether pstat ran the sides itself. */
  readonly ranInTurn: boolean;
  readonly comparison: RoutesComparison;
  /** The routes that are shown, in order. */
  readonly rows: readonly ComparedRoute[];
  /** Whether --filter or --exclude chose among the routes. */
  readonly filtered: boolean;
  /** routes that match, before the limit */
  readonly matched: number;
  /** Files that could not be read, as messages. */
  readonly leftOut: readonly string[];
  /** What is no profile in the folders. */
  readonly skipped: readonly ProfileNote[];
  readonly gate: Gate | null;
}

export interface CompareQuery {
  readonly filtered: boolean;
  readonly sort: readonly CompareSortKey[];
  readonly reverse: boolean;
  readonly limit: Limit;
  /** Whether rows without any change are left out. */
  readonly onlyChanged: boolean;
  /** Whether pstat ran the sides itself. @default false */
  readonly ranInTurn?: boolean;
  /** Files that could not be read, as messages. @default none */
  readonly leftOut?: readonly string[];
  /** What is no profile in the folders. @default none */
  readonly skipped?: readonly ProfileNote[];
}

/**
 * The rows with the best evidence first; among equals, the largest change. Keys by name, file or line order all rows by
 * that instead, and `ncalls` or `samples` by how their number changed.
 */
export function compareView(comparison: Comparison, query: CompareQuery, gate: Gate | null): CompareView {
  const { sort, reverse, filtered, onlyChanged } = query;
  const candidates = onlyChanged ? comparison.rows.filter(hasChanged) : comparison.rows;
  const order = candidates.toSorted(
    (a, b) => sort.reduce((result, key) => result || ORDERS[key](a, b, comparison), 0) || byName(a, b),
  );
  return {
    view: 'compare',
    comparison,
    ...limitRows(order, query),
    sort,
    reverse,
    filtered,
    unchanged: comparison.rows.length - candidates.length,
    leftOut: query.leftOut ?? [],
    skipped: query.skipped ?? [],
    gate,
    bisection: null,
  };
}

/** The routes with a verdict first, then by the size of the change; `name` orders by route. */
export function compareRoutesView(
  comparison: RoutesComparison,
  names: CompareRoutesView['names'],
  { query, gate }: { readonly query: CompareQuery; readonly gate: Gate | null },
): CompareRoutesView {
  const order = comparison.routes.toSorted(
    query.sort[0] === 'name' ? byRoute : (a, b) => rankOf(a) - rankOf(b) || sizeOf(b) - sizeOf(a) || byRoute(a, b),
  );
  return {
    view: 'compare-routes',
    names,
    ranInTurn: query.ranInTurn ?? false,
    comparison,
    ...limitRows(order, query),
    filtered: query.filtered,
    leftOut: query.leftOut ?? [],
    skipped: query.skipped ?? [],
    gate,
  };
}

function rankOf({ verdict }: ComparedRoute): number {
  return verdict === 'slower' || verdict === 'faster' ? 0 : 1;
}

function sizeOf({ total }: ComparedRoute): number {
  return Math.abs(total.delta ?? 0);
}

function byRoute(a: ComparedRoute, b: ComparedRoute): number {
  return compareCodePoints(a.route, b.route);
}

function hasChanged({ self, total, count }: ComparedFunction): boolean {
  return self.delta !== 0 || total.delta !== 0 || Number(count.delta ?? 0) !== 0;
}

/** The keys that a comparison can be sorted by. Throws PstatError (`query`) for any other. */
export function parseCompareSort(words: readonly string[]): CompareSortKey[] {
  const keys = splitSortWords(words).map((word) => {
    const key = parseSortKey(word);
    const known = COMPARE_SORT_KEYS.find((each) => each === key);
    if (known === undefined) throw unknownSortKey(word, COMPARE_SORT_KEYS);
    return known;
  });
  return keys.length === 0 ? ['tottime'] : keys;
}

type Order = (a: ComparedFunction, b: ComparedFunction, comparison: Comparison) => number;

const ORDERS: Readonly<Record<CompareSortKey, Order>> = {
  tottime: byEvidence,
  cumtime: byEvidence,
  ncalls: byCount,
  samples: byCount,
  filename: (a, b) => compareCodePoints(a.file ?? '', b.file ?? ''),
  line: (a, b) => (a.line ?? 0) - (b.line ?? 0),
  name: (a, b) => compareCodePoints(a.name, b.name),
};

function byEvidence(a: ComparedFunction, b: ComparedFunction, { measure, total, counts }: Comparison): number {
  const size = (row: ComparedFunction) => Math.abs(row[measure].delta ?? 0);
  // One run a side: counts of calls are exact, times are not.
  const isCertain = ({ count }: ComparedFunction) =>
    counts === 'calls' && total.p === null && Number(count.delta) !== 0;
  return (
    EVIDENCE[a.verdict] - EVIDENCE[b.verdict] ||
    Number(isCertain(b)) - Number(isCertain(a)) ||
    causeFirst(a, b) ||
    size(b) - size(a)
  );
}

/** An edited function with a verdict stands before those that it calls. */
function causeFirst(a: ComparedFunction, b: ComparedFunction): number {
  return EVIDENCE[a.verdict] > 1 ? 0 : Number(b.edited === true) - Number(a.edited === true);
}

const EVIDENCE: Readonly<Record<Verdict, number>> = {
  slower: 0,
  faster: 0,
  new: 0,
  removed: 0,
  'calls-changed': 1,
  'no-change': 2,
  inconclusive: 2,
  untested: 2,
};

function byCount(a: ComparedFunction, b: ComparedFunction): number {
  const size = ({ count }: ComparedFunction) => Math.abs(Number(count.delta ?? 0));
  return size(b) - size(a);
}

function byName(a: ComparedFunction, b: ComparedFunction): number {
  return (
    compareCodePoints(a.name, b.name) || compareCodePoints(a.file ?? '', b.file ?? '') || (a.line ?? 0) - (b.line ?? 0)
  );
}
