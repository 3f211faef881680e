/** Path, folder, quoted glob or `-` → the files that it stands for. */

import { type Stats as FileStats, promises, statSync } from 'node:fs';
import path from 'node:path';
import { cannotRead, noFileMatches, PstatError } from '../base/errors.ts';
import { errorCodeOf } from '../base/system-error.ts';
import { compareCodePoints } from '../base/text.ts';
import { readErrorFor } from './read-errors.ts';

export interface FoundFile {
  readonly path: string;
  /** As it lies on the disk: what is packed counts as packed. */
  readonly bytes: number;
}

/** What one name stands for. */
export type Found =
  | { readonly kind: 'stream'; readonly stream: AsyncIterable<Uint8Array> }
  /** A file, or those of a glob. */
  | { readonly kind: 'files'; readonly files: readonly FoundFile[] }
  | FoundFolder
  /** Told when its turn comes: what is wrong with a file that was named before is told first. */
  | { readonly kind: 'nothing'; readonly error: PstatError };

export interface FoundFolder {
  readonly kind: 'folder';
  readonly name: string;
  readonly files: readonly FoundFile[];
  /** Names that lead to no file: dangling links, and names that are no UTF-8. */
  readonly lost: number;
}

/** What the names stand for, in their order, up to the first that stands for nothing. */
export async function findAll(names: readonly string[], stdin?: AsyncIterable<Uint8Array>): Promise<Found[]> {
  const all: Found[] = [];
  for (const name of names) {
    const isStream = name === '-' && stdin !== undefined;
    const found: Found = isStream ? { kind: 'stream', stream: stdin } : await find(name).catch(nothing);
    all.push(found);
    if (found.kind === 'nothing') break;
  }
  return all;
}

function nothing(error: unknown): Found {
  if (error instanceof PstatError) return { kind: 'nothing', error };
  throw error;
}

/** What exists by that name is meant by it, whatever characters it holds; only then may it be a glob. */
async function find(name: string): Promise<Found> {
  const found = statOrNull(name);
  if (found?.isDirectory()) return findFolder(name);
  if (found !== null) return { kind: 'files', files: [{ path: name, bytes: found.size }] };
  const { glob, isDynamicPattern } = await import('tinyglobby');
  if (!isDynamicPattern(name)) throw cannotRead(name, 'ENOENT');
  const paths = await glob(name, { expandDirectories: false, absolute: path.isAbsolute(name) });
  if (paths.length === 0) throw noFileMatches(name);
  return { kind: 'files', files: paths.sort(compareCodePoints).map((file) => ({ path: file, bytes: sizeOf(file) })) };
}

/** What cannot be measured is told when it is read. */
function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

/** Every file below a folder, by path. Throws PstatError (`unreadable`). */
export async function findFolder(name: string): Promise<FoundFolder> {
  try {
    const entries = await promises.readdir(name, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
    return { kind: 'folder', name, ...measured(files.map((entry) => path.join(entry.parentPath, entry.name))) };
  } catch (error) {
    throw readErrorFor(name, error);
  }
}

/** The files among the paths, in order, and how many paths lead to none. */
function measured(paths: readonly string[]): Pick<FoundFolder, 'files' | 'lost'> {
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
