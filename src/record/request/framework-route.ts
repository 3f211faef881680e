/**
 * The route that a framework matched, as the program wrote it: `/customers/:id`.
 *
 * Express sets `route` and `baseUrl` on Node's request, and so may any program. Fastify publishes its route on a
 * diagnostics channel. Koa's routers set it on Koa's context, which only `createContext` knows.
 */

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { pathSegments, urlPath } from '../../base/url.ts';

export class FrameworkRoutes {
  readonly #fastifyRoutes = new WeakMap<object, string>();
  readonly #koaContexts = new WeakMap<object, object>();
  readonly #onFastifyRequest = (message: unknown) => this.#addFastifyRoute(message);
  readonly #restoreKoa: (() => void)[] = [];
  #isWatching = false;

  /** Call it when a request begins: by then the program has loaded its framework. Throws nothing that a program may see. */
  watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    subscribe(FASTIFY_CHANNEL, this.#onFastifyRequest);
    for (const application of koaApplications()) this.#watchKoa(application);
  }

  /** Leaves nothing in the frameworks, unless the program has replaced a method since. */
  unwatch(): void {
    if (!this.#isWatching) return;
    this.#isWatching = false;
    unsubscribe(FASTIFY_CHANNEL, this.#onFastifyRequest);
    for (const restore of this.#restoreKoa.splice(0)) restore();
  }

  /** Returns null if no framework says, or if its pattern does not fit the URL. Throws what a getter of the program throws. */
  routeOf(request: IncomingMessage, url: string): string | null {
    const pattern = this.#patternOf(request);
    if (pattern === null || pattern.length > MAX_LENGTH || IS_ANY_PATH.test(pattern)) return null;
    return completePattern(pattern, urlPath(url));
  }

  #patternOf(request: IncomingMessage): string | null {
    const fastifyRoute = this.#fastifyRoutes.get(request);
    if (fastifyRoute !== undefined) return fastifyRoute;
    const context = this.#koaContexts.get(request) as { _matchedRoute?: unknown } | undefined;
    if (typeof context?._matchedRoute === 'string') return context._matchedRoute;
    const { route, baseUrl } = request as { route?: { path?: unknown }; baseUrl?: unknown };
    if (typeof route?.path !== 'string') return null;
    return `${typeof baseUrl === 'string' ? baseUrl : ''}${route.path}`;
  }

  #addFastifyRoute(message: unknown): void {
    const { request, route } = message as { request?: { raw?: unknown }; route?: { url?: unknown } };
    const raw = request?.raw;
    if (typeof raw === 'object' && raw !== null && typeof route?.url === 'string') {
      this.#fastifyRoutes.set(raw, route.url);
    }
  }

  #watchKoa({ prototype }: KoaApplication): void {
    const contexts = this.#koaContexts;
    const { createContext } = prototype;
    const watchingCreateContext = function (this: unknown, ...args: unknown[]): object {
      const context = Reflect.apply(createContext, this, args);
      const [request] = args;
      if (typeof request === 'object' && request !== null) contexts.set(request, context);
      return context;
    };
    prototype.createContext = watchingCreateContext;
    this.#restoreKoa.push(() => {
      if (prototype.createContext === watchingCreateContext) prototype.createContext = createContext;
    });
  }
}

/** https://fastify.dev/docs/latest/Reference/Hooks/#diagnostics-channel-hooks */
const FASTIFY_CHANNEL = 'tracing:fastify.request.handler:start';

/** Longer patterns are not written by hand. */
const MAX_LENGTH = 1000;

/** Matches patterns of handlers for every path, which name no route: `*`, `/*`, `/*splat`, `/{*splat}`, `(.*)`. */
const IS_ANY_PATH = /^\/?\{?(?:\*\w*|\(\.\*\))\}?$/;

interface KoaApplication {
  readonly prototype: { createContext: (...args: unknown[]) => object };
}

/** Koa's classes that the program has loaded. Koa is CommonJS, also where an ES module imports it. */
function koaApplications(): KoaApplication[] {
  const { cache } = createRequire(import.meta.url);
  return Object.keys(cache)
    .filter((file) => /[\\/]koa[\\/]lib[\\/]application\.js$/.test(file))
    .map((file) => cache[file]?.exports)
    .filter((application) => typeof application?.prototype?.createContext === 'function');
}

/**
 * Express removes the path of a router from `baseUrl` before an error handler responds: the missing beginning of the
 * pattern is taken from the URL. Returns null if the pattern does not fit the URL.
 */
function completePattern(pattern: string, path: string): string | null {
  if (/[*(){}?+]/.test(pattern)) return pattern;
  const [segments, given] = [pathSegments(pattern), pathSegments(path)];
  const missing = given.slice(0, given.length - segments.length);
  const whole = [...missing, ...segments];
  const fits = whole.length === given.length && whole.every((segment, i) => fitsSegment(segment, given[i] ?? ''));
  return fits ? `/${whole.join('/')}` : null;
}

/** Routers ignore case, and decode. */
function fitsSegment(segment: string, given: string): boolean {
  if (segment.includes(':') || segment.toLowerCase() === given.toLowerCase()) return true;
  return /%/.test(given) || /%/.test(segment);
}
