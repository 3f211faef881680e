/** What a comparison can be sorted by. Apart from its view, so that help needs no code that compares. */

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
