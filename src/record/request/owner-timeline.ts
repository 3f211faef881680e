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
  /** The requests whose busy time is measured. */
  readonly #measured = new Map<RequestId, { start: Microseconds; end: Microseconds; busy: Microseconds }>();

  /** Starts to measure the busy time of a request. */
  startMeasuring(id: RequestId, start: Microseconds): void {
    this.#measured.set(id, { start, end: Infinity, busy: 0 });
  }

  /** Work after the end does not count. Call it before adding the marks up to the end. */
  endMeasuring(id: RequestId, end: Microseconds): void {
    const measured = this.#measured.get(id);
    if (measured !== undefined) measured.end = end;
  }

  /** Returns the whole µs that the thread worked for a request, from its start to its end, and forgets the request. */
  takeBusyTime(id: RequestId): Microseconds {
    const busy = this.#measured.get(id)?.busy ?? 0;
    this.#measured.delete(id);
    return Math.round(busy);
  }

  addMarks({ times, owners }: Marks): void {
    for (let i = 0; i < times.length; i++) {
      const [time = 0, owner = UNATTRIBUTED] = [times[i], owners[i]];
      this.#times.push(time);
      this.#owners.push(owner);
      this.#addBusyTime(this.#lastMark.owner, this.#lastMark.time, time);
      this.#lastMark = { owner, time };
    }
  }

  #addBusyTime(owner: RequestId, from: Microseconds, to: Microseconds): void {
    const measured = this.#measured.get(owner);
    if (measured === undefined) return;
    measured.busy += Math.max(0, Math.min(to, measured.end) - Math.max(from, measured.start));
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
