/** Patterns of paths that the user names as routes: `/customers/{id}`, `GET /files/*`. */

import { pathSegments } from '../base/url.ts';
import { badPathPattern } from './errors.ts';

export interface PathPattern {
  /** As the route shows them. */
  readonly segments: readonly string[];
  matches(method: string | null, path: readonly string[]): boolean;
  /** Of the name of a file, in which dots replace slashes. */
  matchesDotted(method: string | null, path: readonly string[]): boolean;
}

/**
 * `{id}` and `:id` match one segment, `*` at the end any number; other segments match themselves. A method in front
 * restricts the pattern to it. Throws PstatError (`query`).
 */
export function parsePathPattern(text: string): PathPattern {
  const [, method = null, path] = /^(?:([A-Z]+) +)?\/([^?#\s]*)$/.exec(text) ?? [];
  if (path === undefined) throw badPathPattern(text);
  const segments = pathSegments(path);
  if (segments.slice(0, -1).includes('*')) throw badPathPattern(text);
  const dotted = segments.flatMap((segment) => (isPlaceholder(segment) ? [segment] : segment.split('.')));
  const isOfMethod = (given: string | null) => method === null || given === null || method === given;
  return {
    segments: segments.map((segment) => segment.replace(/^:(.+)$/, '{$1}')),
    matches: (given, parts) => isOfMethod(given) && matchesSegments(segments, parts),
    matchesDotted: (given, parts) => isOfMethod(given) && matchesSegments(dotted, parts),
  };
}

function matchesSegments(pattern: readonly string[], path: readonly string[]): boolean {
  const isOpen = pattern.at(-1) === '*';
  const fixed = isOpen ? pattern.slice(0, -1) : pattern;
  if (isOpen ? path.length < fixed.length : path.length !== fixed.length) return false;
  return fixed.every((segment, i) => isPlaceholder(segment) || segment === path[i]);
}

function isPlaceholder(segment: string): boolean {
  return /^(?:\{[^{}]*\}|:.+)$/.test(segment);
}
