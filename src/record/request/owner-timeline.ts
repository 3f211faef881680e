/** Whose turn it was at which time, from the marks of the server's thread. */

import type { Microseconds } from '../../model/raw-profile.ts';
import type { Marks } from './attribution.ts';
import { NOBODY, type Owner } from './owners.ts';

export class Turns {
  /** The marks that are still asked about, ascending, and the owner before the first of them. */
  #times: Microseconds[] = [];
  #owners: Owner[] = [];
  #before: Owner = NOBODY;
  #last: { owner: Owner; since: Microseconds } = { owner: NOBODY, since: 0 };
  /** Of the owners that are watched. */
  readonly #busy = new Map<Owner, Microseconds>();

  /** From now on the work of the owner is measured, until it is taken. */
  watch(owner: Owner): void {
    this.#busy.set(owner, 0);
  }

  add({ times, owners }: Marks): void {
    for (let i = 0; i < times.length; i++) {
      const [time = 0, owner = NOBODY] = [times[i], owners[i]];
      this.#times.push(time);
      this.#owners.push(owner);
      const { owner: previous, since } = this.#last;
      const busy = this.#busy.get(previous);
      if (busy !== undefined) this.#busy.set(previous, busy + time - since);
      this.#last = { owner, since: time };
    }
  }

  /** sample -> owner, for times of our clock that ascend. */
  ownersAt(times: readonly Microseconds[]): Owner[] {
    let mark = 0;
    return times.map((time) => {
      while (mark < this.#times.length && (this.#times[mark] ?? 0) <= time) mark++;
      return mark === 0 ? this.#before : (this.#owners[mark - 1] ?? NOBODY);
    });
  }

  /** Nothing before the time will be asked about any more. */
  forgetBefore(time: Microseconds): void {
    const later = this.#times.findIndex((mark) => mark > time);
    const count = later === -1 ? this.#times.length : later;
    if (count === 0) return;
    this.#before = this.#owners[count - 1] ?? NOBODY;
    this.#times = this.#times.slice(count);
    this.#owners = this.#owners.slice(count);
  }

  /** µs that the thread worked for a watched owner, exactly; it is watched no longer. */
  takeBusy(owner: Owner): Microseconds {
    const busy = this.#busy.get(owner) ?? 0;
    this.#busy.delete(owner);
    return busy;
  }
}
