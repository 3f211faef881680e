/** The keys of the time line: a cursor on the recording, and the window that it sets. */

import type { ScreenSize } from '../../render/explore/screen.ts';
import type { Explorer } from './explorer.ts';
import { ANEW, type State, type Window } from './state.ts';

/** Columns that PgUp and PgDn move by. */
const PAGE = 10;

/** Why a profile has neither a time line nor a time order. */
export function noTimes({ comparisons }: Explorer): string {
  return comparisons === null
    ? 'the times of samples are not known here, so there is neither a time line nor a time order'
    : 'a comparison is of several recordings, so there is neither a time line nor a time order';
}

/** Gives the keys to the time line. The cursor starts where the selected call does, or the window. */
export function openTimeLine(state: State, explorer: Explorer): State {
  const { model, pictures } = explorer;
  const recorded = model.recorded;
  if (recorded === null) return { ...state, message: noTimes(explorer) };
  return { ...state, cursor: pictures.callWindow(state, state.path)?.from ?? state.window?.from ?? recorded.from };
}

/** Null for a key that is none of the time line. */
export function inTimeLine(state: State, name: string, { model }: Explorer, { columns }: ScreenSize): State | null {
  const { cursor, window } = state;
  const { recorded } = model;
  if (cursor === null || recorded === null) return null;
  const step = (recorded.to - recorded.from) / columns;
  const move = (by: number): State => {
    const moved = recorded.from + (Math.round((cursor - recorded.from) / step) + by) * step;
    return { ...state, cursor: Math.max(recorded.from, Math.min(roundTo(moved, step), recorded.to)) };
  };
  switch (name) {
    case 'left':
      return move(-1);
    case 'right':
      return move(1);
    case 'pageup':
      return move(-PAGE);
    case 'pagedown':
      return move(PAGE);
    case 'home':
      return { ...state, cursor: recorded.from };
    case 'end':
      return { ...state, cursor: recorded.to };
    case '[':
      return withWindow(state, { from: cursor, to: window?.to ?? recorded.to }, recorded);
    case ']':
      return withWindow(state, { from: window?.from ?? recorded.from, to: cursor }, recorded);
    case '0':
    case 'backspace':
      return withWindow(state, recorded, recorded);
    case 'return':
    case 'escape':
    case 't':
      return { ...state, cursor: null };
    default:
      return null;
  }
}

function withWindow(state: State, window: Window, recorded: Window): State {
  if (window.from >= window.to) return { ...state, message: 'the end of the window is not after its begin' };
  const isWhole = window.from <= recorded.from && window.to >= recorded.to;
  return { ...state, ...ANEW, window: isWhole ? null : window };
}

/** A time with few digits, less than a column away. */
function roundTo(time: number, step: number): number {
  const unit = Math.max(1, 10 ** Math.floor(Math.log10(step / 2)));
  return Math.round(time / unit) * unit;
}
