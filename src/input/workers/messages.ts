/** What the threads are asked, and what they answer. */

import { type ErrorKind, PstatError } from '../../base/errors.ts';
import type { Profile } from '../../model/profile.ts';
import type { Outcome } from '../outcome.ts';
import type { ReadOptions } from '../read-bytes.ts';

/** What is asked of every file. */
export type Question = Pick<ReadOptions, 'thread'>;

export interface Order {
  readonly number: number;
  readonly path: string;
  readonly question: Question;
}

export interface Answer {
  /** The order's. */
  readonly number: number;
  readonly parcel: Parcel;
}

/** An outcome as it passes between threads: there, an error loses its class and its fields. */
export type Parcel = { readonly profile: Profile } | { readonly refusal: Refusal } | { readonly defect: unknown };

interface Refusal {
  readonly kind: ErrorKind;
  readonly fact: string;
  readonly source: string | null;
}

export function packed(outcome: Outcome): Parcel {
  if ('profile' in outcome) return outcome;
  const { error } = outcome;
  if (!(error instanceof PstatError)) return { defect: error };
  const { kind, fact, source } = error;
  return { refusal: { kind, fact, source } };
}

export function unpacked(parcel: Parcel): Outcome {
  if ('profile' in parcel) return parcel;
  if ('defect' in parcel) return { error: parcel.defect };
  const { kind, fact, source } = parcel.refusal;
  return { error: new PstatError(kind, fact, { source }) };
}

/** What of a parcel changes hands in the place of being copied. */
export function buffersOf(parcel: Parcel): ArrayBuffer[] {
  if (!('profile' in parcel)) return [];
  const { profile } = parcel;
  const tables = 'callTree' in profile ? [profile.callTree, profile.timeline ?? {}] : [profile, profile.edges];
  const buffers = tables.flatMap((table) =>
    Object.values(table)
      .filter(isColumn)
      .map(({ buffer }) => buffer),
  );
  // Columns may share a buffer, and an empty one may be everybody's.
  return [...new Set(buffers)].filter(({ byteLength }) => byteLength > 0);
}

function isColumn(value: unknown): value is Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer> {
  return value instanceof Int32Array || value instanceof Float64Array;
}
