/** The keys of `pstat requests --sort`, in a file of their own so that the help does not load the view. */
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
