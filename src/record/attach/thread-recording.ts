/** Records one thread over the inspector protocol. */

import type { Profiler } from 'node:inspector';
import type { Microseconds } from '../../model/raw-profile.ts';
import type { ThreadIdentity } from '../program/spool-format.ts';
import { ThreadProfile } from '../program/thread-profile.ts';
import type { WrittenRunMetadata } from '../run-metadata.ts';
import { parseSchedstat } from '../thread-cpu.ts';
import { type Answer, type CdpChannel, evaluate } from './cdp.ts';
import { protocolError } from './errors.ts';
import { READ_THREAD, switchProfile } from './thread-expressions.ts';

/** A thread of Node, as READ_THREAD describes it. */
interface ThreadFacts {
  readonly pid: number;
  readonly thread: number;
  readonly node: string;
  readonly program: string;
  /** Whether Node profiles the thread itself, and would print errors about console.profile. */
  readonly isProfiled: boolean;
  /** µs of its clock. */
  readonly time: Microseconds;
  readonly cpu: { readonly user: Microseconds; readonly system: Microseconds };
  readonly schedstat: string;
}

export interface ThreadRecordingOptions {
  readonly interval: Microseconds;
  /** The id of its process for `pstat.run`; other threads and attachments have the same. */
  readonly runId: string;
}

export class ThreadRecording {
  readonly #channel: CdpChannel;
  readonly #options: ThreadRecordingOptions;
  readonly #profile = new ThreadProfile();
  #first: ThreadFacts | null = null;
  readonly #start = new Date();
  /** The open profile's title; null while the session's own profiler is used. */
  #title: string | null = null;
  #count = 0;
  /** Profiles that have ended and are not taken yet. */
  #ended: Profiler.Profile[] = [];

  private constructor(channel: CdpChannel, options: ThreadRecordingOptions) {
    this.#channel = channel;
    this.#options = options;
    channel.onEvent((method, params) => this.#takeEvent(method, params));
  }

  /** Starts V8's profiler. Throws PstatError. */
  static async start(channel: CdpChannel, options: ThreadRecordingOptions): Promise<ThreadRecording> {
    const recording = new ThreadRecording(channel, options);
    await recording.#begin();
    return recording;
  }

  get profile(): ThreadProfile {
    return this.#profile;
  }

  /** Null for other programs than Node. */
  get identity(): ThreadIdentity | null {
    if (this.#first === null) return null;
    const { pid, thread, program } = this.#first;
    return { pid, thread, program, start: this.#start.getTime() };
  }

  async #begin(): Promise<void> {
    await this.#channel.call('Profiler.enable');
    await this.#channel.call('Profiler.setSamplingInterval', { interval: this.#options.interval });
    this.#first = await this.#readFacts();
    if (this.#first === null || this.#first.isProfiled) await this.#channel.call('Profiler.start');
    else await this.#switchProfile(true);
  }

  /** Takes the samples so far. Bounds the memory of the program, where V8 keeps them, and what is lost if it is killed. */
  async flush(): Promise<void> {
    if (this.#title === null) return;
    await this.#switchProfile(true);
    this.#take();
  }

  /** Stops V8's profiler and takes the last samples. */
  async stop(): Promise<void> {
    if (this.#title === null) {
      const { profile } = await this.#channel.call('Profiler.stop');
      this.#ended.push(checkProfile(profile));
      this.#setRun(await this.#readFacts());
    } else await this.#switchProfile(false);
    this.#take();
    await this.#channel.call('Profiler.disable');
  }

  async #switchProfile(goesOn: boolean): Promise<void> {
    const previous = this.#title;
    const next = goesOn ? `pstat attach ${this.#options.runId} ${process.pid} ${this.#count++}` : null;
    this.#title = next;
    const facts = (await evaluate(this.#channel, switchProfile(next, previous))) as ThreadFacts | null;
    if (previous !== null) this.#setRun(facts);
  }

  /** Receives the program's own profiles too. */
  #takeEvent(method: string, { title, profile }: Answer): void {
    const isOwn = String(title).startsWith(`pstat attach ${this.#options.runId} ${process.pid} `);
    if (method === 'Profiler.consoleProfileFinished' && isOwn) this.#ended.push(checkProfile(profile));
  }

  #take(): void {
    for (const profile of this.#ended.splice(0)) this.#profile.addChunk(profile);
  }

  /** @param last what the thread has used so far */
  #setRun(last: ThreadFacts | null): void {
    const first = this.#first;
    if (first !== null && last !== null) this.#profile.setRun(this.#run(first, last));
  }

  #run(first: ThreadFacts, last: ThreadFacts): WrittenRunMetadata {
    const { interval, runId } = this.#options;
    const cpu = { user: last.cpu.user - first.cpu.user, system: last.cpu.system - first.cpu.system };
    const [before, after] = [parseSchedstat(first.schedstat), parseSchedstat(last.schedstat)];
    const thread =
      before === null || after === null
        ? {}
        : { thread: { cpu: Math.round(after.cpu - before.cpu), queued: Math.round(after.queued - before.queued) } };
    return {
      id: runId,
      pid: first.pid,
      node: first.node,
      start: this.#start.toISOString(),
      interval,
      elapsed: Math.round(last.time - first.time),
      cpu,
      ...thread,
    };
  }

  async #readFacts(): Promise<ThreadFacts | null> {
    return (await evaluate(this.#channel, READ_THREAD)) as ThreadFacts | null;
  }
}

/** An inspector may be anything that speaks the protocol. */
function checkProfile(profile: unknown): Profiler.Profile {
  const { nodes, startTime, endTime } = (profile ?? {}) as Partial<Profiler.Profile>;
  if (!Array.isArray(nodes) || typeof startTime !== 'number' || typeof endTime !== 'number')
    throw protocolError('Profiler.stop', 'its answer is no profile');
  return profile as Profiler.Profile;
}
