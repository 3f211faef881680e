/** Path, folder, quoted glob or `-` → Profile. */

import { promises } from 'node:fs';
import { PstatError } from '../base/errors.ts';
import { listOthers } from '../base/other-entries.ts';
import { findMissingFiles } from '../base/recording-files.ts';
import { errnoCodeOf } from '../base/system-error.ts';
import { ProfileMerger } from '../model/merge.ts';
import { mergeLines } from '../model/merge-lines.ts';
import { subtractQueuedTime } from '../model/normalize/queued-time.ts';
import type { ProfileNote } from '../model/notes.ts';
import type { Profile } from '../model/profile.ts';
import { applyWindow, type Window } from '../model/window.ts';
import { brokenFiles, cannotRead, noProfileInFolder, noQueuedTime, nothingToRead } from './errors.ts';
import {
  type Found,
  type FoundFile,
  type FoundFolder,
  findAll,
  findFolderOrReport,
  repeatedFiles,
} from './find-files.ts';
import { Progress } from './progress.ts';
import { readErrorFor } from './read-errors.ts';
import { type ReadOptions, readFile, readStream } from './read-file.ts';
import { RunsFiles } from './runs-file.ts';
import type { FileProfiles } from './select-thread.ts';
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
  /**
   * Whether files that cannot be read are left out, with a note, as long as others can.
   * @default false
   */
  readonly skipBroken?: boolean;
  /** As skipBroken, with a call for each of the files in place of the note. */
  readonly onBroken?: ((error: PstatError) => void) | undefined;
  /** Called with each profile of several before it is merged. */
  readonly onProfile?: ((profile: Profile) => void) | undefined;
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
 *   profile, if a profile does not have what an option asks for, or if the profiles cannot be merged. There is no partial
 *   result.
 * @example
 * const profile = await loadProfile('CPU.20260101.120000.1234.0.001.cpuprofile');
 */
export async function loadProfile(paths: string | readonly string[], options: LoadOptions = {}): Promise<Profile> {
  const found = await findAll(typeof paths === 'string' ? [paths] : paths, options.stdin);
  const loading = new Loading(found, options);
  const merging = new ProfileMerger();
  await loading.each((each) => {
    const read = applyOptions(each, options);
    options.onProfile?.(read);
    merging.add(read);
  });
  const profile = merging.finish();
  if (profile === null) throw nothingToRead();
  return withNotes(profile, [...loading.notes, ...repeatedNotes(found), ...missingFileNotes(profile, loading.skipped)]);
}

/**
 * As `loadProfile`, but returns one profile per file, in the order of the paths and, in a folder or glob, by path. A report of
 * several files has one for each.
 */
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
export async function loadDated(paths: readonly string[], options: LoadOptions): Promise<DatedProfile[]> {
  const profiles = await loadProfiles(paths, options);
  if (profiles.length === 0) throw nothingToRead();
  const times = await Promise.all(profiles.map(({ sources: [source = ''] }) => modificationTime(source)));
  return profiles.map((profile, i) => ({ profile, modified: times[i] ?? null }));
}

/**
 * Returns when a file was last written, in seconds since 1970, rounded as Python's `os.stat().st_mtime`; null if there is no
 * such file. Throws PstatError (`unreadable`).
 */
async function modificationTime(source: string): Promise<number | null> {
  try {
    const { mtimeNs } = await promises.stat(source, { bigint: true });
    const nanoseconds = ((mtimeNs % BILLION) + BILLION) % BILLION;
    return Number((mtimeNs - nanoseconds) / BILLION) + 1e-9 * Number(nanoseconds);
  } catch (error) {
    // A part of a report is below a file.
    if (['ENOENT', 'ENOTDIR'].includes(errnoCodeOf(error) ?? '')) return null;
    throw readErrorFor(source, error);
  }
}

const BILLION = 1_000_000_000n;

/**
 * Yields the profiles of a folder one by one, for folders larger than memory, or of a report of several files. Skips files
 * that are not profiles.
 * @throws PstatError as `loadProfile`, when the file is reached
 */
