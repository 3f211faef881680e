/** Statistics of a folder of request profiles, route by route. */

import { median, sum } from '../base/averages.ts';
import { addTo, getOrInsert } from '../base/maps.ts';
import { parseRequestName } from '../base/recording-files.ts';
import type { Profile } from '../model/profile.ts';
import type { Microseconds, RequestFacts } from '../model/raw-profile.ts';
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

/** The first request of a process or thread, which pays for work that is done once. */
export interface ColdStart {
  readonly file: string;
  readonly route: string;
  readonly elapsed: Microseconds;
  /** Its time divided by the median of the other requests of its route and status; null if there are none. */
  readonly ratioToMedian: number | null;
  /** Number of other requests of its route and status. */
  readonly others: number;
  /** Whether the file says that it is the first; otherwise it is the earliest of the folder. */
  readonly confirmed: boolean;
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

export interface ProfiledRequest {
  readonly file: string;
  readonly route: string;
  readonly status: number | null;
  readonly hasFailed: boolean;
  readonly elapsed: Microseconds;
  /** Seconds since 1970. */
  readonly time: number;
  readonly skipped: number | null;
  readonly worker: string | null;
  readonly number: number | null;
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

/** Prefers what the file contains to what its name says. Returns null for other profiles. */
export function readRequest(profile: Profile, nameRoute: RouteNamer): ProfiledRequest | null {
  const file = profile.sources[0] ?? '';
  const facts = 'callTree' in profile ? (profile.request ?? null) : null;
  const name = parseRequestName(file);
  const elapsed = facts?.elapsed ?? name?.elapsed ?? null;
  const route = nameRoute(profile);
  if (elapsed === null || route === null) return null;
  return {
    file,
    route,
    elapsed,
    status: facts?.status ?? null,
    hasFailed: facts !== null && hasFailed(facts),
    time: facts?.start == null ? (name?.time ?? 0) : facts.start / 1000,
    skipped: facts?.skipped ?? null,
    worker: facts?.worker ?? null,
    number: facts?.number ?? null,
  };
}

function hasFailed({ aborted, status }: RequestFacts): boolean {
  return aborted || (status !== null && status >= 500);
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

/** Requests with the number 1 of their worker and, of the files that name no worker, the earliest one. */
function findColdStarts(all: readonly ProfiledRequest[]): ColdStart[] {
  const timesByGroup = new Map<string, number[]>();
  for (const request of all) addTo(timesByGroup, groupKey(request), request.elapsed);
  for (const times of timesByGroup.values()) times.sort((a, b) => a - b);
  const unnumbered = all
    .filter(({ worker }) => worker === null)
    .sort((a, b) => a.time - b.time || b.elapsed - a.elapsed);
  return [...all.filter(({ number }) => number === 1), ...unnumbered.slice(0, 1)]
    .sort((a, b) => a.time - b.time)
    .map((first) => coldStartOf(first, timesByGroup.get(groupKey(first)) ?? []));
}

function groupKey({ route, status }: ProfiledRequest): string {
  return `${route} ${status}`;
}

/** @param times of all requests of its route and status, ascending */
function coldStartOf(first: ProfiledRequest, times: readonly number[]): ColdStart {
  const { file, route, elapsed } = first;
  const middle = medianWithout(times, elapsed); // NaN if there are no others
  const ratioToMedian = middle > 0 ? elapsed / middle : null;
  return { file, route, elapsed, ratioToMedian, others: times.length - 1, confirmed: first.worker !== null };
}

/** The median of the values but one, which is among them. Copying them for each of many would be quadratic. */
function medianWithout(ascending: readonly number[], one: number): number {
  const others = ascending.length - 1;
  const valueAt = (rank: number) => {
    const value = ascending[rank] ?? Number.NaN;
    // Ranks from that of the one on have moved by one.
    return value < one ? value : (ascending[rank + 1] ?? Number.NaN);
  };
  return (valueAt((others - 1) >> 1) + valueAt(others >> 1)) / 2;
}
