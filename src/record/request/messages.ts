/**
 * What the server's thread tells the recorder's, and hears from it. The server's thread only says what happened; trees,
 * texts and files are made on the other one, off the request's path.
 */

import type { Profiler } from 'node:inspector';
import type { MessagePort } from 'node:worker_threads';
import type { Microseconds } from '../../model/raw-profile.ts';
import type { RunMetadata } from '../run-metadata.ts';
import type { Marks } from './attribution.ts';
import type { Owner } from './owners.ts';

/** What the recorder's thread is given when it starts. */
export interface Setup {
  /** An absolute path. */
  readonly dir: string;
  /** How far the thread is, for a process that ends and cannot listen any more. */
  readonly progress: Progress;
  /** Where it answers to batches. */
  readonly answers: MessagePort;
}

/** Two numbers that both threads see. */
export type Progress = Int32Array<SharedArrayBuffer>;

/** Counts up with every file that is written, and at the end; the thread wakes who waits for it. */
export const STEPS = 0;
/** 1 when everything is on disk after the last batch. */
export const FINISHED = 1;

/** What happened since the batch before. */
export interface Batch {
  readonly pieces: readonly Profiler.Profile[];
  /** What must be added to a time of our clock to have V8's, in µs. */
  readonly offset: number;
  readonly marks: Marks;
  readonly begun: readonly BegunRequest[];
  readonly ended: readonly EndedRequest[];
  /** Nothing comes after this one: whatever has ended is to be on disk when it is done. */
  readonly last: boolean;
}

export interface BegunRequest {
  readonly owner: Owner;
  /** µs of our clock. */
  readonly start: Microseconds;
}

export interface EndedRequest {
  readonly owner: Owner;
  /** µs of our clock. */
  readonly end: Microseconds;
  /** The file and what stands in it beside the profile; null if none is wanted after all. */
  readonly file: { readonly name: string; readonly facts: RequestFacts } | null;
}

/** What a file says of its request, under the key `pstat`. */
export interface RequestFacts {
  readonly method: string;
  /** As the client sent it. */
  readonly url: string;
  /** Null if no head of a response was sent. */
  readonly status: number | null;
  /** The response did not reach its end. */
  readonly aborted: boolean;
  /** The profile was ended while the request was still served. */
  readonly cut: boolean;
  /** The time of day, as ISO 8601. */
  readonly start: string;
  /** µs from the request to the end of its response. */
  readonly elapsed: Microseconds;
  /** Requests that went unprofiled since the file before, because others were being profiled. */
  readonly skipped: number;
  /** µs that were asked of V8 between two samples. */
  readonly interval: Microseconds;
  readonly pid: number;
  /** 0 is the main thread. */
  readonly thread: number;
  /** Which request of the thread it was, counted from 1; those that were not profiled count too. */
  readonly number: number;
  /** The process, and what it used during the request. Null if that could not be measured. */
  readonly run: RunMetadata | null;
}

/** What the recorder's thread answers to a batch. */
export interface Answer {
  /** How many requests it has done with, their files written or not. */
  readonly done: number;
  /** Why files could not be written. */
  readonly faults: readonly string[];
  /** It was the last batch. */
  readonly last: boolean;
}
