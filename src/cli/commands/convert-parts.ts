/** Which profiles of a conversion stand together: in one file, and in one part of a file. */

import { groupBy } from '../../base/maps.ts';
import type { FormatWriter, Part } from '../../formats/format.ts';
import { at } from '../../model/columns.ts';
import { merge } from '../../model/merge.ts';
import type { Profile } from '../../model/profile.ts';
import { routeOfProfile } from '../../routes/route-name.ts';

/** Returns what profiles, at least one, become in a file. Throws PstatError (`missing-data`) if they cannot be merged. */
export function partsOf(profiles: readonly Profile[], kind: FormatWriter['parts']): readonly Part[] {
  if (kind === 'sources') return profiles.map((profile) => partOf([profile]));
  if (kind === 'merged') return [partOf(profiles)];
  return [...groupBy(profiles, (profile) => JSON.stringify([...labelsOf(profile)])).values()].map(partOf);
}

/**
 * The profiles of each route under a file name without its extension: `GET.customers.id`. Routes of one name, such as
 * `/a/b` and `/a.b`, get numbers, also where file names differ in case alone.
 */
export function profilesByName(profiles: readonly Profile[]): ReadonlyMap<string, readonly Profile[]> {
  const named = new Map<string, readonly Profile[]>();
  const taken = new Set<string>();
  const numbers = new Map<string, number>();
  for (const [route, ofRoute] of groupBy(profiles, routeOfProfile)) {
    const base = nameOfRoute(route);
    let name = base;
    for (let number = numbers.get(base) ?? 2; taken.has(name.toLowerCase()); number++) {
      name = `${base}.${number}`;
      numbers.set(base, number + 1);
    }
    taken.add(name.toLowerCase());
    named.set(name, ofRoute);
  }
  return named;
}

function nameOfRoute(route: string | null): string {
  const name = (route ?? 'no-request').slice(0, MAX_NAME).replace(/[^\w-]+/g, '.');
  return name.replace(/^\.|\.$/g, '') || 'root';
}

/** File systems allow 255 bytes, with the extension. */
const MAX_NAME = 150;

function partOf(profiles: readonly Profile[]): Part {
  const first = at(profiles, 0);
  const [source = ''] = first.sources;
  return {
    profile: merge(profiles),
    name: profiles.length === 1 ? source : `${source} and ${profiles.length - 1} more`,
    labels: labelsOf(first),
  };
}

/** `method`, `route` and `status` of a profile of one request. */
function labelsOf(profile: Profile): ReadonlyMap<string, string> {
  if (!('callTree' in profile) || profile.request === undefined) return new Map();
  const { method, status } = profile.request;
  const route = routeOfProfile(profile);
  return new Map([
    ['method', method],
    ...(route === null ? [] : ([['route', route]] as const)),
    ...(status === null ? [] : ([['status', String(status)]] as const)),
  ]);
}
