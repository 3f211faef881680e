/** Whether numbers of calls changed. */

import { at } from '../model/columns.ts';
import type { Count } from '../model/count.ts';
import type { Both } from './both.ts';
import { adjustPs } from './statistics/benjamini-hochberg.ts';
import { mannWhitneyP } from './statistics/mann-whitney.ts';
import { canTest, LEVEL } from './test-total.ts';

type Counts = Both<readonly Count[]>;

/** Runs a side from which counts that agree within each side are evidence. */
const MIN_AGREEING = 2;

/**
 * function -> whether its calls changed; null where too few runs tell. Where all runs of a side agree, the change is
 * certain. Counts that vary (a collector's callbacks) are tested as times are, in a family of their own.
 */
export function testCounts(functions: readonly Counts[]): (boolean | null)[] {
  const varying = functions.filter(vary);
  const adjusted = adjustPs(varying.map(({ before, after }) => mannWhitneyP(before.map(Number), after.map(Number))));
  const changed = new Map(varying.map((counts, i) => [counts, at(adjusted, i) <= LEVEL]));
  return functions.map((counts) => changed.get(counts) ?? certainChange(counts));
}

/** Whether a test tells more than looking: enough runs, which do not agree. */
function vary({ before, after }: Counts): boolean {
  return canTest(before.length, after.length) && !(agree(before) && agree(after));
}

/** Null unless all runs of each side agree. */
function certainChange({ before, after }: Counts): boolean | null {
  if (before.length < MIN_AGREEING || after.length < MIN_AGREEING) return null;
  return agree(before) && agree(after) ? before[0] !== after[0] : null;
}

function agree(counts: readonly Count[]): boolean {
  return counts.every((count) => count === counts[0]);
}
