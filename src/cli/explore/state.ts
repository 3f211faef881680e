/** The state of the explorer, and how keys change it. Pure: the same keys on the same profile lead to the same state. */

import { helpLines } from '../../render/explore/help.ts';
import { FRAME_LINES, type ScreenSize } from '../../render/explore/screen.ts';
import { PANES, type PaneName } from '../../view/explore-view.ts';
import type { Explorer } from './explorer.ts';
import { patternError } from './patterns.ts';
import { inTimeLine, noTimes, openTimeLine } from './time-line.ts';

/** A filter of stacks: only those with the function, or none of those. */
export interface Filter {
  readonly kind: 'focus' | 'ignore';
  readonly pattern: string;
}

/** A part of the recording, in µs since its start. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export interface State {
  readonly pane: PaneName;
  readonly filters: readonly Filter[];
  /** Null for the whole recording. */
  readonly window: Window | null;
  /** The place on the time line, in µs, while it has the keys; else null. */
  readonly cursor: number | null;
  /** Whether the picture shows call by call, in order of time. */
  readonly inTimeOrder: boolean;
  readonly isInverted: boolean;
  readonly by: 'function' | 'package';
  readonly mergesRecursion: boolean;
  readonly isFolded: boolean;
  /** Keys from the outermost node to the selected one, and to the one that fills the picture. */
  readonly path: readonly number[];
  readonly zoom: readonly number[];
  /** The function at whose calls the tree starts; null for whole stacks. */
  readonly treeRoot: number | null;
  /** The selected function in lists; null for none. */
  readonly fn: number | null;
  /** The selected row of a list. */
  readonly row: number;
  /** Whether the row or the box of the selected function is to be selected, as soon as they are known. */
  readonly isSelectionDue: boolean;
  readonly sort: SortName;
  readonly isReversed: boolean;
  readonly search: string;
  /** Where the callers were opened, and the functions whose callers were shown since then: Esc leads back. */
  readonly trail: readonly { readonly pane: PaneName; readonly fn: number | null }[];
  /** What is being typed, and what for; null if nothing is. */
  readonly typing: { readonly for: 'search' | 'file'; readonly text: string } | null;
  readonly message: string;
  /** The first line of the help that is shown; null where it is not. */
  readonly helpTop: number | null;
  /** Whether newer profiles of a program that runs take the place of this one; null for files. */
  readonly live: 'on' | 'paused' | 'ended' | null;
}

export type SortName = 'tottime' | 'cumtime' | 'name';
const SORTS: readonly SortName[] = ['tottime', 'cumtime', 'name'];

/** A key as readline names it, or what the mouse selected. */
export type Input =
  | { readonly kind: 'key'; readonly name: string; readonly text: string }
  | { readonly kind: 'row'; readonly row: number; readonly isDouble: boolean }
  | { readonly kind: 'time'; readonly time: number }
  | { readonly kind: 'path'; readonly path: readonly number[]; readonly isDouble: boolean };

/** What a key does besides changing the state. */
export type Effect = 'quit' | 'copy' | 'print' | 'edit' | 'suspend' | { readonly write: string };

export interface Step {
  readonly state: State;
  readonly effect?: Effect;
}

export const INITIAL: State = {
  pane: 'picture',
  filters: [],
  window: null,
  cursor: null,
  inTimeOrder: false,
  isInverted: false,
  by: 'function',
  mergesRecursion: false,
  isFolded: true,
  path: [],
  zoom: [],
  treeRoot: null,
  fn: null,
  row: 0,
  isSelectionDue: false,
  sort: 'tottime',
  isReversed: false,
  search: '',
  trail: [],
  typing: null,
  message: '',
  helpTop: null,
  live: null,
};

/** Whether the profile stays as it is: while times, a help or an input of this one are on the screen. */
export function isHeld({ live, inTimeOrder, window, cursor, typing, helpTop }: State): boolean {
  return live !== 'on' || inTimeOrder || [window, cursor, typing, helpTop].some((each) => each !== null);
}

