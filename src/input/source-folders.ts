/**
 * Source and generated files that a profile names. A profile may name any file: only regular files below certain folders
 * are read, and only up to a size.
 */

import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readErrorFor } from './read-errors.ts';

/** Larger files are not sources. */
const MAX_SOURCE_BYTES = 64 * 2 ** 20;

/** A file that was found, not yet read. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  /** ms since 1970. */
  readonly modified: number;
}

export class SourceFolders {
  /** Absolute paths, without links. */
  readonly #folders: readonly string[];
  /** folder -> its real path, null for none */
  readonly #realPaths = new Map<string, string | null>();
  /** path -> whether it exists, for the first parts of paths */
  readonly #exists = new Map<string, boolean>();

  /** @param folders below which files may be read; those that do not exist are ignored */
  constructor(folders: readonly string[]) {
    this.#folders = [...new Set(folders.map((folder) => realPathOrNull(path.resolve(folder))))].filter(
      (folder) => folder !== null,
    );
  }

  /**
   * Finds the file that a profile names: as written if it is below one of the folders, else the longest end of its path
   * that exists below one. Returns null if there is none, or if two folders have different ones.
   */
  find(named: string): SourceFile | null {
    const file = pathOf(named);
    if (file === null) return null;
    return (path.isAbsolute(file) ? this.check(file) : null) ?? this.#findByEnd(file);
  }

  /** Returns a regular file that is, links resolved, below one of the folders; null for any other path. */
  check(file: string): SourceFile | null {
    const folder = this.#realPath(path.dirname(file));
    if (folder === null || !this.#isBelow(folder)) return null;
    const inFolder = path.join(folder, path.basename(file));
    const found = lstatOrNull(inFolder);
    if (found?.isSymbolicLink() === true) {
      const target = realPathOrNull(inFolder);
      return target === null || target === inFolder ? null : this.check(target);
    }
    if (found?.isFile() !== true || found.size > MAX_SOURCE_BYTES) return null;
    return { path: inFolder, bytes: found.size, modified: found.mtimeMs };
  }

  #findByEnd(file: string): SourceFile | null {
    const parts = file.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
    if (parts.includes('..')) return null;
    for (let first = 0; first < parts.length; first++) {
      const ends = this.#folders.filter((folder) => this.#hasEntry(path.join(folder, parts[first] ?? '')));
      const found = ends.flatMap((folder) => this.check(path.join(folder, ...parts.slice(first))) ?? []);
      if (found.length > 0) return new Set(found.map((each) => each.path)).size === 1 ? (found[0] ?? null) : null;
    }
    return null;
  }

  /** Remembered: the paths of a profile share their first parts, and most of them do not exist. */
  #hasEntry(entry: string): boolean {
    const known = this.#exists.get(entry) ?? lstatOrNull(entry) !== null;
    this.#exists.set(entry, known);
    return known;
  }

  #realPath(folder: string): string | null {
    const known = this.#realPaths.get(folder);
    if (known !== undefined) return known;
    const real = realPathOrNull(folder);
    this.#realPaths.set(folder, real);
    return real;
  }

  #isBelow(folder: string): boolean {
    return this.#folders.some(
      (root) => folder === root || folder.startsWith(root.endsWith(path.sep) ? root : root + path.sep),
    );
  }
}

/** Returns the path of a file URL or of an HTTP address, any path as it is, and null for names that are neither. */
function pathOf(named: string): string | null {
  if (named.includes('\0')) return null;
  if (named.startsWith('file://')) {
    try {
      return fileURLToPath(named.replace(/[?#].*$/s, ''));
    } catch {
      return null;
    }
  }
  const [, address] = /^https?:\/\/[^/]+\/([^?#]*)/.exec(named) ?? [];
  if (address !== undefined) return address;
  return /^[a-z][a-z\d+.-]+:/i.test(named) || named === '' ? null : named;
}

/** Reads a found file, or its last bytes. Returns null if it has become unreadable or is no regular file any more. */
export function readSource({ path: file, bytes }: SourceFile, last = bytes): Buffer | null {
  try {
    // Not blocking, so that a file that was replaced by a named pipe does not stop the command.
    const handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = fstatSync(handle);
      if (!stats.isFile()) return null;
      const length = Math.min(stats.size, last, MAX_SOURCE_BYTES);
      const buffer = Buffer.allocUnsafe(length);
      return buffer.subarray(0, readSync(handle, buffer, 0, length, stats.size - length));
    } finally {
      closeSync(handle);
    }
  } catch {
    return null;
  }
}

/** Whether a path is of a folder. Throws PstatError (`unreadable`) if there is nothing. */
export function isFolder(name: string): boolean {
  try {
    return statSync(name).isDirectory();
  } catch (error) {
    throw readErrorFor(name, error);
  }
}

/** Returns when a file was last written, in ms since 1970; null if there is no such file. */
export function writtenAt(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

function lstatOrNull(file: string) {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

function realPathOrNull(file: string): string | null {
  try {
    return realpathSync.native(file);
  } catch {
    return null;
  }
}
