/**
 * What a recorded thread leaves behind while it runs: a file of one JSON text a line, first who it is, then pieces of
 * its profile, each followed by the metadata of the run until then, at last that it came to its end. Whatever kills it
 * takes no line with it that was written.
 */

import { randomBytes } from 'node:crypto';
import { appendFileSync, createReadStream } from 'node:fs';
import type { Profiler } from 'node:inspector';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { RunMetadata } from '../run-metadata.ts';

/** The folder of the spools, for every process and thread that the command starts. */
export const SPOOL_VARIABLE = 'PSTAT_RECORD_SPOOL';
/** µs between two samples. */
export const INTERVAL_VARIABLE = 'PSTAT_RECORD_INTERVAL';

/** Who wrote a spool. */
export interface ThreadIdentity {
  readonly pid: number;
  /** 0 is the main thread. */
  readonly thread: number;
  /** The file that the process runs; empty for `node -e`. */
  readonly program: string;
  /** ms since 1970. */
  readonly start: number;
}

type Line =
  | { thread: ThreadIdentity }
  | { piece: Profiler.Profile }
  | { run: RunMetadata }
  | { fault: string }
  | { end: true };

export class Spool {
  readonly #file: string;

  constructor(folder: string, thread: ThreadIdentity) {
    this.#file = path.join(folder, `${thread.pid}.${thread.thread}.${randomBytes(4).toString('hex')}.ndjson`);
    this.#append({ thread });
  }

  /** @param run from the start of the recording to now: the last one that was written counts */
  add(pieces: readonly Profiler.Profile[], run: RunMetadata | null): void {
    this.#append(...pieces.map((piece) => ({ piece })), ...(run === null ? [] : [{ run }]));
  }

  /** Why the thread is not recorded. */
  fault(reason: string): void {
    this.#append({ fault: reason });
  }

  end(): void {
    this.#append({ end: true });
  }

  #append(...lines: readonly Line[]): void {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    appendFileSync(this.#file, text, { mode: 0o600 });
  }
}

/** What stands in a spool. A line that a dying thread could not finish is left out. */
export async function* readSpool(file: string): AsyncGenerator<Line> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const text of lines) {
    const line = parsed(text);
    if (line !== null) yield line;
  }
}

/** The spool is our own: what parses is what was written. */
function parsed(text: string): Line | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
