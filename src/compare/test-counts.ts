/** Whether numbers of calls changed. */

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
  const certain = functions.map(certainChange);
  const varying = functions.flatMap((counts, fn) => (certain[fn] === 'varies' ? [{ counts, fn }] : []));
  const adjusted = adjustPs(varying.map(({ counts }) => pOf(counts)));
  const changed = new Map(
    varying.map(({ counts, fn }, i) => [fn, isTestable(counts) ? (adjusted[i] ?? 1) <= LEVEL : null]),
  );
  return certain.map((known, fn) => (known === 'varies' ? (changed.get(fn) ?? null) : known));
}

function certainChange({ before, after }: Counts): boolean | null | 'varies' {
  if (before.length < MIN_AGREEING || after.length < MIN_AGREEING) return null;
  return agree(before) && agree(after) ? before[0] !== after[0] : 'varies';
}

function agree(counts: readonly Count[]): boolean {
  return counts.every((count) => count === counts[0]);
}

function isTestable({ before, after }: Counts): boolean {
  return canTest(before.length, after.length);
}

function pOf(counts: Counts): number {
  return isTestable(counts) ? mannWhitneyP(counts.before.map(Number), counts.after.map(Number)) : 1;
}
