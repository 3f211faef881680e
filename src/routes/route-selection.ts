import type { PstatError } from '../base/errors.ts';
import type { Profile } from '../model/profile.ts';
import { noRequests, unknownRoute } from './errors.ts';
import { type RouteNamer, routeOfProfile } from './route-name.ts';

/** The profiles of requests of one route. */
export class RouteSelection {
  readonly #route: string;
  readonly #nameRoute: RouteNamer;
  readonly #seen = new Set<string>();

  /** @param route as `pstat requests` prints it: `GET /customers/{id}` */
  constructor(route: string, nameRoute: RouteNamer = routeOfProfile) {
    this.#route = route;
    this.#nameRoute = nameRoute;
  }

  accepts(profile: Profile): boolean {
    const route = this.#nameRoute(profile);
    if (route !== null) this.#seen.add(route);
    return route === this.#route;
  }

  noMatch(): PstatError {
    return this.#seen.size === 0 ? noRequests(this.#route) : unknownRoute(this.#route, [...this.#seen]);
  }
}
