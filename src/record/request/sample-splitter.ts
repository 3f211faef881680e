/** Deals the samples of the one profile of a thread to the requests that it served, and says when one has all of its own. */

import type { Microseconds } from '../../model/raw-profile.ts';
import { type Piece, pieceOf } from '../profile-chunk.ts';
import type { Batch, EndedRequest } from './messages.ts';
import { Turns } from './owner-timeline.ts';
import type { Owner } from './owners.ts';
import { RequestProfile } from './request-profile.ts';

/** A file to be written. Its text is made on demand: it may be large, and one at a time is enough. */
export interface FinishedFile {
  readonly name: string;
  text(): string;
}

/** What a batch brought to an end. */
export interface Dealt {
  readonly files: readonly FinishedFile[];
  /** How many requests were done with, those that need no file among them. */
  readonly done: number;
}

export class Dealer {
  readonly #turns = new Turns();
  readonly #profiles = new Map<Owner, RequestProfile>();
  /** Requests that have ended and may still get samples. */
  #ended: EndedRequest[] = [];
  /** V8's clock: the last sample that was dealt. */
  #lastSample: Microseconds = -Infinity;

  deal({ pieces, offset, marks, begun, ended, last }: Batch): Dealt {
    for (const { owner, start } of begun) {
      this.#profiles.set(owner, new RequestProfile(owner, start + offset));
      this.#turns.watch(owner);
    }
    this.#turns.add(marks);
    this.#ended.push(...ended);
    let seen = -Infinity;
    for (const profile of pieces) {
      this.#dealPiece(pieceOf(profile, this.#lastSample), offset);
      seen = Math.max(seen, profile.endTime - offset);
    }
    this.#turns.forgetBefore(this.#lastSample - offset);
    return this.#finish(last ? Infinity : seen - LATE, offset);
  }

  #dealPiece(piece: Piece, offset: number): void {
    const owners = this.#turns.ownersAt(piece.times.map((time) => time - offset));
    const ends = new Map(this.#ended.map(({ owner, end }) => [owner, end + offset]));
    for (const [owner, profile] of this.#profiles) profile.take(piece, owners, ends.get(owner) ?? Infinity);
    this.#lastSample = piece.times.at(-1) ?? this.#lastSample;
  }

  /** @param until our clock: who ended before then has all samples */
  #finish(until: Microseconds, offset: number): Dealt {
    const settled = this.#ended.filter(({ end }) => end <= until);
    this.#ended = this.#ended.filter(({ end }) => end > until);
    const files = settled.flatMap(({ owner, end, file }) => {
      const profile = this.#profiles.get(owner);
      const busy = this.#turns.takeBusy(owner);
      this.#profiles.delete(owner);
      if (file === null || profile === undefined) return [];
      return [{ name: file.name, text: () => profile.document(file.facts, end + offset, busy) }];
    });
    return { files, done: settled.length };
  }
}

/** µs that a sample may lie in V8's queue; what was in it when a piece ended comes with the next. */
const LATE = 10_000;
