/** Finds the files that paths, folders, quoted globs and `-` stand for. */

import { type Stats as FileStats, promises, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { PstatError } from '../base/errors.ts';
import { isTemporaryName } from '../base/recording-files.ts';
import { errorCodeOf } from '../base/system-error.ts';
import { compareCodePoints } from '../base/text.ts';
import { cannotRead, noFileMatches } from './errors.ts';
import { readErrorFor } from './read-errors.ts';

export interface FoundFile {
  readonly path: string;
  /** Size on the disk, before gunzipping. */
  readonly bytes: number;
}

/** The files of one argument. */
export type Found =
  | { readonly kind: 'stream'; readonly stream: AsyncIterable<Uint8Array> }
  /** A file, or the files of a glob. */
  | { readonly kind: 'files'; readonly files: readonly FoundFile[] }
  | FoundFolder
  /** Thrown when its turn comes, after the errors of files named before. */
  | { readonly kind: 'nothing'; readonly error: PstatError };

export interface FoundFolder {
  readonly kind: 'folder';
  readonly name: string;
  readonly files: readonly FoundFile[];
  /** Names that lead to no file: broken links, and names that are not UTF-8. */
  readonly lost: number;
}

/** Finds the files of all names, in order, up to the first name without any. */
export async function findAll(names: readonly string[], stdin?: AsyncIterable<Uint8Array>): Promise<Found[]> {
  const all: Found[] = [];
  for (const name of names) {
    const isStream = name === '-' && stdin !== undefined;
    const found: Found = isStream ? { kind: 'stream', stream: stdin } : await find(name).catch(toNothing);
    all.push(found);
    if (found.kind === 'nothing') break;
  }
  return all;
}

function toNothing(error: unknown): Found {
  if (error instanceof PstatError) return { kind: 'nothing', error };
  throw error;
}

/** An existing file or folder wins, whatever characters its name has. Only then is the name a glob. */
async function find(name: string): Promise<Found> {
  const found = statOrNull(name);
  if (found?.isDirectory()) return findFolder(name);
  if (found !== null) return { kind: 'files', files: [{ path: name, bytes: found.size }] };
  const { glob, isDynamicPattern } = await import('tinyglobby');
  if (!isDynamicPattern(name)) throw cannotRead(name, 'ENOENT');
  const paths = await glob(name, { expandDirectories: false, absolute: path.isAbsolute(name) }).catch((error) => {
    throw readErrorFor(name, error);
  });
  if (paths.length === 0) throw noFileMatches(name);
  const files = distinctFiles(paths.sort(compareCodePoints));
  return { kind: 'files', files: files.map((file) => ({ path: file, bytes: sizeOf(file) })) };
}

/** A link to a folder leads to files that `**` finds once more. */
function distinctFiles(paths: readonly string[]): string[] {
  const first = new Map<string, string>();
  for (const file of paths.toSorted((a, b) => a.length - b.length)) {
    const target = realPathOf(file);
    if (!first.has(target)) first.set(target, file);
  }
  const kept = new Set(first.values());
  return paths.filter((file) => kept.has(file));
}

/** The path itself if it leads nowhere: reading the file will throw. */
function realPathOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/** 0 if unknown: reading the file will throw. */
function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

/** Returns every file below a folder, by path, without those that pstat is still writing. Throws PstatError (`unreadable`). */
export async function findFolder(name: string): Promise<FoundFolder> {
  try {
    const entries = await promises.readdir(name, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && !isTemporaryName(entry.name));
    return { kind: 'folder', name, ...checkFiles(files.map((entry) => path.join(entry.parentPath, entry.name))) };
  } catch (error) {
    throw readErrorFor(name, error);
  }
}

/** Returns the files among the paths, in order, and how many paths lead to none. */
function checkFiles(paths: readonly string[]): Pick<FoundFolder, 'files' | 'lost'> {
  const files: FoundFile[] = [];
  let lost = 0;
  for (const file of paths.toSorted(compareCodePoints)) {
    const stats = statOrNull(file);
    if (stats === null) lost++;
    else if (stats.isFile()) files.push({ path: file, bytes: stats.size });
  }
  return { files, lost };
}

function statOrNull(file: string): FileStats | null {
  try {
    return statSync(file);
  } catch (error) {
    if (NO_FILE_CODES.has(errorCodeOf(error))) return null;
    throw readErrorFor(file, error);
  }
}

/** `ERR_INVALID_ARG_VALUE`: Node rejects a name with a zero byte. */
const NO_FILE_CODES: ReadonlySet<string | null> = new Set([
  'ENOENT',
  'ENOTDIR',
  'ENAMETOOLONG',
  'ELOOP',
  'ERR_INVALID_ARG_VALUE',
]);
