import { PstatError } from '../base/errors.ts';
import { findNearest } from '../base/nearest.ts';
import { escapeControls, quote } from '../base/text.ts';
import type { Profile } from '../model/profile.ts';
import { routeOfProfile } from './route-name.ts';

/** `--route`: the profiles of requests of one route. */
export class RouteSelection {
  readonly #route: string;
  readonly #seen = new Set<string>();

  /** @param route as `pstat requests` prints it: `GET /customers/{id}` */
  constructor(route: string) {
    this.#route = route;
  }

  accepts(profile: Profile): boolean {
    const route = routeOfProfile(profile);
    if (route !== null) this.#seen.add(route);
    return route === this.#route;
  }

  noMatch(): PstatError {
    return noSuchRoute(this.#route, [...this.#seen]);
  }
}

function noSuchRoute(route: string, known: readonly string[]): PstatError {
  if (known.length === 0)
    return new PstatError('no-match', `no request of the route ${quote(route)}: no profile here is of a request`);
  const close = findNearest(route, known).map((name) => escapeControls(name));
  return new PstatError('no-match', `no request of the route ${quote(route)}; the nearest: ${close.join(', ')}`);
}
