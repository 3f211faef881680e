/** The folder of the profiles. Writes each file completely or not at all, and never replaces a file. */

import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, linkSync, mkdirSync, openSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryName } from '../base/recording-files.ts';
import { systemErrorCode } from '../base/system-error.ts';

export class ProfileFolder {
  readonly #dir: string;
  /** name -> the number to try first for the next file of that name. */
  #nextNumbers = new Map<string, number>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /**
   * Writes a file that only its owner can read, since URLs hold secrets. If the name exists, adds a number:
   * `GET.root.000001ms.1552408596.2.cpuprofile`. Returns the file's path. Throws the errors of the file system, and leaves no file then.
   */
  write(name: string, text: string): string {
    const temporary = path.join(this.#dir, temporaryName(randomBytes(16).toString('hex')));
    try {
      this.#writeTemporary(temporary, text);
      return this.#moveTo(name, temporary);
    } finally {
      removeFile(temporary);
    }
  }

  /** Creates the folder if it does not exist, also if it was removed since. */
  #writeTemporary(temporary: string, text: string): void {
    const options = { flag: 'wx', mode: 0o600 };
    try {
      writeFileSync(temporary, text, options);
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
      makeFolder(this.#dir);
      writeFileSync(temporary, text, options);
    }
  }

  #moveTo(name: string, temporary: string): string {
    const { name: stem, ext } = path.parse(name);
    if (this.#nextNumbers.size > MAX_REMEMBERED_NAMES) this.#nextNumbers = new Map();
    for (let number = this.#nextNumbers.get(name) ?? 1; ; number++) {
      const file = path.join(this.#dir, number === 1 ? name : `${stem}.${number}${ext}`);
      if (!moveIfFree(file, temporary)) continue;
      this.#nextNumbers.set(name, number + 1);
      return file;
    }
  }
}

/**
 * Creates a folder and its parents, for the user alone. Does not use `recursive`: where a file system reports ENOENT for a parent that
 * exists, as /proc does, Node's own loop never ends. Throws the errors of the file system.
 */
export function makeFolder(dir: string): void {
  const missing: string[] = [];
  for (let folder = path.resolve(dir); ; folder = path.dirname(folder)) {
    if (existsSync(folder)) break;
    missing.push(folder);
  }
  for (const folder of missing.reverse()) {
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST') throw error; // another process created it
    }
  }
}

/** The default names hold the second of the request, so old ones do not recur. */
const MAX_REMEMBERED_NAMES = 1000;

/** Returns false if a file of that name exists. A link fails atomically then; a rename would replace the file. */
function moveIfFree(name: string, temporary: string): boolean {
  try {
    linkSync(temporary, name);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    if (!NO_LINK_CODES.has(systemErrorCode(error))) throw error;
    return reserveAndRename(name, temporary);
  }
}

/** Error codes of file systems without links: FAT, some network shares and mounts of containers. */
const NO_LINK_CODES: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES']);

function reserveAndRename(name: string, temporary: string): boolean {
  try {
    closeSync(openSync(name, 'wx', 0o600));
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    renameSync(temporary, name);
    return true;
  } catch (error) {
    removeFile(name);
    throw error;
  }
}

function removeFile(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It was renamed or never written. If it cannot be removed, the error of the write is already reported.
  }
}
