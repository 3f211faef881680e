/** The first requests of processes, beside the others of their routes. */

import { addTo } from '../base/maps.ts';
import { groupKey, type ProfiledRequest } from './profiled-request.ts';

/** The first request of a process or thread, which pays for work that is done once. */
export interface ColdStart extends Pick<ProfiledRequest, 'file' | 'route' | 'elapsed'> {
  /** Its time divided by the median of the other requests of its route and status; null if there are none. */
  readonly ratioToMedian: number | null;
  /** Number of other requests of its route and status. */
  readonly others: number;
  /** Whether the file says that it is the first; otherwise it is the earliest of the folder. */
  readonly confirmed: boolean;
}

/** Requests with the number 1 of their worker and, of the files that name no worker, the earliest one. */
export function findColdStarts(all: readonly ProfiledRequest[]): ColdStart[] {
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
