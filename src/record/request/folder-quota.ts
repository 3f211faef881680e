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
  /** Free when the folder was last searched; nothing before. Searching a large folder takes a while. */
  #free: Usage = { files: 0, bytes: 0 };
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
    const [free, written] = [this.#free, this.#written];
    const isLarge = written.files >= free.files / 10 || written.bytes >= free.bytes / 10;
    return (isLarge && written.files >= MIN_WRITTEN) || this.#exceededBy(bytes) !== null;
  }

  #exceededBy(bytes: number): ReachedLimit | null {
    if (this.#written.files + 1 > this.#free.files) return 'maxFiles';
    return this.#written.bytes + bytes > this.#free.bytes ? 'maxBytes' : null;
  }

  #search(): void {
    const { files, bytes } = usageOf(this.#dir);
    this.#free = { files: this.#limits.maxFiles - files, bytes: this.#limits.maxBytes - bytes };
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
