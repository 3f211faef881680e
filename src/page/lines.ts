/** The time of a function by line that was executing. */

import { at } from '../model/columns.ts';
import type { PageData } from './data.ts';

export interface LineTime {
  /** 1-based; null for time that has no line. */
  readonly line: number | null;
  readonly time: number;
}

/** The lines of all calls of a function, in order, which add up to its tottime; empty if the profile knows none. */
export function linesOf({ stacks }: PageData, fn: number): readonly LineTime[] {
  const lines = stacks?.callTree.lines ?? null;
  if (stacks === null || lines === null) return [];
  const { function: fns, self } = stacks.callTree;
  const times = new Map<number, number>();
  let rest = 0;
  for (let node = 0; node < fns.length; node++) {
    if (at(fns, node) !== fn) continue;
    rest += at(self, node);
    for (let entry = at(lines.start, node); entry < at(lines.start, node + 1); entry++) {
      const line = at(lines.line, entry);
      times.set(line, (times.get(line) ?? 0) + at(lines.self, entry));
      rest -= at(lines.self, entry);
    }
  }
  const known = [...times].filter(([, time]) => time > 0).sort(([a], [b]) => a - b);
  if (known.length === 0) return [];
  // Sums of fractions leave less than anything visible.
  const unknown = rest > 1e-6 ? [{ line: null, time: rest }] : [];
  return [...known.map(([line, time]) => ({ line, time })), ...unknown];
}
