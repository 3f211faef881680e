/** The views of one profile: one state, drawn anew whenever it changes. */

import type { Box } from '../model/layout/boxes.ts';
import { nodeAtSteps, stepsTo } from '../model/layout/find-node.ts';
import { type LayoutNode, pathTo, ROOT } from '../model/layout/layout-tree.ts';
import type { PageData } from './data.ts';
import { sidePanel } from './detail.ts';
import { button, element, fill } from './dom.ts';
import { filterPattern } from './filter.ts';
import { Words } from './format.ts';
import { FunctionTableView } from './function-table.ts';
import { legend, scopeHeader } from './header.ts';
import { helpDialog } from './help.ts';
import { listenToKeys } from './key-listener.ts';
import type { KeyAction } from './keys.ts';
import { type Direction, neighbourOf } from './navigation.ts';
import { commandContext } from './page-command.ts';
import { Pictures } from './pictures.ts';
import { functionTest } from './search.ts';
import { sourceView } from './source-view.ts';
import {
  drawnState,
  type Filter,
  hashOf,
  type SortColumn,
  type State,
  type SwitchName,
  type ViewName,
} from './state.ts';
import { canSwitch, commandLines, crumbs, filterChips, hasTime, tabs } from './tools.ts';
import { type ShownTree, treeOf } from './trees.ts';

