/** Path, folder, quoted glob or `-` → Profile. */

import { promises } from 'node:fs';
import { noProfileInFolder, noQueuedTime, nothingToRead, PstatError } from '../base/errors.ts';
import { missingFileNotes } from '../base/recording-files.ts';
import { errnoCodeOf } from '../base/system-error.ts';
import { plural, visible } from '../base/text.ts';
import { mergeLines, ProfileMerger } from '../model/merge.ts';
import { withoutQueued } from '../model/normalize/queued-time.ts';
import type { Profile } from '../model/profile.ts';
import { applyWindow, type Window } from '../model/window.ts';
import { type Found, type FoundFolder, findAll, findFolder } from './find-files.ts';
import { readErrorFor } from './read-errors.ts';
import { type ReadOptions, readStream } from './read-file.ts';
import { type Outcome, readEach } from './read-files.ts';

export interface LoadOptions extends Omit<ReadOptions, 'onBytes'>, Window {
  /**
   * Whether functions of one name and file are one, whatever the line: for Bun and Python 3.15's sampler, which write
   * the line that was executing.
   * @default false
   */
  readonly mergeLines?: boolean;
  /**
   * Which time functions have. `undisturbed`: less the time in which the thread had no processor; `auto`: that where
   * the file knows it, else counted time.
   * @default 'counted'
   */
  readonly time?: 'counted' | 'undisturbed' | 'auto';
  /** Which profiles are used. @default all */
  readonly selection?: ProfileSelection | null;
  /** What `-` stands for. Without it, `-` is a file of that name. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Called now and then with the bytes read, and the bytes of all files. A stream has no size, and counts for none. */
  readonly onProgress?: ((read: number, total: number) => void) | undefined;
}

/** Chooses among the profiles that are read. */
export interface ProfileSelection {
  accepts(profile: Profile): boolean;
  /** What is thrown if no profile was accepted. */
  noMatch(): PstatError;
}

/**
 * Reads one profile, or several merged into one.
 *
 * @param paths files (gzipped or not), folders (searched whole), globs, `-` for `options.stdin`
 * @throws PstatError if any file cannot be read or is malformed, if a file named by itself is no profile, if a folder
 *   holds none, or if what was found cannot be merged. Never a part of the answer.
 * @example
 * const profile = await loadProfile('CPU.20260101.120000.1234.0.001.cpuprofile');
 */
export async function loadProfile(paths: string | readonly string[], options: LoadOptions = {}): Promise<Profile> {
  const loading = await loadingOf(typeof paths === 'string' ? [paths] : paths, options);
  const merging = new ProfileMerger();
  await loading.each((profile) => merging.add(applyOptions(profile, options)));
  const profile = merging.finish();
  if (profile === null) throw nothingToRead();
  return withNotes(profile, [...loading.notes, ...missingFileNotes(profile.sources, loading.skipped)]);
}

/** As `loadProfile`, but each file's profile by itself, in the order named and, within a folder or glob, by path. */
export async function loadProfiles(paths: readonly string[], options: LoadOptions = {}): Promise<Profile[]> {
  const loading = await loadingOf(paths, options);
  const profiles: Profile[] = [];
  await loading.each((profile) => profiles.push(applyOptions(profile, options)));
  return profiles.map((profile, i) => (i === 0 ? withNotes(profile, loading.notes) : profile));
}

/** A file's profile, and when the file was written, in seconds since 1970; null where it is no file. */
export interface DatedProfile {
  readonly profile: Profile;
  readonly modified: number | null;
}

/** As `loadProfiles`, with the dates that pstats prints. Throws PstatError for none, too. */
export async function loadDated(
  paths: readonly string[],
  options: LoadOptions,
): Promise<[DatedProfile, ...DatedProfile[]]> {
  const profiles = await loadProfiles(paths, options);
  const times = await Promise.all(profiles.map(({ sources: [source = ''] }) => modified(source)));
  const [first, ...others] = profiles.map((profile, i) => ({ profile, modified: times[i] ?? null }));
  if (first === undefined) throw nothingToRead();
  return [first, ...others];
}

/**
 * When a file was last written, in seconds since 1970 as Python has them; null for what is no file.
 * Throws PstatError (`unreadable`).
 */
export async function modified(source: string): Promise<number | null> {
  try {
    const { mtimeNs } = await promises.stat(source, { bigint: true });
    const nanoseconds = ((mtimeNs % BILLION) + BILLION) % BILLION;
    return Number((mtimeNs - nanoseconds) / BILLION) + 1e-9 * Number(nanoseconds);
  } catch (error) {
    if (errnoCodeOf(error) === 'ENOENT') return null;
    throw readErrorFor(source, error);
  }
}

const BILLION = 1_000_000_000n;

/**
 * The profiles of a folder one by one, for folders that hold more than memory. What is no profile is passed over.
 * @throws PstatError as `loadProfile` does, when it is reached
 */
