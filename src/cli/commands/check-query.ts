import { applyLimit } from '../../query/limit.ts';
import { parsePattern } from '../../query/pattern.ts';
import { parseSortKeys } from '../../query/sort-keys.ts';
import type { Query } from '../../query/stats.ts';

/** Validates the query before something is recorded, which may take long. Throws PstatError (`query`). */
export function checkQuery(query: Query): Query {
  parseSortKeys(query.sort ?? [], 'samples');
  for (const pattern of [...(query.filter ?? []), ...(query.exclude ?? [])]) parsePattern(pattern);
  applyLimit(query.limit, 0);
  return query;
}
