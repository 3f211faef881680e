/** Which route a request belongs to: its method, and its path with the words that name a single thing taken out. */

import { type RequestName, requestName } from '../base/recording-files.ts';
import { urlPath } from '../base/url.ts';
import type { Profile } from '../model/profile.ts';
import type { RequestFacts } from '../model/raw-profile.ts';

/** The route of a profile of a request, by its content, else by its name; null for other profiles. */
export function routeOf(profile: Profile): string | null {
  if ('callTree' in profile && profile.request !== undefined) return routeOfUrl(profile.request);
  const name = requestName(profile.sources[0] ?? '');
  return name === null ? null : routeOfName(name);
}

/** `GET /resource_providers/{uuid}/inventories`. */
export function routeOfUrl({ method, url }: RequestFacts): string {
  return routed(method, urlPath(url).split('/'));
}

/** The same from a file's name, where dots stand for slashes: `/v1.0/x` cannot be told from `/v1/0/x`. */
export function routeOfName({ method, dottedPath }: RequestName): string {
  return routed(method, dottedPath === 'root' ? [] : dottedPath.split('.'));
}

function routed(method: string | null, segments: readonly string[]): string {
  const kept = segments.filter((segment) => segment !== '').map((segment) => placeholder(segment) ?? segment);
  return `${method === null ? '' : `${method} `}/${kept.join('/')}`;
}

/** What stands for a word that is another one in every request; null for a word of the route's own. */
function placeholder(segment: string): string | null {
  if (/^\d+$/.test(segment)) return '{id}';
  if (/^[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}$/i.test(segment)) return '{uuid}';
  // Hashes and object ids: long, and of hexadecimal digits with a number among them.
  return /^(?=.*\d)[\da-f]{16,}$/i.test(segment) ? '{hex}' : null;
}
