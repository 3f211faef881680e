/** Statistics of a folder of request profiles, route by route. */

import { median, sum } from '../base/averages.ts';
import { getOrInsert } from '../base/maps.ts';
import type { Profile } from '../model/profile.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import { type ColdStart, findColdStarts } from './cold-starts.ts';
import { groupKey, type ProfiledRequest, readRequest } from './profiled-request.ts';
import { type RouteNamer, routeOfProfile } from './route-name.ts';
import { type HotFunction, SelfTimes } from './self-times.ts';

/** Requests of one route and one status. */
export interface RouteSummary {
  /** `GET /resource_providers/{uuid}`. */
  readonly route: string;
  /** Null if the files do not say, or if no response head was sent. */
  readonly status: number | null;
  readonly requests: number;
  /** Requests with a status of 500 or more, and aborted ones. */
  readonly failed: number;
  /** Times from the request to the end of its response. p95 is the nearest rank; null for fewer than 20 requests. */
  readonly median: Microseconds;
  readonly p95: Microseconds | null;
  readonly slowest: Microseconds;
  readonly total: Microseconds;
  /** The file of the slowest request, and of the median one, or the faster one of the two in the middle. */
  readonly slowestFile: string;
  readonly medianFile: string;
  /** The function with the highest tottime over all requests, and in the slowest; null if no time was counted. */
  readonly hottest: HotFunction | null;
  readonly slowestHottest: HotFunction | null;
}

export interface RouteStats {
  readonly routes: readonly RouteSummary[];
  readonly requests: number;
  readonly failed: number;
  /** Requests that were not profiled; null if no file says. */
  readonly skipped: number | null;
  readonly total: Microseconds;
  /** In order of time. */
  readonly coldStarts: readonly ColdStart[];
  /** Number of profiles whose name and content describe no request. */
  readonly unrecognized: number;
}

/** Requests of one route and one status. */
interface Group {
  readonly requests: ProfiledRequest[];
  readonly times: SelfTimes;
  slowest: { readonly elapsed: Microseconds; readonly hottest: HotFunction | null } | null;
}

function hottestOf(profile: Profile): HotFunction | null {
  const times = new SelfTimes();
  times.add(profile);
  return times.findHottest();
}

/** Reads each profile once and releases it. */
export async function collectRouteStats(
  profiles: AsyncIterable<Profile>,
  nameRoute: RouteNamer = routeOfProfile,
): Promise<RouteStats> {
  const groups = new Map<string, Group>();
  let unrecognized = 0;
  for await (const profile of profiles) {
    const request = readRequest(profile, nameRoute);
    if (request === null) {
      unrecognized++;
      continue;
    }
    const newGroup = (): Group => ({ requests: [], times: new SelfTimes(), slowest: null });
    const group = getOrInsert(groups, groupKey(request), newGroup);
    group.requests.push(request);
    group.times.add(profile);
    // Of several with one time, the last in order, as in summarizeRoute().
    if (group.slowest === null || request.elapsed >= group.slowest.elapsed)
      group.slowest = { elapsed: request.elapsed, hottest: hottestOf(profile) };
  }
  const all = [...groups.values()].flatMap(({ requests }) => requests);
  const skipped = all.map((request) => request.skipped).filter((count) => count !== null);
  return {
    routes: [...groups.values()].map(summarizeRoute),
    requests: all.length,
    failed: all.filter(({ hasFailed }) => hasFailed).length,
    skipped: skipped.length === 0 ? null : sum(skipped),
    total: sum(all.map(({ elapsed }) => elapsed)),
    coldStarts: findColdStarts(all),
    unrecognized,
  };
}

function summarizeRoute({ requests, times, slowest: slowestRequest }: Group): RouteSummary {
  const byTime = requests.toSorted((a, b) => a.elapsed - b.elapsed);
  const [middle, p95, slowest] = [0.5, 0.95, 1].map((share) => percentile(byTime, share));
  if (middle === undefined || p95 === undefined || slowest === undefined) throw new Error('a route without requests');
  return {
    route: slowest.route,
    status: slowest.status,
    requests: requests.length,
    failed: requests.filter((request) => request.hasFailed).length,
    median: median(byTime.map(({ elapsed }) => elapsed)),
    p95: requests.length < MIN_P95_REQUESTS ? null : p95.elapsed,
    slowest: slowest.elapsed,
    total: sum(requests.map(({ elapsed }) => elapsed)),
    slowestFile: slowest.file,
    medianFile: middle.file,
    hottest: times.findHottest(),
    slowestHottest: slowestRequest?.hottest ?? null,
  };
}

/** With fewer requests, the nearest rank is the slowest. */
const MIN_P95_REQUESTS = 20;

/** The nearest rank: the smallest value that at least this share of all values does not exceed. */
function percentile<Item>(ascending: readonly Item[], share: number): Item | undefined {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)];
}
