/** Profiles the requests of all servers of node:http and node:https, without changes to the program. */

import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { cannotProfile, createWarn } from '../warnings.ts';
import { readOptions } from './environment.ts';
import { resolveOptions } from './options.ts';
import { RequestProfiler } from './request-profiler.ts';

/** Does nothing unless PSTAT_PROFILE_DIR names a folder. Warns about invalid variables; the program runs unprofiled then. */
export function profileServers(): void {
  try {
    const options = readOptions(process.env);
    if (options !== null) subscribeToRequests(new RequestProfiler(resolveOptions(options)));
  } catch (error) {
    createWarn()(cannotProfile(error));
  }
}

/**
 * Finds servers by their first request: Node publishes a request on this channel before the server emits it
 * (https://nodejs.org/api/diagnostics_channel.html#http).
 */
function subscribeToRequests(requests: RequestProfiler): void {
  const profiledServers = new WeakSet<Server>();
  subscribe('http.server.request.start', (message) => {
    const { server } = message as { server: Server };
    if (profiledServers.has(server)) return;
    profiledServers.add(server);
    profileServer(server, requests);
  });
}

/** Runs the server's listeners within `serve`. Wraps `emit` and not the listeners, which may be added and removed. */
function profileServer(server: Server, requests: RequestProfiler): void {
  const emit = server.emit;
  const servingEmit = (event: string, ...args: unknown[]): boolean => {
    const work = () => Reflect.apply(emit, server, [event, ...args]);
    if (!REQUEST_EVENTS.has(event)) return work();
    const [request, response] = args as [IncomingMessage, ServerResponse];
    return requests.serve(request, response, work);
  };
  Object.defineProperty(server, 'emit', { value: servingEmit, configurable: true, writable: true, enumerable: false });
}

/** Events with a request and a response. 'upgrade' has a socket instead, and no end. */
const REQUEST_EVENTS: ReadonlySet<string> = new Set(['request', 'checkContinue', 'checkExpectation']);
