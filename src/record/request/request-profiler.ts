/**
 * The life of requests: which are profiled, when each begins and ends, and the name of its file.
 *
 * One profile of the whole thread runs while there are requests to profile; its samples are split later. An error of
 * the profiler must not reach a request, so everything here that a request passes through catches errors.
 */

import { AsyncResource } from 'node:async_hooks';
import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { threadId } from 'node:worker_threads';
import type { Microseconds } from '../../model/raw-profile.ts';
import { now } from '../clock.ts';
import { getRunId } from '../run-id.ts';
import { RunMeter } from '../run-metadata.ts';
import { threadCpuClock } from '../thread-cpu.ts';
import { readTurn } from '../turn.ts';
import { createWarn, optionThrew, type Warn, warnOnError } from '../warnings.ts';
import { Attribution } from './attribution.ts';
import { createNamer, DEFAULT_NAME } from './file-name.ts';
import { FrameworkRoutes } from './framework-route.ts';
import type { EndedRequest } from './messages.ts';
import type { ProfilerSettings } from './options.ts';
import { FIRST_REQUEST, type RequestId, UNATTRIBUTED, UNPROFILED_REQUEST } from './request-id.ts';
import { ThreadProfiler } from './thread-profiler.ts';

/** A request that is being served and profiled. */
interface ActiveRequest {
  readonly id: RequestId;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly url: string;
  readonly start: Microseconds;
  readonly date: Date;
  readonly run: RunMeter;
  readonly number: number;
  /** Whether the response was sent completely; null until Node says so. */
  isSent: boolean | null;
}

export class RequestProfiler {
  readonly #settings: ProfilerSettings;
  readonly #warn: Warn = createWarn();
  readonly #turn = readTurn(process.env);
  readonly #attribution = new Attribution();
  /** An empty async context. Timers and threads started within a request would keep the program's stores alive. */
  readonly #emptyContext = new AsyncResource('PSTAT');
  readonly #activeRequests = new Map<RequestId, ActiveRequest>();
  readonly #thread: ThreadProfiler;
  readonly #routes = new FrameworkRoutes();
  #isClosed = false;
  #nextId = FIRST_REQUEST;
  /** A server may pass a request on to another server, or emit it twice. */
  readonly #seenRequests = new WeakSet<IncomingMessage>();
  #requestCount = 0;
  #matchedCount = 0;
  /** Since the last file. */
  #skippedCount = 0;

