/** The chunks of a thread's profile that cover the last minute or so, packed. */

import type { Profiler } from 'node:inspector';
import { deflateSync, inflateSync } from 'node:zlib';
import type { Microseconds } from '../../model/raw-profile.ts';
import { ThreadProfile } from '../program/thread-profile.ts';

/** @typeParam Facts what was known of the thread when the chunk began */
interface PackedChunk<Facts> {
  readonly data: Buffer;
  /** µs of V8's clock. */
  readonly end: Microseconds;
  readonly before: Facts;
}

export class RecentChunks<Facts> {
  readonly #time: Microseconds;
  #chunks: PackedChunk<Facts>[] = [];
  #size = 0;

  /** @param time that is kept at least, as far as it fits */
  constructor(time: Microseconds) {
    this.#time = time;
  }

  /** What was known of the thread when the kept time began; null without a chunk. */
  get first(): Facts | null {
    return this.#chunks[0]?.before ?? null;
  }

  add(profile: Profiler.Profile, before: Facts): void {
    const data = deflateSync(JSON.stringify(profile), { level: 1 });
    this.#chunks.push({ data, end: profile.endTime, before });
    this.#size += data.length;
    this.#dropOld(profile.endTime);
  }

  #dropOld(now: Microseconds): void {
    const isOld = (chunk: PackedChunk<Facts>) => chunk.end < now - this.#time || this.#size > MAX_SIZE;
    while (this.#chunks.length > 1) {
      const [oldest] = this.#chunks;
      if (oldest === undefined || !isOld(oldest)) return;
      this.#chunks.shift();
      this.#size -= oldest.data.length;
    }
  }

  toProfile(): ThreadProfile {
    const profile = new ThreadProfile();
    for (const { data } of this.#chunks) profile.addChunk(JSON.parse(inflateSync(data).toString()));
    return profile;
  }
}

/** Bytes. Chunks are packed to a tenth; a second of a program with 20,000 functions takes 300 kB. */
const MAX_SIZE = 2 ** 26;
