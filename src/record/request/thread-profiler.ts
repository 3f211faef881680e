/**
 * Profiles the whole thread while there are requests to profile. Sends a batch to the writer thread every 200 ms: V8's
 * chunks, the marks, and the requests that began and ended.
 */

import type { Microseconds } from '../../model/raw-profile.ts';
import { now } from '../clock.ts';
import { FINISH_REQUESTS_KEY } from '../global-functions.ts';
import { Sampler } from '../sampler.ts';
import { type ListedScript, listScripts } from '../script-list.ts';
import { cannotProfile, type Warn, warnOnError } from '../warnings.ts';
import type { Attribution } from './attribution.ts';
import type { Batch, BegunRequest, EndedRequest } from './messages.ts';
import type { ProfilerSettings } from './options.ts';
import { PROFILER } from './request-id.ts';
import { RELEASE_SIGNALS, SignalHold } from './signal-hold.ts';
import { WriterClient } from './writer-client.ts';

interface ThreadProfilerHooks {
  readonly attribution: Attribution;
  readonly warn: Warn;
  /** Called before each batch: ends requests whose end no event reports. */
  readonly onTick: () => void;
  /** Called when the process exits: ends all requests. */
  readonly onExit: () => void;
  /** Called when profiling has failed and is off for good. */
  readonly onFailure: () => void;
}

