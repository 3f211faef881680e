/**
 * The file that a recorded thread writes while it runs, one JSON value a line: its identity, then the chunks of its
 * profile, each flush followed by the metadata of the run, and at its end a mark. A killed thread loses no line that was
 * written.
 */

import type { Profiler } from 'node:inspector';
import type { WrittenRunMetadata } from '../run-metadata.ts';
import type { ListedScript } from '../script-list.ts';

/** The folder of the spools, for every process and thread that the command starts. preload.ts has the name, too. */
export const SPOOL_VARIABLE = 'PSTAT_RECORD_SPOOL';
/** The pid of the pstat that reads the spools. */
export const READER_VARIABLE = 'PSTAT_RECORD_READER';
/** `1` to profile requests instead. preload.ts has the name, too. */
export const REQUESTS_VARIABLE = 'PSTAT_RECORD_REQUESTS';
/** µs between two samples. */
export const INTERVAL_VARIABLE = 'PSTAT_RECORD_INTERVAL';

/** `1`: only what was recorded last is kept, in spools that the thread deletes again. */
export const LAST_VARIABLE = 'PSTAT_RECORD_LAST';
/** µs; the event loop is stalled if it does not turn for this time. */
export const STALL_VARIABLE = 'PSTAT_RECORD_STALL';

/** `1`: the texts of scripts are kept. */
export const SOURCES_VARIABLE = 'PSTAT_RECORD_SOURCES';

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

/** A stall that is open had not ended when its samples were taken. */
export type SpooledStall = { after: number; end: number; isOpen: boolean; date: number };

export type SpoolLine =
  /** `lost` is blank, or the code of the error since which nothing could be written. */
  | { thread: ThreadIdentity; lost?: string }
  | { chunk: Profiler.Profile }
  | { run: WrittenRunMetadata }
  /** After the chunks that have its samples. */
  | { stall: SpooledStall }
  /** The scripts of the thread at its end. */
  | { scripts: ListedScript[] }
  /** The id of a worker that this thread started. */
  | { worker: number }
  /** Why the thread is not recorded. */
  | { error: string }
  /** The thread records only when it ends, because Node profiles it too. */
  | { writesAtEnd: true }
  | { end: true };