export async function* profilesBelow(folder: string, options: LoadOptions = {}): AsyncGenerator<Profile> {
  yield* new Loading([await findFolder(folder)], options).profiles();
}

/** The profiles of a file, a folder, a glob or `-` one by one. Throws as `loadProfile`, when the file is reached. */
export async function* streamProfiles(path: string, options: LoadOptions = {}): AsyncGenerator<Profile> {
  const loading = await loadingOf([path], options);
  for await (const profile of loading.profiles()) yield applyOptions(profile, options);
}

async function loadingOf(names: readonly string[], options: LoadOptions): Promise<Loading> {
  return new Loading(await findAll(names, options.stdin), options);
}

function applyOptions(profile: Profile, options: LoadOptions): Profile {
  const part = applyWindow(withTime(profile, options.time ?? 'counted'), options);
  return options.mergeLines === true ? mergeLines(part) : part;
}

function withTime(profile: Profile, time: NonNullable<LoadOptions['time']>): Profile {
  if (time === 'counted') return profile;
  const undisturbed = 'callTree' in profile ? withoutQueued(profile) : null;
  if (undisturbed === null && time === 'undisturbed') throw noQueuedTime(profile.sources[0] ?? '');
  return undisturbed ?? profile;
}

function withNotes(profile: Profile, notes: readonly string[]): Profile {
  return notes.length === 0 ? profile : { ...profile, notes: [...profile.notes, ...notes] };
}

/** What was found, being read: each profile by itself, and, once all are read, what is to be said of them together. */
class Loading {
  readonly notes: string[] = [];
  /** Files of folders that are no profiles. */
  readonly skipped: string[] = [];
  readonly #found: readonly Found[];
  readonly #options: LoadOptions;

  constructor(found: readonly Found[], options: LoadOptions) {
    this.#found = found;
    this.#options = options;
  }

  /** Has each taken. What is refused of one is told in the end: a file that is broken is told first, wherever it stands. */
  async each(take: (profile: Profile) => void): Promise<void> {
    const refusals: unknown[] = [];
    for await (const profile of this.profiles()) {
      try {
        if (refusals.length === 0) take(profile);
      } catch (error) {
        refusals.push(error);
      }
    }
    if (refusals.length > 0) throw refusals[0];
  }

  /** Those selected, in the order found. Throws PstatError when what is wrong is reached. */
  async *profiles(): AsyncGenerator<Profile> {
    const { selection = null } = this.#options;
    let accepted = 0;
    for await (const profile of this.#allProfiles()) {
      if (selection?.accepts(profile) === false) continue;
      accepted++;
      yield profile;
    }
    if (selection !== null && accepted === 0) throw selection.noMatch();
  }

  async *#allProfiles(): AsyncGenerator<Profile> {
    const files = this.#found.flatMap((found) => ('files' in found ? found.files : []));
    const outcomes = readEach(files, this.#options);
    try {
      for (const found of this.#found) yield* this.#profilesOf(found, outcomes);
    } finally {
      await outcomes.return();
    }
  }

  async *#profilesOf(found: Found, outcomes: AsyncGenerator<Outcome, void>): AsyncGenerator<Profile> {
    if (found.kind === 'nothing') throw found.error;
    if (found.kind === 'stream') {
      yield await readStream(found.stream, this.#options);
    } else if (found.kind === 'folder') {
      yield* this.#profilesBelow(found, outcomes);
    } else {
      for (let i = 0; i < found.files.length; i++) yield profileOf(await next(outcomes));
    }
  }

  /** What is no profile is passed over and counted; what is a broken one is an error. */
  async *#profilesBelow(
    { name, files, lost }: FoundFolder,
    outcomes: AsyncGenerator<Outcome, void>,
  ): AsyncGenerator<Profile> {
    let passedOver = 0;
    for (const file of files) {
      const outcome = await next(outcomes);
      if (isNoProfile(outcome)) {
        this.skipped.push(file.path);
        passedOver++;
      } else {
        yield profileOf(outcome);
      }
    }
    if (passedOver === files.length) throw noProfileInFolder(name, files.length);
    const where = `in ${visible(name)}`;
    if (passedOver > 0) this.notes.push(`passed over ${plural(passedOver, 'file')} ${where}: no profile`);
    if (lost > 0)
      this.notes.push(`passed over ${plural(lost, 'name')} ${where}: a link to nothing, or a name that is no UTF-8`);
  }
}

async function next(outcomes: AsyncGenerator<Outcome, void>): Promise<Outcome> {
  const { value } = await outcomes.next();
  if (value === undefined) throw new RangeError('a file without an outcome');
  return value;
}

function profileOf(outcome: Outcome): Profile {
  if ('error' in outcome) throw outcome.error;
  return outcome.profile;
}

function isNoProfile(outcome: Outcome): boolean {
  return 'error' in outcome && outcome.error instanceof PstatError && outcome.error.kind === 'unknown-format';
}
