/** Records one thread over the inspector protocol. */

import type { Profiler } from 'node:inspector';
import { PstatError } from '../../base/errors.ts';
import type { Microseconds } from '../../model/raw-profile.ts';
import { RecentChunks } from '../flight/recent-chunks.ts';
import type { Stall, StallReports } from '../flight/stall-reports.ts';
import type { ThreadIdentity } from '../program/spool-format.ts';
import { ThreadProfile } from '../program/thread-profile.ts';
import { subtractUsage, type Usage } from '../run-metadata.ts';
import type { ListedScript } from '../script-list.ts';
import { parseSchedstat } from '../thread-cpu.ts';
import type { Answer, CdpChannel } from './cdp.ts';
import { isUnknownDomain, noProfiler, notNodeToWatch, profiledByNode, protocolError } from './errors.ts';
import { evaluate, RemoteObject } from './evaluate.ts';
import { type LoopFacts, StallWatch } from './stall-watch.ts';
import { CREATE_RECORDER, CREATE_SCRIPT_READER, flushRecorder, READ_THREAD } from './thread-expressions.ts';

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
  /** Only what was recorded last is kept, for at least this time. @default everything */
  readonly last?: Microseconds | null;
  /** Whether source maps and texts of the scripts are kept. Reading them stops the thread. @default false */
  readonly sources?: boolean;
  /** Where stalls of the event loop are saved. @default they are not */
  readonly stalls?: StallReports | null;
}

/** What the recorder in the thread answers to a flush. */
interface Flushed {
  readonly facts: ThreadFacts | null;
  readonly loop: LoopFacts | null;
  /** For which the thread worked on it. */
  readonly cost: Microseconds;
  /** Without a profile, because pstat did not flush. */
  readonly missed: Microseconds;
}

/** A thread has used this much when a chunk of its profile began. */
interface Moment {
  readonly facts: ThreadFacts | null;
  readonly date: Date;
}

export class ThreadRecording {
  readonly #channel: CdpChannel;
  readonly #options: ThreadRecordingOptions;
  readonly #profile = new ThreadProfile();
  /** Replaces the profile where only the last samples are kept. */
  readonly #recent: RecentChunks<Moment> | null;
  #first: Moment = { facts: null, date: new Date() };
  /** At the start of the open profile, and at the end of the one before. */
  #moment = this.#first;
  readonly #watch: StallWatch | null;
  /** In the thread; null while the session's own profiler is used. */
  #recorder: { readonly object: RemoteObject; readonly flush: string } | null = null;
  #missed: Microseconds = 0;
  /** In the thread; null until scripts are read. */
  #scriptReader: RemoteObject | null = null;
  #scripts: readonly ListedScript[] | null = null;
  /** Profiles that have ended and are not taken yet. */
  #ended: Profiler.Profile[] = [];

