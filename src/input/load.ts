/** Path, folder, quoted glob or `-` → Profile. */

import { promises } from 'node:fs';
import { PstatError } from '../base/errors.ts';
import { missingFileNotes } from '../base/recording-files.ts';
import { errnoCodeOf } from '../base/system-error.ts';
import { escapeControls, pluralize } from '../base/text.ts';
import { ProfileMerger } from '../model/merge.ts';
import { mergeLines } from '../model/merge-lines.ts';
import { subtractQueuedTime } from '../model/normalize/queued-time.ts';
import type { Profile } from '../model/profile.ts';
import { applyWindow, type Window } from '../model/window.ts';
import { noProfileInFolder, noQueuedTime, nothingToRead } from './errors.ts';
import { type Found, type FoundFile, type FoundFolder, findAll, findFolder } from './find-files.ts';
import { Progress } from './progress.ts';
import { readErrorFor } from './read-errors.ts';
import { type ReadOptions, readFile, readStream } from './read-file.ts';
import { type SourceMapOptions, SourceMaps } from './source-maps.ts';

export interface LoadOptions extends Omit<ReadOptions, 'onBytes'>, Window {
  /**
   * Whether functions with one name and file are merged, whatever their line: for Bun and Python 3.15's sampler, which
   * write the line that was executing.
   * @default false
   */
  readonly mergeLines?: boolean;
  /**
   * Which time functions have. `undisturbed`: counted time less queued time; `auto`: undisturbed time where the file knows
   * it, else counted time.
   * @default 'counted'
   */
  readonly time?: 'counted' | 'undisturbed' | 'auto';
  /**
   * Moves functions of generated code to their original places, by source maps in the profile, in or beside the generated
   * file, or named here; `{}` for the first three. Files are read below the working directory.
   * @default null
   */
  readonly sourceMaps?: SourceMapOptions | null;
  /** Which profiles are used. @default all */
  readonly selection?: ProfileSelection | null;
  /** Called with the error of a broken file in a folder, which is skipped then. Without it, the error is thrown. */
  readonly onBroken?: ((error: PstatError) => void) | undefined;
  /** Read for the path `-`. Without it, `-` is the name of a file. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Called from time to time with the bytes read and the bytes of all files. Streams have no size and are not counted. */
  readonly onProgress?: ((read: number, total: number) => void) | undefined;
}

/** Selects some of the profiles read. */
export interface ProfileSelection {
  accepts(profile: Profile): boolean;
  /** Returns the error to throw if no profile was accepted. */
  noMatch(): PstatError;
}

/**
 * Reads one profile, or several merged into one.
 *
 * @param paths files (gzipped or not), folders (searched whole), globs, `-` for `options.stdin`
 * @throws PstatError if a file cannot be read or is malformed, if a named file is not a profile, if a folder has no
 *   profile, or if the profiles cannot be merged. There is no partial result.
 * @example
 * const profile = await loadProfile('CPU.20260101.120000.1234.0.001.cpuprofile');
 */
export async function loadProfile(paths: string | readonly string[], options: LoadOptions = {}): Promise<Profile> {
  const loading = await startLoading(typeof paths === 'string' ? [paths] : paths, options);
  const merging = new ProfileMerger();
  await loading.each((profile) => merging.add(applyOptions(profile, options)));
  const profile = merging.finish();
  if (profile === null) throw nothingToRead();
  return withNotes(profile, [...loading.notes, ...missingFileNotes(profile.sources, loading.skipped)]);
}

/** As `loadProfile`, but returns one profile per file, in the order of the paths and, in a folder or glob, by path. */
export async function loadProfiles(paths: readonly string[], options: LoadOptions = {}): Promise<Profile[]> {
  const loading = await startLoading(paths, options);
  const profiles: Profile[] = [];
  await loading.each((profile) => profiles.push(applyOptions(profile, options)));
  return profiles.map((profile, i) => (i === 0 ? withNotes(profile, loading.notes) : profile));
}

/** A profile and the time its file was written, in seconds since 1970; null if it is not from a file. */
export interface DatedProfile {
  readonly profile: Profile;
  readonly modified: number | null;
}

/** As `loadProfiles`, with the dates that pstats prints. Throws PstatError if there is no profile. */
export async function loadDated(
  paths: readonly string[],
  options: LoadOptions,
): Promise<[DatedProfile, ...DatedProfile[]]> {
  const profiles = await loadProfiles(paths, options);
  const times = await Promise.all(profiles.map(({ sources: [source = ''] }) => modificationTime(source)));
  const [first, ...others] = profiles.map((profile, i) => ({ profile, modified: times[i] ?? null }));
  if (first === undefined) throw nothingToRead();
  return [first, ...others];
}

/**
 * Returns when a file was last written, in seconds since 1970, rounded as Python's `os.stat().st_mtime`; null if there is no
 * such file. Throws PstatError (`unreadable`).
 */
