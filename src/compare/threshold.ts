/** `--fail-above`: when a comparison is a failure. */

import { badThreshold } from '../errors.ts';
import { microseconds } from '../units.ts';
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
  if (watched === 'whole') return exceeds(whole, threshold) ? ['the whole'] : [];
  return rows.filter((row) => exceeds(row[measure], threshold)).map((row) => row.shownName);
}

/** Whether so few runs were compared that nothing could have failed. */
export function isUndecided({ whole }: Comparison): boolean {
  return whole.p === null;
}

function exceeds({ significant, shift, before }: Change, { percent, microseconds: least }: Threshold): boolean {
  if (significant !== true || shift === null || shift <= 0) return false;
  if (least !== null) return shift > least;
  return before === null || before === 0 || (100 * shift) / before > (percent ?? 0);
}
