/**
 * Source and generated files that a profile names. A profile may name any file: only regular files below certain folders
 * are read, and only up to a size.
 */

import { constants, lstatSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { getOrInsert } from '../base/maps.ts';
import { errorCodeOf } from '../base/system-error.ts';
import { readErrorFor } from './read-errors.ts';

/** Larger files are not sources. */
const MAX_SOURCE_BYTES = 64 * 2 ** 20;

/** A file that may be read. */
export interface SourceFile {
  readonly path: string;
  /** ms since 1970. */
  readonly modified: number;
}

/** What is there and is not read: `not-file` is a folder, a pipe or a device; `outside` is below none of the folders. */
export interface UnreadFile {
  readonly path: string;
  readonly problem: 'outside' | 'not-file' | 'too-large' | 'unreadable';
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
  find(named: string): SourceFile | UnreadFile | null {
    const file = pathOf(named);
    if (file === null) return null;
    const asWritten = path.isAbsolute(file) ? this.check(file) : null;
    return asWritten === null || isOutside(asWritten) ? (this.#findByEnd(file) ?? asWritten) : asWritten;
  }

  /** Returns what a path leads to, links resolved: a regular file below one of the folders, or why it is not read; null for nothing. */
  check(file: string): SourceFile | UnreadFile | null {
    const at = lastSeparator(file);
    const folder = this.#realPath(at === 0 ? path.sep : file.slice(0, at));
    if (folder === null) return null;
    const inFolder = (folder.endsWith(path.sep) ? folder : folder + path.sep) + file.slice(at + 1);
    const found = lstatOrNull(inFolder);
    if (found === null) return null;
    if (!this.#isBelow(folder)) return { path: inFolder, problem: 'outside' };
    if (found === 'unreadable') return { path: inFolder, problem: 'unreadable' };
    if (found.isSymbolicLink()) {
      const target = realPathOrNull(inFolder);
      return target === null || target === inFolder ? null : this.check(target);
    }
    if (!found.isFile()) return { path: inFolder, problem: 'not-file' };
    return found.size > MAX_SOURCE_BYTES
      ? { path: inFolder, problem: 'too-large' }
      : { path: inFolder, modified: found.mtimeMs };
  }

  #findByEnd(file: string): SourceFile | UnreadFile | null {
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

export function isOutside(file: SourceFile | UnreadFile): file is UnreadFile {
  return 'problem' in file && file.problem === 'outside';
}

/** Finding it takes a hundredth of the time of path.dirname, which looks at every character of thousands of paths. */
function lastSeparator(file: string): number {
  return path.sep === '/' ? file.lastIndexOf('/') : Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'));
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

/** Reads a found file. Returns null if it cannot be read. */
export function readSource({ path: file }: SourceFile): string | null {
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

const DENIED: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'ERR_ACCESS_DENIED']);

/** Returns 'unreadable' where pstat may not look. */
function lstatOrNull(file: string): Stats | 'unreadable' | null {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    return DENIED.has(errorCodeOf(error) ?? '') ? 'unreadable' : null;
  }
}

function realPathOrNull(file: string): string | null {
  try {
    return realpathSync.native(file);
  } catch {
    return null;
  }
}
