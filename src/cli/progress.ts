/** How far reading has come: a line on stderr, for people who wait, gone before anything else is written. */

import { bytes, wholePercent } from '../units.ts';
import type { Io, Output } from './io.ts';

/** Who waits for less need not be told. */
const PATIENCE_MS = 1000;

/** Ten times a second is as often as one can see. */
const BETWEEN_MS = 100;

const TO_START_OF_LINE = '\r';
const ERASE_TO_END_OF_LINE = '\x1b[K';

type OnProgress = (read: number, total: number) => void;

/** Runs what reads files, and shows how far it is. `now` is a clock in ms. */
export async function withProgress<Result>(
  { stderr, env }: Pick<Io, 'stderr' | 'env'>,
  read: (onProgress: OnProgress) => Promise<Result>,
  // `performance` would be one more thing to load for every run.
  now: () => number = Date.now,
): Promise<Result> {
  if (!stderr.isTTY || env['TERM'] === 'dumb') return read(() => {});
  const line = new ProgressLine(stderr, now);
  try {
    return await read((done, total) => line.show(done, total));
  } finally {
    line.end();
  }
}

class ProgressLine {
  readonly #output: Output;
  readonly #now: () => number;
  #isShown = false;
  /** When it may be shown next. */
  #next: number;

  constructor(output: Output, now: () => number) {
    this.#output = output;
    this.#now = now;
    this.#next = now() + PATIENCE_MS;
  }

  show(read: number, total: number): void {
    const time = this.#now();
    if (time < this.#next || total === 0) return;
    this.#next = time + BETWEEN_MS;
    this.#isShown = true;
    const text = `reading ${wholePercent(read, total)}% of ${bytes(total)}`;
    this.#output.write(`${TO_START_OF_LINE}${text}${ERASE_TO_END_OF_LINE}`);
  }

  /** Erases it, for good: a file may still be on its way when another is found broken. */
  end(): void {
    if (this.#isShown) this.#output.write(`${TO_START_OF_LINE}${ERASE_TO_END_OF_LINE}`);
    this.#next = Number.POSITIVE_INFINITY;
  }
}
