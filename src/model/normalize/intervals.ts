/**
 * Measures the intervals between samples and their median, without sorting all of them: intervals are counted in
 * buckets of 1 µs. Most files have whole µs, and the median is a bucket; otherwise only the middle buckets are sorted.
 */

import { floatAt, intAt } from '../columns.ts';
import type { Microseconds } from '../raw-profile.ts';

export interface SampleIntervals {
  /** sample -> µs until the next one, 0 for the last */
  readonly after: Float64Array;
  /** The median of the positive intervals, the mean of the middle two for an even number; null for none. */
  readonly median: Microseconds | null;
}

/** The last bucket, in µs, which also counts all longer intervals. */
const BUCKET_LIMIT = 2 ** 16;

/** Measures samples in order of time. Times must be finite, which readers check: there is no bucket for NaN. */
export function measureIntervals(time: Float64Array): SampleIntervals {
  const after = new Float64Array(time.length);
  const counts = new Int32Array(BUCKET_LIMIT + 1);
  let count = 0;
  let areWhole = true;
  for (let i = 0; i + 1 < time.length; i++) {
    const interval = floatAt(time, i + 1) - floatAt(time, i);
    after[i] = interval;
    if (interval <= 0) continue;
    const bucket = bucketOf(interval);
    counts[bucket] = intAt(counts, bucket) + 1;
    count++;
    if (bucket !== interval && bucket !== BUCKET_LIMIT) areWhole = false;
  }
  return { after, median: findMedian(after, { counts, count, areWhole }) };
}

function bucketOf(interval: Microseconds): number {
  return Math.min(Math.floor(interval), BUCKET_LIMIT);
}

/** The positive intervals by length. */
interface IntervalCounts {
  /** bucket -> number of intervals */
  readonly counts: Int32Array;
  readonly count: number;
  /** Whether all intervals below BUCKET_LIMIT are whole µs. */
  readonly areWhole: boolean;
}

function findMedian(intervals: Float64Array, { counts, count, areWhole }: IntervalCounts): Microseconds | null {
  if (count === 0) return null;
  const ranks = [(count - 1) >> 1, count >> 1] as const;
  const { bucket: low, before } = bucketOfRank(counts, ranks[0]);
  const { bucket: high } = bucketOfRank(counts, ranks[1]);
  if (areWhole && high < BUCKET_LIMIT) return (low + high) / 2;
  const middle = intervals
    .filter((interval) => interval > 0 && bucketOf(interval) >= low && bucketOf(interval) <= high)
    .sort();
  return (floatAt(middle, ranks[0] - before) + floatAt(middle, ranks[1] - before)) / 2;
}

/** Returns the bucket of the interval with this rank, and the number of intervals in the buckets before. */
function bucketOfRank(counts: Int32Array, rank: number): { readonly bucket: number; readonly before: number } {
  let bucket = 0;
  let before = 0;
  while (before + intAt(counts, bucket) <= rank) before += intAt(counts, bucket++);
  return { bucket, before };
}
