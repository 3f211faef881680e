/** The page: its title, the index of a folder of requests, and the views of the profile that is open. */

import { pluralize } from '../base/text.ts';
import { App } from './app.ts';
import { comparisonSection } from './comparison.ts';
import { type PageData, possibleScope, type ReportData } from './data.ts';
import { element } from './dom.ts';
import { filterData } from './filter.ts';
import { RequestsIndex } from './requests-index.ts';
import { hashOf, isSameProfile, type Scope, type State, stateOf } from './state.ts';
import { hasTime } from './tools.ts';

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
    const opened = this.#data.open(state.scope);
    const possible = possibleState(state, opened);
    const data = filterData(opened, possible.filters);
    this.#app = new App(data, possible, (filters) => this.#choose({ filters }));
    this.#place.replaceChildren(this.#app.element);
    const { comparison } = data.facts;
    this.#comparison.replaceChildren(
      ...(comparison === null ? [] : [comparisonSection(comparison, (fn) => this.#selectInView(fn))]),
    );
  }
}

/** The state without what a profile does not have: samples in order, or stacks. Anyone can write an address. */
function possibleState(state: State, data: PageData): State {
  const inTime: State =
    state.view !== 'time' || hasTime(data) ? state : { ...state, view: 'icicle', zoom: [], selected: null };
  return data.stacks === null ? { ...inTime, filters: [], byPackage: false, foldsRecursion: false } : inTime;
}
