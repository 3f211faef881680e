/** Saves the profile of a thread whose event loop stalled: each stall a file of its own, and not too many of them. */

import path from 'node:path';
import { cannotWrite, type PstatError } from '../../base/errors.ts';
import { errnoCodeOf } from '../../base/system-error.ts';
import type { Microseconds } from '../../model/raw-profile.ts';
import { ProfileFolder } from '../profile-folder.ts';
import type { ThreadIdentity } from '../program/spool-format.ts';
import type { ThreadProfile } from '../program/thread-profile.ts';
import { stallPeriod } from './stall-period.ts';

/** The event loop did not turn. All times are µs of V8's clock. */
export interface Stall {
  /** A little before the loop stalled: its last turn that was seen. */
  readonly after: Microseconds;
  readonly end: Microseconds;
  /** `goes on` if the loop had not turned yet when the samples were taken. */
  readonly state: 'over' | 'goes on' | 'ended with the program';
  /** ms since 1970 at `end`. */
  readonly date: number;
}

/** µs. A stall of this length is reported before it is over: the loop may never turn again. */
export const LONG_STALL: Microseconds = 10e6;

/** A stall, and the file that has its samples. */
export interface StallReport {
  readonly thread: ThreadIdentity;
  readonly state: Stall['state'];
  /** ms since 1970. */
  readonly date: number;
  readonly duration: Microseconds;
  /** Where it is in the file, from its start. */
  readonly from: Microseconds;
  readonly to: Microseconds;
  readonly file: string;
  /** Stalls since the last file that have none. */
  readonly skipped: number;
}

interface StallOptions {
  readonly dir: string;
  /** The loop is stalled if it does not turn for this time. */
  readonly limit: Microseconds;
  readonly onStall: (report: StallReport) => Promise<void>;
  /** Called if a file cannot be written. */
  readonly onError: (error: PstatError) => void;
}

/** A thread that is recorded. */
interface StallingThread {
  readonly identity: ThreadIdentity;
  /** What is kept of it. */
  toProfile(): ThreadProfile | Promise<ThreadProfile>;
}

export class StallReports {
  readonly #options: StallOptions;
  readonly #folder: ProfileFolder;
  /** ms of performance.now(). */
  #savedAt = Number.NEGATIVE_INFINITY;
  #savedDuration: Microseconds = 0;
  readonly #files: string[] = [];
  #skipped = 0;

  constructor(options: StallOptions) {
    this.#options = options;
    this.#folder = new ProfileFolder(options.dir);
  }

  get limit(): Microseconds {
    return this.#options.limit;
  }

  get files(): readonly string[] {
    return this.#files;
  }

  /** Stalls since the last file. */
  get skipped(): number {
    return this.#skipped;
  }

  async add(stalls: readonly Stall[], thread: StallingThread): Promise<void> {
    if (stalls.length === 0) return;
    const profile = await thread.toProfile();
    const measured = stalls.map((stall) => ({ ...stall, start: this.#startOf(stall, profile) }));
    const long = measured.filter(({ start, end }) => end - start >= this.limit);
    const [longest, ...others] = long.toSorted((a, b) => b.end - b.start - (a.end - a.start));
    this.#skipped += others.length;
    if (longest === undefined) return;
    if (this.#maySave(longest)) await this.#save(longest, profile, thread.identity);
    else this.#skipped++;
  }

  /** The loop waited before it stalled, and not for longer than until the next look at it. */
  #startOf({ after }: Stall, profile: ThreadProfile): Microseconds {
    return profile.findIdleEnd(after, after + stallPeriod(this.limit));
  }

  /** A much longer stall is saved at any time. */
  #maySave({ start, end }: MeasuredStall): boolean {
    if (this.#files.length >= MAX_FILES) return false;
    return performance.now() - this.#savedAt >= MIN_PAUSE || end - start >= 2 * this.#savedDuration;
  }

  async #save(stall: MeasuredStall, profile: ThreadProfile, thread: ThreadIdentity): Promise<void> {
    const { start, end, state } = stall;
    const date = stall.date - (end - start) / 1e3;
    this.#savedAt = performance.now();
    this.#savedDuration = end - start;
    const file = this.#write(`stall-${timeOfDay(date)}.cpuprofile`, profile);
    if (file === null) {
      this.#skipped++;
      return;
    }
    this.#files.push(file);
    const skipped = this.#skipped;
    this.#skipped = 0;
    const place = { from: start - profile.start, to: end - profile.start };
    await this.#options.onStall({ thread, state, date, duration: end - start, ...place, file, skipped });
  }

  /** Returns null if it cannot: the recording goes on, and the disk may have space for a later stall. */
  #write(name: string, profile: ThreadProfile): string | null {
    try {
      return this.#folder.write(name, [...profile.serialize()].join(''));
    } catch (error) {
      const code = errnoCodeOf(error);
      if (code === null) throw error;
      this.#options.onError(cannotWrite(path.join(this.#options.dir, name), code));
      return null;
    }
  }
}

type MeasuredStall = Stall & { readonly start: Microseconds };

/** ms. Each file has the last minute or so: stalls that come sooner are in the file of the next one. */
const MIN_PAUSE = 10_000;

const MAX_FILES = 100;

/** `120311`, in local time. */
function timeOfDay(date: number): string {
  return new Date(date).toTimeString().slice(0, 8).replaceAll(':', '');
}
