/** The view of `pstat requests --route --tail`. */

import { describeFunction, type FunctionDescription, type FunctionIndex } from '../model/function-table.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import { FunctionNames } from '../query/function-names.ts';
import { type Limit, limitRows } from '../query/limit.ts';
import { type Filter, parseFilter } from '../query/pattern.ts';
import type { PathStyle } from '../query/places.ts';
import type { RouteTail, TailGroup } from '../routes/route-tail.ts';
import type { BrokenFile } from './requests-view.ts';

export interface TailRow extends Pick<FunctionDescription, 'name' | 'file' | 'line'> {
  readonly label: string;
  readonly place: string | null;
  /** Mean tottime per request. */
  readonly slowest: Microseconds;
  readonly typical: Microseconds;
  /** Samples of the slowest requests; null for counted calls. */
  readonly samples: number | null;
}

export interface RequestsTailView {
  readonly view: 'requests-tail';
  /** The folder, as the user named it. */
  readonly folder: string;
  readonly route: string;
  /** Of the requests, 0 to 1. */
  readonly share: number;
  readonly requests: number;
  readonly median: Microseconds;
  readonly slowest: TailGroup;
  readonly typical: TailGroup;
  readonly slowestFiles: readonly string[];
  readonly broken: readonly BrokenFile[];
  /** The function with the largest difference; null if none takes longer. */
  readonly largest: TailRow | null;
  /** By difference. */
  readonly rows: readonly TailRow[];
  /** Number of rows that match, before the limit. */
  readonly matched: number;
  readonly filtered: boolean;
}

export interface TailQuery extends Required<Filter> {
  readonly limit: Limit;
  readonly reverse: boolean;
  readonly paths: PathStyle;
}

export function requestsTailView(
  { tail, ...about }: Pick<RequestsTailView, 'folder' | 'share' | 'broken'> & { readonly tail: RouteTail },
  { limit, reverse, filter, exclude, paths }: TailQuery,
): RequestsTailView {
  const { functions, rows, ...facts } = tail;
  const names = new FunctionNames(functions, paths);
  const isKept = parseFilter<FunctionIndex>({ filter, exclude }, (pattern, fn) => names.matches(pattern, fn));
  const order = rows
    .filter(({ fn }) => isKept(fn))
    .sort((a, b) => b.slowest - b.typical - (a.slowest - a.typical))
    .map(({ fn, slowest, typical, samples }) => {
      const { name, file, line } = describeFunction(functions, fn);
      return { name, file, line, label: names.label(fn), place: names.place(fn), slowest, typical, samples };
    });
  const [first] = order;
  return {
    view: 'requests-tail',
    ...about,
    ...facts,
    largest: first !== undefined && first.slowest > first.typical ? first : null,
    ...limitRows(order, { limit, reverse }),
    filtered: filter.length + exclude.length > 0,
  };
}
