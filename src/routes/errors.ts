/** Errors of routes. */

import { missingDataError, PstatError, queryError } from '../base/errors.ts';
import { findNearest } from '../base/nearest.ts';
import { escapeControls, pluralize, quote } from '../base/text.ts';

export function noRequests(route: string): PstatError {
  return new PstatError('no-match', `no request of the route ${quote(route)}: no profile here is of a request`);
}

export function unknownRoute(route: string, known: readonly string[]): PstatError {
  const close = findNearest(route, known).map((name) => escapeControls(name));
  return new PstatError('no-match', `no request of the route ${quote(route)}; the nearest: ${close.join(', ')}`);
}

export function badPathPattern(pattern: string): PstatError {
  return queryError(
    `the route pattern ${quote(pattern)} is not a path such as /customers/{id} or GET /files/*, with * only at its end`,
  );
}

export function tooFewForTail(route: string, requests: number, min: number): PstatError {
  return missingDataError(
    `only ${pluralize(requests, 'request')} of ${quote(route)} here, and a tail needs ${min}; record more`,
  );
}
