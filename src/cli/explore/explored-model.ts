/** What the explorer reads: a profile, its answers under filters, and the names of its functions. */

import { at } from '../../model/columns.ts';
import type { Profile } from '../../model/profile.ts';
import { applyWindow } from '../../model/window.ts';
import { activityOf, recordedPart } from '../../query/activity.ts';
import { Stats, type StatsOptions } from '../../query/stats.ts';
import { type ViewRow, viewRow } from '../../view/views.ts';
import type { ComparedProfiles } from './comparisons.ts';
import type { State, Window } from './state.ts';

export interface Explored {
  /** With the filters of `options`. */
  readonly stats: Stats;
  readonly options: StatsOptions;
  /** Whether the likely tree of a profile of edges is drawn. */
  readonly estimates: boolean;
  /** The sides of a comparison, of which the profile is the second one; absent for a profile alone. */
  readonly compared?: ComparedProfiles;
}

/** What a state leaves of the profile. */
type Scope = Pick<State, 'filters' | 'window'>;

/** Steps back that are answered at once. */
const MAX_SCOPES = 8;

const WHOLE: Scope = { filters: [], window: null };

export class ExploredModel {
  /** The profile as it was read, without the filters of a state. */
  readonly all: Stats;
  readonly #options: StatsOptions;
  readonly #estimates: boolean;
  readonly #isCompared: boolean;
  readonly #onCompute: () => void;
  /** filters and window -> question -> answer; the scope that was used last is the last one */
  readonly #known = new Map<string, Map<string, unknown>>();

  /** @param onCompute called before an answer that a large profile takes time for */
  constructor({ stats, options, estimates, compared }: Explored, onCompute: () => void) {
    this.#onCompute = onCompute;
    this.all = stats;
    this.#options = options;
    this.#estimates = estimates;
    this.#isCompared = compared !== undefined;
  }

  get hasStacks(): boolean {
    return 'callTree' in this.all.profile;
  }

  /** Whether there is a tree: a profile of edges has one only if it may be estimated. */
  get hasTree(): boolean {
    return this.hasStacks || this.#estimates;
  }

  /** Whether the times of samples are known, for a window and an order by time. A comparison has several times. */
  get hasTimes(): boolean {
    const { profile } = this.all;
    return 'callTree' in profile && profile.timeline !== null && !this.#isCompared;
  }

  /** Keeps the answer to a question about what a state's filters and window leave. */
  keep<T>(scope: Scope, question: readonly unknown[], answer: () => T): T {
    const answers = this.#answersIn(scope);
    const key = JSON.stringify(question);
    if (!answers.has(key)) answers.set(key, answer());
    return answers.get(key) as T;
  }

  /** Those of the scopes that were used last: each has a profile of its own, which may be large. */
  #answersIn({ filters, window }: Scope): Map<string, unknown> {
    const key = JSON.stringify([filters, window]);
    const answers = this.#known.get(key) ?? new Map<string, unknown>();
    this.#known.delete(key);
    this.#known.set(key, answers);
    const [oldest = key] = this.#known.keys();
    if (this.#known.size > MAX_SCOPES) this.#known.delete(oldest);
    return answers;
  }

  /** Keeps an answer that is found by a pass over the profile. */
  keepComputed<T>(scope: Scope, question: readonly unknown[], answer: () => T): T {
    return this.keep(scope, question, () => {
      this.#onCompute();
      return answer();
    });
  }

  stats(state: State): Stats {
    const { filters, window } = state;
    if (filters.length === 0 && window === null) return this.all;
    return this.keepComputed(state, ['stats'], () => new Stats(this.profileIn(window), this.optionsOf(state)));
  }

  /** The part of the profile in a window, without filters. */
  profileIn(window: Window | null): Profile {
    if (window === null) return this.all.profile;
    return this.keepComputed({ filters: [], window }, ['window'], () => applyWindow(this.all.profile, window));
  }

  /** The part of the recording that was read; null where times are not known. */
  get recorded(): Window | null {
    const { profile } = this.all;
    return this.hasTimes && 'callTree' in profile ? recordedPart(profile) : null;
  }

  /** column -> the share of its time in which the thread was busy, 0 to 1 */
  activity(columns: number): readonly number[] {
    return this.keep(WHOLE, ['activity', columns], () => activityOf(this.all, columns));
  }

  /** What the filters of a state leave of the profile is added to what the options leave. */
  optionsOf({ filters }: State): StatsOptions {
    const { focus = [], ignore = [], ...options } = this.#options;
    const patterns = (kind: string) => filters.filter((each) => each.kind === kind).map(({ pattern }) => pattern);
    return { ...options, focus: [...focus, ...patterns('focus')], ignore: [...ignore, ...patterns('ignore')] };
  }

  // ---- names -------------------------------------------------------------------------------------------------------

  /** What to write to mean a function: its place and name as shown. */
  patternOf(fn: number): string {
    const { names } = this.all;
    const [place, label] = [names.place(fn), names.label(fn)];
    return place === null ? label : `${place}(${label})`;
  }

  /** The file and line of a function, if it can be a file of this machine. */
  placeOf(fn: number | null): { readonly file: string; readonly line: number } | null {
    if (fn === null) return null;
    const { functions } = this.all.profile;
    const file = at(functions.file, fn).replace(/^file:\/\//, '');
    return /^(?:\/|[A-Za-z]:)/.test(file) ? { file, line: Math.max(1, at(functions.line, fn)) } : null;
  }

  everywhere(state: State): ViewRow | null {
    const { fn } = state;
    if (fn === null) return null;
    return this.keep(state, ['everywhere', fn], () => {
      const stats = this.stats(state);
      const [row] = stats.rowsOf([fn]);
      return row === undefined ? null : viewRow(row, stats);
    });
  }
}
