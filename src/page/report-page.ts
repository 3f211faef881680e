/** The page: its title, the index of a folder of requests, and the views of the profile that is open. */

import { pluralize } from '../base/text.ts';
import { App } from './app.ts';
import { comparisonSection } from './comparison.ts';
import { possibleScope, type ReportData } from './data.ts';
import { element } from './dom.ts';
import { filterData } from './filter.ts';
import { RequestsIndex } from './requests-index.ts';
import { hashOf, isSameProfile, type Scope, type State, stateOf } from './state.ts';

export class ReportPage {
  readonly element: HTMLElement;
  readonly #data: ReportData;
  readonly #index: RequestsIndex | null;
  readonly #comparison = element('div', {});
  readonly #place = element('div', {});
  #app: App | null = null;

  constructor(data: ReportData) {
    this.#data = data;
    const { title, requests } = data.facts;
    const events = {
      onScope: (scope: Scope) => this.#choose({ scope }),
      onSort: (change: Partial<State>) => this.#sort(change),
    };
    this.#index = requests === null ? null : new RequestsIndex(requests, events);
    this.element = element(
      'main',
      {},
      element('h1', {}, title),
      // Who passes the file on should know it.
      data.sourceFiles === 0
        ? null
        : element('p', { class: 'notice' }, `This file holds source text of ${pluralize(data.sourceFiles, 'file')}.`),
      this.#index?.element ?? null,
      this.#comparison,
      this.#place,
    );
    this.#show(stateOf(location.hash));
    addEventListener('hashchange', () => {
      const state = stateOf(location.hash);
      if (this.#app === null || hashOf(this.#app.state) !== hashOf(state)) this.#show(state);
    });
  }

  /** Shows another part of the file; keeps the view, and what was searched and selected. */
  #choose(change: Partial<Pick<State, 'scope' | 'filters'>>): void {
    const before = this.#app;
    if (before === null || isSameProfile(before.state, { ...before.state, ...change })) return;
    const fn = before.selectedFunction;
    const state = { ...before.state, ...change, zoom: [], selected: null };
    location.hash = hashOf(state);
    this.#show(state);
    this.#app?.selectFunction(fn);
  }

  /** The table of changes may be a window high, above the picture. */
  #selectInView(fn: number): void {
    this.#app?.selectFunction(fn);
    this.#place.querySelector('.columns')?.scrollIntoView({ block: 'nearest' });
  }

  /** Sorts a table of the index. */
  #sort(change: Partial<State>): void {
    if (this.#app === null) return;
    const state = { ...this.#app.state, ...change };
    location.replace(`#${hashOf(state)}`);
    this.#show(state);
  }

  #show(asked: State): void {
    const state = { ...asked, scope: possibleScope(this.#data.facts, asked.scope) };
    this.#index?.draw(state);
    if (this.#app !== null && isSameProfile(this.#app.state, state)) {
      this.#app.show(state);
      return;
    }
    this.#app?.close();
    const data = filterData(this.#data.open(state.scope), state.filters);
    this.#app = new App(data, state, (filters) => this.#choose({ filters }));
    this.#place.replaceChildren(this.#app.element);
    const { comparison } = data.facts;
    this.#comparison.replaceChildren(
      ...(comparison === null ? [] : [comparisonSection(comparison, (fn) => this.#selectInView(fn))]),
    );
  }
}
