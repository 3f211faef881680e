/** What keys do. */

import type { Direction } from './navigation.ts';
import { type SwitchName, VIEWS, type ViewName } from './state.ts';

export type KeyAction =
  | { readonly kind: 'view'; readonly view: ViewName }
  | { readonly kind: 'move'; readonly to: Direction }
  | { readonly kind: 'match'; readonly step: 1 | -1 }
  | { readonly kind: 'switch'; readonly name: SwitchName }
  | { readonly kind: 'zoom' | 'out' | 'reset' | 'search' | 'help' | 'focus' | 'ignore' | 'unfilter' };

export const KEYS: readonly (readonly [key: string, text: string])[] = [
  ['1 … 5', 'icicle, flame, sunburst, sandwich, time'],
  ['← → or h l', 'select the neighbour'],
  ['↓ or j', 'select the widest callee (inverted: caller)'],
  ['↑ or k', 'select the caller (inverted: callee)'],
  ['Enter', 'zoom to the selection'],
  ['Backspace or Esc', 'zoom out, one frame'],
  ['0', 'show all again'],
  ['/', 'search: text, or a /regular expression/; Enter selects what is found, Esc leaves the field'],
  ['n N', 'select the next, the previous function found'],
  ['i', 'invert: from hot functions to their callers'],
  ['p', 'group by package'],
  ['r', 'fold recursion'],
  ['w', 'fold wrappers: functions that do little but call one other'],
  ['f x', 'focus on what is searched for, or else on the selected function; ignore it'],
  ['u', 'remove the last filter'],
  ['s', 'sandwich of the selected function'],
  ['?', 'these keys'],
];

const ACTIONS: Readonly<Record<string, KeyAction>> = {
  ArrowLeft: { kind: 'move', to: 'left' },
  h: { kind: 'move', to: 'left' },
  ArrowRight: { kind: 'move', to: 'right' },
  l: { kind: 'move', to: 'right' },
  ArrowDown: { kind: 'move', to: 'callee' },
  j: { kind: 'move', to: 'callee' },
  ArrowUp: { kind: 'move', to: 'caller' },
  k: { kind: 'move', to: 'caller' },
  Enter: { kind: 'zoom' },
  Backspace: { kind: 'out' },
  Escape: { kind: 'out' },
  0: { kind: 'reset' },
  '/': { kind: 'search' },
  n: { kind: 'match', step: 1 },
  N: { kind: 'match', step: -1 },
  i: { kind: 'switch', name: 'isInverted' },
  p: { kind: 'switch', name: 'byPackage' },
  r: { kind: 'switch', name: 'foldsRecursion' },
  w: { kind: 'switch', name: 'foldsWrappers' },
  f: { kind: 'focus' },
  x: { kind: 'ignore' },
  u: { kind: 'unfilter' },
  s: { kind: 'view', view: 'sandwich' },
  '?': { kind: 'help' },
};

/** @param key as KeyboardEvent names it */
export function keyAction(key: string): KeyAction | null {
  const view = /^[1-9]$/.test(key) ? VIEWS[Number(key) - 1] : undefined;
  if (view !== undefined) return { kind: 'view', view };
  return Object.hasOwn(ACTIONS, key) ? (ACTIONS[key] ?? null) : null;
}
