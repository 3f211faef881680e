/**
 * Messages between the server's thread and the writer thread. The server's thread only reports what happened; the
 * writer thread builds call trees and files, so that requests do not wait for it.
 */

import type { Profiler } from 'node:inspector';
import type { MessagePort } from 'node:worker_threads';
import type { Microseconds, RequestFacts } from '../../model/raw-profile.ts';
import type { Known, WrittenRunMetadata } from '../run-metadata.ts';
import type { ListedScript } from '../script-list.ts';
import type { Turn } from '../turn.ts';
import type { Marks } from './attribution.ts';
import type { QuotaLimits, ReachedLimit } from './folder-quota.ts';
import type { RequestId } from './request-id.ts';

/** The workerData of the writer thread. */
export interface WriterSetup {
  /** An absolute path. */
  readonly dir: string;
  readonly limits: QuotaLimits;
  /** Read by a process that is exiting, which receives no messages. */
  readonly progress: Progress;
  /** Where the thread posts WriterMessages. */
  readonly results: MessagePort;
}

/** Numbers that both threads see, at the four indices below. */
export type Progress = Int32Array<SharedArrayBuffer>;

/** Incremented, with a notification, after each file and each batch. */
export const STEPS = 0;
/** 1 once all files of the last batch are on disk. */
export const FINISHED = 1;
/** The files that are done with, written or not. */
export const WRITTEN = 2;
/** 1 while the server's thread holds signals. */
export const HELD = 3;
export const PROGRESS_BYTES = 16;

/** What happened since the batch before. */
export interface Batch {
  readonly chunks: readonly Profiler.Profile[];
  /** µs to add to a time of pstat's clock to get V8's. */
  readonly offset: number;
  readonly marks: Marks;
  readonly begun: readonly BegunRequest[];
  readonly ended: readonly EndedRequest[];
  /** The thread's scripts with their maps, for the files from now on; null if they were not listed. */
  readonly scripts: readonly ListedScript[] | null;
  /** No batch follows: all files must be written now. */
  readonly last: boolean;
}

export interface BegunRequest {
  readonly id: RequestId;
  /** µs of pstat's clock. */
  readonly start: Microseconds;
}

export interface EndedRequest {
  readonly id: RequestId;
  /** µs of pstat's clock. */
  readonly end: Microseconds;
  /** Null if the request was too short to leave a file. */
  readonly file: { readonly name: string; readonly facts: WrittenRequestFacts } | null;
}

/**
 * What a file says about its request under the key `pstat`, where it differs from what a reader makes of it. The writer
 * thread adds the other figures: `busy`, `profiler`, `others`, `unattributed`.
 */
export interface WrittenRequestFacts
  extends Pick<RequestFacts, 'method' | 'url' | 'route' | 'status' | 'aborted' | 'cut'>,
    Known<Pick<RequestFacts, 'elapsed' | 'skipped' | 'number'>> {
  /** The time of day, as ISO 8601. */
  readonly start: string;
  /** Requested time between two samples. */
  readonly interval: Microseconds;
  readonly pid: number;
  /** 0 is the main thread. */
  readonly thread: number;
  /** What the process used during the request; null if it could not be measured. */
  readonly run: (WrittenRunMetadata & Partial<Turn>) | null;
}

/** What the writer thread reports. */
export type WriterMessage =
  /** The reply to each batch. */
  | {
      readonly kind: 'batch';
      /** Requests that are finished, with or without a file. */
      readonly finishedRequests: number;
      /** ms that the batch took. */
      readonly duration: number;
      /** Why files could not be written. */
      readonly errors: readonly string[];
      readonly last: boolean;
    }
  /** The folder has reached a limit. */
  | { readonly kind: 'full'; readonly limit: ReachedLimit }
  /** The folder is below its limits again. */
  | { readonly kind: 'free' };