export class ThreadProfiler {
  readonly #settings: ProfilerSettings;
  readonly #hooks: ThreadProfilerHooks;
  readonly #onExit = () => warnOnError(this.#hooks.warn, () => this.#handleExit());
  readonly #globalFunctions: readonly (readonly [symbol, () => void])[] = [
    [RELEASE_SIGNALS, () => this.#releaseSignals()],
    [Symbol.for(FINISH_REQUESTS_KEY), this.#onExit],
  ];
  /** From the beginning of a request until its file is written. */
  readonly #signals = new SignalHold(this.#onExit);
  #running: { sampler: Sampler; timer: NodeJS.Timeout } | null = null;
  #writer: WriterClient | null = null;
  #closing: Promise<void> | null = null;
  /** Requests that have begun and not ended. */
  #openRequests = 0;
  /** The requests for the next batch. */
  #begun: BegunRequest[] = [];
  #ended: EndedRequest[] = [];
  /** Whether the next chunk may hold samples of requests that ended before the last batch. */
  #awaitsLateSamples = false;
  #lastNeeded: Microseconds = 0;
  #hasListedScripts = false;

  constructor(settings: ProfilerSettings, hooks: ThreadProfilerHooks) {
    this.#settings = settings;
    this.#hooks = hooks;
    for (const [key, value] of this.#globalFunctions) {
      Object.defineProperty(globalThis, key, { value, configurable: true, enumerable: false });
    }
  }

  /** Requests that have ended and whose files are not written yet. */
  get unfinished(): number {
    return (this.#writer?.unfinished ?? 0) + this.#ended.length;
  }

  /** Whether no further request can be profiled for now: the folder is full, or the writer is behind. */
  get isAtLimit(): boolean {
    return this.#writer !== null && (this.#writer.isFull || this.unfinished >= this.#writer.maxUnfinished);
  }

  /** Starts V8's profiler unless it runs. If it cannot, warns and calls `onFailure`. */
  start(): void {
    if (this.#running !== null) return;
    try {
      const onFailure = () => this.#fail();
      this.#writer ??= new WriterClient(this.#settings, { warn: this.#hooks.warn, onFailure });
      const sampler = new Sampler(this.#settings.interval);
      const timer = setInterval(() => this.#tick(), BATCH_INTERVAL);
      timer.unref();
      this.#running = { sampler, timer };
      process.off('exit', this.#onExit).on('exit', this.#onExit);
    } catch (error) {
      this.#fail();
      this.#hooks.warn(cannotProfile(error));
    }
  }

  begin(request: BegunRequest): void {
    this.#openRequests++;
    this.#begun.push(request);
    if (this.#closing === null) warnOnError(this.#hooks.warn, () => this.#holdSignals());
  }

  #holdSignals(): void {
    this.#signals.hold();
    if (this.#writer !== null) this.#writer.isHolding = true;
  }

  #releaseSignals(): void {
    if (this.#writer !== null) this.#writer.isHolding = false;
    this.#signals.release();
  }

  end(request: EndedRequest): void {
    this.#openRequests--;
    this.#ended.push(request);
  }

  /** Stops profiling, after all requests have ended. Resolves when their files are written. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    warnOnError(this.#hooks.warn, () => this.#releaseSignals());
    const batch = this.#createLastBatch({ isExiting: false });
    await (batch === null ? this.#writer?.terminate() : this.#writer?.sendAndClose(batch));
    process.off('exit', this.#onExit);
    this.#removeGlobalFunctions();
  }

  /** Keeps those of another profiler. */
  #removeGlobalFunctions(): void {
    for (const [key, value] of this.#globalFunctions) {
      if (Reflect.get(globalThis, key) === value) Reflect.deleteProperty(globalThis, key);
    }
  }

  /** If the process exits during close(), the last batch is sent already. */
  #handleExit(): void {
    if (this.#closing === null) {
      this.#hooks.onExit();
      const batch = this.#createLastBatch({ isExiting: true });
      if (batch === null) return;
      this.#writer?.send(batch);
    }
    this.#writer?.waitUntilWritten();
  }

  #tick(): void {
    warnOnError(this.#hooks.warn, () => this.#hooks.attribution.runWithoutContext(PROFILER, () => this.#sendBatch()));
  }

  #sendBatch(): void {
    if (this.#running === null) return;
    if (this.#openRequests + this.unfinished === 0) this.#releaseSignals();
    this.#hooks.onTick();
    const batch = this.#createBatch(this.#running.sampler.takeChunks(), this.#listScripts());
    const isNeeded = this.#awaitsLateSamples || this.#openRequests + batch.begun.length + batch.ended.length > 0;
    this.#awaitsLateSamples = this.#openRequests + batch.ended.length > 0;
    if (isNeeded) {
      this.#lastNeeded = now();
      this.#writer?.send(batch);
    } else if (now() - this.#lastNeeded > IDLE_TIMEOUT) {
      this.#stop();
    }
  }

  #createBatch(chunks: Batch['chunks'], scripts: Batch['scripts']): Batch {
    const batch = {
      chunks,
      scripts,
      offset: this.#running?.sampler.offset ?? 0,
      marks: this.#hooks.attribution.takeMarks(),
      begun: this.#begun,
      ended: this.#ended,
      last: false,
    };
    this.#begun = [];
    this.#ended = [];
    return batch;
  }

  /** Lists the scripts once, before the first file, if their texts are wanted: this stops the thread. */
  #listScripts(): ListedScript[] | null {
    if (!this.#settings.sources || this.#hasListedScripts || !this.#ended.some(({ file }) => file !== null))
      return null;
    this.#hasListedScripts = true;
    return listScripts({ sources: true });
  }

  /** Stops V8's profiler. Returns null if the writer thread needs nothing more. A thread that ends may be stopped. */
  #createLastBatch({ isExiting }: { isExiting: boolean }): Batch | null {
    const isNeeded = this.#awaitsLateSamples || this.unfinished > 0;
    const offset = this.#running?.sampler.offset ?? 0;
    const chunks = this.#stop();
    const { sources } = this.#settings;
    const scripts = isNeeded && (isExiting || sources) ? listScripts({ sources }) : null;
    const batch = { ...this.#createBatch(chunks, scripts), offset, last: true };
    return isNeeded ? batch : null;
  }

  #stop(): Batch['chunks'] {
    const running = this.#running;
    this.#running = null;
    clearInterval(running?.timer);
    return running?.sampler.stop() ?? [];
  }

  #fail(): void {
    warnOnError(this.#hooks.warn, () => this.#releaseSignals());
    warnOnError(this.#hooks.warn, () => this.#stop());
    void this.#writer?.terminate();
    this.#writer = null; // so that the exit of the process does not wait for it
    this.#hooks.onFailure();
  }
}

/** ms between two batches. V8 needs a few ms for each; files are delayed by as much. */
const BATCH_INTERVAL = 200;

/** µs without a request to profile after which V8's profiler is stopped. Starting it again takes 10 to 100 ms. */
const IDLE_TIMEOUT = 30e6;
