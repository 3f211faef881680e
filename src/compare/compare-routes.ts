/** Two sets of requests, route by route. */

import { sum } from '../base/averages.ts';
import { at } from '../model/columns.ts';
import { type Filter, parseFilter } from '../query/pattern.ts';
import { chooseBasis, type Sides, totalChange } from './basis.ts';
import { type Both, mapBoth } from './both.ts';
import type { Basis, Change, TotalVerdict } from './comparison.ts';
import type { Side } from './side.ts';
import { adjustPs } from './statistics/benjamini-hochberg.ts';
import { LEVEL, totalVerdict } from './test-total.ts';

export interface RoutesComparison {
  readonly basis: Basis;
  /** `mixed`: some routes are slower and others faster. */
  readonly verdict: TotalVerdict | 'mixed';
  readonly routes: readonly ComparedRoute[];
  /** Routes of one side only. */
  readonly unmatched: Both<readonly string[]>;
}

export interface ComparedRoute {
  /** `GET /customers/{id}` */
  readonly route: string;
  readonly requests: Both<number>;
  readonly processes: Both<number>;
  readonly isProcessKnown: boolean;
  readonly total: Change;
  readonly verdict: TotalVerdict;
}

export type RouteSides = ReadonlyMap<string, Side>;

/** With `filter` and `exclude`, which are looked for in the route: only these are rows, and only these are tested. */
interface RouteOptions extends Filter {
  readonly time?: Basis | 'auto';
}

/** The routes of both sides. p-values are adjusted over the routes. Throws PstatError as `compareSides`. */
export function compareRoutes(
  before: RouteSides,
  after: RouteSides,
  { time = 'auto', ...filter }: RouteOptions = {},
): RoutesComparison {
  const isWanted = parseFilter(filter, (pattern, route: string) => pattern(route));
  const pairs = [...before].flatMap(([route, side]) => {
    const other = after.get(route);
    return other === undefined || !isWanted(route) ? [] : [{ route, before: side, after: other }];
  });
  const basis = commonBasis(pairs, time);
  const totals = pairs.map((pair) => totalChange(pair, basis));
  const tested = totals.filter(({ p }) => p !== null);
  const adjusted = adjustPs(tested.map(({ p }) => p ?? 1));
  const adjustedOf = new Map(tested.map((total, i) => [total, adjusted[i] ?? 1]));
  const routes = pairs.map((pair, i) => compareRoute(pair, at(totals, i), adjustedOf));
  return {
    basis,
    verdict: overallVerdict(routes.map(({ verdict }) => verdict)),
    routes,
    unmatched: {
      before: [...before.keys()].filter((route) => !after.has(route) && isWanted(route)),
      after: [...after.keys()].filter((route) => !before.has(route) && isWanted(route)),
    },
  };
}

interface RoutePair extends Sides {
  readonly route: string;
}

/** One basis for all routes: the one that each of them has by itself, else counted time. */
function commonBasis(pairs: readonly RoutePair[], time: Basis | 'auto'): Basis {
  const own = new Set(pairs.map((pair) => chooseBasis(pair, time)));
  const [first = 'counted'] = own;
  return own.size === 1 ? first : 'counted';
}

function compareRoute(pair: RoutePair, tested: Change, adjustedOf: ReadonlyMap<Change, number>): ComparedRoute {
  const adjustedP = adjustedOf.get(tested) ?? null;
  const significant = adjustedP === null ? null : tested.significant === true && adjustedP <= LEVEL;
  const total = { ...tested, adjustedP, significant };
  return {
    route: pair.route,
    requests: mapBoth(pair, ({ processes }) => sum(processes.map((run) => run.requests))),
    processes: mapBoth(pair, ({ processes }) => processes.length),
    isProcessKnown: [pair.before, pair.after].every(({ processes }) => processes.every(({ isKnown }) => isKnown)),
    total,
    verdict: totalVerdict(total),
  };
}

function overallVerdict(verdicts: readonly TotalVerdict[]): TotalVerdict | 'mixed' {
  const [isSlower, isFaster] = [verdicts.includes('slower'), verdicts.includes('faster')];
  if (isSlower && isFaster) return 'mixed';
  if (isSlower) return 'slower';
  if (isFaster) return 'faster';
  return verdicts.includes('no-change') ? 'no-change' : 'inconclusive';
}