export async function modificationTime(source: string): Promise<number | null> {
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
 * Yields the profiles of a folder one by one, for folders larger than memory. Skips files that are not profiles.
 * @throws PstatError as `loadProfile`, when the file is reached
 */
export async function* profilesBelow(folder: string, options: LoadOptions = {}): AsyncGenerator<Profile> {
  yield* new Loading([await findFolder(folder)], options).profiles();
}

/** Yields the profiles of a file, a folder, a glob or `-` one by one. Throws as `loadProfile`, when the file is reached. */
export async function* streamProfiles(path: string, options: LoadOptions = {}): AsyncGenerator<Profile> {
  const loading = await startLoading([path], options);
  for await (const profile of loading.profiles()) yield applyOptions(profile, options);
}

async function startLoading(names: readonly string[], options: LoadOptions): Promise<Loading> {
  return new Loading(await findAll(names, options.stdin), options);
}

function applyOptions(profile: Profile, options: LoadOptions): Profile {
  const part = applyWindow(withTime(profile, options.time ?? 'counted'), options);
  return options.mergeLines === true ? mergeLines(part) : part;
}

function withTime(profile: Profile, time: NonNullable<LoadOptions['time']>): Profile {
  if (time === 'counted') return profile;
  const undisturbed = 'callTree' in profile ? subtractQueuedTime(profile) : null;
  if (undisturbed === null && time === 'undisturbed') throw noQueuedTime(profile.sources[0] ?? '');
  return undisturbed ?? profile;
}

function withNotes(profile: Profile, notes: readonly string[]): Profile {
  return notes.length === 0 ? profile : { ...profile, notes: [...profile.notes, ...notes] };
}

/** Reads what was found, profile by profile. `notes` and `skipped` are complete after the last one. */
class Loading {
  readonly #notes: string[] = [];
  /** Files in folders that are not profiles. */
  readonly skipped: string[] = [];
  readonly #found: readonly Found[];
  readonly #options: LoadOptions;
  readonly #sourceMaps: SourceMaps | null;

  constructor(found: readonly Found[], options: LoadOptions) {
    this.#found = found;
    this.#options = options;
    this.#sourceMaps = options.sourceMaps == null ? null : new SourceMaps(options.sourceMaps);
  }

  get notes(): readonly string[] {
    return [...this.#notes, ...(this.#sourceMaps?.notes ?? [])];
  }

  /** Calls back with each profile. Throws what the callback throws after the last file: errors of files come first. */
  async each(callback: (profile: Profile) => void): Promise<void> {
    const errors: unknown[] = [];
    for await (const profile of this.profiles()) {
      try {
        if (errors.length === 0) callback(profile);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  /** Yields the selected profiles in the order found. Throws PstatError when a bad file is reached. */
  async *profiles(): AsyncGenerator<Profile> {
    const { selection = null } = this.#options;
    let accepted = 0;
    for await (const profile of this.#allProfiles()) {
      if (selection?.accepts(profile) === false) continue;
      accepted++;
      yield this.#sourceMaps === null ? profile : await this.#sourceMaps.apply(profile);
    }
    if (selection !== null && accepted === 0) throw selection.noMatch();
  }

  async *#allProfiles(): AsyncGenerator<Profile> {
    const files = this.#found.flatMap((found) => ('files' in found ? found.files : []));
    const progress = new Progress(files, this.#options.onProgress);
    for (const found of this.#found) yield* this.#profilesOf(found, progress);
  }

  async *#profilesOf(found: Found, progress: Progress): AsyncGenerator<Profile> {
    if (found.kind === 'nothing') throw found.error;
    if (found.kind === 'stream') {
      yield await readStream(found.stream, this.#options);
    } else if (found.kind === 'folder') {
      yield* this.#profilesBelow(found, progress);
    } else {
      for (const file of found.files) yield await this.#read(file, progress);
    }
  }

  /** Skips and counts files that are not profiles. A broken profile is an error. */
  async *#profilesBelow({ name, files, lost }: FoundFolder, progress: Progress): AsyncGenerator<Profile> {
    let skipped = 0;
    const broken: PstatError[] = [];
    for (const file of files) {
      const read = await this.#read(file, progress).catch(errorOfFile);
      if (!(read instanceof PstatError)) yield read;
      else if (read.kind === 'unknown-format') {
        this.skipped.push(file.path);
        skipped++;
      } else if (this.#options.onBroken === undefined) throw read;
      else {
        this.#options.onBroken(read);
        broken.push(read);
      }
    }
    const [firstBroken] = broken;
    if (skipped + broken.length === files.length) throw firstBroken ?? noProfileInFolder(name, files.length);
    const where = `in ${escapeControls(name)}`;
    if (skipped > 0) this.#notes.push(`skipped ${pluralize(skipped, 'file')} ${where}: not a profile`);
    if (lost > 0)
      this.#notes.push(`skipped ${pluralize(lost, 'name')} ${where}: a broken link, or a name that is not UTF-8`);
  }

  async #read(file: FoundFile, progress: Progress): Promise<Profile> {
    const { thread = null } = this.#options;
    try {
      return await readFile(file.path, { thread, onBytes: (bytes) => progress.add(bytes) });
    } finally {
      progress.finish(file);
    }
  }
}

function errorOfFile(error: unknown): PstatError {
  if (error instanceof PstatError) return error;
  throw error;
}
