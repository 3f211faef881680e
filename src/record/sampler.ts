/**
 * Runs V8's sampling profiler on this thread and returns its samples in chunks.
 *
 * Starting the profiler takes 10 to 100 ms, since V8 first logs all existing code; starting one more profile while
 * another runs takes 0.05 ms. So the next chunk begins before the last one ends. Chunks also bound V8's memory: it
 * keeps every sample until its profile ends. Uses `console.profile`, because `Profiler.start` runs one profile per
 * session (https://chromedevtools.github.io/devtools-protocol/v8/Profiler/).
 */

import type { Profiler, Session } from 'node:inspector';
import type { Microseconds } from '../model/raw-profile.ts';
import { ClockOffset, now } from './clock.ts';

export class Sampler {
  /** Not a static import: a Node built without an inspector has no such module. */
  readonly #inspector = process.getBuiltinModule('node:inspector');
  readonly #session: Session = new this.#inspector.Session();
  readonly #offset = new ClockOffset();
  /** title -> the times before and after the call that began the chunk; V8 read its start time in between. */
  readonly #openChunks = new Map<string, { before: Microseconds; after: Microseconds }>();
  #chunks: Profiler.Profile[] = [];
  /** Unique among the samplers of the thread: a recorded server has two. */
  readonly #name = `pstat ${Math.random().toString(36).slice(2)}`;
  #chunkCount = 0;
  #isStopped = false;

  /**
   * @param interval µs
   * Throws if Node has no inspector or may not use it, or if another profiler of Node is on.
   */
  constructor(interval: Microseconds) {
    checkNoOtherProfiler();
    this.#session.connect();
    this.#session.on('Profiler.consoleProfileFinished', ({ params }) => this.#onProfileFinished(params));
    this.#post('Profiler.enable');
    this.#post('Profiler.setSamplingInterval', { interval });
    this.#beginChunk();
  }

  /** µs to add to a time of pstat's clock to get V8's, as far as it is known. */
  get offset(): number {
    return this.#offset.value;
  }

  /**
   * Returns the profiles since the last call. Usually one; more if the program ended one. The last samples of a chunk
   * may come with the next one, and some come with both.
   */
  takeChunks(): Profiler.Profile[] {
    const ending = [...this.#openChunks.keys()];
    this.#beginChunk();
    const chunks = this.#endChunks(ending);
    // V8 ignores console.profile() beyond kMaxSimultaneousProfiles (100, src/profiler/profile-generator.h).
    if (chunks.length === 0) throw new Error('V8 returned no profile; does the program run 100 profiles itself?');
    return chunks;
  }

  /** Stops V8's profiler and returns the last profiles. */
  stop(): Profiler.Profile[] {
    this.#isStopped = true;
    const chunks = this.#endChunks([...this.#openChunks.keys()]);
    this.#session.disconnect();
    return chunks;
  }

  #beginChunk(): void {
    const title = `${this.#name} ${this.#chunkCount++}`;
    const before = now();
    this.#inspector.console.profile(title);
    this.#openChunks.set(title, { before, after: now() });
  }

  #endChunks(titles: readonly string[]): Profiler.Profile[] {
    for (const title of titles) {
      this.#inspector.console.profileEnd(title);
      this.#openChunks.delete(title); // no event deletes it if V8 ignored console.profile()
    }
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  /** Receives the program's own profiles too. A `console.profileEnd()` without a title may end one of pstat's. */
  #onProfileFinished({ title = '', profile }: Profiler.ConsoleProfileFinishedEventDataType): void {
    const opened = this.#openChunks.get(title);
    if (opened === undefined) return;
    this.#openChunks.delete(title);
    this.#offset.addReading(profile.startTime, opened.before, opened.after);
    this.#chunks.push(profile);
    if (this.#openChunks.size === 0 && !this.#isStopped) this.#beginChunk();
  }

  #post(method: string, params: object = {}): void {
    // Within one thread the callback runs before post() returns.
    this.#session.post(method, params, (error) => {
      if (error !== null) throw error;
    });
  }
}

/** Node's own profiler and its coverage print every chunk to stderr, as a response that they did not expect. */
function checkNoOtherProfiler(): void {
  const options = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  const other = options.find((option) => /^--(?:cpu-prof|experimental-test-coverage)(?:$|-|=)/.test(option));
  if (other !== undefined) throw new Error(`${other} already profiles the program; remove it`);
  if ((process.env['NODE_V8_COVERAGE'] ?? '') !== '') {
    throw new Error('NODE_V8_COVERAGE already profiles the program; unset it');
  }
}
