/** A progress line on stderr while files are read. It is erased before anything else is written. */

import { formatBytes, formatWholePercent } from '../base/units.ts';
import type { LoadOptions } from '../input/load.ts';
import { type Arguments, functionTimeFrom, loadOptionsFrom } from './arguments.ts';
import type { Io, Output } from './io.ts';

/** Shorter reads show no progress. */
const DELAY_MS = 1000;

/** Time between two updates. */
const INTERVAL_MS = 100;

/** Writes over the line that the cursor is on; no text erases it. */
export function overwriteLine(stream: Output, text = ''): void {
  stream.write(`\r${text}\x1b[K`);
}

type OnProgress = (read: number, total: number) => void;

/** Runs `read` and shows its progress. `now` is a clock in ms. */
export async function withProgress<Result>(
  io: Pick<Io, 'stderr' | 'env'>,
  read: (onProgress: OnProgress) => Promise<Result>,
  // Not `performance`, which would have to be loaded on every run.
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

/** Runs `load` with the options of the command line to load files with, and shows its progress. Throws PstatError. */
export function loadWithProgress<Result>(
  args: Arguments,
  io: Pick<Io, 'stdin' | 'stderr' | 'env'>,
  load: (options: LoadOptions) => Promise<Result>,
): Promise<Result> {
  const options = { ...loadOptionsFrom(args), stdin: io.stdin, time: functionTimeFrom(args) };
  return withProgress(io, (onProgress) => load({ ...options, onProgress }));
}

class ProgressLine {
  readonly #io: Pick<Io, 'stderr'>;
  readonly #now: () => number;
  /** The stream that shows the line; null before. */
  #shownOn: Output | null = null;
  /** The earliest time of the next update. */
  #next: number;

  constructor(io: Pick<Io, 'stderr'>, now: () => number) {
    this.#io = io;
    this.#now = now;
    this.#next = now() + DELAY_MS;
  }

  show(read: number, total: number): void {
    const time = this.#now();
    if (time < this.#next || total === 0) return;
    // Read late: most runs end before the delay and need no stderr.
    const { stderr } = this.#io;
    this.#next = stderr.isTTY ? time + INTERVAL_MS : Number.POSITIVE_INFINITY;
    if (!stderr.isTTY) return;
    this.#shownOn = stderr;
    overwriteLine(stderr, `reading ${formatWholePercent(read, total)}% of ${formatBytes(total)}`);
  }

  /** Erases the line and stops updates: other files may still be read after one fails. */
  end(): void {
    if (this.#shownOn !== null) overwriteLine(this.#shownOn);
    this.#next = Number.POSITIVE_INFINITY;
  }
}
