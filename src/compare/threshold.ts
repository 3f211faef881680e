/** `--fail-above`: when a comparison is a failure. */

import { badThreshold } from '../errors.ts';
import { microseconds, signedPercent } from '../units.ts';
import type { Change, Comparison } from './comparison.ts';

/** A share of the time before, or a time. */
export interface Threshold {
  readonly percent: number | null;
  readonly microseconds: number | null;
}

/** What is watched: the whole, or each function that was tested. */
export type Watched = 'whole' | 'function';

/** `5%`, `3ms`. Throws PstatError (`query`). */
export function parseThreshold(text: string): Threshold {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent !== undefined) return { percent: Number(percent), microseconds: null };
  const time = microseconds(text);
  if (time === null) throw badThreshold(text);
  return { percent: null, microseconds: time };
}

/** What got slower, told from noise, and by more than the threshold; a sentence's worth each. */
export function failures({ whole, rows, measure }: Comparison, threshold: Threshold, watched: Watched): string[] {
  if (watched === 'whole') return exceeds(whole, threshold) ? [`the whole ${growth(whole)}`] : [];
  return rows
    .filter((row) => exceeds(row[measure], threshold))
    .map((row) => `${row.shownName} ${growth(row[measure])}`);
}

function growth({ shift, scaledBefore }: Change): string {
  return `${signedPercent(shift, scaledBefore)}%`;
}

/** Whether so few runs were compared that what is watched could not have failed. */
export function isUndecided({ whole, family }: Comparison, watched: Watched): boolean {
  if (watched === 'whole') return whole.p === null;
  return family.size === 0 || family.smallestP > family.level / family.size;
}

/** Whether any function that is asked for stands on both sides, so that it can be watched. */
export function isWatchable({ rows }: Comparison): boolean {
  return rows.some(({ status }) => status === 'matched' || status === 'moved');
}

function exceeds({ significant, shift, scaledBefore }: Change, { percent, microseconds: least }: Threshold): boolean {
  if (significant !== true || shift === null || shift <= 0) return false;
  if (least !== null) return shift > least;
  return scaledBefore === null || scaledBefore === 0 || (100 * shift) / scaledBefore > (percent ?? 0);
}
