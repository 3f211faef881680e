/** tottimes of functions, added up over many profiles of which none is kept. */

import { at } from '../model/columns.ts';
import { type FunctionIndex, FunctionTableBuilder, functionAt } from '../model/function-table.ts';
import type { Profile } from '../model/profile.ts';
import type { Microseconds } from '../model/raw-profile.ts';

/** A function, and how much of all counted time it took itself. */
export interface HotFunction {
  /** As written. */
  readonly name: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly tottime: Microseconds;
  /** Of the counted time, 0 to 1. */
  readonly share: number;
}

export class SelfTimes {
  readonly #functions = new FunctionTableBuilder();
  /** FunctionIndex -> µs */
  readonly #times: Microseconds[] = [];
  #whole: Microseconds = 0;

  add(profile: Profile): void {
    const rows = new Int32Array(profile.functions.length).fill(-1);
    const count = (fn: FunctionIndex, time: Microseconds) => {
      if (!(time > 0) || at(profile.functions.kind, fn) === 'idle') return; // NaN where a file has no times
      if (at(rows, fn) === -1) rows[fn] = this.#functions.intern(functionAt(profile.functions, fn));
      this.#count(at(rows, fn), time);
    };
    if ('callTree' in profile) {
      const { self, function: fn, length } = profile.callTree;
      for (let node = 0; node < length; node++) count(at(fn, node), at(self, node));
    } else {
      profile.rows.forEach((fn, row) => {
        count(fn, at(profile.figures.self, row) * 1e6);
      });
    }
  }

  /** Null where nothing was counted. */
  hottest(): HotFunction | null {
    if (this.#whole === 0) return null;
    const hot = this.#times.reduce((most, time, fn) => (time > at(this.#times, most) ? fn : most), 0);
    const { name, file, line } = functionAt(this.#functions.finish(), hot);
    const tottime = at(this.#times, hot);
    return { name, file: file || null, line: line || null, tottime, share: tottime / this.#whole };
  }

  #count(row: FunctionIndex, time: Microseconds): void {
    this.#times[row] = (this.#times[row] ?? 0) + time;
    this.#whole += time;
  }
}
