/** What the page shows, and how the hash of its address says it: the back button and a copied address bring it back. */

export const VIEWS = ['icicle', 'flame', 'sunburst', 'sandwich', 'time'] as const;

export type ViewName = (typeof VIEWS)[number];

/** Fields of the state that choose among the trees of a view. */
export const SWITCH_NAMES = ['isInverted', 'byPackage', 'foldsRecursion', 'foldsWrappers'] as const;

export type SwitchName = (typeof SWITCH_NAMES)[number];

export const SORT_COLUMNS = ['name', 'tottime', 'cumtime', 'samples'] as const;

export type SortColumn = (typeof SORT_COLUMNS)[number];

/** The requests that are shown, by their places in the file: all, those of a route, or one of them. */
export interface Scope {
  readonly route: number | null;
  readonly request: number | null;
}

export const ALL: Scope = { route: null, request: null };

/** Keeps the stacks with a match of a pattern, or drops them. */
export interface Filter {
  readonly kind: 'focus' | 'ignore';
  readonly pattern: string;
}

/** The order of a table of the index, by the number of a column; null for that of the file. */
export interface IndexSort {
  readonly column: number;
  readonly isAscending: boolean;
}

export interface State {
  readonly scope: Scope;
  readonly routesSort: IndexSort | null;
  readonly requestsSort: IndexSort | null;
  readonly filters: readonly Filter[];
  readonly view: ViewName;
  readonly isInverted: boolean;
  readonly byPackage: boolean;
  /** Whether a call of a function by itself is no box of its own. */
  readonly foldsRecursion: boolean;
  /** Whether functions that do little but call one other are one box with it. */
  readonly foldsWrappers: boolean;
  /** Keys of the nodes from below the root down to the one that fills the picture; empty for the root. */
  readonly zoom: readonly number[];
  /** Keys of the nodes down to the selected one; null for none. */
  readonly selected: readonly number[] | null;
  /** Text or /regular expression/. */
  readonly search: string;
  readonly sort: SortColumn;
  readonly isReversed: boolean;
}

export const INITIAL_STATE: State = {
  scope: ALL,
  routesSort: null,
  requestsSort: null,
  filters: [],
  view: 'icicle',
  isInverted: false,
  byPackage: false,
  foldsRecursion: false,
  foldsWrappers: false,
  zoom: [],
  selected: null,
  search: '',
  sort: 'tottime',
  isReversed: false,
};

/** Whether the same part of the file is shown. */
export function isSameProfile(a: State, b: State): boolean {
  const isSameScope = a.scope.route === b.scope.route && a.scope.request === b.scope.request;
  return isSameScope && JSON.stringify(a.filters) === JSON.stringify(b.filters);
}

/** Whether a view draws the tree inverted, and by package, if asked to. A sandwich is of a function, and time is in order. */
export function drawsAnyTree(view: ViewName): boolean {
  return view !== 'sandwich' && view !== 'time';
}

/** The state without what its view does not draw. */
export function drawnState(state: State): State {
  return drawsAnyTree(state.view) ? state : { ...state, isInverted: false, byPackage: false };
}

/** Returns the hash without its `#`: what differs from the initial state. */
export function hashOf(state: State): string {
  const words = new URLSearchParams();
  if (state.scope.route !== null) words.set('route', String(state.scope.route));
  if (state.scope.request !== null) words.set('request', String(state.scope.request));
  if (state.routesSort !== null) words.set('routes', sortText(state.routesSort));
  if (state.requestsSort !== null) words.set('requests', sortText(state.requestsSort));
  for (const { kind, pattern } of state.filters) words.append(kind, pattern);
  if (state.view !== INITIAL_STATE.view) words.set('view', state.view);
  if (state.isInverted) words.set('inverted', '1');
  if (state.byPackage) words.set('by', 'package');
  if (state.foldsRecursion) words.set('recursion', 'folded');
  if (state.foldsWrappers) words.set('wrappers', 'folded');
  if (state.zoom.length > 0) words.set('zoom', pathText(state.zoom));
  if (state.selected !== null) words.set('select', pathText(state.selected));
  if (state.search !== '') words.set('search', state.search);
  if (state.sort !== INITIAL_STATE.sort) words.set('sort', state.sort);
  if (state.isReversed) words.set('reverse', '1');
  return words.toString();
}

/** Reads a hash. What it does not understand is as in the initial state: anyone can write an address. */
export function stateOf(hash: string): State {
  const words = new URLSearchParams(hash.replace(/^#/, ''));
  const view = VIEWS.find((name) => name === words.get('view'));
  const sort = SORT_COLUMNS.find((name) => name === words.get('sort'));
  return drawnState({
    scope: { route: numberOf(words.get('route')), request: numberOf(words.get('request')) },
    routesSort: sortOf(words.get('routes')),
    requestsSort: sortOf(words.get('requests')),
    filters: [...words].flatMap(([kind, pattern]) =>
      (kind === 'focus' || kind === 'ignore') && pattern !== '' ? [{ kind, pattern }] : [],
    ),
    view: view ?? INITIAL_STATE.view,
    isInverted: words.get('inverted') === '1',
    byPackage: words.get('by') === 'package',
    foldsRecursion: words.get('recursion') === 'folded',
    foldsWrappers: words.get('wrappers') === 'folded',
    zoom: pathOf(words.get('zoom')) ?? [],
    selected: pathOf(words.get('select')),
    search: words.get('search') ?? '',
    sort: sort ?? INITIAL_STATE.sort,
    isReversed: words.get('reverse') === '1',
  });
}

/** Column 3 upwards is `3`, downwards `-3`. */
function sortText({ column, isAscending }: IndexSort): string {
  return `${isAscending ? '' : '-'}${column}`;
}

function sortOf(text: string | null): IndexSort | null {
  const [, sign, column] = /^(-?)(\d{1,3})$/.exec(text ?? '') ?? [];
  return column === undefined ? null : { column: Number(column), isAscending: sign === '' };
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function pathText(path: readonly number[]): string {
  return path.join('.');
}

function pathOf(text: string | null): readonly number[] | null {
  if (text === null || !/^\d+(?:\.\d+)*$/.test(text)) return null;
  return text.split('.').map(Number);
}
