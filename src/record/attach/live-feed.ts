/** What was recorded last, for a screen that follows it: newer samples wait until they are asked for. */

import { rm } from 'node:fs/promises';
import path from 'node:path';
import { writeProfile } from '../program/profile-files.ts';
import type { ThreadProfile } from '../program/thread-profile.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import type { ThreadRecording } from './thread-recording.ts';

export class LiveFeed {
  /** process -> its threads */
  readonly #threads = new Map<object, readonly ThreadRecording[]>();
  #hasNew = false;
  #hasEnded = false;
  #wake = () => {};

  /** There are newer samples. */
  update(process: object, threads: readonly ThreadRecording[]): void {
    this.#threads.set(process, threads);
    this.#hasNew = true;
    this.#wake();
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  /** Resolves to the profiles of the threads when there are newer samples, and to null when the recording has ended. */
  async next(): Promise<readonly ThreadProfile[] | null> {
    for (;;) {
      if (this.#hasNew) {
        this.#hasNew = false;
        const threads = [...this.#threads.values()].flat();
        const profiles = await Promise.all(threads.map((thread) => thread.toProfileWithScripts()));
        const filled = profiles.filter((profile) => !profile.isEmpty);
        if (filled.length > 0) return filled;
      } else if (this.#hasEnded) return null;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

/** Writes profiles for commands that read files, and removes them afterwards. Throws PstatError. */
export async function withFiles<Result>(
  profiles: readonly ThreadProfile[],
  use: (files: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const folder = makeTemporaryFolder('pstat-live-');
  try {
    const files = profiles.map((_, i) => path.join(folder, `${i}.cpuprofile`));
    for (const [i, profile] of profiles.entries()) await writeProfile(files[i] ?? '', profile);
    return await use(files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
