/**
 * Attributes the thread's time to requests: sets a mark whenever the thread switches from one request to another, or to
 * none.
 *
 * AsyncLocalStorage carries a request's context, and async hooks report when a callback or a continuation begins and
 * ends. Both slow down every await of the program, so they are enabled only while a request is profiled.
 */

import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import type { Microseconds } from '../../model/raw-profile.ts';
import { now } from '../clock.ts';
import { type RequestId, UNATTRIBUTED } from './request-id.ts';

/** Switches of the thread. A mark holds until the next one. */
export interface Marks {
  /** mark -> µs of pstat's clock, truncated to whole µs, ascending. */
  readonly times: Float64Array<ArrayBuffer>;
  /** mark -> RequestId that runs from then on. */
  readonly owners: Float64Array<ArrayBuffer>;
}

export class Attribution {
  readonly #storage = new AsyncLocalStorage<RequestId>();
  readonly #hook = createHook({
    before: () => this.#enter(this.#storage.getStore() ?? UNATTRIBUTED),
    after: () => this.#leave(),
  });
  /** The owners of the callbacks on the stack below the current one. */
  #stack: RequestId[] = [];
  #isEnabled = false;
  #current: RequestId = UNATTRIBUTED;
  #times: Microseconds[] = [];
  #owners: RequestId[] = [];
  /** Whether an unattributed callback ran since the last mark. */
  #hasUnattributedCallback = false;

  enable(): void {
    this.#isEnabled = true;
    this.#hook.enable();
  }

  /** Ends the attribution: from here on time is unattributed, and the hooks cost the program nothing. */
  disable(): void {
    this.#isEnabled = false;
    this.#hook.disable();
    this.#storage.disable();
    this.#stack = [];
    this.#switchTo(UNATTRIBUTED);
  }

  /**
   * Runs the work, attributing it and all asynchronous work that it starts to the owner. Only runs it while the attribution is
   * disabled: AsyncLocalStorage would enable itself, for good.
   */
  run<Result>(owner: RequestId, work: () => Result): Result {
    if (!this.#isEnabled) return work();
    return this.runWithoutContext(owner, () => this.#storage.run(owner, work));
  }

  /** Runs the work, attributing it to the owner, but not the asynchronous work that it starts. */
  runWithoutContext<Result>(owner: RequestId, work: () => Result): Result {
    this.#enter(owner);
    try {
      return work();
    } finally {
      this.#leave();
    }
  }

  /**
   * Returns and removes the marks since the last call.
   *
   * Call it only from a callback of the event loop with nothing below it on the stack: then entries on the stack belong
   * to callbacks whose end was not reported, and are removed as well.
   */
  takeMarks(): Marks {
    const marks = { times: new Float64Array(this.#times), owners: new Float64Array(this.#owners) };
    this.#times = [];
    this.#owners = [];
    this.#stack = [UNATTRIBUTED];
    return marks;
  }

  #enter(owner: RequestId): void {
    this.#stack.push(this.#current);
    if (owner === UNATTRIBUTED) this.#hasUnattributedCallback = true;
    this.#switchTo(owner);
  }

  /** The stack may be empty: hooks that are enabled within a callback report its end but not its beginning. */
  #leave(): void {
    this.#switchTo(this.#stack.pop() ?? UNATTRIBUTED);
  }

  /** Truncates the time to whole µs as V8 does for samples, so that no sample precedes its own mark. */
  #switchTo(owner: RequestId): void {
    if (owner === this.#current) return;
    this.#current = owner;
    const time = Math.floor(now());
    if (this.#resumesLast(owner, time)) {
      this.#times.pop();
      this.#owners.pop();
      return;
    }
    this.#times.push(time);
    this.#owners.push(owner);
    this.#hasUnattributedCallback = false;
  }

  /**
   * Whether the owner only paused since the last mark, as between two awaits: for at most MAX_PAUSE, without another
   * callback in between. A request may pause hundreds of times, and marks for all pauses would cost more than the
   * hooks.
   */
  #resumesLast(owner: RequestId, time: Microseconds): boolean {
    const last = this.#owners.length - 1;
    if (owner === UNATTRIBUTED || this.#hasUnattributedCallback || this.#owners[last] !== UNATTRIBUTED) return false;
    return this.#owners[last - 1] === owner && time - (this.#times[last] ?? 0) <= MAX_PAUSE;
  }
}

/** µs. */
const MAX_PAUSE = 3;
