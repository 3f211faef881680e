/**
 * Source and generated files that a profile names. A profile may name any file: only regular files below certain folders
 * are read, and only up to a size.
 */

import { constants, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { getOrInsert } from '../base/maps.ts';
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

/** No path that a system opens has more folders: Linux takes 4,096 bytes. */
const MAX_DEPTH = 2048;

export class SourceFolders {
  /** Absolute paths, without links. */
  readonly #folders: readonly string[];
  /** folder -> its real path, null for none */
  readonly #realPaths = new Map<string, string | null>();
  readonly #folderEnds = new Map<string, readonly (readonly string[])[]>();
  readonly #entries = new Map<string, ReadonlySet<string>>();

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
    const inFolder = (folder.endsWith(path.sep) ? folder : folder + path.sep) + path.basename(file);
    const found = lstatOrNull(inFolder);
    if (found?.isSymbolicLink() === true) {
      const target = realPathOrNull(inFolder);
      return target === null || target === inFolder ? null : this.check(target);
    }
    if (found?.isFile() !== true) return null;
    return { path: inFolder, bytes: found.size, modified: found.mtimeMs };
  }

  #findByEnd(file: string): SourceFile | null {
    const at = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'));
    const name = file.slice(at + 1);
    for (const folders of this.#ends(file.slice(0, Math.max(at, 0)))) {
      const found = folders.flatMap((folder) =>
        this.#hasEntry(folder, name) ? (this.check(path.join(folder, name)) ?? []) : [],
      );
      if (found.length > 0) return new Set(found.map((each) => each.path)).size === 1 ? (found[0] ?? null) : null;
    }
    return null;
  }

  /** The folders that exist and whose path ends as the path of this one, those with the longest common end first. */
  #ends(folder: string): readonly (readonly string[])[] {
    return getOrInsert(this.#folderEnds, folder, () => {
      const parts = folder.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
      const ends: string[][] = [];
      if (parts.includes('..')) return ends;
      for (let first = Math.max(0, parts.length - MAX_DEPTH); first <= parts.length; first++) {
        const name = parts[first];
        const roots = this.#folders.filter((root) => name === undefined || this.#hasEntry(root, name));
        const existing = roots.flatMap((root) => this.#realPath(path.join(root, ...parts.slice(first))) ?? []);
        if (existing.length > 0) ends.push(existing);
      }
      return ends;
    });
  }

  /** The names in a folder are read once: most files of a profile from another machine are not there. */
  #hasEntry(folder: string, name: string): boolean {
    const known = getOrInsert(this.#entries, folder, () => namesIn(folder));
    return known.has(name);
  }

  #realPath(folder: string): string | null {
    return getOrInsert(this.#realPaths, folder, () => realPathOrNull(folder));
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
    // As fileURLToPath, which takes long for thousands of names.
    if (path.sep === '/' && /^file:\/\/\/[^%?#]*$/.test(named)) return named.slice('file://'.length);
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

/**
 * Not blocking, so that a file that was replaced by a named pipe does not stop the command. With a path and flags, Node opens,
 * reads and closes in one call. Its types know the names of flags alone, and this one has none.
 */
const READ = {
  encoding: 'utf8',
  flag: (constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)) as unknown as string,
} as const;

/** Reads a found file. Returns null if it is too large, or has become unreadable. */
export function readSource({ path: file, bytes }: SourceFile): string | null {
  if (bytes > MAX_SOURCE_BYTES) return null;
  try {
    return readFileSync(file, READ);
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

/** Returns when a file was last written, in ms since 1970; null if that cannot be told. */
export function writtenAt(file: string): number | null {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return null;
  }
}

function namesIn(folder: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(folder));
  } catch {
    return new Set();
  }
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
