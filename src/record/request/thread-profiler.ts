/**
 * The profile of a whole thread, which runs while there are requests to profile, and what the recorder is told of it:
 * every 200 ms what V8 saw, who ran when, and which requests began and ended.
 */

import type { Microseconds } from '../../model/raw-profile.ts';
import { now } from '../clock.ts';
import { Sampler } from '../sampler.ts';
import { cannotProfile, somethingFailed, type Warn } from '../warnings.ts';
import type { Attribution } from './attribution.ts';
import type { Batch, BegunRequest, EndedRequest } from './messages.ts';
import type { Settings } from './options.ts';
import { PROFILER } from './owners.ts';
import { Recorder } from './writer-client.ts';

export interface ThreadProfilerHooks {
  readonly attribution: Attribution;
  readonly warn: Warn;
  /** Before each batch: requests may be ended that nobody else ends. */
  readonly onTick: () => void;
  /** The process ends: all requests must. */
  readonly onExit: () => void;
  /** There will be no profile any more. */
  readonly onDeath: () => void;
}

export class ThreadProfiler {
  readonly #settings: Settings;
  readonly #hooks: ThreadProfilerHooks;
  readonly #onExit = () => this.#guarded(() => this.#exit());
  #running: { sampler: Sampler; timer: NodeJS.Timeout } | null = null;
  #recorder: Recorder | null = null;
  #closing: Promise<void> | null = null;
  /** Requests that began and have not ended. */
  #open = 0;
  /** What the next batch will tell. */
  #begun: BegunRequest[] = [];
  #ended: EndedRequest[] = [];
  /** The last samples of requests that ended before the last batch may come with the next. */
  #settling = false;
  #lastNeeded: Microseconds = 0;

  constructor(settings: Settings, hooks: ThreadProfilerHooks) {
    this.#settings = settings;
    this.#hooks = hooks;
  }

  /** Requests that have ended and whose files are not written yet. */
  get unfinished(): number {
    return (this.#recorder?.unfinished ?? 0) + this.#ended.length;
  }

  /** Sees that V8 profiles. Where it cannot, that is told, and `onDeath` called. */
  start(): void {
    if (this.#running !== null) return;
    try {
      const onDeath = () => this.#giveUp();
      this.#recorder ??= new Recorder(this.#settings.dir, { warn: this.#hooks.warn, onDeath });
      const sampler = new Sampler(this.#settings.interval);
      const timer = setInterval(() => this.#tick(), TICK);
      timer.unref();
      this.#running = { sampler, timer };
      process.off('exit', this.#onExit).on('exit', this.#onExit);
    } catch (error) {
      this.#giveUp();
      this.#hooks.warn(cannotProfile(error));
    }
  }

  begin(request: BegunRequest): void {
    this.#open++;
    this.#begun.push(request);
  }

  end(request: EndedRequest): void {
    this.#open--;
    this.#ended.push(request);
  }

  /** Profiles no more, when all requests have ended. The promise is kept when their files are written. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const batch = this.#lastBatch();
    await (batch === null ? this.#recorder?.terminate() : this.#recorder?.sendAndClose(batch));
    process.off('exit', this.#onExit);
  }

  /** A process that ends while it closes has sent the last batch, and must only wait. */
  #exit(): void {
    if (this.#closing === null) {
      this.#hooks.onExit();
      const batch = this.#lastBatch();
      if (batch === null) return;
      this.#recorder?.send(batch);
    }
    this.#recorder?.wait();
  }

  #tick(): void {
    this.#guarded(() => this.#hooks.attribution.during(PROFILER, () => this.#tell()));
  }

  #tell(): void {
    if (this.#running === null) return;
    this.#hooks.onTick();
    const batch = this.#batch(this.#running.sampler.take(), { last: false });
    const isNeeded = this.#settling || this.#open + batch.begun.length + batch.ended.length > 0;
    this.#settling = this.#open + batch.ended.length > 0;
    if (isNeeded) {
      this.#lastNeeded = now();
      this.#recorder?.send(batch);
    } else if (now() - this.#lastNeeded > QUIET) {
      this.#stop();
    }
  }

  #batch(pieces: Batch['pieces'], { last }: { last: boolean }): Batch {
    const batch = {
      pieces,
      offset: this.#running?.sampler.offset ?? 0,
      marks: this.#hooks.attribution.takeMarks(),
      begun: this.#begun,
      ended: this.#ended,
      last,
    };
    this.#begun = [];
    this.#ended = [];
    return batch;
  }

  /** What the recorder must still be told, or null if there is nothing. V8 profiles no longer. */
  #lastBatch(): Batch | null {
    const isNeeded = this.#settling || this.unfinished > 0;
    const offset = this.#running?.sampler.offset ?? 0;
    const batch = { ...this.#batch(this.#stop(), { last: true }), offset };
    return isNeeded ? batch : null;
  }

  #stop(): Batch['pieces'] {
    const running = this.#running;
    this.#running = null;
    clearInterval(running?.timer);
    return running?.sampler.stop() ?? [];
  }

  #giveUp(): void {
    this.#guarded(() => this.#stop());
    void this.#recorder?.terminate();
    this.#recorder = null; // nobody is to be told or waited for, at the end of the process either
    this.#hooks.onDeath();
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#hooks.warn(somethingFailed(error));
    }
  }
}

/** ms between two batches: a few ms of work for V8 each, and as much delay of the files. */
const TICK = 200;

/** µs without a request to profile until V8 is left alone. To start again costs it 10 to 100 ms. */
const QUIET = 30e6;
