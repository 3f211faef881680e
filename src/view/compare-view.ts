/** `pstat compare`, ready to be written. */

import type { ComparedFunction, Comparison, Verdict } from '../compare/comparison.ts';
import { unknownSortKey } from '../errors.ts';
import { keptRows, type Limit } from '../query/limit.ts';
import { parseSortKey, type SortKey } from '../query/sort-keys.ts';
import { compareCodePoints } from '../text.ts';

export interface CompareView {
  readonly view: 'compare';
  readonly comparison: Comparison;
  readonly rows: readonly ComparedFunction[];
  readonly sort: readonly SortKey[];
  readonly reverse: boolean;
  /** Whether --filter or --exclude chose among the functions. */
  readonly filtered: boolean;
  /** rows that match, before the limit */
  readonly matched: number;
  readonly notes: readonly string[];
  /** What crossed `--fail-above`; null when nothing was watched. */
  readonly failures: readonly string[] | null;
}

export interface CompareQuery {
  readonly filtered: boolean;
  readonly sort: readonly SortKey[];
  readonly reverse: boolean;
  readonly limit: Limit;
}

/**
 * What is sure comes first, then what is likely, then noise, then what was not tested; within each the largest shift.
 * Keys by name, file or line order all rows by that instead, and `ncalls` or `samples` by how their number changed.
 */
export function compareView(
  comparison: Comparison,
  { sort, reverse, limit, filtered }: CompareQuery,
  outcome: { readonly failures: readonly string[] | null; readonly notes: readonly string[] },
): CompareView {
  const order = comparison.rows.toSorted(
    (a, b) => sort.reduce((result, key) => result || ORDERS[key]?.(a, b, comparison) || 0, 0) || byName(a, b),
  );
  if (reverse) order.reverse();
  const rows = order.slice(0, keptRows(limit, order.length));
  const notes = [...comparison.notes, ...outcome.notes];
  return {
    view: 'compare',
    comparison,
    rows,
    sort,
    reverse,
    filtered,
    matched: order.length,
    notes,
    failures: outcome.failures,
  };
}

/** The keys that a comparison can be sorted by. Throws PstatError (`query`) for any other. */
export function parseCompareSort(words: readonly string[]): SortKey[] {
  const keys = words.flatMap((word) => word.split(',')).map((word) => parseSortKey(word.trim()));
  keys.forEach((key, i) => {
    if (ORDERS[key] === undefined) throw unknownSortKey(words[i] ?? key, Object.keys(ORDERS));
  });
  return keys.length === 0 ? ['tottime'] : keys;
}

type Order = (a: ComparedFunction, b: ComparedFunction, comparison: Comparison) => number;

const ORDERS: Readonly<Partial<Record<SortKey, Order>>> = {
  tottime: byVerdict,
  cumtime: byVerdict,
  ncalls: byCount,
  samples: byCount,
  filename: (a, b) => compareCodePoints(a.file ?? '', b.file ?? ''),
  line: (a, b) => (a.line ?? 0) - (b.line ?? 0),
  name: (a, b) => compareCodePoints(a.name, b.name),
};

function byVerdict(a: ComparedFunction, b: ComparedFunction, { measure, counts }: Comparison): number {
  const size = (row: ComparedFunction) => Math.abs(row[measure].shift ?? 0);
  return sureness(a.verdict, counts) - sureness(b.verdict, counts) || size(b) - size(a);
}

/** Calls that changed are proof; samples that appeared or went are not. */
function sureness(verdict: Verdict, counts: 'samples' | 'calls'): number {
  const likely = counts === 'calls' ? 0 : 1;
  const ranks = { slower: 0, faster: 0, new: likely, removed: likely, count: likely, unclear: 2, noise: 3, light: 4 };
  return ranks[verdict];
}

function byCount(a: ComparedFunction, b: ComparedFunction): number {
  const size = ({ count }: ComparedFunction) => Math.abs(Number(count.delta ?? 0));
  return size(b) - size(a);
}

function byName(a: ComparedFunction, b: ComparedFunction): number {
  return (
    compareCodePoints(a.name, b.name) || compareCodePoints(a.file ?? '', b.file ?? '') || (a.line ?? 0) - (b.line ?? 0)
  );
}
