/** The profiles of two paths → sides: one for whole programs, or one for each route of requests. */

import { getOrInsert } from '../base/maps.ts';
import type { Profile } from '../model/profile.ts';
import { parsePattern } from '../query/pattern.ts';
import { Stats, type StatsOptions } from '../query/stats.ts';
import { type RouteNamer, routeOfProfile } from '../routes/route-name.ts';
import { functionBasesOf, type Sides } from './basis.ts';
import { type Both, mapBoth } from './both.ts';
import type { RouteSides } from './compare-routes.ts';
import { noCommonRoute, noRouteMatches, programsAndRequests } from './errors.ts';
import { type Side, SideBuilder } from './side.ts';

/** The sides of one path by route; the key is null for profiles of whole programs. */
export type CollectedSides = ReadonlyMap<string | null, Side>;

/** What a side takes of a profile. */
export interface ProfileFigures extends Pick<Stats, 'summary' | 'graph'> {
  readonly route: string | null;
}

/** Takes the profiles one by one; keeps none. Throws PstatError (`missing-data`) for programs and requests together. */
export function collectSides(
  path: string,
  profiles: AsyncIterable<Profile> | Iterable<Profile>,
  options: StatsOptions,
): Promise<CollectedSides> {
  return collectFigures(path, figuresOf(profiles, options, routeOfProfile));
}

export async function* figuresOf(
  profiles: AsyncIterable<Profile> | Iterable<Profile>,
  options: StatsOptions,
  nameRoute: RouteNamer,
): AsyncGenerator<ProfileFigures> {
  for await (const profile of profiles) {
    const { summary, graph } = new Stats(profile, options);
    yield { summary, graph, route: nameRoute(profile) };
  }
}

/** As `collectSides`. */
export async function collectFigures(path: string, figures: AsyncIterable<ProfileFigures>): Promise<CollectedSides> {
  const builders = new Map<string | null, SideBuilder>();
  for await (const each of figures) {
    getOrInsert(builders, each.route, () => new SideBuilder()).add(each);
  }
  if (builders.size > 1 && builders.has(null)) throw programsAndRequests(path);
  return new Map([...builders].map(([route, builder]) => [route, builder.finish()]));
}

/** Whether some profiles have undisturbed time and others counted time. */
export function haveMixedTimes(...collected: readonly CollectedSides[]): boolean {
  return functionBasesOf(collected.flatMap((sides) => [...sides.values()])).size > 1;
}

/** The generated files, as profiles name them, that source maps moved on one side and not on the other. */
export function filesMappedOnOneSide(before: CollectedSides, after: CollectedSides): Set<string> {
  const [first, second] = [filesOf(before), filesOf(after)];
  const isOneSided = (file: string) => {
    const isIn = ({ mapped, unmapped }: GeneratedFiles) => mapped.has(file) || unmapped.has(file);
    return isIn(first) && isIn(second) && first.mapped.has(file) !== second.mapped.has(file);
  };
  return new Set([...first.mapped, ...second.mapped].filter(isOneSided));
}

interface GeneratedFiles {
  readonly mapped: Set<string>;
  /** Files of functions that no map moved. */
  readonly unmapped: Set<string>;
}

function filesOf(collected: CollectedSides): GeneratedFiles {
  const files = { mapped: new Set<string>(), unmapped: new Set<string>() };
  for (const { functions } of collected.values()) {
    functions.file.forEach((file, fn) => {
      const generated = functions.generated?.[fn] ?? null;
      if (generated === null) files.unmapped.add(file);
      else files.mapped.add(generated.file);
    });
  }
  return files;
}

/**
 * The requests of the routes that are named: exactly, with or without the method, or else all in which the pattern is
 * found. Throws PstatError (`no-match`).
 */
export function keepRoutes<Collected extends Both<CollectedSides>>(collected: Collected, pattern: string): Collected {
  const routes = [...new Set([...collected.before.keys(), ...collected.after.keys()])].filter(
    (route) => route !== null,
  );
  const named = routes.filter((route) => route === pattern || route.replace(/^[A-Z]+ /, '') === pattern);
  const kept = new Set<string | null>(named.length > 0 ? named : routes.filter(parsePattern(pattern)));
  if (kept.size === 0) throw noRouteMatches(pattern, routes);
  const both = mapBoth(collected, (sides) => new Map([...sides].filter(([route]) => kept.has(route))));
  return { ...collected, ...both };
}

/** One pair of sides, or the routes of both. Throws PstatError (`missing-data`) where nothing is common to both. */
export function pairSides(
  before: CollectedSides,
  after: CollectedSides,
): { readonly sides: Sides } | { readonly routes: Both<RouteSides> } {
  const shared = [...before.keys()].filter((route) => after.has(route));
  if (shared.length === 0) throw noCommonRoute([...before.keys()], [...after.keys()]);
  const [route = null] = shared;
  const [first, second] = [before.get(route), after.get(route)];
  if (before.size === 1 && after.size === 1 && first !== undefined && second !== undefined)
    return { sides: { before: first, after: second } };
  return { routes: mapBoth({ before, after }, withoutNull) };
}

function withoutNull(collected: CollectedSides): RouteSides {
  return new Map([...collected].flatMap(([route, side]) => (route === null ? [] : [[route, side] as const])));
}
