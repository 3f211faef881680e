/** A folder of per-request profiles as a list of routes: what is slow, what fails, which file to open. */

import { requestName } from '../base/recording-files.ts';
import type { Profile } from '../model/profile.ts';
import type { Microseconds, RequestFacts } from '../model/raw-profile.ts';
import { type HotFunction, SelfTimes } from './hottest-function.ts';
import { routeOf } from './route-name.ts';

/** Requests of one route and one status. */
export interface RouteSummary {
  /** `GET /resource_providers/{uuid}`. */
  readonly route: string;
  /** Null where the files do not say, or no head of a response was sent. */
  readonly status: number | null;
  readonly requests: number;
  /** Those of a status of 500 or more, and those that were aborted. */
  readonly failed: number;
  /** Times from the request to the end of its response. Percentiles are the value of a request, by nearest rank. */
  readonly median: Microseconds;
  readonly p95: Microseconds;
  readonly slowest: Microseconds;
  readonly total: Microseconds;
  /** The file of the slowest request, and of the median one. */
  readonly slowestFile: string;
  readonly medianFile: string;
  /** The function with most tottime over all of them; null where nothing was counted. */
  readonly hottest: HotFunction | null;
}

/** The first request of a process or a thread: it pays for what is done once. */
export interface ColdStart {
  readonly file: string;
  readonly route: string;
  readonly elapsed: Microseconds;
  /** How many times the median of the others of its route; null if there are none. */
  readonly ratioToMedian: number | null;
  /** How many others of its route there are. */
  readonly others: number;
  /** Whether the file says so; else it is the earliest of the folder. */
  readonly confirmed: boolean;
}

export interface RequestIndex {
  readonly routes: readonly RouteSummary[];
  readonly requests: number;
  readonly failed: number;
  /** Requests that went unprofiled; null where no file says. */
  readonly skipped: number | null;
  readonly total: Microseconds;
  /** In order of time. */
  readonly coldStarts: readonly ColdStart[];
  /** Profiles whose name and content do not tell of a request. */
  readonly unrecognized: number;
}

interface Served {
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

/** Looks at each profile once and keeps none. */
export async function indexRequests(profiles: AsyncIterable<Profile>): Promise<RequestIndex> {
  const groups = new Map<string, { served: Served[]; times: SelfTimes }>();
  let strangers = 0;
  for await (const profile of profiles) {
    const served = servedBy(profile);
    if (served === null) {
      strangers++;
      continue;
    }
    const key = `${served.route} ${served.status}`;
    const group = groups.get(key) ?? { served: [], times: new SelfTimes() };
    group.served.push(served);
    group.times.add(profile);
    groups.set(key, group);
  }
  const all = [...groups.values()].flatMap(({ served }) => served);
  const skipped = all.map((one) => one.skipped).filter((count) => count !== null);
  return {
    routes: [...groups.values()].map(({ served, times }) => summaryOf(served, times)),
    requests: all.length,
    failed: all.filter(({ hasFailed }) => hasFailed).length,
    skipped: skipped.length === 0 ? null : sum(skipped),
    total: sum(all.map(({ elapsed }) => elapsed)),
    coldStarts: firstRequests(all),
    unrecognized: strangers,
  };
}

/** What the file says comes before what its name says. Null for a profile of anything else. */
function servedBy(profile: Profile): Served | null {
  const file = profile.sources[0] ?? '';
  const facts = 'callTree' in profile ? (profile.request ?? null) : null;
  const name = requestName(file);
  const elapsed = facts?.elapsed ?? name?.elapsed ?? null;
  const route = routeOf(profile);
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

function summaryOf(served: readonly Served[], times: SelfTimes): RouteSummary {
  const byTime = served.toSorted((a, b) => a.elapsed - b.elapsed);
  const [median, p95, slowest] = [0.5, 0.95, 1].map((share) => ranked(byTime, share));
  if (median === undefined || p95 === undefined || slowest === undefined) throw new Error('a route without requests');
  return {
    route: slowest.route,
    status: slowest.status,
    requests: served.length,
    failed: served.filter((one) => one.hasFailed).length,
    median: median.elapsed,
    p95: p95.elapsed,
    slowest: slowest.elapsed,
    total: sum(served.map(({ elapsed }) => elapsed)),
    slowestFile: slowest.file,
    medianFile: median.file,
    hottest: times.hottest(),
  };
}

/** The nearest rank: the least value that so large a share of all does not exceed. */
function ranked<Item>(ascending: readonly Item[], share: number): Item | undefined {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)];
}

/** Where files name their worker and number, number 1; of the files that do not, the earliest. */
function firstRequests(all: readonly Served[]): ColdStart[] {
  const unnamed = all.filter(({ worker }) => worker === null).sort((a, b) => a.time - b.time || b.elapsed - a.elapsed);
  const firsts = [...all.filter(({ number }) => number === 1), ...unnamed.slice(0, 1)];
  return firsts
    .sort((a, b) => a.time - b.time)
    .map((first) => {
      const { file, route, elapsed } = first;
      const others = all.filter((one) => one !== first && one.route === route && one.status === first.status);
      const median = ranked(
        others.toSorted((a, b) => a.elapsed - b.elapsed),
        0.5,
      );
      const ratioToMedian = median === undefined || median.elapsed === 0 ? null : elapsed / median.elapsed;
      return { file, route, elapsed, ratioToMedian, others: others.length, confirmed: first.worker !== null };
    });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
