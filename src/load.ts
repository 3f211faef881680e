/** Path, folder, quoted glob or `-` → Profile. */

import type { Stats as FileStats } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { cannotRead, noFileMatches, noProfileInFolder, nothingToRead, PstatError, tooLarge } from './errors.ts';
import { LONGEST_TEXT_MB } from './formats/json.ts';
import { merge, withLinesMerged } from './model/merge.ts';
import type { Profile } from './model/profile.ts';
import { type Window, windowed } from './model/window.ts';
import { MOST_BYTES, mayBeProfile, type ReadOptions, readProfile } from './read.ts';
import { missingFileNotes } from './recording-names.ts';
import { compareCodePoints, plural } from './text.ts';

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
  const [first, ...others] = await loadProfiles(typeof paths === 'string' ? [paths] : paths, options);
  if (first === undefined) throw nothingToRead();
  const profile = merge([first, ...others]);
  const notes = missingFileNotes(profile.sources);
  return notes.length === 0 ? profile : { ...profile, notes: [...profile.notes, ...notes] };
}

/** As `loadProfile`, but each file's profile by itself, in the order named and, within a folder or glob, by path. */
export async function loadProfiles(paths: readonly string[], options: LoadOptions = {}): Promise<Profile[]> {
  const profiles: Profile[] = [];
  for (const name of paths) {
    if (name === '-' && options.stdin !== undefined) profiles.push(await loadStream(options.stdin, options));
    else profiles.push(...(await loadNamed(name, options)));
  }
  const asked = profiles.map((profile) => windowed(profile, options));
  return options.mergeLines === true ? asked.map(withLinesMerged) : asked;
}

async function loadStream(stream: AsyncIterable<Uint8Array>, options: ReadOptions): Promise<Profile> {
  const source = 'standard input';
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > MOST_BYTES) throw tooLarge(LONGEST_TEXT_MB).in(source);
    chunks.push(chunk);
  }
  return readProfile(Buffer.concat(chunks, length), source, options);
}

/** What exists by that name is meant by it, whatever characters it holds; only then may it be a glob. */
async function loadNamed(name: string, options: ReadOptions): Promise<Profile[]> {
  const found = await statOrNull(name);
  if (found?.isDirectory()) return loadFolder(name, options);
  if (found !== null) return [await loadFile(name, found, options)];
  const { glob, isDynamicPattern } = await import('tinyglobby');
  if (!isDynamicPattern(name)) throw cannotRead(name, 'ENOENT');
  const files = (await glob(name, { expandDirectories: false })).sort(compareCodePoints);
  if (files.length === 0) throw noFileMatches(name);
  const profiles: Profile[] = [];
  for (const file of files) profiles.push(await loadFile(file, await statOf(file), options));
  return profiles;
}

/** Every profile below a folder. What is no profile is passed over and counted; what is a broken one is an error. */
async function loadFolder(folder: string, options: ReadOptions): Promise<Profile[]> {
  const profiles: Profile[] = [];
  const files = await filesBelow(folder);
  for (const file of files) {
    const profile = await profileOrNull(file, options);
    if (profile !== null) profiles.push(profile);
  }
  const skipped = files.length - profiles.length;
  const [first, ...others] = profiles;
  if (first === undefined) throw noProfileInFolder(folder, files.length);
  if (skipped === 0) return profiles;
  const note = `${plural(skipped, 'file')} in ${folder} ${skipped === 1 ? 'is' : 'are'} no profile and ${skipped === 1 ? 'was' : 'were'} passed over`;
  return [{ ...first, notes: [...first.notes, note] }, ...others];
}

async function profileOrNull(file: string, options: ReadOptions): Promise<Profile | null> {
  try {
    return await loadFile(file, await statOf(file), options);
  } catch (error) {
    if (error instanceof PstatError && error.kind === 'unknown-format') return null;
    throw error;
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
    const paths = files.map((entry) => path.join(entry.parentPath, entry.name));
    const regular: string[] = [];
    for (const file of paths) if ((await statOrNull(file))?.isFile()) regular.push(file);
    return regular.sort(compareCodePoints);
  } catch (error) {
    throw cannotRead(folder, systemCode(error));
  }
}

const HEAD_BYTES = 4096;

/** Reads a file whole, unless its first bytes rule out that it is a profile. */
async function loadFile(file: string, { size }: FileStats, options: ReadOptions): Promise<Profile> {
  if (size > MOST_BYTES) throw tooLarge(LONGEST_TEXT_MB).in(file);
  return readProfile(await bytesOf(file), file, options);
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file);
    try {
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        length += chunk.length;
        // A pipe or a device tells no size beforehand, and may have no end.
        if (length > MOST_BYTES) throw tooLarge(LONGEST_TEXT_MB).in(file);
        if (chunks.length === 1 && chunk.length >= HEAD_BYTES && !mayBeProfile(chunk)) break;
      }
      return Buffer.concat(chunks, length);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof PstatError ? error : cannotRead(file, systemCode(error));
  }
}

async function statOf(file: string): Promise<FileStats> {
  try {
    return await stat(file);
  } catch (error) {
    throw cannotRead(file, systemCode(error));
  }
}

async function statOrNull(file: string): Promise<FileStats | null> {
  try {
    return await stat(file);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'].includes(systemCode(error))) return null;
    throw cannotRead(file, systemCode(error));
  }
}

function systemCode(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  return error instanceof Error ? error.message : String(error);
}
