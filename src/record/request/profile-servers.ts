/** Profiles the requests of all servers of node:http and node:https, without changes to the program. */

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { cannotProfile, createWarn } from '../warnings.ts';
import { readOptions } from './environment.ts';
import { type ProfilerOptions, resolveOptions } from './options.ts';
import { RequestProfiler } from './request-profiler.ts';

/** Does nothing unless PSTAT_PROFILE_DIR names a folder. Warns about invalid variables; the program runs unprofiled then. */
export function profileServers(): void {
  try {
    const options = readOptions(process.env);
    if (options !== null) attachProfiler(options);
  } catch (error) {
    createWarn()(cannotProfile(error));
  }
}

/** Profiles requests from now on. Returns false if they are profiled already. Throws PstatError for an invalid option. */
export function attachProfiler(options: ProfilerOptions): boolean {
  if (findStopFunction() !== undefined) return false;
  const requests = new RequestProfiler(resolveOptions(options));
  const unsubscribe = subscribeToRequests(requests);
  const stop = async () => {
    unsubscribe();
    Reflect.deleteProperty(globalThis, ATTACHED);
    await requests.close();
  };
  Object.defineProperty(globalThis, ATTACHED, { value: stop, configurable: true, enumerable: false });
  return true;
}

/** Takes the profiler out. Resolves to false if there is none, else when all files are written. */
export async function detachProfiler(): Promise<boolean> {
  const stop = findStopFunction();
  await stop?.();
  return stop !== undefined;
}

/** A global, because a program may hold several copies of this module. */
const ATTACHED = Symbol.for('pstat.stopRequestProfiler');

function findStopFunction(): (() => Promise<void>) | undefined {
  return (globalThis as { [ATTACHED]?: () => Promise<void> })[ATTACHED];
}

/**
 * Finds servers by their first request: Node publishes a request on this channel before the server emits it
 * (https://nodejs.org/api/diagnostics_channel.html#http). Returns a function that takes the profiler out of them again.
 */
function subscribeToRequests(requests: RequestProfiler): () => void {
  const profiledServers = new WeakSet<Server>();
  const undo: (() => void)[] = [];
  const onRequest = (message: unknown) => {
    const { server } = message as { server: Server };
    if (profiledServers.has(server)) return;
    profiledServers.add(server);
    undo.push(profileServer(server, requests));
  };
  subscribe(CHANNEL, onRequest);
  return () => {
    unsubscribe(CHANNEL, onRequest);
    for (const each of undo) each();
  };
}

const CHANNEL = 'http.server.request.start';

/**
 * Runs the server's listeners within `serve`. Wraps `emit` and not the listeners, which may be added and removed. Returns a
 * function that undoes it, unless the program has wrapped `emit` since.
 */
function profileServer(server: Server, requests: RequestProfiler): () => void {
  const own = Object.getOwnPropertyDescriptor(server, 'emit');
  const emit = server.emit;
  const servingEmit = (event: string, ...args: unknown[]): boolean => {
    const work = () => Reflect.apply(emit, server, [event, ...args]);
    if (!REQUEST_EVENTS.has(event)) return work();
    const [request, response] = args as [IncomingMessage, ServerResponse];
    return requests.serve(request, response, work);
  };
  Object.defineProperty(server, 'emit', { value: servingEmit, configurable: true, writable: true, enumerable: false });
  const wrapped = new WeakRef(server);
  return () => {
    const found = wrapped.deref();
    if (found === undefined || found.emit !== servingEmit) return;
    if (own === undefined) Reflect.deleteProperty(found, 'emit');
    else Object.defineProperty(found, 'emit', own);
  };
}

/** Events with a request and a response. 'upgrade' has a socket instead, and no end. */
const REQUEST_EVENTS: ReadonlySet<string> = new Set(['request', 'checkContinue', 'checkExpectation']);
