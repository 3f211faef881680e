/**
 * The file that a recorded thread writes while it runs, one JSON value a line: its identity, then the chunks of its
 * profile, each flush followed by the metadata of the run, and at its exit an end mark. A killed thread loses no line
 * that was written.
 */

import { randomBytes } from 'node:crypto';
import { appendFileSync, createReadStream } from 'node:fs';
import type { Profiler } from 'node:inspector';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { WrittenRunMetadata } from '../run-metadata.ts';

/** The folder of the spools, for every process and thread that the command starts. */
export const SPOOL_VARIABLE = 'PSTAT_RECORD_SPOOL';
/** µs between two samples. */
export const INTERVAL_VARIABLE = 'PSTAT_RECORD_INTERVAL';

/** The thread that writes a spool. */
export interface ThreadIdentity {
  readonly pid: number;
  /** 0 is the main thread. */
  readonly thread: number;
  /** The file that the process runs; empty for `node -e`. */
  readonly program: string;
  /** ms since 1970. */
  readonly start: number;
}

type SpoolLine =
  | { thread: ThreadIdentity }
  | { chunk: Profiler.Profile }
  | { run: WrittenRunMetadata }
  | { error: string }
  | { end: true };

export class Spool {
  readonly #file: string;

  constructor(folder: string, thread: ThreadIdentity) {
    this.#file = path.join(folder, `${thread.pid}.${thread.thread}.${randomBytes(4).toString('hex')}.ndjson`);
    this.#writeLines({ thread });
  }

  /** @param run covers the time from the start of the recording; the last one in the spool is used */
  writeChunks(chunks: readonly Profiler.Profile[], run: WrittenRunMetadata | null): void {
    this.#writeLines(...chunks.map((chunk) => ({ chunk })), ...(run === null ? [] : [{ run }]));
  }

  /** Writes why the thread is not recorded. */
  writeError(reason: string): void {
    this.#writeLines({ error: reason });
  }

  writeEnd(): void {
    this.#writeLines({ end: true });
  }

  #writeLines(...lines: readonly SpoolLine[]): void {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    appendFileSync(this.#file, text, { mode: 0o600 });
  }
}

/** Reads a spool line by line. Skips an incomplete line, which a killed thread leaves. */
export async function* readSpool(file: string): AsyncGenerator<SpoolLine> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const text of lines) {
    const line = parseLine(text);
    if (line !== null) yield line;
  }
}

/** Needs no validation: pstat wrote the file. */
function parseLine(text: string): SpoolLine | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
