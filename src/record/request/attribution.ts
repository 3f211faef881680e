/**
 * Who ran when: each time that the thread goes over from one request to another, or to none, a mark is set.
 *
 * A request's context is carried by AsyncLocalStorage, and async hooks tell when a callback or a continuation of it
 * begins and ends. Both cost time on every await of the whole program, so they are on only while they are needed.
 */

import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import type { Microseconds } from '../../model/raw-profile.ts';
import { now } from '../clock.ts';
import { NOBODY, type Owner } from './owners.ts';

/** mark -> when (µs of our clock, cut to whole ones, ascending), and whose turn it is from then on. */
export interface Marks {
  readonly times: Float64Array<ArrayBuffer>;
  readonly owners: Float64Array<ArrayBuffer>;
}

export class Attribution {
  readonly #storage = new AsyncLocalStorage<Owner>();
  readonly #hook = createHook({
    before: () => this.#enter(this.#storage.getStore() ?? NOBODY),
    after: () => this.#leave(),
  });
  /** The owners of the callbacks that are open on the stack, below the current one. */
  #outer: Owner[] = [];
  #current: Owner = NOBODY;
  #times: Microseconds[] = [];
  #owners: Owner[] = [];
  /** Whether somebody unknown ran since the last mark. */
  #isStrayed = false;

  on(): void {
    this.#hook.enable();
  }

  /** From here on it is nobody's turn, and nothing in the program costs more than without us. */
  off(): void {
    this.#hook.disable();
    this.#storage.disable();
    this.#outer = [];
    this.#switchTo(NOBODY);
  }

  /** Does the work, and whatever it leads to, in the name of the owner. */
  run<Result>(owner: Owner, work: () => Result): Result {
    return this.during(owner, () => this.#storage.run(owner, work));
  }

  /** Does the work in the name of the owner, but not what it leads to. */
  during<Result>(owner: Owner, work: () => Result): Result {
    this.#enter(owner);
    try {
      return work();
    } finally {
      this.#leave();
    }
  }

  /**
   * The marks since the last call, which are then forgotten here.
   *
   * To be called from a callback of the event loop, under nothing else: what is open on the stack by then was left by
   * callbacks of which no end was told, and is forgotten as well.
   */
  takeMarks(): Marks {
    const marks = { times: new Float64Array(this.#times), owners: new Float64Array(this.#owners) };
    this.#times = [];
    this.#owners = [];
    this.#outer = [NOBODY];
    return marks;
  }

  #enter(owner: Owner): void {
    this.#outer.push(this.#current);
    if (owner === NOBODY) this.#isStrayed = true;
    this.#switchTo(owner);
  }

  /** Hooks that were switched on within a callback tell of its end and not of its beginning. */
  #leave(): void {
    this.#switchTo(this.#outer.pop() ?? NOBODY);
  }

  /** V8 cuts the times of its samples to whole µs; with marks cut likewise, no sample lies before its own mark. */
  #switchTo(owner: Owner): void {
    if (owner === this.#current) return;
    this.#current = owner;
    const time = Math.floor(now());
    if (this.#goesOn(owner, time)) {
      this.#times.pop();
      this.#owners.pop();
      return;
    }
    this.#times.push(time);
    this.#owners.push(owner);
    this.#isStrayed = false;
  }

  /**
   * Whether the owner only paused since the last mark, as between two awaits: for a moment, in which no callback of
   * anybody ran. There may be hundreds of such pauses a request, and a mark of each would cost more than the hooks.
   */
  #goesOn(owner: Owner, time: Microseconds): boolean {
    const last = this.#owners.length - 1;
    if (owner === NOBODY || this.#isStrayed || this.#owners[last] !== NOBODY) return false;
    return this.#owners[last - 1] === owner && time - (this.#times[last] ?? 0) <= SHORT_PAUSE;
  }
}

/** µs. */
const SHORT_PAUSE = 3;