/** Selects the row or the box of the selected function where that was put off: to find it takes longer than a key should. */
export function settle(state: State, explorer: Explorer): State {
  if (!state.isSelectionDue) return state;
  const settled = { ...state, isSelectionDue: false };
  if (state.pane === 'picture') return settlePath(settled, explorer);
  if (state.pane === 'source') return settled;
  const row = explorer.lists.rowOf(state);
  return row === -1 ? withRow({ ...settled, row: 0 }, explorer) : { ...settled, row };
}

/** The box stays if it is one of the function, else the heaviest one is selected. */
function settlePath(state: State, { pictures }: Explorer): State {
  if (state.fn === null || pictures.functionAt(state) === state.fn) return state;
  return { ...state, path: pictures.pathOfFunction(state, state.fn) ?? state.path };
}

export function reduce(before: State, input: Input, explorer: Explorer, size: ScreenSize): Step {
  const state = { ...settle(before, explorer), message: '' };
  if (input.kind === 'row') return { state: pickRow(state, input, explorer) };
  if (input.kind === 'path') {
    const picked = withFunction({ ...state, path: input.path }, explorer);
    return { state: input.isDouble ? { ...picked, zoom: picked.path } : picked };
  }
  if (input.kind === 'time') return { state: { ...state, cursor: input.time } };
  if (input.name === 'ctrl-c') return { state, effect: 'quit' };
  if (input.name === 'ctrl-z') return { state, effect: 'suspend' };
  if (state.typing !== null) return editText(state, state.typing, input, explorer, size);
  if (state.helpTop !== null) return { state: { ...state, helpTop: scrollHelp(state, input.name, explorer, size) } };
  const timed = inTimeLine(state, input.name, explorer, size);
  if (timed !== null) return { state: timed };
  const effect = EFFECTS[input.name];
  if (effect !== undefined) return { state, effect };
  return { state: COMMON[input.name]?.(state, explorer, size) ?? inPane(state, input.name, explorer, size) };
}

/** Where rows and boxes are others than before. */
export const ANEW = { path: [], zoom: [], row: 0, isSelectionDue: true } as const;

const EFFECTS: Readonly<Record<string, Effect>> = { q: 'quit', y: 'copy', p: 'print', e: 'edit' };

/** What keys do in every pane. */
const COMMON: Readonly<Record<string, (state: State, explorer: Explorer, size: ScreenSize) => State>> = {
  space: pause,
  '?': (state) => ({ ...state, helpTop: 0 }),
  '/': (state) => ({ ...state, typing: { for: 'search', text: '' } }),
  w: (state) => ({ ...state, typing: { for: 'file', text: '' } }),
  n: (state, explorer, size) => nextMatch(state, 1, explorer, size),
  N: (state, explorer, size) => nextMatch(state, -1, explorer, size),
  f: (state, explorer) => filter(state, 'focus', explorer),
  x: (state, explorer) => filter(state, 'ignore', explorer),
  F: (state) => ({ ...state, ...ANEW, filters: state.filters.slice(0, -1) }),
  i: (state) => ({ ...state, ...BY_WEIGHT, isInverted: !state.isInverted }),
  g: (state) => ({ ...state, ...BY_WEIGHT, by: state.by === 'function' ? 'package' : 'function' }),
  r: (state) => ({ ...state, ...BY_WEIGHT, mergesRecursion: !state.mergesRecursion }),
  d: (state) => ({ ...state, ...BY_WEIGHT, isFolded: !state.isFolded }),
  o: timeOrder,
  t: openTimeLine,
  h: hottest,
  s: (state, explorer) => withRow({ ...state, sort: after(SORTS, state.sort, 1), row: 0 }, explorer),
  S: (state, explorer) => withRow({ ...state, isReversed: !state.isReversed, row: 0 }, explorer),
  '0': (state) => ({ ...state, zoom: [], treeRoot: null, isSelectionDue: true }),
  tab: (state) => openPane(state, after(PANES, state.pane, 1)),
  'shift-tab': (state) => openPane(state, after(PANES, state.pane, -1)),
  ...Object.fromEntries(PANES.map((pane, i) => [String(i + 1), (state: State) => openPane(state, pane)])),
};