  private constructor(channel: CdpChannel, options: ThreadRecordingOptions) {
    this.#channel = channel;
    this.#options = options;
    this.#recent = options.last == null ? null : new RecentChunks(options.last);
    this.#watch = options.stalls == null ? null : new StallWatch(options.stalls.limit);
    channel.onEvent((method, params) => this.#takeEvent(method, params));
  }

  /** Starts V8's profiler. Throws PstatError. */
  static async start(channel: CdpChannel, options: ThreadRecordingOptions): Promise<ThreadRecording> {
    const recording = new ThreadRecording(channel, options);
    await recording.#begin();
    return recording;
  }

  /** What is kept. */
  toProfile(): ThreadProfile {
    const profile = this.#recent?.toProfile() ?? this.#profile;
    profile.setScripts(this.#scripts ?? []);
    const before = this.#recent === null ? this.#first : this.#recent.first;
    if (before !== null) this.#setRun(profile, before, this.#moment);
    return profile;
  }

  /** As `toProfile`, with the scripts that the thread had when they were first asked for, or at its end. */
  async toProfileWithScripts(): Promise<ThreadProfile> {
    if (this.#scripts === null) await this.#readScripts();
    return this.toProfile();
  }

  /** In which pstat was stopped for so long that the thread was not recorded. */
  get missed(): Microseconds {
    return this.#missed;
  }

  /** Null for other programs than Node. */
  get identity(): ThreadIdentity | null {
    const { facts, date } = this.#first;
    return facts && { pid: facts.pid, thread: facts.thread, program: facts.program, start: date.getTime() };
  }

  async #begin(): Promise<void> {
    const { interval } = this.#options;
    // Before it is enabled: then it profiles with every `console.profile`, and V8 refuses another interval meanwhile.
    await this.#channel.call('Profiler.setSamplingInterval', { interval }).catch((error: unknown) => {
      throw isUnknownDomain(error) ? noProfiler() : error;
    });
    await this.#channel.call('Profiler.enable');
    const facts = await this.#readFacts();
    this.#first = { facts, date: this.#first.date };
    this.#moment = this.#first;
    if (facts === null || facts.isProfiled) {
      if (this.#recent !== null) throw facts === null ? notNodeToWatch() : profiledByNode(facts.pid);
      await this.#channel.call('Profiler.start');
      return;
    }
    const object = await RemoteObject.create(this.#channel, CREATE_RECORDER);
    const watch = this.#watch;
    const stall = watch === null ? null : { limit: watch.limit, period: watch.period / 1e3 };
    const slot = await object.call('start', this.#title, stall);
    this.#recorder = { object, flush: flushRecorder(Number(slot)) };
  }

  /** Of its profiles, before the number that distinguishes one from the next. */
  get #title(): string {
    return `pstat attach ${this.#options.runId} ${process.pid} `;
  }

  /**
   * Takes the samples so far. Bounds the memory of the program, where V8 keeps them, and what is lost if it is killed. Resolves
   * to the time that the thread worked on it.
   */
  async flush(): Promise<Microseconds> {
    if (this.#recorder === null) return 0;
    const flushed = (await evaluate(this.#channel, this.#recorder.flush, { needsRequire: false })) as Flushed;
    await this.#report(this.#takeChunk(flushed));
    return flushed.cost;
  }

  /** Takes the profile that has just ended. Returns the stalls before its end. */
  #takeChunk({ facts, loop, missed }: Flushed): Stall[] {
    this.#missed += missed;
    this.#take({ facts, date: new Date() });
    return loop === null ? [] : (this.#watch?.take(loop) ?? []);
  }

  async #report(stalls: readonly Stall[]): Promise<void> {
    const { identity } = this;
    if (identity === null) return;
    await this.#options.stalls?.add(stalls, { identity, toProfile: () => this.toProfileWithScripts() });
  }

  /** The program has ended without an answer: reports the stall in which it did. */
  async end(): Promise<void> {
    await this.#report(this.#watch?.takeOpen('ended with the program') ?? []);
  }

  /** Stops V8's profiler and takes the last samples. @param state of a stall that is not over */
  async stop(state: Exclude<Stall['state'], 'over'> = 'goes on'): Promise<void> {
    let stalls: Stall[] = [];
    if (this.#recorder === null) {
      const { profile } = await this.#channel.call('Profiler.stop');
      this.#ended.push(checkProfile(profile));
      this.#take({ facts: await this.#readFacts(), date: new Date() });
    } else stalls = this.#takeChunk((await this.#recorder.object.call('stop')) as Flushed);
    await this.#readScripts();
    await this.#report([...stalls, ...(this.#watch?.takeOpen(state) ?? [])]);
    await this.#channel.call('Profiler.disable');
  }

  /** Scripts are no reason to lose the profile: without an answer there are none. */
  async #readScripts(): Promise<void> {
    if (this.#options.sources !== true || this.#first.facts === null) return;
    try {
      this.#scriptReader ??= await RemoteObject.create(this.#channel, CREATE_SCRIPT_READER);
      const urls = [...this.toProfile().urls].filter((url) => !/^(?:$|node:|internal\/)/.test(url));
      this.#scripts = (await this.#scriptReader.call('read', urls)) as ListedScript[];
    } catch (error) {
      if (!(error instanceof PstatError)) throw error;
    }
  }

  /** Receives the program's own profiles too. */
  #takeEvent(method: string, { title, profile }: Answer): void {
    const isOwn = String(title).startsWith(this.#title);
    if (method === 'Profiler.consoleProfileFinished' && isOwn) this.#ended.push(checkProfile(profile));
  }

  /** @param moment the end of the profiles that are taken */
  #take(moment: Moment): void {
    for (const profile of this.#ended.splice(0)) {
      if (this.#recent === null) this.#profile.addChunk(profile);
      else this.#recent.add(profile, this.#moment);
    }
    this.#moment = moment;
  }

  #setRun(profile: ThreadProfile, { facts: first, date }: Moment, { facts: last }: Moment): void {
    if (first === null || last === null) return;
    const { interval, runId: id } = this.#options;
    const used = subtractUsage(usageOf(last), usageOf(first));
    profile.setRun({ id, pid: first.pid, node: first.node, start: date.toISOString(), interval, ...used });
  }

  async #readFacts(): Promise<ThreadFacts | null> {
    return (await evaluate(this.#channel, READ_THREAD)) as ThreadFacts | null;
  }
}

function usageOf({ time, cpu, schedstat }: ThreadFacts): Usage {
  return { time, cpu, thread: parseSchedstat(schedstat) };
}

/** An inspector may be anything that speaks the protocol. */
function checkProfile(profile: unknown): Profiler.Profile {
  const { nodes, startTime, endTime } = (profile ?? {}) as Partial<Profiler.Profile>;
  if (!Array.isArray(nodes) || typeof startTime !== 'number' || typeof endTime !== 'number')
    throw protocolError('Profiler.stop', 'its answer is no profile');
  return profile as Profiler.Profile;
}
