/** Splits the samples of a thread's profile by request, and determines when a request has all of its samples. */

import type { Microseconds } from '../../model/raw-profile.ts';
import { createChunk, type ProfileChunk } from '../profile-chunk.ts';
import { ScriptSources } from '../script-sources.ts';
import type { Batch, EndedRequest } from './messages.ts';
import { OwnerTimeline } from './owner-timeline.ts';
import type { RequestId } from './request-id.ts';
import { RequestProfile } from './request-profile.ts';

/** A file to be written. Serialized on demand: the text may be large, and only one is needed at a time. */
export interface FinishedFile {
  readonly name: string;
  serialize(): string;
}

/** The requests that a batch finished. */
interface SplitResult {
  readonly files: readonly FinishedFile[];
  /** Counts requests without a file too. */
  readonly finishedRequests: number;
}

export class SampleSplitter {
  readonly #timeline = new OwnerTimeline();
  readonly #profiles = new Map<RequestId, RequestProfile>();
  #scripts = new ScriptSources([]);
  /** Requests that have ended but whose last samples may be missing. */
  #ended: EndedRequest[] = [];
  /** V8's clock. */
  #lastSample: Microseconds = -Infinity;

  split({ chunks, offset, marks, begun, ended, scripts, last }: Batch): SplitResult {
    if (scripts !== null) this.#scripts = new ScriptSources(scripts);
    for (const { id, start } of begun) {
      this.#profiles.set(id, new RequestProfile(id, start + offset));
      this.#timeline.startMeasuring(id, start);
    }
    for (const { id, end } of ended) this.#timeline.endMeasuring(id, end);
    this.#timeline.addMarks(marks);
    this.#ended.push(...ended);
    let lastEnd = -Infinity;
    for (const profile of chunks) {
      this.#splitChunk(createChunk(profile, this.#lastSample), offset);
      lastEnd = Math.max(lastEnd, profile.endTime - offset);
    }
    this.#timeline.dropBefore(this.#lastSample - offset);
    return this.#finishRequests(last ? Infinity : lastEnd - MAX_SAMPLE_DELAY, offset);
  }

  #splitChunk(chunk: ProfileChunk, offset: number): void {
    const owners = this.#timeline.ownersAt(chunk.times.map((time) => time - offset));
    const ends = new Map(this.#ended.map(({ id, end }) => [id, end + offset]));
    for (const [id, profile] of this.#profiles) profile.addChunk(chunk, owners, ends.get(id) ?? Infinity);
    this.#lastSample = chunk.times.at(-1) ?? this.#lastSample;
  }

  /** @param until µs of pstat's clock: requests that ended by then have all of their samples */
  #finishRequests(until: Microseconds, offset: number): SplitResult {
    const finished = this.#ended.filter(({ end }) => end <= until);
    this.#ended = this.#ended.filter(({ end }) => end > until);
    const scripts = this.#scripts;
    const files = finished.flatMap(({ id, end, file }) => {
      const profile = this.#profiles.get(id);
      const busy = this.#timeline.takeBusyTime(id);
      this.#profiles.delete(id);
      if (file === null || profile === undefined) return [];
      return [
        {
          name: file.name,
          serialize: () => profile.serialize(file.facts, { end: end + offset, busy, scripts }),
        },
      ];
    });
    return { files, finishedRequests: finished.length };
  }
}

/** µs. A sample may wait this long in V8's queue; then it comes with the next chunk. */
const MAX_SAMPLE_DELAY = 10_000;