function pause(state: State): State {
  if (state.live === null)
    return { ...state, message: 'a file does not change; pstat attach --live follows a program' };
  if (state.live === 'ended') return { ...state, message: 'the program has ended' };
  return { ...state, live: state.live === 'on' ? 'paused' : 'on' };
}

/** Null for a key that closes the help. */
function scrollHelp(state: State, name: string, explorer: Explorer, { columns, rows }: ScreenSize): number | null {
  const step = stepOf(name, rows - FRAME_LINES);
  if (step === undefined) return null;
  const last = helpLines(explorer.notes(state), columns).length - (rows - FRAME_LINES);
  return Math.max(0, Math.min((state.helpTop ?? 0) + step, last));
}

/** How many lines a key moves by. @param page the number for PgUp and PgDn */
function stepOf(name: string, page: number): number | undefined {
  const steps: Readonly<Record<string, number>> = { up: -1, k: -1, down: 1, j: 1, pageup: -page, pagedown: page };
  return steps[name];
}

/** Another tree: options that collect calls end the time order. */
const BY_WEIGHT = { ...ANEW, inTimeOrder: false } as const;

function timeOrder(state: State, explorer: Explorer): State {
  if (!explorer.model.hasTimes) return { ...state, message: noTimes(explorer) };
  const ordered = { ...state, ...BY_WEIGHT, isInverted: false, by: 'function' as const };
  return state.inTimeOrder ? ordered : { ...ordered, pane: 'picture', inTimeOrder: true };
}

function after<T>(all: readonly T[], one: T, step: number): T {
  return all[(all.indexOf(one) + step + all.length) % all.length] ?? one;
}

// ---- panes ---------------------------------------------------------------------------------------------------------

/** The selected function stays selected. */
function openPane(state: State, pane: PaneName): State {
  return pane === 'callers' ? openCallers(state, state.fn) : { ...state, pane, row: 0, isSelectionDue: true };
}

function openCallers(state: State, fn: number | null): State {
  const here = { pane: state.pane, fn: state.fn };
  const longer = fn === state.fn ? state.trail : [...state.trail, here];
  const trail = state.pane === 'callers' ? longer : [here];
  return { ...state, pane: 'callers', fn, row: 0, isSelectionDue: true, trail };
}

/** From callers to those that were shown before, and to the pane that they were opened in. */
function leaveCallers(state: State): State {
  const before = state.trail.at(-1);
  return before === undefined
    ? state
    : { ...state, ...before, row: 0, isSelectionDue: true, trail: state.trail.slice(0, -1) };
}

function inPane(state: State, name: string, explorer: Explorer, size: ScreenSize): State {
  if (state.pane !== 'picture') return inList(state, name, explorer, size);
  return explorer.model.hasTree ? inPicture(state, name, explorer, size) : state;
}

function inPicture(state: State, name: string, explorer: Explorer, size: ScreenSize): State {
  const move = (path: readonly number[] | null) => (path === null ? state : withFunction({ ...state, path }, explorer));
  switch (name) {
    case 'up':
    case 'k':
      return state.path.length > state.zoom.length ? move(state.path.slice(0, -1)) : state;
    case 'down':
    case 'j':
      return move(explorer.pictures.childPath(state));
    case 'left':
      return move(explorer.pictures.siblingPath(state, -1, size));
    case 'right':
      return move(explorer.pictures.siblingPath(state, 1, size));
    case 'return':
      return { ...state, zoom: state.path };
    case 'escape':
    case 'backspace':
      return { ...state, zoom: state.zoom.slice(0, -1) };
    default:
      return state;
  }
}

