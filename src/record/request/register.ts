/**
 * `node --import pstat-cli/register server.js`: one profile per request of any server of node:http, without a change of
 * the program. Does nothing unless PSTAT_PROFILE_DIR names a folder.
 */

import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { cannotProfile, warnOnce } from '../warnings.ts';
import { optionsFrom } from './environment.ts';
import { settingsOf } from './options.ts';
import { RequestProfiler } from './request-profiler.ts';

try {
  const options = optionsFrom(process.env);
  if (options !== null) profileServers(new RequestProfiler(settingsOf(options)));
} catch (error) {
  warnOnce()(cannotProfile(error)); // the program is to run all the same
}

/** Node tells of each request before the server does, so a server is known from its first request on. */
function profileServers(requests: RequestProfiler): void {
  const known = new WeakSet<Server>();
  subscribe('http.server.request.start', (message) => {
    const { server } = message as { server: Server };
    if (known.has(server)) return;
    known.add(server);
    profileServer(server, requests);
  });
}

/** The server's listeners work within `serve`. What emits is wrapped, not the listeners: they come and go. */
function profileServer(server: Server, requests: RequestProfiler): void {
  const emit = server.emit;
  const serving = (event: string, ...args: unknown[]): boolean => {
    const work = () => Reflect.apply(emit, server, [event, ...args]);
    if (!REQUEST_EVENTS.has(event)) return work();
    const [request, response] = args as [IncomingMessage, ServerResponse];
    return requests.serve(request, response, work);
  };
  Object.defineProperty(server, 'emit', { value: serving, configurable: true, writable: true, enumerable: false });
}

/** Those with a request and a response. An upgrade has a socket, and no end. */
const REQUEST_EVENTS: ReadonlySet<string> = new Set(['request', 'checkContinue', 'checkExpectation']);
