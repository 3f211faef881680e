/** Work that a second Ctrl+C may end, and the first may not: many press it twice. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Impatience {
  /** The first signal came. */
  readonly warn: () => void;
  /** The second came: the process ends by it right after. */
  readonly giveUp: () => void;
}

export async function patiently<Result>(work: () => Promise<Result>, { warn, giveUp }: Impatience): Promise<Result> {
  let count = 0;
  const listeners = SIGNALS.map((signal) => {
    const listener = () => {
      count++;
      if (count === 1) return warn();
      stop();
      giveUp();
      process.kill(process.pid, signal);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  const stop = () => {
    for (const off of listeners) off();
  };
  try {
    return await work();
  } finally {
    stop();
  }
}