function inList(state: State, name: string, explorer: Explorer, { rows }: ScreenSize): State {
  const go = (row: number) => {
    const last = Math.max(0, explorer.lists.rowCount(state) - 1);
    return withRow({ ...state, row: Math.max(0, Math.min(row, last)) }, explorer);
  };
  const step = stepOf(name, Math.max(1, rows - 10));
  if (step !== undefined) return go(state.row + step);
  switch (name) {
    case 'home':
      return go(0);
    case 'end':
      return go(Number.MAX_SAFE_INTEGER);
    case 'return':
      return enterRow(withRow(state, explorer), explorer);
    case 'escape':
    case 'backspace':
      if (state.pane === 'callers') return leaveCallers(state);
      return state.pane === 'tree' ? { ...state, treeRoot: null, isSelectionDue: true } : state;
    default:
      return state;
  }
}

const NO_FUNCTION = 'this row is no function of the profile, so it has no callers in it';

/** In the tree the selected row becomes the root; in lists its callers and callees are shown. */
function enterRow(state: State, explorer: Explorer): State {
  if (state.pane === 'source') return state;
  const fn = explorer.lists.functionOfRow(state) ?? (state.pane === 'table' ? null : state.fn);
  if (fn === null) return state.pane === 'table' ? { ...state, message: NO_FUNCTION } : state;
  return state.pane === 'tree' ? { ...state, treeRoot: fn, row: 0 } : openCallers(state, fn);
}

function pickRow(state: State, { row, isDouble }: { row: number; isDouble: boolean }, explorer: Explorer): State {
  const picked = withRow({ ...state, row }, explorer);
  return isDouble ? enterRow(picked, explorer) : picked;
}

/** Takes the function of the selected row; the rows of callers stay those of the function they belong to. */
function withRow(state: State, explorer: Explorer): State {
  if (state.pane !== 'table' && state.pane !== 'tree') return state;
  return { ...state, fn: explorer.lists.functionOfRow(state) ?? state.fn };
}

function withFunction(state: State, explorer: Explorer): State {
  return { ...state, fn: explorer.pictures.functionAt(state) ?? state.fn };
}

// ---- search and filters --------------------------------------------------------------------------------------------

function editText(
  state: State,
  typing: NonNullable<State['typing']>,
  { name, text }: { name: string; text: string },
  explorer: Explorer,
  size: ScreenSize,
): Step {
  const typed = typing.text;
  const edited = (next: string) => ({ state: { ...state, typing: { ...typing, text: next } } });
  if (name === 'escape') return { state: { ...state, typing: null } };
  if (name === 'backspace') return edited(typed.slice(0, -1));
  if (name !== 'return') return edited(typed + text);
  const done = { ...state, typing: null };
  if (typing.for === 'file') return typed === '' ? { state: done } : { state: done, effect: { write: typed } };
  return { state: search(state, typed, explorer, size) };
}

function search(state: State, text: string, explorer: Explorer, size: ScreenSize): State {
  const error = patternError(text);
  if (error !== null) return { ...state, message: error };
  const searched = { ...state, typing: null, search: text };
  return text === '' ? searched : nextMatch(searched, 1, explorer, size);
}

function nextMatch(state: State, step: 1 | -1, explorer: Explorer, size: ScreenSize): State {
  if (state.search === '') return { ...state, message: 'nothing to search for; / searches' };
  if (state.pane === 'picture') {
    const path = explorer.pictures.nextMatchingPath(state, step, size);
    return path === null
      ? { ...state, message: `no box matches ${state.search}` }
      : withFunction({ ...state, path }, explorer);
  }
  const row = explorer.lists.nextMatchingRow(state, step);
  return row === null ? { ...state, message: `no row matches ${state.search}` } : withRow({ ...state, row }, explorer);
}

function filter(state: State, kind: Filter['kind'], explorer: Explorer): State {
  if (!explorer.model.hasStacks) return { ...state, message: 'a profile of edges has no stacks to filter' };
  const pattern = state.fn === null ? null : explorer.model.patternOf(state.fn);
  if (pattern === null) return { ...state, message: 'select a function first' };
  return { ...state, ...ANEW, filters: [...state.filters, { kind, pattern }] };
}

function hottest(state: State, explorer: Explorer): State {
  const found = explorer.pictures.hottest(state);
  if (found === null) return { ...state, message: 'nothing was recorded' };
  return withFunction({ ...state, pane: 'picture', path: found.path, message: found.sentence }, explorer);
}
