/** The route of a request: its method, and its path with placeholders for ids. */

import { parseRequestName, type RequestName } from '../base/recording-files.ts';
import { urlPath } from '../base/url.ts';
import type { Profile } from '../model/profile.ts';
import type { RequestFacts } from '../model/raw-profile.ts';

/** Returns the route of a request's profile, by its content or else by its name; null for other profiles. */
export function routeOfProfile(profile: Profile): string | null {
  if ('callTree' in profile && profile.request !== undefined) return routeOfUrl(profile.request);
  const name = parseRequestName(profile.sources[0] ?? '');
  return name === null ? null : routeOfName(name);
}

/** `GET /resource_providers/{uuid}/inventories`. */
export function routeOfUrl({ method, url }: RequestFacts): string {
  return formatRoute(method, urlPath(url).split('/'));
}

/** Returns the route of a file name, in which dots replace slashes: `/v1.0/x` and `/v1/0/x` have the same name. */
export function routeOfName({ method, dottedPath }: RequestName): string {
  return formatRoute(method, dottedPath === 'root' ? [] : dottedPath.split('.'));
}

function formatRoute(method: string | null, segments: readonly string[]): string {
  const kept = segments.filter((segment) => segment !== '').map((segment) => placeholder(segment) ?? segment);
  return `${method === null ? '' : `${method} `}/${kept.join('/')}`;
}

/** The placeholder for a segment that identifies one thing; null for a segment that belongs to the route. */
function placeholder(segment: string): string | null {
  if (/^\d+$/.test(segment)) return '{id}';
  if (/^[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}$/i.test(segment)) return '{uuid}';
  // Hashes and object ids: at least 16 hexadecimal digits, one of them a decimal digit.
  return /^(?=.*\d)[\da-f]{16,}$/i.test(segment) ? '{hex}' : null;
}
