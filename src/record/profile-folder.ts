/** The folder of the files: each is written whole or not at all, and none takes the place of another. */

import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, linkSync, mkdirSync, openSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemErrorCode } from '../base/system-error.ts';

export class ProfileFolder {
  readonly #dir: string;
  /** name -> the number that its next twin tries first. */
  #twins = new Map<string, number>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /**
   * Writes a file that only its owner can read: URLs hold secrets. Where the name is taken, a number follows it:
   * `GET.root.000001ms.1552408596.2.cpuprofile`. Throws what the file system throws, and leaves nothing behind then.
   */
  write(name: string, text: string): void {
    const temporary = path.join(this.#dir, `.pstat-${randomBytes(8).toString('hex')}.tmp`);
    try {
      this.#writeTemporary(temporary, text);
      this.#place(temporary, name);
    } finally {
      remove(temporary);
    }
  }

  /** The folder is made when it is missed, also when somebody removes it meanwhile. */
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

  #place(temporary: string, name: string): void {
    const { name: stem, ext } = path.parse(name);
    if (this.#twins.size > MOST_NAMES) this.#twins = new Map();
    for (let twin = this.#twins.get(name) ?? 1; ; twin++) {
      const free = path.join(this.#dir, twin === 1 ? name : `${stem}.${twin}${ext}`);
      if (!placeUnder(free, temporary)) continue;
      this.#twins.set(name, twin + 1);
      return;
    }
  }
}

/**
 * Makes a folder and those above it. Not by `recursive`: where a file system says ENOENT of a parent that is there, as
 * /proc does, Node's own loop never ends. Throws what the file system throws.
 */
export function makeFolder(dir: string): void {
  const missing: string[] = [];
  for (let folder = path.resolve(dir); ; folder = path.dirname(folder)) {
    if (existsSync(folder)) break;
    missing.push(folder);
  }
  for (const folder of missing.reverse()) {
    try {
      mkdirSync(folder);
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST') throw error; // another process was faster
    }
  }
}

/** Names hold the second, so that old ones never come again. */
const MOST_NAMES = 1000;

/** False if there is a file of that name. A link is made or refused at once; a rename would take the file's place. */
function placeUnder(name: string, temporary: string): boolean {
  try {
    linkSync(temporary, name);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    if (!WITHOUT_LINKS.has(systemErrorCode(error))) throw error;
    return reserveAndRename(name, temporary);
  }
}

/** What file systems without links say: FAT, some network shares and mounts of containers. */
const WITHOUT_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES']);

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
    remove(name);
    throw error;
  }
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It was renamed, or never written; and if it cannot be removed, there is nobody to tell who could do more.
  }
}