  constructor(settings: ProfilerSettings) {
    this.#settings = settings;
    warnOnError(this.#warn, getRunId); // before the program starts workers
    this.#thread = new ThreadProfiler(settings, {
      attribution: this.#attribution,
      warn: this.#warn,
      onTick: () => this.#endOverdue(),
      onExit: () => this.#endAll(),
      onFailure: () => this.#disable(),
    });
  }

  /** Runs the work that serves a request. Returns its result or throws its error, unchanged. */
  serve<Result>(request: IncomingMessage, response: ServerResponse, work: () => Result): Result {
    const id = warnOnError(this.#warn, () => this.#admit(request, response)) ?? UNATTRIBUTED;
    return id === UNATTRIBUTED ? work() : this.#attribution.run(id, work);
  }

  /** Stops profiling. Requests that are being served leave files of their samples so far. */
  close(): Promise<void> {
    warnOnError(this.#warn, () => this.#endAll());
    warnOnError(this.#warn, () => this.#routes.unwatch());
    return this.#thread.close();
  }

  #admit(request: IncomingMessage & { [PROFILED]?: true }, response: ServerResponse): RequestId {
    if (this.#isClosed || request[PROFILED] === true || this.#seenRequests.has(request)) return UNATTRIBUTED;
    this.#seenRequests.add(request);
    this.#requestCount++;
    if (!this.#isSelected(request)) return this.#markUnprofiled(request, response);
    if (this.#isAtLimit()) {
      this.#skippedCount++;
      return this.#markUnprofiled(request, response);
    }
    request[PROFILED] = true;
    return this.#begin(request, response);
  }

  #isSelected(request: IncomingMessage): boolean {
    try {
      if (!this.#settings.filter(request)) return false;
    } catch (error) {
      this.#warn(optionThrew('filter', error));
      return false;
    }
    return this.#matchedCount++ % this.#settings.sampleEvery === 0;
  }

  #isAtLimit(): boolean {
    if (this.#settings.concurrency === 'single' && this.#activeRequests.size > 0) return true;
    return this.#thread.isAtLimit;
  }

  /** Marks the request's samples as another request's while others are profiled. */
  #markUnprofiled(request: IncomingMessage, response: ServerResponse): RequestId {
    if (this.#activeRequests.size === 0) return UNATTRIBUTED;
    this.#bindContext(UNPROFILED_REQUEST, request);
    this.#bindContext(UNPROFILED_REQUEST, response);
    return UNPROFILED_REQUEST;
  }

  #begin(request: IncomingMessage & { originalUrl?: unknown }, response: ServerResponse): RequestId {
    this.#emptyContext.runInAsyncScope(() => this.#thread.start());
    if (this.#isClosed) return UNATTRIBUTED;
    warnOnError(this.#warn, () => this.#routes.watch());
    const { method = '', originalUrl, url = '' } = request;
    const id = this.#nextId++;
    const date = new Date();
    const active: ActiveRequest = {
      id,
      request,
      response,
      method,
      url: typeof originalUrl === 'string' ? originalUrl : url, // routers of Express and Connect shorten `url`
      date,
      run: new RunMeter(this.#settings.interval, date),
      start: now(),
      number: this.#requestCount,
      isSent: null,
    };
    this.#bindContext(id, request);
    this.#bindContext(id, response, {
      onFinish: () => {
        active.isSent = isConnected(active);
      },
      onClose: () => this.#end(active),
    });
    this.#activeRequests.set(id, active);
    this.#thread.begin({ id, start: active.start });
    this.#attribution.enable();
    return id;
  }

  /**
   * Runs the listeners of the request or response in the request's context. Node calls them in the connection's, so a
   * body of several chunks would lose its request.
   */
  #bindContext(id: RequestId, emitter: EventEmitter, { onFinish, onClose }: ResponseEvents = {}): void {
    const emit = emitter.emit;
    const boundEmit = (...args: Parameters<typeof emit>): boolean => {
      if (args[0] === 'finish' && onFinish !== undefined) warnOnError(this.#warn, onFinish);
      const result = this.#attribution.run(id, () => emit.apply(emitter, args));
      if (args[0] !== 'close') return result;
      if (emitter.emit === boundEmit) Object.defineProperty(emitter, 'emit', { value: emit });
      if (onClose !== undefined) warnOnError(this.#warn, onClose);
      return result;
    };
    Object.defineProperty(emitter, 'emit', { value: boundEmit, configurable: true, writable: true, enumerable: false });
  }

  #end(active: ActiveRequest, cut = false): void {
    if (!this.#activeRequests.delete(active.id)) return;
    const end = now();
    if (this.#activeRequests.size === 0) this.#attribution.disable();
    const isLongEnough = end - active.start >= this.#settings.minDuration;
    this.#thread.end({ id: active.id, end, file: isLongEnough ? this.#createFile(active, end, cut) : null });
  }

  #createFile(active: ActiveRequest, end: Microseconds, cut: boolean): EndedRequest['file'] {
    const measured = active.run.measure(); // first: what follows is not part of the request
    const run = measured === null ? null : { ...measured, ...this.#turn };
    const { method, url, date, start, request, response, number } = active;
    const status = response.headersSent ? response.statusCode : null;
    const elapsed = Math.round(end - start);
    const name = this.#formatName({ method, url, status, elapsed: elapsed / 1000, start: date });
    const skipped = this.#skippedCount;
    this.#skippedCount = 0;
    const { interval } = this.#settings;
    const aborted = !isSentCompletely(active);
    const route = warnOnError(this.#warn, () => this.#routes.routeOf(request, url)) ?? null;
    const facts = { method, url, route, status, aborted, cut, start: date.toISOString(), elapsed, skipped, interval };
    return { name, facts: { ...facts, pid: process.pid, thread: threadId, number, run } };
  }

  #formatName(served: Parameters<ProfilerSettings['name']>[0]): string {
    try {
      return this.#settings.name(served);
    } catch (error) {
      this.#warn(optionThrew('name', error));
      return createNamer(DEFAULT_NAME)(served);
    }
  }

  /**
   * Ends requests beyond `maxDuration`, and those whose connection is gone: a response that waits behind another one on
   * its connection emits no event when the connection breaks.
   */
  #endOverdue(): void {
    const oldest = now() - this.#settings.maxDuration;
    for (const active of [...this.#activeRequests.values()]) {
      if (active.request.socket?.destroyed === true) this.#end(active);
      else if (active.start < oldest) this.#end(active, true);
    }
  }

  /** Ends all requests and admits no new ones. */
  #endAll(): void {
    this.#isClosed = true;
    for (const active of [...this.#activeRequests.values()]) this.#end(active, true);
    threadCpuClock.close();
  }

  /** Drops all requests and admits no new ones. */
  #disable(): void {
    this.#isClosed = true;
    this.#activeRequests.clear();
    this.#attribution.disable();
  }
}

interface ResponseEvents {
  /** Called before the listeners of 'finish': Node's own may close the connection. */
  readonly onFinish?: () => void;
  readonly onClose?: () => void;
}

/** HTTP/2 emits 'finish' for aborted streams too, and has no writableFinished. */
function isSentCompletely({ request, response, isSent }: ActiveRequest): boolean {
  const { stream } = response as { stream?: { aborted: boolean; rstCode?: number } };
  if (stream !== undefined) return response.writableEnded && !stream.aborted && !stream.rstCode;
  return isSent ?? (response.writableFinished && isConnected({ request }));
}

function isConnected({ request }: Pick<ActiveRequest, 'request'>): boolean {
  return request.socket?.destroyed !== true;
}

/** Set on requests that are profiled, by any copy of pstat: a middleware may run under the preload. */
const PROFILED = Symbol.for('pstat.profiled');
