/**
 * What the slowest requests of a route do that typical ones do not. A description without a p-value: the slowest were
 * chosen because they are slow.
 */

import { mean, median, sum } from '../base/averages.ts';
import { type FunctionIndex, type FunctionTable, FunctionTableBuilder } from '../model/function-table.ts';
import type { Profile } from '../model/profile.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import { tooFewForTail } from './errors.ts';
import { type ProfiledRequest, readRequest } from './profiled-request.ts';
import type { RouteNamer } from './route-name.ts';
import { type FunctionTime, SelfTimes } from './self-times.ts';

/** Some requests of the route. All times are means per request. */
export interface TailGroup {
  readonly requests: number;
  readonly elapsed: Microseconds;
  /** Time that is in no function: the thread waited, or served others. */
  readonly waiting: Microseconds;
}

/** A function in both groups. */
export interface TailFunction {
  readonly fn: FunctionIndex;
  /** Mean tottime per request. */
  readonly slowest: Microseconds;
  readonly typical: Microseconds;
  /** Samples of the slowest; null for counted calls. */
  readonly samples: number | null;
}

export interface RouteTail {
  readonly route: string;
  readonly requests: number;
  readonly median: Microseconds;
  readonly slowest: TailGroup;
  /** The half of the requests in the middle. */
  readonly typical: TailGroup;
  readonly functions: FunctionTable;
  readonly rows: readonly TailFunction[];
  /** From the slowest on. */
  readonly slowestFiles: readonly string[];
}

/** The requests of a route, by time. */
export interface TailChoice {
  readonly route: string;
  /** In ascending order. */
  readonly all: readonly ProfiledRequest[];
  readonly slowest: readonly ProfiledRequest[];
  readonly typical: readonly ProfiledRequest[];
}

/** Reads each profile once and releases it. @param share of the requests, 0 to 0.5. Throws PstatError (`missing-data`). */
export async function chooseTail(
  profiles: AsyncIterable<Profile>,
  { route, share }: { readonly route: string; readonly share: number },
  nameRoute: RouteNamer,
): Promise<TailChoice> {
  const requests: ProfiledRequest[] = [];
  for await (const profile of profiles) {
    const request = readRequest(profile, nameRoute);
    if (request?.route === route) requests.push(request);
  }
  const all = requests.sort((a, b) => a.elapsed - b.elapsed);
  if (all.length < MIN_REQUESTS) throw tooFewForTail(route, all.length, MIN_REQUESTS);
  const slowest = all.slice(-Math.max(1, Math.round(share * all.length)));
  const quarter = Math.floor(all.length / 4);
  return {
    route,
    all,
    slowest,
    typical: all.slice(quarter, Math.min(all.length - quarter, all.length - slowest.length)),
  };
}

/** With fewer, the middle half is one request. */
const MIN_REQUESTS = 8;

/** @param read yields the profile of each file, in order */
export async function describeTail(
  { route, all, slowest, typical }: TailChoice,
  read: (files: readonly string[]) => AsyncIterable<Profile>,
): Promise<RouteTail> {
  const functions = new FunctionTableBuilder();
  const slowTimes = new SelfTimes(functions);
  const typicalTimes = new SelfTimes(functions);
  let count = 0;
  for await (const profile of read([...slowest, ...typical].map(({ file }) => file)))
    (count++ < slowest.length ? slowTimes : typicalTimes).add(profile);
  return {
    route,
    requests: all.length,
    median: median(all.map(({ elapsed }) => elapsed)),
    slowest: groupOf(slowest, slowTimes),
    typical: groupOf(typical, typicalTimes),
    functions: functions.finish(),
    rows: joinTimes(
      { times: slowTimes.functionTimes(), requests: slowest.length },
      { times: typicalTimes.functionTimes(), requests: typical.length },
    ),
    slowestFiles: slowest.map(({ file }) => file).reverse(),
  };
}

function groupOf(requests: readonly ProfiledRequest[], times: SelfTimes): TailGroup {
  const elapsed = requests.map((request) => request.elapsed);
  const waiting = Math.max(0, sum(elapsed) - times.counted) / requests.length;
  return { requests: requests.length, elapsed: mean(elapsed), waiting };
}

interface GroupTimes {
  readonly times: readonly FunctionTime[];
  readonly requests: number;
}

/** The functions of both groups; those of the typical requests alone have no samples in the slowest. */
function joinTimes(slowest: GroupTimes, typical: GroupTimes): TailFunction[] {
  const joined = new Map<FunctionIndex, TailFunction>();
  for (const { fn, tottime, samples } of typical.times)
    joined.set(fn, { fn, slowest: 0, typical: tottime / typical.requests, samples: samples === null ? null : 0 });
  for (const { fn, tottime, samples } of slowest.times)
    joined.set(fn, { fn, slowest: tottime / slowest.requests, typical: joined.get(fn)?.typical ?? 0, samples });
  return [...joined.values()];
}
