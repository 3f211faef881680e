/** Notices a file that holds the sum of the others, as pytest-profiling writes `combined.prof` beside a file for each test. */

import { at } from './columns.ts';
import { addCounts, type Count } from './count.ts';
import type { FunctionIndex, FunctionTable } from './function-table.ts';
import type { ProfileNote } from './notes.ts';
import type { EdgesProfile, Profile } from './profile.ts';

interface Total {
  readonly source: string;
  readonly count: Count;
  readonly time: number;
  /** Σ of each function's count times a number of the function: that of a sum is the sum of those of the others. */
  readonly checksum: number;
}

/** Times are rounded when they are added and written. */
const ROUNDING = 1e-6;

/** Finds the file whose calls and times are the sum of those of all other files. */
export class SumOfFilesFinder {
  readonly #totals: Total[] = [];
  #count: Count = 0;
  #time = 0;
  #checksum = 0;

  /** Ignores samples of stacks: only profilers that count calls write such files. */
  add(profile: Profile): void {
    if ('callTree' in profile) return;
    const total = totalOf(profile);
    this.#totals.push(total);
    this.#count = addCounts(this.#count, total.count);
    this.#time += total.time;
    this.#checksum = (this.#checksum + total.checksum) % MODULUS;
  }

  /** Returns a note on that file; none if there is no such file. */
  notes(): ProfileNote[] {
    const sum = this.#totals.find((total) => this.#isHalf(total));
    return sum === undefined ? [] : [{ code: 'sum-of-files', file: sum.source, others: this.#totals.length - 1 }];
  }

  #isHalf({ count, time, checksum }: Total): boolean {
    if (count <= 0 || addCounts(count, count) !== this.#count || (2 * checksum) % MODULUS !== this.#checksum)
      return false;
    return Math.abs(2 * time - this.#time) <= ROUNDING * this.#time;
  }
}

function totalOf({ sources: [source = ''], functions, rows, metrics }: EdgesProfile): Total {
  let count: Count = 0;
  let time = 0;
  let checksum = 0;
  rows.forEach((fn, row) => {
    const own = at(metrics.selfCount, row);
    count = addCounts(count, own);
    time += at(metrics.self, row);
    checksum = (checksum + numberOf(functions, fn) * remainder(own)) % MODULUS;
  });
  return { source, count, time, checksum };
}

/** Products of a function's number and a count are below, so that they are exact. */
const MODULUS = 2 ** 50;

/** Returns a number that differs between most functions. Of a path only the length: paths are many and long. */
function numberOf({ name, file, line, column }: FunctionTable, fn: FunctionIndex): number {
  const word = at(name, fn);
  const letters = 31 * word.length + 961 * (word.charCodeAt(0) || 0) + (word.charCodeAt(word.length - 1) || 0);
  return (7919 * at(line, fn) + 104_729 * at(column, fn) + letters + at(file, fn).length) % 65_521;
}

function remainder(count: Count): number {
  return typeof count === 'bigint' ? Number(count % 2n ** 32n) : count % 2 ** 32;
}
