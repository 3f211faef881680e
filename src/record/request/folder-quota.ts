/** Limits the files in the folder of the profiles, which several processes may fill. */

import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { systemErrorCode } from '../../base/system-error.ts';

export interface QuotaLimits {
  readonly maxFiles: number;
  readonly maxBytes: number;
}

/** The limit that a folder has reached. */
export type ReachedLimit = keyof QuotaLimits;

export class FolderQuota {
  readonly #dir: string;
  readonly #limits: QuotaLimits;
  /** What the folder held when it was last searched; null before. Searching a large folder takes a while. */
  #found: Usage | null = null;
  /** Written since then by this thread. */
  #written: Usage = { files: 0, bytes: 0 };

  constructor(dir: string, limits: QuotaLimits) {
    this.#dir = dir;
    this.#limits = limits;
  }

  /** Returns the limit that one more file would exceed; null if there is none. Throws the errors of the file system. */
  limitFor(bytes: number): ReachedLimit | null {
    if (this.#isOutdated(bytes)) this.#search();
    return this.#exceededBy(bytes);
  }

  /** Counts a file that was written. */
  add(bytes: number): void {
    this.#written = { files: this.#written.files + 1, bytes: this.#written.bytes + bytes };
  }

  /**
   * Searches the folder more often the fuller it is, since other processes may write to it too, and before it is called
   * full, since files may have been removed.
   */
  #isOutdated(bytes: number): boolean {
    if (this.#found === null) return true;
    const { files, bytes: written } = this.#written;
    const freeFiles = this.#limits.maxFiles - this.#found.files;
    const freeBytes = this.#limits.maxBytes - this.#found.bytes;
    const isLarge = files >= MIN_WRITTEN && (files >= freeFiles / 10 || written >= freeBytes / 10);
    return isLarge || this.#exceededBy(bytes) !== null;
  }

  #exceededBy(bytes: number): ReachedLimit | null {
    const found = this.#found ?? { files: 0, bytes: 0 };
    if (found.files + this.#written.files + 1 > this.#limits.maxFiles) return 'maxFiles';
    return found.bytes + this.#written.bytes + bytes > this.#limits.maxBytes ? 'maxBytes' : null;
  }

  #search(): void {
    this.#found = usageOf(this.#dir);
    this.#written = { files: 0, bytes: 0 };
  }
}

/** Files of this thread after which the folder is searched again. */
const MIN_WRITTEN = 20;

interface Usage {
  readonly files: number;
  readonly bytes: number;
}

function usageOf(dir: string): Usage {
  const sizes = namesIn(dir).map((name) => lstatSync(path.join(dir, name), { throwIfNoEntry: false })?.size ?? 0);
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** The folder is created with its first file. */
function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
