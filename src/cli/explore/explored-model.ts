/** What the explorer reads: a profile, its answers under filters, and the names of its functions. */

import { at } from '../../model/columns.ts';
import { Stats, type StatsOptions } from '../../query/stats.ts';
import { type ViewRow, viewRow } from '../../view/views.ts';
import type { ComparedProfiles } from './comparisons.ts';
import { exactPattern } from './patterns.ts';
import type { State } from './state.ts';

export interface Explored {
  /** With the filters of `options`. */
  readonly stats: Stats;
  readonly options: StatsOptions;
  /** Whether the likely tree of a profile of edges is drawn. */
  readonly estimates: boolean;
  /** The sides of a comparison, of which the profile is the second one; absent for a profile alone. */
  readonly compared?: ComparedProfiles;
}

export class ExploredModel {
  readonly #all: Stats;
  readonly #options: StatsOptions;
  readonly #estimates: boolean;
  readonly #onCompute: () => void;
  readonly #known = new Map<string, unknown>();

  /** @param onCompute called before an answer that a large profile takes time for */
  constructor({ stats, options, estimates }: Explored, onCompute: () => void) {
    this.#onCompute = onCompute;
    this.#all = stats;
    this.#options = options;
    this.#estimates = estimates;
  }

  /** The profile as it was read, without the filters of a state. */
  get all(): Stats {
    return this.#all;
  }

  get hasStacks(): boolean {
    return 'callTree' in this.#all.profile;
  }

  /** Whether there is a tree: a profile of edges has one only if it may be estimated. */
  get hasTree(): boolean {
    return this.hasStacks || this.#estimates;
  }

  /** Keeps the answer to a question. */
  keep<T>(question: readonly unknown[], answer: () => T): T {
    const key = JSON.stringify(question);
    if (!this.#known.has(key)) this.#known.set(key, answer());
    return this.#known.get(key) as T;
  }

  /** Keeps an answer that is found by a pass over the profile. */
  keepComputed<T>(question: readonly unknown[], answer: () => T): T {
    return this.keep(question, () => {
      this.#onCompute();
      return answer();
    });
  }

  stats(state: State): Stats {
    if (state.filters.length === 0) return this.#all;
    return this.keepComputed(['stats', state.filters], () => new Stats(this.#all.profile, this.optionsOf(state)));
  }

  /** What the filters of a state leave of the profile is added to what the options leave. */
  optionsOf({ filters }: State): StatsOptions {
    const { focus = [], ignore = [], ...options } = this.#options;
    const patterns = (kind: string) => filters.filter((each) => each.kind === kind).map(({ pattern }) => pattern);
    return { ...options, focus: [...focus, ...patterns('focus')], ignore: [...ignore, ...patterns('ignore')] };
  }

  // ---- names -------------------------------------------------------------------------------------------------------

  exactPattern(fn: number): RegExp {
    return exactPattern(this.#all.profile.functions, fn);
  }

  /** What to write to mean a function: its place and name as shown. */
  patternOf(fn: number): string {
    const { functions } = this.#all.profile;
    const { names } = this.#all;
    const place = (names.place(fn) ?? '').replace(/^(.*:\d+):\d+$/, '$1');
    return at(functions.line, fn) === 0 ? names.label(fn) : `${place}(${names.label(fn)})`;
  }

  /** The file and line of a function, if it can be a file of this machine. */
  placeOf(fn: number | null): { readonly file: string; readonly line: number } | null {
    if (fn === null) return null;
    const { functions } = this.#all.profile;
    const file = at(functions.file, fn).replace(/^file:\/\//, '');
    return /^(?:\/|[A-Za-z]:)/.test(file) ? { file, line: Math.max(1, at(functions.line, fn)) } : null;
  }

  everywhere(state: State): ViewRow | null {
    const { fn, filters } = state;
    if (fn === null) return null;
    return this.keep(['everywhere', filters, fn], () => {
      const stats = this.stats(state);
      const row = stats
        .functions({ filter: [this.exactPattern(fn)], limit: 0 })
        .rows.find((each) => each.function === fn);
      return row === undefined ? null : viewRow(row, stats);
    });
  }
}
