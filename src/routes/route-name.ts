/** The route of a request: its method, and its path with placeholders for ids. */

import { parseRequestName, type RequestName } from '../base/recording-files.ts';
import { pathSegments, urlPath } from '../base/url.ts';
import type { Profile } from '../model/profile.ts';
import type { RequestFacts } from '../model/raw-profile.ts';
import { placeholderFor } from './path-ids.ts';
import { type PathPattern, parsePathPattern } from './path-pattern.ts';

/** Returns the route of a request's profile, by its content or else by its name; null for other profiles. */
export type RouteNamer = (profile: Profile) => string | null;

/**
 * @param patterns the routes of paths that match them, before any other: `/customers/{id}`, `GET /files/*`. Throws
 *   PstatError (`query`) for an invalid one.
 */
export function createRouteNamer(patterns: readonly string[]): RouteNamer {
  const parsed = patterns.map(parsePathPattern);
  return (profile) => {
    if ('callTree' in profile && profile.request !== undefined) return routeOfUrl(profile.request, parsed);
    const name = parseRequestName(profile.sources[0] ?? '');
    return name === null ? null : routeOfName(name, parsed);
  };
}

/** Without patterns of the user. */
export const routeOfProfile: RouteNamer = createRouteNamer([]);

/** `GET /resource_providers/{uuid}/inventories`. Prefers the framework's route to a guess by the URL. */
export function routeOfUrl({ method, url, route }: RequestFacts, patterns: readonly PathPattern[] = []): string {
  const path = pathSegments(urlPath(url));
  const matching = patterns.find((pattern) => pattern.matches(method, path));
  if (matching !== undefined) return formatRoute(method, matching.segments);
  return formatRoute(method, route === null ? path.map(replaceId) : pathSegments(route).map(replaceParameters));
}

/** Returns the route of a file name, in which dots replace slashes: `/v1.0/x` and `/v1/0/x` have the same name. */
export function routeOfName({ method, dottedPath }: RequestName, patterns: readonly PathPattern[] = []): string {
  const segments = dottedPath === 'root' ? [] : splitDotted(dottedPath);
  const matching = patterns.find((pattern) => pattern.matchesDotted(method, segments));
  return formatRoute(method, matching === undefined ? segments.map(replaceId) : matching.segments);
}

/** A mail address is one segment, as far as the path shows it: of `a.b@example.com` from `b` on. */
function splitDotted(dottedPath: string): readonly string[] {
  return dottedPath.split(/\.(?<![^.@]@[^.@]*\.)/);
}

function replaceId(segment: string): string {
  return placeholderFor(segment) ?? segment;
}

/** Frameworks write parameters as `:id`, perhaps with an expression. Where routers are nested, ids may stay in front. */
function replaceParameters(segment: string): string {
  if (!segment.includes(':')) return replaceId(segment);
  return segment.replace(/:([\w$]+)(?:\([^()]*\))?[?*+]?/g, '{$1}');
}

function formatRoute(method: string | null, segments: readonly string[]): string {
  return `${method === null ? '' : `${method} `}/${segments.join('/')}`;
}
