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
  /** The counts of the functions, each times a number of its own: those of a sum add up. */
  readonly print: number;
}

/** Times are rounded when they are added and written. */
const ROUNDING = 1e-6;

export class OwnSum {
  readonly #totals: Total[] = [];
  #count: Count = 0;
  #time = 0;
  #print = 0;

  /** Samples of stacks are not looked at: only programs that count calls write such files. */
  add(profile: Profile): void {
    if ('callTree' in profile) return;
    const total = totalOf(profile);
    this.#totals.push(total);
    this.#count = addCounts(this.#count, total.count);
    this.#time += total.time;
    this.#print = (this.#print + total.print) % MODULUS;
  }

  /** Returns a note on the file whose calls and times are the sum of all others'. */
  notes(): ProfileNote[] {
    const sum = this.#totals.find((total) => this.#isHalf(total));
    return sum === undefined ? [] : [{ code: 'sum-of-files', file: sum.source, others: this.#totals.length - 1 }];
  }

  #isHalf({ count, time, print }: Total): boolean {
    if (count <= 0 || addCounts(count, count) !== this.#count || (2 * print) % MODULUS !== this.#print) return false;
    return Math.abs(2 * time - this.#time) <= ROUNDING * this.#time;
  }
}

function totalOf({ sources: [source = ''], functions, rows, metrics }: EdgesProfile): Total {
  let count: Count = 0;
  let time = 0;
  let print = 0;
  rows.forEach((fn, row) => {
    const own = at(metrics.selfCount, row);
    count = addCounts(count, own);
    time += at(metrics.self, row);
    print = (print + numberOf(functions, fn) * remainder(own)) % MODULUS;
  });
  return { source, count, time, print };
}

/** Products of a function's number and a count are below, so that they are exact. */
const MODULUS = 2 ** 50;

/** A number that differs between most functions; reads no path, because there are many and they are long. */
function numberOf({ name, file, line, column }: FunctionTable, fn: FunctionIndex): number {
  const word = at(name, fn);
  const letters = 31 * word.length + 961 * (word.charCodeAt(0) || 0) + (word.charCodeAt(word.length - 1) || 0);
  return (7919 * at(line, fn) + 104_729 * at(column, fn) + letters + at(file, fn).length) % 65_521;
}

function remainder(count: Count): number {
  return typeof count === 'bigint' ? Number(count % 2n ** 32n) : count % 2 ** 32;
}
