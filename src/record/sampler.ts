/**
 * V8's sampling profiler, kept running, and what it saw in pieces.
 *
 * To start it takes 10 to 100 ms, since V8 first tells it of all code there is; to start one profile more while another
 * is running takes 0.05 ms. So the next piece is always begun before the last one is ended, as `console.profile` does.
 * The pieces also bound V8's memory: it holds every sample until the profile ends that it belongs to.
 */

import type { Profiler, Session } from 'node:inspector';
import type { Microseconds } from '../model/raw-profile.ts';
import { ClockOffset, now } from './clock.ts';

export class Sampler {
  /** Asked for late: a Node built without an inspector has no such module. */
  readonly #inspector = process.getBuiltinModule('node:inspector');
  readonly #session: Session = new this.#inspector.Session();
  readonly #offset = new ClockOffset();
  /** title -> when the piece began: V8 read its start between the two. */
  readonly #open = new Map<string, { before: Microseconds; after: Microseconds }>();
  #pieces: Profiler.Profile[] = [];
  /** Of all samplers of the thread only one answers to it: a recorded server has two. */
  readonly #name = `pstat ${Math.random().toString(36).slice(2)}`;
  #begun = 0;
  #isStopped = false;

  /**
   * @param interval µs
   * Throws where Node has no inspector, or may not use it, or is profiling the program already.
   */
  constructor(interval: Microseconds) {
    refuseSecondProfiler();
    this.#session.connect();
    this.#session.on('Profiler.consoleProfileFinished', ({ params }) => this.#finish(params));
    this.#post('Profiler.enable');
    this.#post('Profiler.setSamplingInterval', { interval });
    this.#begin();
  }

  /** What must be added to a time of our clock to have V8's, in µs, as far as is known by now. */
  get offset(): number {
    return this.#offset.value;
  }

  /**
   * What was seen since the last call, as V8 tells it. Usually one piece; more where somebody else ended one. The last
   * samples of a piece may come with the next one, and some with both.
   */
  take(): Profiler.Profile[] {
    const ending = [...this.#open.keys()];
    this.#begin();
    const pieces = this.#end(ending);
    // V8 says nothing when it holds a hundred profiles already.
    if (pieces.length === 0) throw new Error('V8 gave no profile; the program itself may hold too many');
    return pieces;
  }

  /** The last pieces. V8 profiles no longer. */
  stop(): Profiler.Profile[] {
    this.#isStopped = true;
    const pieces = this.#end([...this.#open.keys()]);
    this.#session.disconnect();
    return pieces;
  }

  #begin(): void {
    const title = `${this.#name} ${this.#begun++}`;
    const before = now();
    this.#inspector.console.profile(title);
    this.#open.set(title, { before, after: now() });
  }

  #end(titles: readonly string[]): Profiler.Profile[] {
    for (const title of titles) {
      this.#inspector.console.profileEnd(title);
      this.#open.delete(title); // V8 has not told of its end if it never held it
    }
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  /** Profiles of the program's own arrive here too; and its `console.profileEnd()` without a title may end one of ours. */
  #finish({ title = '', profile }: Profiler.ConsoleProfileFinishedEventDataType): void {
    const began = this.#open.get(title);
    if (began === undefined) return;
    this.#open.delete(title);
    this.#offset.learn(profile.startTime, began.before, began.after);
    this.#pieces.push(profile);
    if (this.#open.size === 0 && !this.#isStopped) this.#begin();
  }

  #post(method: string, params: object = {}): void {
    // Within one thread the answer comes before the call returns.
    this.#session.post(method, params, (error) => {
      if (error !== null) throw error;
    });
  }
}

/** Node's own profiler and its coverage print every piece of ours to stderr, as an answer that they did not expect. */
function refuseSecondProfiler(): void {
  const options = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  const other = options.find((option) => /^--(?:cpu-prof|experimental-test-coverage)(?:$|-|=)/.test(option));
  if (other !== undefined) throw new Error(`${other} profiles the program already; leave it out`);
  if ((process.env['NODE_V8_COVERAGE'] ?? '') !== '') {
    throw new Error('NODE_V8_COVERAGE has V8 watch the program already; leave it out');
  }
}
