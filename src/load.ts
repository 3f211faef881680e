/** Path, folder, quoted glob or `-` → Profile. */

import type { Stats as FileStats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { cannotRead, noFileMatches, noProfileInFolder, nothingToRead, PstatError } from './errors.ts';
import { merge, withLinesMerged } from './model/merge.ts';
import type { Profile } from './model/profile.ts';
import { type Window, windowed } from './model/window.ts';
import type { ReadOptions } from './read.ts';
import { readFile, readStream } from './read-file.ts';
import { missingFileNotes } from './recording-names.ts';
import { systemCode } from './system-code.ts';
import { compareCodePoints, plural, visible } from './text.ts';

export interface LoadOptions extends ReadOptions, Window {
  /**
   * Whether functions of one name and file are one, whatever the line: for Bun and Python 3.15's sampler, which write
   * the line that was executing.
   * @default false
   */
  readonly mergeLines?: boolean;
  /** What `-` stands for. Without it, `-` is a file of that name. */
  readonly stdin?: AsyncIterable<Uint8Array>;
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
  const { profiles, notes, passedOver } = await load(typeof paths === 'string' ? [paths] : paths, options);
  const [first, ...others] = profiles;
  if (first === undefined) throw nothingToRead();
  const profile = merge([first, ...others]);
  return withNotes(profile, [...notes, ...missingFileNotes(profile.sources, passedOver)]);
}

/** As `loadProfile`, but each file's profile by itself, in the order named and, within a folder or glob, by path. */
export async function loadProfiles(paths: readonly string[], options: LoadOptions = {}): Promise<Profile[]> {
  const { profiles, notes } = await load(paths, options);
  return profiles.map((profile, i) => (i === 0 ? withNotes(profile, notes) : profile));
}

/**
 * When a file was last written, in seconds since 1970 as Python has them; null for what is no file.
 * Throws PstatError (`unreadable`).
 */
export async function modified(source: string): Promise<number | null> {
  try {
    const { mtimeNs } = await stat(source, { bigint: true });
    const nanoseconds = ((mtimeNs % BILLION) + BILLION) % BILLION;
    return Number((mtimeNs - nanoseconds) / BILLION) + 1e-9 * Number(nanoseconds);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw cannotRead(source, systemCode(error));
  }
}

const BILLION = 1_000_000_000n;

/**
 * The profiles of a folder one by one, for folders that hold more than memory. What is no profile is passed over.
 * @throws PstatError as `loadProfile` does, when it is reached
 */
export async function* profilesBelow(folder: string, options: LoadOptions = {}): AsyncGenerator<Profile> {
  const { files } = await filesBelow(folder);
  let found = 0;
  for (const file of files) {
    const profile = await profileOrNull(file, options);
    if (profile === null) continue;
    found++;
    yield profile;
  }
  if (found === 0) throw noProfileInFolder(folder, files.length);
}

/** Profiles, and what is to be said of all of them together. */
interface Loaded {
  readonly profiles: readonly Profile[];
  readonly notes: readonly string[];
  /** Files of folders that are no profiles. */
  readonly passedOver: readonly string[];
}

async function load(paths: readonly string[], options: LoadOptions): Promise<Loaded> {
  const loaded: Loaded[] = [];
  for (const name of paths) {
    const isStream = name === '-' && options.stdin !== undefined;
    loaded.push(isStream ? just([await readStream(options.stdin ?? [], options)]) : await loadNamed(name, options));
  }
  const asked = loaded.flatMap(({ profiles }) => profiles).map((profile) => windowed(profile, options));
  const profiles = options.mergeLines === true ? asked.map(withLinesMerged) : asked;
  return {
    profiles,
    notes: loaded.flatMap(({ notes }) => notes),
    passedOver: loaded.flatMap(({ passedOver }) => passedOver),
  };
}

function just(profiles: readonly Profile[]): Loaded {
  return { profiles, notes: [], passedOver: [] };
}

function withNotes(profile: Profile, notes: readonly string[]): Profile {
  return notes.length === 0 ? profile : { ...profile, notes: [...profile.notes, ...notes] };
}

/** What exists by that name is meant by it, whatever characters it holds; only then may it be a glob. */
async function loadNamed(name: string, options: ReadOptions): Promise<Loaded> {
  const found = await statOrNull(name);
  if (found?.isDirectory()) return loadFolder(name, options);
  if (found !== null) return just([await readFile(name, options)]);
  const { glob, isDynamicPattern } = await import('tinyglobby');
  if (!isDynamicPattern(name)) throw cannotRead(name, 'ENOENT');
  const files = (await glob(name, { expandDirectories: false, absolute: path.isAbsolute(name) })).sort(
    compareCodePoints,
  );
  if (files.length === 0) throw noFileMatches(name);
  const profiles: Profile[] = [];
  for (const file of files) profiles.push(await readFile(file, options));
  return just(profiles);
}

/** Every profile below a folder. What is no profile is passed over and counted; what is a broken one is an error. */
async function loadFolder(folder: string, options: ReadOptions): Promise<Loaded> {
  const profiles: Profile[] = [];
  const passedOver: string[] = [];
  const { files, lost } = await filesBelow(folder);
  for (const file of files) {
    const profile = await profileOrNull(file, options);
    if (profile === null) passedOver.push(file);
    else profiles.push(profile);
  }
  if (profiles.length === 0) throw noProfileInFolder(folder, files.length);
  const where = `in ${visible(folder)}`;
  const notes = [
    ...(passedOver.length === 0 ? [] : [`passed over ${plural(passedOver.length, 'file')} ${where}: no profile`]),
    ...(lost === 0
      ? []
      : [`passed over ${plural(lost, 'name')} ${where}: a link to nothing, or a name that is no UTF-8`]),
  ];
  return { profiles, notes, passedOver };
}

async function profileOrNull(file: string, options: ReadOptions): Promise<Profile | null> {
  try {
    return await readFile(file, options);
  } catch (error) {
    if (error instanceof PstatError && error.kind === 'unknown-format') return null;
    throw error;
  }
}

/** Every file below a folder, and how many names lead to none: dangling links, and names that are no UTF-8. */
async function filesBelow(folder: string): Promise<{ readonly files: string[]; readonly lost: number }> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
    const paths = files.map((entry) => path.join(entry.parentPath, entry.name));
    const regular: string[] = [];
    let lost = 0;
    for (const file of paths) {
      const found = await statOrNull(file);
      if (found === null) lost++;
      else if (found.isFile()) regular.push(file);
    }
    return { files: regular.sort(compareCodePoints), lost };
  } catch (error) {
    throw error instanceof PstatError ? error : cannotRead(folder, systemCode(error));
  }
}

async function statOrNull(file: string): Promise<FileStats | null> {
  try {
    return await stat(file);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'ERR_INVALID_ARG_VALUE'].includes(systemCode(error)))
      return null;
    throw cannotRead(file, systemCode(error));
  }
}
