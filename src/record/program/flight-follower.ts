/** Reads the spools of a command while it runs, and keeps what was recorded last. */

import type { Microseconds } from '../../model/raw-profile.ts';
import { RecentChunks } from '../flight/recent-chunks.ts';
import { LONG_STALL, type Stall, type StallReports } from '../flight/stall-reports.ts';
import { subtractUsage, type Usage, type WrittenRunMetadata } from '../run-metadata.ts';
import type { ListedScript } from '../script-list.ts';
import {
  type CollectedProfiles,
  type FailedThread,
  findBusiestMain,
  type RecordedThread,
  waitForExit,
} from './collect-profiles.ts';
import { leaveOutPackageManagers } from './package-managers.ts';
import { chooseFile, type Target, writeProfile } from './profile-files.ts';
import type { SpooledStall, SpoolLine, ThreadIdentity } from './spool-format.ts';
import { readSpool, type SpoolFolder } from './spool-reader.ts';
import type { ThreadProfile } from './thread-profile.ts';

export interface FlightOptions {
  /** What is kept at least. */
  readonly last: Microseconds;
  /** Where stalls are saved, and nothing else; null to write what was recorded last at the end. */
  readonly stalls: StallReports | null;
}

export class FlightFollower {
  readonly #folder: SpoolFolder;
  readonly #options: FlightOptions;
  readonly #threads = new Map<string, FollowedThread>();
  /** descriptor -> how far it was read, and whose it is */
  readonly #spools = new Map<number, { position: number; thread: FollowedThread | null }>();
  #timer: NodeJS.Timeout | null = null;
  #reading: Promise<void> = Promise.resolve();

  constructor(folder: SpoolFolder, options: FlightOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#read().catch(() => {}), READ_INTERVAL); // `finish` throws it, too
  }

  /** Reads what is left once the program has ended, and writes what was recorded last. Throws PstatError. */
  async finish(target: Target): Promise<CollectedProfiles> {
    this.stop();
    await this.#read();
    await waitForExit([...this.#threads.values()].map(({ identity }) => identity));
    await this.#read();
    const { stalls } = this.#options;
    for (const thread of this.#threads.values()) await thread.end();
    const threads = [...this.#threads.values()].sort((a, b) => a.identity.start - b.identity.start);
    return {
      recorded: stalls === null ? await writeAll(threads, target) : [],
      failed: threads.flatMap(({ failure }) => failure ?? []),
      empty: [],
      pids: new Set(threads.map(({ identity }) => identity.pid)),
    };
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** One after the other: a reading may take longer than the time between two. */
  #read(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#readAll());
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    for (const descriptor of this.#folder.list()) {
      const spool = this.#spools.get(descriptor) ?? { position: 0, thread: null };
      this.#spools.set(descriptor, spool);
      for await (const { line, end } of readSpool(descriptor, spool.position)) {
        spool.position = end;
        if ('thread' in line) spool.thread = this.#threadOf(line.thread, descriptor);
        else await spool.thread?.take(line);
      }
    }
    this.#releaseOld();
  }

  #threadOf(identity: ThreadIdentity, descriptor: number): FollowedThread {
    const key = `${identity.pid} ${identity.thread} ${identity.start}`;
    const thread = this.#threads.get(key) ?? new FollowedThread(identity, this.#options);
    this.#threads.set(key, thread);
    thread.spools.push(descriptor);
    return thread;
  }

  /** A thread that goes on in another file writes no more into the one before. */
  #releaseOld(): void {
    for (const { spools } of this.#threads.values()) {
      for (const descriptor of spools.splice(0, spools.length - 2)) {
        this.#spools.delete(descriptor);
        this.#folder.release(descriptor);
      }
    }
  }
}

/** ms. Spools are deleted after ten seconds or more. */
const READ_INTERVAL = 250;

class FollowedThread {
  readonly identity: ThreadIdentity;
  /** Its open files, the oldest first. */
  readonly spools: number[] = [];
  failure: FailedThread | null = null;
  readonly #recent: RecentChunks<WrittenRunMetadata | null>;
  readonly #stalls: StallReports | null;
  #run: WrittenRunMetadata | null = null;
  #scripts: readonly ListedScript[] = [];
  /** A stall that was not over when the thread wrote last. */
  #open: Stall | null = null;
  #reported: Microseconds | null = null;

  constructor(identity: ThreadIdentity, { last, stalls }: FlightOptions) {
    this.identity = identity;
    this.#stalls = stalls;
    this.#recent = new RecentChunks(last);
  }

  async take(line: SpoolLine): Promise<void> {
    if ('chunk' in line) this.#recent.add(line.chunk, this.#run);
    else if ('run' in line) this.#run = line.run;
    else if ('scripts' in line) this.#scripts = line.scripts;
    else if ('error' in line) this.failure = { thread: this.identity, reason: line.error };
    else if ('stall' in line) await this.#takeStall(line.stall);
  }

  async #takeStall({ isOpen, ...times }: SpooledStall): Promise<void> {
    const stall: Stall = { ...times, state: isOpen ? 'goes on' : 'over' };
    const { after, end } = stall;
    this.#open = isOpen ? stall : null;
    if (this.#reported === after || (isOpen && end - after < LONG_STALL)) return;
    await this.#report(stall);
  }

  async end(): Promise<void> {
    if (this.#open !== null && this.#open.after !== this.#reported)
      await this.#report({ ...this.#open, state: 'ended with the program' });
  }

  async #report(stall: Stall): Promise<void> {
    this.#reported = stall.after;
    await this.#stalls?.add([stall], this);
  }

  toProfile(): ThreadProfile {
    const profile = this.#recent.toProfile();
    profile.setScripts(this.#scripts);
    if (this.#run !== null) profile.setRun(runSince(this.#recent.first, this.#run));
    return profile;
  }
}

/** @param before null at the start of the recording */
function runSince(before: WrittenRunMetadata | null, last: WrittenRunMetadata): WrittenRunMetadata {
  if (before === null) return last;
  const { thread: _, ...rest } = last;
  const start = new Date(Date.parse(last.start) + before.elapsed / 1e3).toISOString();
  return { ...rest, start, ...subtractUsage(usageOf(last), usageOf(before)) };
}

function usageOf({ elapsed, cpu, thread }: WrittenRunMetadata): Usage {
  return { time: elapsed, cpu, thread: thread ?? null };
}

async function writeAll(threads: readonly FollowedThread[], target: Target): Promise<RecordedThread[]> {
  const programs = leaveOutPackageManagers(
    threads.map((each) => ({ thread: each.identity, profile: each.toProfile() })),
  );
  const filled = programs.filter(({ profile }) => !profile.isEmpty);
  const main = await findBusiestMain(filled, ({ profile }) => profile.activeSampleCount);
  const recorded: RecordedThread[] = [];
  for (const each of filled) {
    const { thread, profile } = each;
    const file = chooseFile(thread, recorded, { ...target, isMain: each === main });
    await writeProfile(file, profile, target.turn);
    recorded.push({ thread, file, duration: profile.duration, missing: null });
  }
  return recorded;
}