export class App {
  readonly element: HTMLElement;
  readonly #data: PageData;
  readonly #words: Words;
  #state: State;
  /** The tree that was shown last, and what it was made for. */
  #kept: { readonly kind: string; readonly shown: ShownTree } | null = null;
  #root: LayoutNode = ROOT;
  #selected: LayoutNode | null = null;
  readonly #table: FunctionTableView;
  #hasFigures = false;
  /** Pixels of the place of the picture; 0 until it has one. */
  #width = 0;
  readonly #tabs = element('div', { class: 'tabs', role: 'tablist' });
  readonly #search = element('input', {
    type: 'search',
    placeholder: 'search: text or /regex/',
    'aria-label': 'search',
    input: () => this.#change({ search: this.#search.value }, 'replace'),
  });
  readonly #crumbs = element('nav', { class: 'crumbs', 'aria-label': 'zoom' });
  readonly #side = element('aside', { 'aria-live': 'polite' });
  readonly #source = element('div', {});
  readonly #commands = element('div', { class: 'commands' });
  readonly #help = helpDialog();
  readonly #pictures: Pictures;

  /** Ends what listens to the window. */
  readonly #closing = new AbortController();

  readonly #onFilters: (filters: readonly Filter[]) => void;

  constructor(data: PageData, state: State, onFilters: (filters: readonly Filter[]) => void) {
    this.#data = data;
    this.#onFilters = onFilters;
    this.#words = new Words(data.facts);
    this.#state = possibleState(state, data);
    this.#pictures = new Pictures(data, this.#words, {
      onBox: (box) => this.#click(box),
      onFunction: (fn) => this.selectFunction(fn),
    });
    this.#table = new FunctionTableView(data, this.#words, {
      onSort: (column) => this.#sort(column),
      onFunction: (fn) => this.selectFunction(fn),
    });
    const helpButton = button({ click: () => this.#help.showModal(), title: 'keys' }, '?');
    this.element = element(
      'section',
      {},
      scopeHeader(data.facts, this.#words),
      element('div', { class: 'tools' }, this.#tabs, this.#search, helpButton),
      legend({ isEstimated: data.edges !== null, isCompared: data.changeOf !== null }),
      filterChips(this.#state.filters, onFilters),
      this.#crumbs,
      element('div', { class: 'columns' }, element('div', {}, this.#pictures.element, this.#pictures.note), this.#side),
      this.#commands,
      element('div', { class: 'lower' }, this.#table.element, this.#source),
      this.#pictures.tooltip,
      this.#help,
    );
    document.body.dataset['state'] = 'drawing';
    listenToKeys((action) => this.#act(action), this.#closing.signal);
    // The picture is as wide as its place in the document. Its height is its own.
    const observer = new ResizeObserver(([entry]) => {
      const width = Math.max(50, Math.floor(entry?.contentRect.width ?? 0));
      if (width === this.#width) return;
      this.#width = width;
      this.#draw();
      // After the first rows are on the screen: the rest and the figures of all functions take as long as those.
      if (!this.#hasFigures) setTimeout(() => this.#drawAll());
    });
    observer.observe(this.#pictures.element);
    this.#closing.signal.addEventListener('abort', () => observer.disconnect());
  }

  get state(): State {
    return this.#state;
  }

  /** The function that is selected, or -1. */
  get selectedFunction(): number {
    return this.#state.selected === null ? -1 : this.#pictureFunction();
  }

  /** Draws a state of the same profile. */
  show(state: State): void {
    this.#state = possibleState(state, this.#data);
    this.#draw();
  }

  /** Selects a function, if the profile has it. A tree that does not show it gives way to one that does. */
  selectFunction(fn: number): void {
    if (this.#data.rowOf(fn) === undefined) return;
    const shown = this.#shown;
    const node = shown.find(fn);
    if (node !== null) {
      const isInside = pathTo(shown.tree, node).includes(this.#root);
      this.#change({ selected: stepsTo(shown, node), ...(isInside ? {} : { zoom: [] }) });
    } else this.#changeTree({ byPackage: false, isInverted: false, view: 'icicle' }, fn);
  }

  close(): void {
    this.#closing.abort();
  }

  // ---- changes -----------------------------------------------------------------------------------------------------

  #change(change: Partial<State>, history: 'push' | 'replace' = 'push'): void {
    this.#state = { ...this.#state, ...change };
    const hash = `#${hashOf(this.#state)}`;
    if (hash !== (location.hash || '#')) {
      if (history === 'push') location.hash = hash;
      else location.replace(hash);
    }
    this.#draw();
  }

  /** Another tree has other nodes: the function is looked for in it. */
  #changeTree(change: Partial<State>, fn = this.#pictureFunction()): void {
    this.#state = { ...this.#state, ...change, zoom: [], selected: null };
    const node = this.#data.rowOf(fn) === undefined ? null : this.#shown.find(fn);
    this.#change(node === null ? {} : { selected: stepsTo(this.#shown, node) });
  }

  #switch(name: SwitchName): void {
    this.#changeTree({ [name]: !this.#state[name] });
  }

  /** Pictures of one tree keep what is selected and zoomed. */
  #setView(view: ViewName): void {
    const { view: before, isInverted, byPackage } = this.#state;
    const next = drawnState({ ...this.#state, view });
    const isSameTree = next.isInverted === isInverted && next.byPackage === byPackage;
    if (isSameTree && before !== 'time' && view !== 'time') this.#change({ view });
    else this.#changeTree(next);
  }

  #sort(column: SortColumn): void {
    const { sort, isReversed } = this.#state;
    this.#change({ sort: column, isReversed: column === sort && !isReversed }, 'replace');
  }

  #filterPattern(): string | null {
    return filterPattern(this.#data, this.#state.search, this.selectedFunction);
  }

  /** Keeps the stacks with a match, or drops them. */
  #filter(kind: Filter['kind']): void {
    const pattern = this.#filterPattern();
    if (pattern === null) return;
    this.#state = { ...this.#state, search: '' };
    this.#onFilters([...this.#state.filters, { kind, pattern }]);
  }

  #select(node: LayoutNode): void {
    this.#change({ selected: stepsTo(this.#shown, node) });
  }

  #zoom(node: LayoutNode): void {
    const path = stepsTo(this.#shown, node);
    this.#change({ zoom: path, ...(node === ROOT ? {} : { selected: path }) });
  }

  #zoomOut(): void {
    if (this.#root === ROOT) return;
    this.#change({ zoom: stepsTo(this.#shown, this.#shown.tree.parent(this.#root)) });
  }

  /** The root of the picture leads back to its caller; a box of several opens in its caller's width. */
  #click(box: Box): void {
    if (box.node === null) this.#zoom(box.parent);
    else if (box.node === this.#root) this.#zoomOut();
    else this.#zoom(box.node);
  }

  // ---- drawing -----------------------------------------------------------------------------------------------------

  get #shown(): ShownTree {
    const { view, isInverted, byPackage, foldsRecursion, foldsWrappers } = this.#state;
    const kind = view === 'time' ? 'time' : [isInverted, byPackage, foldsRecursion, foldsWrappers].join();
    if (this.#kept?.kind !== kind) this.#kept = { kind, shown: treeOf(this.#data, this.#state) };
    return this.#kept.shown;
  }

  /** The function whose boxes stand out, or -1. */
  #pictureFunction(): number {
    if (this.#selected !== null) return this.#shown.functionOf(this.#selected);
    // A sandwich is of some function.
    return this.#state.view === 'sandwich' ? (this.#data.rows()[0]?.fn ?? -1) : -1;
  }

  #draw(): void {
    if (this.#width === 0) return;
    const shown = this.#shown;
    const { zoom, selected, search } = this.#state;
    this.#root = nodeAtSteps(shown, zoom);
    const node = nodeAtSteps(shown, selected ?? []);
    this.#selected = node === ROOT ? null : node;
    const finds = functionTest(search, this.#data);
    fill(
      this.#tabs,
      ...tabs(
        this.#state,
        { data: this.#data, canFilter: this.#filterPattern() !== null },
        {
          onView: (view) => this.#setView(view),
          onSwitch: (name) => this.#switch(name),
          onFilter: (kind) => this.#filter(kind),
        },
      ),
    );
    if (this.#search.value !== search) this.#search.value = search;
    this.#search.toggleAttribute('aria-invalid', search !== '' && finds === null);
    this.#pictures.draw({
      view: this.#state.view,
      shown,
      root: this.#root,
      selected: this.#selected,
      selectedFunction: this.#pictureFunction(),
      finds,
      width: this.#width,
      isFirst: !this.#hasFigures,
      isFiltered: this.#state.filters.length > 0,
    });
    fill(this.#crumbs, ...crumbs(shown, this.#root, (each) => this.#zoom(each)));
    this.#drawSide();
    fill(
      this.#commands,
      ...commandLines(
        this.#state,
        commandContext(this.#data, { shown, root: this.#root, selected: this.#pictureFunction() }),
      ),
    );
    if (this.#hasFigures) this.#drawFigures();
  }

  #drawAll(): void {
    this.#hasFigures = true;
    this.#draw();
    document.body.dataset['state'] = 'ready';
  }

  #drawFigures(): void {
    this.#drawSource();
    this.#table.draw(this.#state, functionTest(this.#state.search, this.#data), this.#pictureFunction());
  }

  #drawSide(): void {
    const context = { data: this.#data, words: this.#words, shown: this.#shown, root: this.#root };
    const isSandwich = this.#state.view === 'sandwich';
    const onSelect = (node: LayoutNode) => this.#select(node);
    const selection = this.#selected === null ? null : { ...context, node: this.#selected };
    fill(this.#side, ...sidePanel(selection, { isSandwich, onSelect }));
  }

  #drawSource(): void {
    const fn = this.selectedFunction;
    const context = { data: this.#data, words: this.#words, onFunction: (each: number) => this.selectFunction(each) };
    const source = fn === -1 ? null : sourceView(fn, context);
    this.#source.replaceChildren(...(source === null ? [] : [source]));
  }

  // ---- mouse and keys ----------------------------------------------------------------------------------------------

  #act(action: KeyAction): void {
    switch (action.kind) {
      case 'view':
        if (action.view !== 'time' || hasTime(this.#data)) this.#setView(action.view);
        break;
      case 'move':
        this.#move(action.to);
        break;
      case 'zoom':
        if (this.#selected !== null) this.#zoom(this.#selected);
        break;
      case 'out':
        this.#zoomOut();
        break;
      case 'reset':
        this.#change({ zoom: [], selected: null, search: '' });
        break;
      case 'switch':
        if (canSwitch(action.name, this.#state, this.#data)) this.#switch(action.name);
        break;
      case 'focus':
      case 'ignore':
        this.#filter(action.kind);
        break;
      case 'unfilter':
        this.#onFilters(this.#state.filters.slice(0, -1));
        break;
      case 'search':
        this.#search.focus();
        this.#search.select();
        break;
      case 'match':
        this.#nextMatch(action.step);
        break;
      case 'help':
        this.#help.showModal();
    }
  }

  /** Moves the selection to the caller, the widest callee, or a neighbour. */
  #move(to: Direction): void {
    const next = neighbourOf(this.#shown, { node: this.#selected ?? this.#root, root: this.#root, to });
    if (next !== null) this.#select(next);
  }

  /** Selects the next function of the table that the search finds. */
  #nextMatch(step: 1 | -1): void {
    const finds = functionTest(this.#state.search, this.#data);
    if (finds === null) return;
    const found = this.#data.rows().filter(({ fn }) => finds(fn));
    const current = found.findIndex(({ fn }) => fn === this.#pictureFunction());
    const next = found[(Math.max(current, step === 1 ? -1 : 0) + step + found.length) % found.length];
    if (next !== undefined) this.selectFunction(next.fn);
  }
}

/** The state without what a profile does not have: samples in order, or stacks. Anyone can write an address. */
function possibleState(state: State, data: PageData): State {
  const inTime: State =
    state.view !== 'time' || hasTime(data) ? state : { ...state, view: 'icicle', zoom: [], selected: null };
  return data.stacks === null ? { ...inTime, filters: [], byPackage: false, foldsRecursion: false } : inTime;
}
