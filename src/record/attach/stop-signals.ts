/** Ctrl+C and the like end a recording; they never end pstat before the program's inspector is closed. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

export class StopSignals {
  readonly #controller = new AbortController();
  readonly #stop = () => this.#controller.abort();
  #timer: NodeJS.Timeout | null = null;

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#stop);
  }

  /** Aborted by the first signal, or when the time is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(): void {
    this.#controller.abort();
  }

  /** @param ms null for no limit */
  startTimer(ms: number | null): void {
    if (ms !== null) this.#timer = setTimeout(this.#stop, ms);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const signal of SIGNALS) process.off(signal, this.#stop);
  }
}
