/**
 * The life of requests: which are profiled, when each begins and ends, and what its file is called.
 *
 * One profile of the whole thread runs while there are requests to profile; what each gets of it is settled later. No
 * fault of ours may reach a request: everything here that a request passes through is guarded.
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
import { optionThrew, somethingFailed, type Warn, warnOnce } from '../warnings.ts';
import { Attribution } from './attribution.ts';
import { DEFAULT_NAME, namer } from './file-name.ts';
import type { EndedRequest } from './messages.ts';
import type { Settings } from './options.ts';
import { FIRST_REQUEST, NOBODY, type Owner, PASSING } from './owners.ts';
import { ThreadProfiler } from './thread-profiler.ts';

/** A request that is being served and profiled. */
interface Flight {
  readonly owner: Owner;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly url: string;
  readonly start: Microseconds;
  readonly date: Date;
  readonly run: RunMeter;
  readonly number: number;
}

export class RequestProfiler {
  readonly #settings: Settings;
  readonly #warn: Warn = warnOnce();
  readonly #attribution = new Attribution();
  /** A context of nobody: timers and threads that a request starts would hold the program's own stores of it for ever. */
  readonly #outside = new AsyncResource('PSTAT');
  readonly #inFlight = new Map<Owner, Flight>();
  readonly #thread: ThreadProfiler;
  #closed = false;
  #nextOwner = FIRST_REQUEST;
  /** Requests that came by: a server may hand one on to another, or tell of it twice. */
  readonly #decided = new WeakSet<IncomingMessage>();
  #seen = 0;
  #wanted = 0;
  #skipped = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#guarded(getRunId); // before the program starts workers
    this.#thread = new ThreadProfiler(settings, {
      attribution: this.#attribution,
      warn: this.#warn,
      onTick: () => this.#endOverdue(),
      onExit: () => this.#endAll(),
      onDeath: () => this.#giveUp(),
    });
  }

  /** Serves a request by doing the work. Whatever the work gives back or throws is given back or thrown. */
  serve<Result>(request: IncomingMessage, response: ServerResponse, work: () => Result): Result {
    const owner = this.#guarded(() => this.#admit(request, response)) ?? NOBODY;
    return owner === NOBODY ? work() : this.#attribution.run(owner, work);
  }

  /** Profiles no more. Requests that are being served leave files of what was seen by now. */
  close(): Promise<void> {
    this.#guarded(() => this.#endAll());
    return this.#thread.close();
  }

  #admit(request: IncomingMessage & { [SEEN]?: true }, response: ServerResponse): Owner {
    if (this.#closed || request[SEEN] === true || this.#decided.has(request)) return NOBODY;
    this.#decided.add(request);
    this.#seen++;
    if (!this.#isWanted(request)) return this.#pass(request, response);
    if (this.#isFull()) {
      this.#skipped++;
      return this.#pass(request, response);
    }
    request[SEEN] = true;
    return this.#begin(request, response);
  }

  #isWanted(request: IncomingMessage): boolean {
    try {
      if (!this.#settings.when(request)) return false;
    } catch (error) {
      this.#warn(optionThrew('when', error));
      return false;
    }
    return this.#wanted++ % this.#settings.oneIn === 0;
  }

  #isFull(): boolean {
    if (this.#settings.concurrency === 'one' && this.#inFlight.size > 0) return true;
    return this.#thread.unfinished >= MOST_UNFINISHED;
  }

  /** While others are profiled, their samples must be told from those of this one. */
  #pass(request: IncomingMessage, response: ServerResponse): Owner {
    if (this.#inFlight.size === 0) return NOBODY;
    this.#carry(PASSING, request);
    this.#carry(PASSING, response);
    return PASSING;
  }

  #begin(request: IncomingMessage & { originalUrl?: unknown }, response: ServerResponse): Owner {
    this.#outside.runInAsyncScope(() => this.#thread.start());
    if (this.#closed) return NOBODY;
    const { method = '', originalUrl, url = '' } = request;
    const owner = this.#nextOwner++;
    const date = new Date();
    const flight: Flight = {
      owner,
      request,
      response,
      method,
      url: typeof originalUrl === 'string' ? originalUrl : url, // routers of Express and Connect shorten the other
      date,
      run: new RunMeter(this.#settings.interval, date),
      start: now(),
      number: this.#seen,
    };
    this.#carry(owner, request);
    this.#carry(owner, response, () => this.#end(flight));
    this.#inFlight.set(owner, flight);
    this.#thread.begin({ owner, start: flight.start });
    this.#attribution.on();
    return owner;
  }

  /**
   * Listeners of the request and the response work in the name of the owner, though what calls them is the connection:
   * without it, a body that comes in several chunks loses its request.
   */
  #carry(owner: Owner, emitter: EventEmitter, onClose: () => void = () => {}): void {
    const emit = emitter.emit;
    const carried = (...args: Parameters<typeof emit>): boolean => {
      const heard = this.#attribution.run(owner, () => emit.apply(emitter, args));
      if (args[0] !== 'close') return heard;
      if (emitter.emit === carried) Object.defineProperty(emitter, 'emit', { value: emit });
      this.#guarded(onClose);
      return heard;
    };
    Object.defineProperty(emitter, 'emit', { value: carried, configurable: true, writable: true, enumerable: false });
  }

  #end(flight: Flight, cut = false): void {
    if (!this.#inFlight.delete(flight.owner)) return;
    const end = now();
    if (this.#inFlight.size === 0) this.#attribution.off();
    const isSlow = end - flight.start >= this.#settings.slowerThan;
    this.#thread.end({ owner: flight.owner, end, file: isSlow ? this.#fileOf(flight, end, cut) : null });
  }

  #fileOf(flight: Flight, end: Microseconds, cut: boolean): EndedRequest['file'] {
    const run = flight.run.measure(); // first: what follows is no part of the request
    const { method, url, date, start, response, number } = flight;
    const status = response.headersSent ? response.statusCode : null;
    const elapsed = Math.round(end - start);
    const name = this.#nameOf({ method, url, status, elapsed: elapsed / 1000, start: date });
    const skipped = this.#skipped;
    this.#skipped = 0;
    const { interval } = this.#settings;
    const aborted = !(response.writableFinished ?? response.writableEnded); // HTTP/2 has the second only
    const told = { method, url, status, aborted, cut, start: date.toISOString(), elapsed, skipped, interval };
    return { name, facts: { ...told, pid: process.pid, thread: threadId, number, run } };
  }

  #nameOf(served: Parameters<Settings['name']>[0]): string {
    try {
      return this.#settings.name(served);
    } catch (error) {
      this.#warn(optionThrew('name', error));
      return namer(DEFAULT_NAME)(served);
    }
  }

  /** Of responses that wait behind another one on a connection nothing is heard when the connection breaks. */
  #endOverdue(): void {
    const oldest = now() - this.#settings.longest;
    for (const flight of [...this.#inFlight.values()]) {
      if (flight.request.socket?.destroyed === true) this.#end(flight);
      else if (flight.start < oldest) this.#end(flight, true);
    }
  }

  /** What is still served is over as far as we are concerned, and nothing new begins. */
  #endAll(): void {
    this.#closed = true;
    for (const flight of [...this.#inFlight.values()]) this.#end(flight, true);
    threadCpuClock.close();
  }

  /** Requests pass from here on as if we were not there. */
  #giveUp(): void {
    this.#closed = true;
    this.#inFlight.clear();
    this.#attribution.off();
  }

  #guarded<Result>(work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      this.#warn(somethingFailed(error));
      return undefined;
    }
  }
}

/** Set on requests that are being profiled, by whichever copy of pstat: a middleware under a preload, say. */
const SEEN = Symbol.for('pstat.seen');

/** Requests that may wait for their files. When the disk is slower than the clients, more are skipped. */
const MOST_UNFINISHED = 10_000;
