/** What views other than functions can be sorted by. Apart from the views, so that help does not load them. */

import type { SortKey } from '../query/sort-keys.ts';

export const COMPARE_SORT_KEYS = [
  'tottime',
  'cumtime',
  'ncalls',
  'samples',
  'name',
  'filename',
  'line',
] as const satisfies SortKey[];

export type CompareSortKey = (typeof COMPARE_SORT_KEYS)[number];

export const REQUEST_SORT_KEYS = [
  'total',
  'requests',
  'median',
  'p95',
  'slowest',
  'failed',
  'status',
  'route',
] as const;

export type RequestSortKey = (typeof REQUEST_SORT_KEYS)[number];
