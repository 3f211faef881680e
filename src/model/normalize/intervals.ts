/**
 * What lies between samples, and the median of it without sorting: gaps are counted by whole µs. Mostly all are whole,
 * and the median is read off; if not, only those in the middle are sorted.
 */

import { at } from '../columns.ts';
import type { Microseconds } from '../raw-profile.ts';

export interface SampleIntervals {
  /** sample -> µs until the next one, 0 for the last */
  readonly after: Float64Array;
  /** The numeric median of the positive ones, the mean of the middle two when their number is even; null for none. */
  readonly median: Microseconds | null;
}

/** Gaps of this length in µs and all above are counted as one. */
const BUCKET_LIMIT = 2 ** 16;

/** The gaps between samples in order of time. Times must be finite, as readers see to: there is no bucket for NaN. */
export function measureIntervals(time: Float64Array): SampleIntervals {
  const after = new Float64Array(time.length);
  const counts = new Int32Array(BUCKET_LIMIT + 1);
  let count = 0;
  let areWhole = true;
  for (let i = 0; i + 1 < time.length; i++) {
    const gap = at(time, i + 1) - at(time, i);
    after[i] = gap;
    if (gap <= 0) continue;
    const bucket = bucketOf(gap);
    counts[bucket] = at(counts, bucket) + 1;
    count++;
    if (bucket !== gap && bucket !== BUCKET_LIMIT) areWhole = false;
  }
  return { after, median: findMedian(after, { counts, count, areWhole }) };
}

function bucketOf(gap: Microseconds): number {
  return Math.min(Math.floor(gap), BUCKET_LIMIT);
}

/** The positive gaps, counted. */
interface IntervalCounts {
  /** bucket -> gaps */
  readonly counts: Int32Array;
  readonly count: number;
  /** Whether all are that are not long. */
  readonly areWhole: boolean;
}

function findMedian(gaps: Float64Array, { counts, count, areWhole }: IntervalCounts): Microseconds | null {
  if (count === 0) return null;
  const ranks = [(count - 1) >> 1, count >> 1] as const;
  const { bucket: low, before } = bucketOfRank(counts, ranks[0]);
  const { bucket: high } = bucketOfRank(counts, ranks[1]);
  if (areWhole && high < BUCKET_LIMIT) return (low + high) / 2;
  const middle = gaps.filter((gap) => gap > 0 && bucketOf(gap) >= low && bucketOf(gap) <= high).sort();
  return (at(middle, ranks[0] - before) + at(middle, ranks[1] - before)) / 2;
}

/** Where the gap of a rank is counted, and how many are counted before. */
function bucketOfRank(counts: Int32Array, rank: number): { readonly bucket: number; readonly before: number } {
  let bucket = 0;
  let before = 0;
  while (before + at(counts, bucket) <= rank) before += at(counts, bucket++);
  return { bucket, before };
}
