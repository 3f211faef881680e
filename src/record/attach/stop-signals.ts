/** Ctrl+C and the like end a recording; they never end pstat before the program's inspector is closed. */

import { Interruption } from '../interruption.ts';

export class StopSignals {
  readonly #controller = new AbortController();
  readonly #interruption = new Interruption(() => this.stop());
  #timer: NodeJS.Timeout | null = null;

  /** Aborted by the first signal, or when the time is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(): void {
    this.#controller.abort();
  }

  /** @param ms null for no limit */
  startTimer(ms: number | null): void {
    if (ms !== null) this.#timer = setTimeout(() => this.stop(), ms);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#interruption.stop();
  }
}
