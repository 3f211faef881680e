/** Sums the tottimes of functions over many profiles without keeping the profiles. */

import { at } from '../model/columns.ts';
import {
  describeFunction,
  type FunctionDescription,
  type FunctionIndex,
  type FunctionTable,
  FunctionTableBuilder,
  functionAt,
} from '../model/function-table.ts';
import type { Profile } from '../model/profile.ts';
import type { Microseconds } from '../model/raw-profile.ts';

/** The function with the highest tottime. */
export interface HotFunction
  extends Pick<FunctionDescription, 'name' | 'file' | 'line'>,
    Pick<FunctionTime, 'tottime' | 'samples'> {
  /** Part of the counted time, 0 to 1. */
  readonly share: number;
}

/** The time of a function in several profiles. */
export interface FunctionTime {
  readonly fn: FunctionIndex;
  readonly tottime: Microseconds;
  /** Samples that the time is of; null for counted calls. */
  readonly samples: number | null;
}

/** Recordings of earlier versions hold functions of pstat itself. */
const PROFILER_FILE = /(?:^|[\\/])pstat-cli[\\/]dist[\\/]/;

const UNSEEN = -1;
const IGNORED = -2;

export class SelfTimes {
  readonly #functions: FunctionTableBuilder;
  /** FunctionIndex -> µs */
  readonly #times: Microseconds[] = [];
  /** FunctionIndex -> samples; NaN for counted calls */
  readonly #samples: number[] = [];
  #counted: Microseconds = 0;

  /** @param functions where functions get their index; several sums may share it */
  constructor(functions = new FunctionTableBuilder()) {
    this.#functions = functions;
  }

  /** All counted time, without the profiler's own. */
  get counted(): Microseconds {
    return this.#counted;
  }

  add(profile: Profile): void {
    const rows = new Int32Array(profile.functions.length).fill(UNSEEN);
    const addFunction = (fn: FunctionIndex, time: Microseconds, samples: number) => {
      if (!(time > 0)) return; // NaN in a file without times
      if (at(rows, fn) === UNSEEN) rows[fn] = this.#rowOf(profile.functions, fn);
      if (at(rows, fn) !== IGNORED) this.#addTime(at(rows, fn), time, samples);
    };
    if ('callTree' in profile) {
      const { self, samples, function: fn, length } = profile.callTree;
      for (let node = 0; node < length; node++) addFunction(at(fn, node), at(self, node), at(samples, node));
    } else {
      profile.rows.forEach((fn, row) => {
        addFunction(fn, at(profile.metrics.self, row) * 1e6, Number.NaN);
      });
    }
  }

  /** Returns null if no time was counted. */
  findHottest(): HotFunction | null {
    const hottest = this.functionTimes().reduce<FunctionTime | null>(
      (hot, time) => (hot === null || time.tottime > hot.tottime ? time : hot),
      null,
    );
    if (hottest === null) return null;
    const { fn, tottime, samples } = hottest;
    const { name, file, line } = describeFunction(this.#functions.finish(), fn);
    return { name, file, line, tottime, samples, share: tottime / this.#counted };
  }

  /** The functions with any time. */
  functionTimes(): FunctionTime[] {
    return this.#times.flatMap((tottime, fn) => {
      const samples = at(this.#samples, fn);
      return [{ fn, tottime, samples: Number.isNaN(samples) ? null : samples }];
    });
  }

  #rowOf(functions: FunctionTable, fn: FunctionIndex): FunctionIndex | typeof IGNORED {
    if (at(functions.kind, fn) === 'idle' || PROFILER_FILE.test(at(functions.file, fn))) return IGNORED;
    return this.#functions.intern(functionAt(functions, fn));
  }

  #addTime(row: FunctionIndex, time: Microseconds, samples: number): void {
    this.#times[row] = (this.#times[row] ?? 0) + time;
    this.#samples[row] = (this.#samples[row] ?? 0) + samples;
    this.#counted += time;
  }
}
