/** One profile per request: a middleware, or a wrapper of a handler. */

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type ProfilerOptions, settingsOf } from './options.ts';
import { RequestProfiler } from './request-profiler.ts';

export type { ServedRequest } from './file-name.ts';
export type { ProfilerOptions } from './options.ts';

/** What is common to both forms. */
export interface Closable {
  /**
   * Profiles no more. The promise is kept when all files are written; requests that are still being served leave files
   * of what was seen by then.
   */
  close(): Promise<void>;
}

/** A middleware of Express, Connect and whatever is like them. */
export type ProfilerMiddleware = Closable &
  ((request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void);

/** A listener of `http.createServer`. */
export type ProfiledListener = RequestListener & Closable;

/**
 * Writes a `.cpuprofile` for each request: `GET.resource_providers.000108ms.1552408596.cpuprofile`.
 *
 * @example
 * app.use(profiler({ dir: 'profiles' })); // Express, Connect: before everything else
 * http.createServer(profiler(handler, { dir: 'profiles' })); // plain http; Koa: app.callback()
 *
 * Throws PstatError (`query`) for options that cannot be followed. After that it never throws, nor touches a response:
 * a fault of its own is a warning, once.
 */
export function profiler(options: ProfilerOptions): ProfilerMiddleware;
export function profiler(listener: RequestListener, options: ProfilerOptions): ProfiledListener;
export function profiler(
  ...args: [ProfilerOptions] | [RequestListener, ProfilerOptions]
): ProfilerMiddleware | ProfiledListener {
  if (args.length === 1) return middleware(new RequestProfiler(settingsOf(args[0])));
  const [listener, options] = args;
  return wrapped(listener, new RequestProfiler(settingsOf(options)));
}

function middleware(requests: RequestProfiler): ProfilerMiddleware {
  // Express and Connect count the parameters: three are a middleware.
  const serve = (request: IncomingMessage, response: ServerResponse, next: () => void) =>
    requests.serve(request, response, () => next());
  return Object.assign(serve, { close: () => requests.close() });
}

function wrapped(listener: RequestListener, requests: RequestProfiler): ProfiledListener {
  function serve(this: unknown, ...[request, response]: Parameters<RequestListener>) {
    return requests.serve(request, response, () => listener.call(this as never, request, response));
  }
  return Object.assign(serve, { close: () => requests.close() });
}
