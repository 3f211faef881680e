/** The view of `pstat requests`. */

import { compareCodePoints } from '../base/text.ts';
import { unknownSortKey } from '../query/errors.ts';
import { type Limit, limitRows } from '../query/limit.ts';
import { type Filter, parseFilter } from '../query/pattern.ts';
import { splitSortWords } from '../query/sort-keys.ts';
import type { RouteStats, RouteSummary } from '../routes/route-stats.ts';
import { REQUEST_SORT_KEYS, type RequestSortKey } from './sort-keys.ts';

/** A file that is damaged or cannot be read, and why. Both texts are escaped. */
export interface BrokenFile {
  readonly file: string;
  readonly fact: string;
}

/** What a folder of requests holds. */
export interface RequestsFolder {
  /** As the user named it. */
  readonly folder: string;
  readonly stats: RouteStats;
  readonly broken: readonly BrokenFile[];
}

export interface RequestsView extends RequestsFolder {
  readonly view: 'requests';
  readonly rows: readonly RouteSummary[];
  readonly sort: readonly RequestSortKey[];
  readonly reverse: boolean;
  readonly filtered: boolean;
  /** Number of rows that match, before the limit. */
  readonly matched: number;
}

/** Patterns are for the text `GET /path 200`. */
export interface RequestsQuery extends Required<Filter> {
  readonly sort: readonly RequestSortKey[];
  readonly reverse: boolean;
  readonly limit: Limit;
}

/** Sorts by total time unless the query names a key; breaks ties by route and status. */
export function requestsView(
  { folder, stats, broken }: RequestsFolder,
  { sort, reverse, limit, filter, exclude }: RequestsQuery,
): RequestsView {
  const isKept = parseFilter<RouteSummary>({ filter, exclude }, (pattern, { route, status }) =>
    pattern(`${route} ${status ?? ''}`.trim()),
  );
  const order = stats.routes
    .filter(isKept)
    .sort((a, b) => sort.reduce((result, key) => result || ORDERS[key](a, b), 0) || byRoute(a, b));
  return {
    view: 'requests',
    folder,
    stats,
    broken,
    ...limitRows(order, { limit, reverse }),
    sort,
    reverse,
    filtered: filter.length + exclude.length > 0,
  };
}

type Order = (a: RouteSummary, b: RouteSummary) => number;

const ORDERS = {
  total: (a, b) => b.total - a.total,
  requests: (a, b) => b.requests - a.requests,
  median: (a, b) => b.median - a.median,
  p95: (a, b) => (b.p95 ?? -1) - (a.p95 ?? -1),
  slowest: (a, b) => b.slowest - a.slowest,
  failed: (a, b) => b.failed - a.failed,
  status: (a, b) => (b.status ?? 0) - (a.status ?? 0),
  route: byRoute,
} as const satisfies Record<RequestSortKey, Order>;

function byRoute(a: RouteSummary, b: RouteSummary): number {
  return compareCodePoints(a.route, b.route) || (a.status ?? 0) - (b.status ?? 0);
}

/** Returns the default for an empty list. Throws PstatError (`query`) for an unknown key. */
export function parseRequestSort(words: readonly string[]): RequestSortKey[] {
  const keys = splitSortWords(words).map((word) => {
    const key = REQUEST_SORT_KEYS.find((candidate) => candidate === word);
    if (key === undefined) throw unknownSortKey(word, REQUEST_SORT_KEYS);
    return key;
  });
  return keys.length === 0 ? ['total'] : keys;
}
