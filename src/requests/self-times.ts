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
    if ('paths' in profile) {
      const { self, function: fn, length } = profile.paths;
      for (let node = 0; node < length; node++) this.#count(profile, at(fn, node), at(self, node));
      return;
    }
    profile.rows.forEach((fn, row) => {
      this.#count(profile, fn, at(profile.figures.self, row) * 1e6);
    });
  }

  /** Null where nothing was counted. */
  hottest(): HotFunction | null {
    if (this.#whole === 0) return null;
    const hot = this.#times.reduce((most, time, fn) => (time > at(this.#times, most) ? fn : most), 0);
    const { name, file, line } = functionAt(this.#functions.finish(), hot);
    const tottime = at(this.#times, hot);
    return { name, file: file || null, line: line || null, tottime, share: tottime / this.#whole };
  }

  #count({ functions }: Profile, fn: FunctionIndex, time: Microseconds): void {
    if (!(time > 0) || at(functions.kind, fn) === 'idle') return; // NaN where a file has no times
    const row = this.#functions.intern(functionAt(functions, fn));
    this.#times[row] = (this.#times[row] ?? 0) + time;
    this.#whole += time;
  }
}
