/** How far reading has come: a line on stderr, for people who wait, gone before anything else is written. */

import { bytes, wholePercent } from '../base/units.ts';
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
  io: Pick<Io, 'stderr' | 'env'>,
  read: (onProgress: OnProgress) => Promise<Result>,
  // `performance` would be one more thing to load for every run.
  now: () => number = Date.now,
): Promise<Result> {
  if (io.env['TERM'] === 'dumb') return read(() => {});
  const line = new ProgressLine(io, now);
  try {
    return await read((done, total) => line.show(done, total));
  } finally {
    line.end();
  }
}

class ProgressLine {
  readonly #io: Pick<Io, 'stderr'>;
  readonly #now: () => number;
  /** Where it stands, if it does. */
  #shownOn: Output | null = null;
  /** When it may be shown next. */
  #next: number;

  constructor(io: Pick<Io, 'stderr'>, now: () => number) {
    this.#io = io;
    this.#now = now;
    this.#next = now() + PATIENCE_MS;
  }

  show(read: number, total: number): void {
    const time = this.#now();
    if (time < this.#next || total === 0) return;
    // Asked only now: most runs are over before anybody waits, and need no second stream.
    const { stderr } = this.#io;
    this.#next = stderr.isTTY ? time + BETWEEN_MS : Number.POSITIVE_INFINITY;
    if (!stderr.isTTY) return;
    this.#shownOn = stderr;
    const text = `reading ${wholePercent(read, total)}% of ${bytes(total)}`;
    stderr.write(`${TO_START_OF_LINE}${text}${ERASE_TO_END_OF_LINE}`);
  }

  /** Erases it, for good: a file may still be on its way when another is found broken. */
  end(): void {
    this.#shownOn?.write(`${TO_START_OF_LINE}${ERASE_TO_END_OF_LINE}`);
    this.#next = Number.POSITIVE_INFINITY;
  }
}
