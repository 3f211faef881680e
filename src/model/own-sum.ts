/** Notices a file that holds the sum of the others, as pytest-profiling writes `combined.prof` beside a file for each test. */

import { at } from './columns.ts';
import { addCounts, type Count } from './count.ts';
import type { Profile } from './profile.ts';

interface Total {
  readonly source: string;
  readonly count: Count;
  readonly time: number;
}

/** Times are rounded when they are added and written. */
const ROUNDING = 1e-6;

export class OwnSum {
  readonly #totals: Total[] = [];
  #count: Count = 0;
  #time = 0;
  #counts: Profile['counts'] | null = null;

  add(profile: Profile): void {
    const total = totalOf(profile);
    this.#counts ??= profile.counts;
    this.#totals.push(total);
    this.#count = addCounts(this.#count, total.count);
    this.#time += total.time;
  }

  /** Returns a note on the file whose calls or samples, and times, are the sum of all others'. */
  notes(): string[] {
    const sum = this.#totals.find(
      ({ count, time }) =>
        count > 0 &&
        addCounts(count, count) === this.#count &&
        Math.abs(2 * time - this.#time) <= ROUNDING * this.#time,
    );
    if (sum === undefined) return [];
    const what = this.#counts === 'samples' ? 'samples' : 'calls';
    const others =
      this.#totals.length === 2 ? 'as the other file' : `as the other ${this.#totals.length - 1} files together`;
    return [`${sum.source} has as many ${what} and as much time ${others}: everything is counted twice; leave it out`];
  }
}

function totalOf(profile: Profile): Total {
  const [source = ''] = profile.sources;
  if ('callTree' in profile) {
    const { samples, self } = profile.callTree;
    return {
      source,
      count: samples.reduce((all, each) => all + each, 0),
      time: self.reduce((all, each) => all + each, 0),
    };
  }
  const { selfCount, self } = profile.metrics;
  const rows = Array.from(profile.rows.keys());
  return {
    source,
    count: rows.reduce<Count>((all, row) => addCounts(all, at(selfCount, row)), 0),
    time: rows.reduce((all, row) => all + at(self, row), 0),
  };
}
