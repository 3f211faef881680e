/** What is known of a regular expression while it is read: its flags, and the groups that are open. */

import type { CharacterFlags } from './character-class.ts';

export interface Flags extends CharacterFlags {
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
}

export const NO_FLAGS: Flags = { ignoreCase: false, ascii: false, multiline: false, dotAll: false, verbose: false };

const FLAG_LETTERS: Readonly<Record<string, Partial<Flags>>> = {
  i: { ignoreCase: true },
  m: { multiline: true },
  s: { dotAll: true },
  x: { verbose: true },
  a: { ascii: true },
  u: { ascii: false },
};

/** Fewest and most characters that something matches. */
export interface Width {
  readonly least: number;
  readonly most: number;
}

export const NOTHING: Width = { least: 0, most: 0 };
const ONE: Width = { least: 1, most: 1 };

export interface Item {
  readonly js: string;
  readonly width: Width;
  readonly kind: 'anchor' | 'repeat' | 'other';
}

/** A group that is being read, or the whole. */
export interface Frame {
  readonly kind: 'plain' | 'look' | 'look-behind';
  readonly open: string;
  readonly close: string;
  /** Of a capturing group; null for any other. */
  readonly group: number | null;
  /** The flags around it, that hold again behind it. */
  readonly outer: Flags;
  readonly alternatives: string[];
  widths: Width[];
  items: Item[];
}

export function one(js: string): Item {
  return { js, width: ONE, kind: 'other' };
}

export function anchor(js: string): Item {
  return { js, width: NOTHING, kind: 'anchor' };
}

export function frame(
  kind: Frame['kind'],
  { open, close }: Pick<Frame, 'open' | 'close'>,
  outer: Flags,
  group: number | null = null,
): Frame {
  return { kind, open, close, group, outer, alternatives: [], widths: [], items: [] };
}

export function nextAlternative(frame: Frame): void {
  frame.alternatives.push(frame.items.map(({ js }) => js).join(''));
  frame.widths.push({
    least: frame.items.reduce((sum, { width }) => sum + width.least, 0),
    most: frame.items.reduce((sum, { width }) => sum + width.most, 0),
  });
  frame.items = [];
}

export function finished(frame: Frame): { readonly js: string; readonly width: Width } {
  nextAlternative(frame);
  const least = frame.widths.reduce((result, width) => Math.min(result, width.least), Number.POSITIVE_INFINITY);
  const most = frame.widths.reduce((result, width) => Math.max(result, width.most), 0);
  return { js: frame.alternatives.join('|'), width: { least, most } };
}

export function merged(letters: string): Partial<Flags> {
  return Object.assign({}, ...Array.from(letters, (letter) => FLAG_LETTERS[letter] ?? {}));
}
