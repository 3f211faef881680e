/** The messages between the main thread and its workers. */

import { type ErrorKind, PstatError } from '../../base/errors.ts';
import type { Profile } from '../../model/profile.ts';
import type { Outcome } from '../outcome.ts';
import type { ReadOptions } from '../read-file.ts';

/** The options of a read that a worker gets. */
export type WorkerOptions = Pick<ReadOptions, 'thread'>;

export interface ReadRequest {
  readonly id: number;
  readonly path: string;
  readonly options: WorkerOptions;
}

export interface ReadResponse {
  /** The request's id. */
  readonly id: number;
  readonly result: ReadResult;
}

/**
 * An outcome in a form that survives structured cloning, which drops an error's class and its own fields. A defect keeps
 * its message and stack: https://nodejs.org/api/worker_threads.html#portpostmessagevalue-transferlist
 */
export type ReadResult =
  | { readonly profile: Profile }
  | { readonly pstatError: PstatErrorFields }
  | { readonly defect: Error };

interface PstatErrorFields {
  readonly kind: ErrorKind;
  readonly fact: string;
  readonly source: string | null;
}

export function serializeOutcome(outcome: Outcome): ReadResult {
  if ('profile' in outcome) return outcome;
  const { error } = outcome;
  if (!(error instanceof PstatError)) return { defect: error instanceof Error ? error : new Error(String(error)) };
  const { kind, fact, source } = error;
  return { pstatError: { kind, fact, source } };
}

export function deserializeOutcome(result: ReadResult): Outcome {
  if ('profile' in result) return result;
  if ('defect' in result) return { error: result.defect };
  const { kind, fact, source } = result.pstatError;
  return { error: new PstatError(kind, fact, { source }) };
}

/** The buffers of a result that are transferred instead of copied. */
export function transferableBuffers(result: ReadResult): ArrayBuffer[] {
  if (!('profile' in result)) return [];
  const { profile } = result;
  const tables = 'callTree' in profile ? [profile.callTree, profile.timeline ?? {}] : [profile, profile.edges];
  const buffers = tables.flatMap((table) =>
    Object.values(table)
      .filter(isColumn)
      .map(({ buffer }) => buffer),
  );
  // Columns may share a buffer, and all empty ones may share one.
  return [...new Set(buffers)].filter(({ byteLength }) => byteLength > 0);
}

function isColumn(value: unknown): value is Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer> {
  return value instanceof Int32Array || value instanceof Float64Array;
}
