/** Sums the tottimes of functions over many profiles without keeping the profiles. */

import { at } from '../model/columns.ts';
import { type FunctionIndex, FunctionTableBuilder, functionAt } from '../model/function-table.ts';
import type { Profile } from '../model/profile.ts';
import type { Microseconds } from '../model/raw-profile.ts';

/** A function with its share of all counted time. */
export interface HotFunction {
  /** As written in the profile. */
  readonly name: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly tottime: Microseconds;
  /** Part of the counted time, 0 to 1. */
  readonly share: number;
}

export class SelfTimes {
  readonly #functions = new FunctionTableBuilder();
  /** FunctionIndex -> µs */
  readonly #times: Microseconds[] = [];
  #counted: Microseconds = 0;

  add(profile: Profile): void {
    const rows = new Int32Array(profile.functions.length).fill(-1);
    const addFunction = (fn: FunctionIndex, time: Microseconds) => {
      // NaN in a file without times.
      if (!(time > 0) || at(profile.functions.kind, fn) === 'idle') return;
      if (at(rows, fn) === -1) rows[fn] = this.#functions.intern(functionAt(profile.functions, fn));
      this.#addTime(at(rows, fn), time);
    };
    if ('callTree' in profile) {
      const { self, function: fn, length } = profile.callTree;
      for (let node = 0; node < length; node++) addFunction(at(fn, node), at(self, node));
    } else {
      profile.rows.forEach((fn, row) => {
        addFunction(fn, at(profile.metrics.self, row) * 1e6);
      });
    }
  }

  /** Returns null if no time was counted. */
  findHottest(): HotFunction | null {
    if (this.#counted === 0) return null;
    const hot = this.#times.reduce((hottest, time, fn) => (time > at(this.#times, hottest) ? fn : hottest), 0);
    const { name, file, line } = functionAt(this.#functions.finish(), hot);
    const tottime = at(this.#times, hot);
    return { name, file: file || null, line: line || null, tottime, share: tottime / this.#counted };
  }

  #addTime(row: FunctionIndex, time: Microseconds): void {
    this.#times[row] = (this.#times[row] ?? 0) + time;
    this.#counted += time;
  }
}
