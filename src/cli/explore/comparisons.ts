/** The comparison that the explorer shows: under the filters of a state, of the time that its table is sorted by. */

import { compare } from '../../compare/compare.ts';
import type { Basis, ComparedFunction, Comparison } from '../../compare/comparison.ts';
import { rootsOf, rowsOfFunctions } from '../../compare/rows-of-functions.ts';
import { at } from '../../model/columns.ts';
import type { FunctionIndex } from '../../model/function-table.ts';
import type { Profile } from '../../model/profile.ts';
import { parsePattern } from '../../query/pattern.ts';
import { Stats } from '../../query/stats.ts';
import { type CompareView, compareView } from '../../view/compare-view.ts';
import type { ExploredModel } from './explored-model.ts';
import type { State } from './state.ts';

/** The profiles of both sides. The model has those of the side AFTER, merged. */
export interface ComparedProfiles {
  readonly before: readonly Profile[];
  readonly after: readonly Profile[];
  /** Which time the total is. */
  readonly time: Basis | 'auto';
  /** As the user named the sides. */
  readonly names: { readonly before: string; readonly after: string };
}

interface Answer {
  readonly comparison: Comparison;
  /** FunctionIndex of the model -> index among the rows, -1 for none */
  readonly rowOf: Int32Array;
  readonly functionOf: ReadonlyMap<ComparedFunction, FunctionIndex>;
}

export class Comparisons {
  readonly #model: ExploredModel;
  readonly #profiles: ComparedProfiles;

  constructor(model: ExploredModel, profiles: ComparedProfiles) {
    this.#model = model;
    this.#profiles = profiles;
  }

  get names(): ComparedProfiles['names'] {
    return this.#profiles.names;
  }

  #answer(state: State): Answer {
    const measure = state.sort === 'cumtime' ? 'total' : 'self';
    return this.#model.keepComputed(state, ['comparison', measure], () => {
      const { before, after, time } = this.#profiles;
      const options = this.#model.optionsOf(state);
      const { paths = 'short' } = options;
      const sideOf = (profiles: readonly Profile[]) => profiles.map((profile) => new Stats(profile, options));
      const comparison = compare(sideOf(before), sideOf(after), { measure, time, paths });
      const rowOf = rowsOfFunctions(comparison, this.#model.all.profile.functions, rootsOf(after));
      const functionOf = new Map<ComparedFunction, FunctionIndex>();
      // The first function of a row stands for it.
      for (let fn = rowOf.length - 1; fn >= 0; fn--) {
        const row = comparison.rows[at(rowOf, fn)];
        if (row !== undefined) functionOf.set(row, fn);
      }
      return { comparison, rowOf, functionOf };
    });
  }

  comparison(state: State): Comparison {
    return this.#answer(state).comparison;
  }

  rowOf(state: State, fn: FunctionIndex): ComparedFunction | null {
    const { comparison, rowOf } = this.#answer(state);
    return comparison.rows[at(rowOf, fn)] ?? null;
  }

  /** Null for a function of the side BEFORE alone. */
  functionOf(state: State, row: ComparedFunction): FunctionIndex | null {
    return this.#answer(state).functionOf.get(row) ?? null;
  }

  table(state: State): CompareView {
    const { sort, isReversed } = state;
    return this.#model.keep(state, ['compared table', sort, isReversed], () => {
      const { focus = [], ignore = [] } = this.#model.optionsOf(state);
      const filtered = focus.length + ignore.length > 0;
      const query = { sort: [sort], reverse: isReversed, limit: 0, filtered, onlyChanged: true };
      return compareView(this.comparison(state), query, null);
    });
  }

  /** The row that the state is about: the selected one of the table, else that of the selected function. */
  selectedRow(state: State): ComparedFunction | null {
    if (state.pane === 'table') return this.table(state).rows[state.row] ?? null;
    return state.fn === null ? null : this.rowOf(state, state.fn);
  }

  /** Functions that the side AFTER does not have, the largest first: those with a verdict, or all where none can have one. */
  removed(state: State): readonly ComparedFunction[] {
    const { rows, total } = this.comparison(state);
    return this.#model.keep(state, ['removed', state.sort === 'cumtime'], () =>
      rows
        .filter(({ status, verdict }) => status === 'removed' && (verdict === 'removed' || total.p === null))
        .sort((a, b) => (b.self.before ?? 0) - (a.self.before ?? 0)),
    );
  }

  /** Whether a row of the table matches a search. */
  matches(state: State, row: number, search: string): boolean {
    const compared = this.table(state).rows[row];
    if (compared === undefined) return false;
    const { name, shownName, file, shownPlace, line } = compared;
    const pattern = parsePattern(search);
    return pattern(`${shownPlace ?? ''}(${shownName})`) || pattern(`${file ?? ''}:${line ?? 0}(${name})`);
  }
}