export async function* profilesBelow(folder: string, options: LoadOptions = {}): AsyncGenerator<Profile> {
  for await (const profile of new Loading([await findFolderOrReport(folder)], options).profiles()) {
    if (profile.sources.includes(folder)) throw cannotRead(folder, 'ENOTDIR');
    yield profile;
  }
}

/**
 * Yields the profiles of files, folders, globs and `-` one by one. Throws as `loadProfile`, when the file is reached.
 * @param onNotes called after the last profile, with the notes on all that was read
 */
export async function* streamProfiles(
  paths: readonly string[],
  options: LoadOptions = {},
  onNotes?: (notes: readonly ProfileNote[]) => void,
): AsyncGenerator<Profile> {
  const loading = await startLoading(paths, options);
  for await (const profile of loading.profiles()) yield applyOptions(profile, options);
  onNotes?.(loading.notes);
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

function repeatedNotes(found: readonly Found[]): ProfileNote[] {
  const files = found.length === 1 ? [] : repeatedFiles(found);
  return files.length === 0 ? [] : [{ code: 'repeated-files', files }];
}

function missingFileNotes({ sources }: Profile, skipped: readonly string[]): ProfileNote[] {
  return findMissingFiles(sources, skipped).map((missing) => ({ code: 'missing-files', ...missing }));
}

function withNotes(profile: Profile, notes: readonly ProfileNote[]): Profile {
  return notes.length === 0 ? profile : { ...profile, notes: [...profile.notes, ...notes] };
}

/** Reads what was found, profile by profile. `notes` and `skipped` are complete after the last one. */
class Loading {
  readonly #notes: ProfileNote[] = [];
  /** Files in folders that are not profiles. */
  readonly skipped: string[] = [];
  readonly #found: readonly Found[];
  readonly #options: LoadOptions;
  readonly #sourceMaps: SourceMaps | null;
  readonly #runs = new RunsFiles();
  /** Errors of files, each with its source. */
  readonly #broken: PstatError[] = [];
  #files = 0;
  /** The report whose parts were read last. */
  #report: { readonly path: string; readonly reading: Promise<FileProfiles> } | null = null;

  constructor(found: readonly Found[], options: LoadOptions) {
    this.#found = found;
    this.#options = options;
    this.#sourceMaps = options.sourceMaps == null ? null : new SourceMaps(options.sourceMaps);
  }

  get notes(): readonly ProfileNote[] {
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

  /** Yields the selected profiles in the order found. Throws PstatError, for broken files after the last file. */
  async *profiles(): AsyncGenerator<Profile> {
    const { selection = null } = this.#options;
    let accepted = 0;
    for await (const profile of this.#allProfiles()) {
      if (selection?.accepts(profile) === false) continue;
      accepted++;
      yield this.#sourceMaps === null ? profile : await this.#sourceMaps.apply(profile);
    }
    this.#reportBroken();
    if (selection !== null && accepted === 0) throw selection.noMatch();
  }

  #reportBroken(): void {
    const [first, ...others] = this.#broken;
    if (first === undefined) return;
    const { skipBroken = false, onBroken } = this.#options;
    const isAll = this.#broken.length === this.#files;
    if (isAll || (!skipBroken && onBroken === undefined)) throw brokenFiles([first, ...others], this.#files);
    if (onBroken === undefined) {
      const errors = this.#broken.map(({ message }) => message);
      this.#notes.push({ code: 'broken-files', of: this.#files, errors });
    } else for (const error of this.#broken) onBroken(error);
  }

  /** A name without a file is no broken file, which could be left out. */
  #errorWith(error: PstatError): PstatError {
    const [first, ...others] = this.#broken;
    return first === undefined ? error : brokenFiles([first, ...others, error], this.#files + 1);
  }

  async *#allProfiles(): AsyncGenerator<Profile> {
    const files = this.#found.flatMap((found) => ('files' in found ? found.files : []));
    const progress = new Progress(files, this.#options.onProgress);
    for (const found of this.#found) yield* this.#profilesOf(found, progress);
  }

  async *#profilesOf(found: Found, progress: Progress): AsyncGenerator<Profile> {
    if (found.kind === 'nothing') throw this.#errorWith(found.error);
    if (found.kind === 'stream') {
      this.#files++;
      yield* this.#taken(await this.#read(readStream(found.stream, this.#options)));
    } else if (found.kind === 'folder') {
      yield* this.#profilesBelow(found, progress);
    } else {
      for (const file of found.files) {
        this.#files++;
        yield* this.#taken(await this.#read(this.#readFile(file, progress)));
      }
    }
  }

  /** Skips and counts files that are not profiles. */
  async *#profilesBelow({ name, files, others }: FoundFolder, progress: Progress): AsyncGenerator<Profile> {
    const skipped: PstatError[] = [];
    for (const file of files) {
      const read = await this.#read(this.#readFile(file, progress).catch(unlessNoProfile));
      if (read instanceof PstatError) {
        this.skipped.push(file.path);
        skipped.push(read);
        continue;
      }
      this.#files++;
      yield* this.#taken(read);
    }
    const hasOthers = listOthers(others).length > 0;
    const [first] = skipped;
    if (skipped.length === files.length) {
      throw first !== undefined && files.length === 1 && !hasOthers
        ? first
        : noProfileInFolder(name, files.length, others);
    }
    if (skipped.length > 0) this.#notes.push({ code: 'skipped-files', folder: name, count: skipped.length });
    if (hasOthers) this.#notes.push({ code: 'skipped-entries', folder: name, ...others });
  }

  /** The profiles of a file that could be read; keeps its notes for the end. */
  #taken(read: FileProfiles | null): readonly Profile[] {
    if (read === null) return [];
    this.#notes.push(...read.notes);
    return read.profiles;
  }

  /** Returns null for a file that cannot be read, and keeps its error for the end. */
  async #read<Result>(reading: Promise<Result>): Promise<Result | null> {
    try {
      return await reading;
    } catch (error) {
      if (!(error instanceof PstatError) || !BROKEN_KINDS.has(error.kind)) throw error;
      this.#broken.push(error);
      return null;
    }
  }

  async #readFile(file: FoundFile, progress: Progress): Promise<FileProfiles> {
    const { path, report = null } = file;
    try {
      if (report !== null) return { profiles: [partOf(await this.#readReport(report, progress), path)], notes: [] };
      this.#report = null;
      const read = await this.#readPath(path, progress);
      return { ...read, profiles: read.profiles.map((profile) => this.#runs.addRun(profile, path)) };
    } finally {
      progress.finish(file);
    }
  }

  /** Reads a report once for parts that follow each other. No more than one report is in memory. */
  #readReport(path: string, progress: Progress): Promise<FileProfiles> {
    if (this.#report?.path !== path) {
      this.#report = null;
      this.#report = { path, reading: this.#readPath(path, progress) };
    }
    return this.#report.reading;
  }

  #readPath(path: string, progress: Progress): Promise<FileProfiles> {
    const { thread = null, value = null } = this.#options;
    return readFile(path, { thread, value, onBytes: (bytes) => progress.add(bytes) });
  }
}

/** Throws PstatError (`unreadable`) if the report does not have it. */
function partOf({ profiles }: FileProfiles, source: string): Profile {
  const found = profiles.find(({ sources }) => sources.includes(source));
  if (found === undefined) throw cannotRead(source, 'ENOENT');
  return found;
}

/** Errors of one file, which do not concern the others. */
const BROKEN_KINDS: ReadonlySet<PstatError['kind']> = new Set(['unreadable', 'unknown-format', 'malformed']);

function unlessNoProfile(error: unknown): PstatError {
  if (error instanceof PstatError && error.kind === 'unknown-format') return error;
  throw error;
}
