/** Errors of route selection. */

import { PstatError } from '../base/errors.ts';
import { findNearest } from '../base/nearest.ts';
import { escapeControls, quote } from '../base/text.ts';

export function noRequests(route: string): PstatError {
  return new PstatError('no-match', `no request of the route ${quote(route)}: no profile here is of a request`);
}

export function unknownRoute(route: string, known: readonly string[]): PstatError {
  const close = findNearest(route, known).map((name) => escapeControls(name));
  return new PstatError('no-match', `no request of the route ${quote(route)}; the nearest: ${close.join(', ')}`);
}
