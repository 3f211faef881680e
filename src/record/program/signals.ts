/** Runs work that the first Ctrl+C does not interrupt and the second does: many users press it twice. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface InterruptHandlers {
  readonly onFirst: () => void;
  /** The process ends by the signal right after. */
  readonly onSecond: () => void;
}

export async function runWithInterruptHandling<Result>(
  work: () => Promise<Result>,
  { onFirst, onSecond }: InterruptHandlers,
): Promise<Result> {
  let count = 0;
  const removers = SIGNALS.map((signal) => {
    const listener = () => {
      count++;
      if (count === 1) return onFirst();
      removeListeners();
      onSecond();
      process.kill(process.pid, signal);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  const removeListeners = () => {
    for (const remove of removers) remove();
  };
  try {
    return await work();
  } finally {
    removeListeners();
  }
}
