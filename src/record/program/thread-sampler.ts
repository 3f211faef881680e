/** Profiles this thread and gives back what V8 recorded since the last call. See sampler.ts for the method. */

import { type Profiler, Session } from 'node:inspector';
import { beginProfile, defineProperty, endProfile } from './natives.ts';

export interface ThreadSampler {
  /** The profiles since the last call. */
  take(): readonly Profiler.Profile[];
  /** Stops the profiler. */
  stop(): readonly Profiler.Profile[];
}

/** A session whose events reach nobody but `onEvent`: the program may replace the methods of EventEmitter. */
function openSession(interval: number, onEvent: (name: string, event: unknown) => void): Session {
  const session = new Session();
  defineProperty(session, 'emit', { value: onEvent });
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval }, throwError);
  return session;
}

/** Within one thread the callback runs before `post` returns. */
function throwError(error: unknown): void {
  if (error !== null) throw error;
}

/** A profile of its own for each chunk, the next one begun before the last one ends. */
export class ChunkSampler implements ThreadSampler {
  private readonly session: Session;
  private readonly name: string;
  private number = 0;
  /** The title of the profile that runs, and of the one that ends. */
  private title = '';
  private ending = '';
  private chunks: Profiler.Profile[] = [];

  /** @param name unique in the thread */
  constructor(interval: number, name: string) {
    this.name = name;
    this.session = openSession(interval, (event, message) => this.onEvent(event, message));
    this.begin();
  }

  take(): readonly Profiler.Profile[] {
    this.ending = this.title;
    this.begin();
    return this.end();
  }

  stop(): readonly Profiler.Profile[] {
    this.ending = this.title;
    this.title = '';
    const chunks = this.end();
    this.session.disconnect();
    return chunks;
  }

  private begin(): void {
    this.title = `pstat ${this.name} ${++this.number}`;
    beginProfile(this.title);
  }

  private end(): readonly Profiler.Profile[] {
    endProfile(this.ending);
    const { chunks } = this;
    this.chunks = [];
    return chunks;
  }

  /** A `console.profileEnd()` of the program without a title may end the profile. */
  private onEvent(name: string, event: unknown): void {
    if (name !== 'Profiler.consoleProfileFinished') return;
    const { title, profile } = (event as { params: Profiler.ConsoleProfileFinishedEventDataType }).params;
    if (title === undefined || (title !== this.title && title !== this.ending)) return;
    this.chunks[this.chunks.length] = profile;
    if (title === this.title) this.begin();
  }
}

/**
 * One profile from start to end, beside Node's own: while `--cpu-prof` or coverage is on, Node prints the chunks of a
 * ChunkSampler to stderr, as responses that it did not expect.
 */
export class WholeSampler implements ThreadSampler {
  private readonly session: Session;

  constructor(interval: number) {
    this.session = openSession(interval, () => {});
    this.session.post('Profiler.start', throwError);
  }

  take(): readonly Profiler.Profile[] {
    return [];
  }

  stop(): readonly Profiler.Profile[] {
    const chunks: Profiler.Profile[] = [];
    this.session.post('Profiler.stop', (error, result) => {
      if (error === null) chunks[0] = result.profile;
    });
    this.session.disconnect();
    return chunks;
  }
}

/** Whether Node profiles the program or measures its coverage. `node --test` hands `--cpu-prof-interval` to children. */
export function isProfiledByNode(): boolean {
  const options = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  return (
    options.some((option) => option === '--cpu-prof' || option === '--experimental-test-coverage') ||
    (process.env['NODE_V8_COVERAGE'] ?? '') !== ''
  );
}
