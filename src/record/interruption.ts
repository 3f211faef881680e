/** Notices Ctrl+C and its like, so that pstat removes what is temporary, and closes what it opened, before it ends. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

export class Interruption {
  #signal: NodeJS.Signals | null = null;
  readonly #listener: (signal: NodeJS.Signals) => void;

  /** @param onSignal called for each signal */
  constructor(onSignal = () => {}) {
    this.#listener = (signal) => {
      this.#signal ??= signal;
      onSignal();
    };
    for (const signal of SIGNALS) process.on(signal, this.#listener);
  }

  /** The first signal; null while there is none. */
  get signal(): NodeJS.Signals | null {
    return this.#signal;
  }

  stop(): void {
    for (const signal of SIGNALS) process.off(signal, this.#listener);
  }
}
