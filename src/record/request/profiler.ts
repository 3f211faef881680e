/** One profile per request: a middleware, or a wrapper of a handler. */

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type ProfilerOptions, resolveOptions } from './options.ts';
import { RequestProfiler } from './request-profiler.ts';

export type { ServedRequest } from './file-name.ts';
export type { ProfilerOptions } from './options.ts';

export interface Closable {
  /**
   * Stops profiling. Requests that are being served leave files of their samples so far. Resolves when all files are
   * written.
   */
  close(): Promise<void>;
}

/** A middleware for Express, Connect and compatible frameworks. */
export type ProfilerMiddleware = Closable &
  ((request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void);

/** A listener for `http.createServer`. */
export type ProfiledListener = RequestListener & Closable;

/**
 * Writes a `.cpuprofile` for each request: `GET.resource_providers.000108ms.1552408596.cpuprofile`.
 *
 * @example
 * app.use(profiler({ dir: 'profiles' })); // Express, Connect: before any other middleware
 * http.createServer(profiler(handler, { dir: 'profiles' })); // plain http; Koa: app.callback()
 *
 * Throws PstatError (`query`) for an invalid option. After that it never throws and never changes a response; it prints
 * its own errors as warnings, each once.
 */
export function profiler(options: ProfilerOptions): ProfilerMiddleware;
export function profiler(listener: RequestListener, options: ProfilerOptions): ProfiledListener;
export function profiler(
  ...args: [ProfilerOptions] | [RequestListener, ProfilerOptions]
): ProfilerMiddleware | ProfiledListener {
  if (args.length === 1) return createMiddleware(new RequestProfiler(resolveOptions(args[0])));
  const [listener, options] = args;
  return wrapListener(listener, new RequestProfiler(resolveOptions(options)));
}

function createMiddleware(requests: RequestProfiler): ProfilerMiddleware {
  // Express and Connect count the parameters: a middleware has three.
  const serve = (request: IncomingMessage, response: ServerResponse, next: () => void) =>
    requests.serve(request, response, () => next());
  return Object.assign(serve, { close: () => requests.close() });
}

function wrapListener(listener: RequestListener, requests: RequestProfiler): ProfiledListener {
  function serve(this: unknown, ...[request, response]: Parameters<RequestListener>) {
    return requests.serve(request, response, () => listener.call(this as never, request, response));
  }
  return Object.assign(serve, { close: () => requests.close() });
}
