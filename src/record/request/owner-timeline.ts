/** Which request ran at which time, from the marks of the server's thread. */

import type { Microseconds } from '../../model/raw-profile.ts';
import type { Marks } from './attribution.ts';
import { type RequestId, UNATTRIBUTED } from './request-id.ts';

export class OwnerTimeline {
  /** The marks that samples may still need, ascending. */
  #times: Microseconds[] = [];
  #owners: RequestId[] = [];
  /** The owner before the first of these marks. */
  #ownerBefore: RequestId = UNATTRIBUTED;
  #lastMark: { owner: RequestId; time: Microseconds } = { owner: UNATTRIBUTED, time: 0 };
  /** The busy time of the requests that are measured. */
  readonly #busy = new Map<RequestId, Microseconds>();

  /** Starts to measure the busy time of a request. */
  startMeasuring(id: RequestId): void {
    this.#busy.set(id, 0);
  }

  stopMeasuring(id: RequestId): void {
    this.#busy.delete(id);
  }

  /** Returns the exact µs that the thread worked for a request that is measured. */
  busyTimeOf(id: RequestId): Microseconds {
    return this.#busy.get(id) ?? 0;
  }

  addMarks({ times, owners }: Marks): void {
    for (let i = 0; i < times.length; i++) {
      const [time = 0, owner = UNATTRIBUTED] = [times[i], owners[i]];
      this.#times.push(time);
      this.#owners.push(owner);
      const busy = this.#busy.get(this.#lastMark.owner);
      if (busy !== undefined) this.#busy.set(this.#lastMark.owner, busy + time - this.#lastMark.time);
      this.#lastMark = { owner, time };
    }
  }

  /** Returns sample -> owner. @param times sample -> µs of pstat's clock, ascending */
  ownersAt(times: readonly Microseconds[]): RequestId[] {
    let mark = 0;
    return times.map((time) => {
      while (mark < this.#times.length && (this.#times[mark] ?? 0) <= time) mark++;
      return mark === 0 ? this.#ownerBefore : (this.#owners[mark - 1] ?? UNATTRIBUTED);
    });
  }

  /** Drops the marks up to a time before which no sample will come. */
  dropBefore(time: Microseconds): void {
    const later = this.#times.findIndex((mark) => mark > time);
    const count = later === -1 ? this.#times.length : later;
    if (count === 0) return;
    this.#ownerBefore = this.#owners[count - 1] ?? UNATTRIBUTED;
    this.#times = this.#times.slice(count);
    this.#owners = this.#owners.slice(count);
  }
}
