/** Sets of characters: Python's categories, and letters in both cases. */

export interface CharacterFlags {
  readonly ignoreCase: boolean;
  readonly ascii: boolean;
}

/** A category by its letter, or a range; a single character is a range of one. */
export type ClassPart = { readonly category: string } | { readonly from: string; readonly to: string };

const BLANKS = '\\t-\\r\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** Letter -> the inside of a class of Unicode's characters, and of ASCII's. */
export const CATEGORIES: Readonly<Record<string, readonly [unicode: string, ascii: string]>> = {
  d: ['\\p{Nd}', '0-9'],
  D: ['^\\p{Nd}', '^0-9'],
  w: ['\\p{L}\\p{N}_', 'a-zA-Z0-9_'],
  W: ['^\\p{L}\\p{N}_', '^a-zA-Z0-9_'],
  s: [BLANKS, '\\t-\\r\\u0020'],
  S: [`^${BLANKS}`, '^\\t-\\r\\u0020'],
};

/** A class for JavaScript's flag v, by which classes stand in classes. */
export function characterClass(parts: readonly ClassPart[], flags: CharacterFlags): string {
  return `[${parts.map((part) => partOf(part, flags)).join('')}]`;
}

function partOf(part: ClassPart, { ignoreCase, ascii }: CharacterFlags): string {
  if ('category' in part) return `[${CATEGORIES[part.category]?.[ascii ? 1 : 0] ?? ''}]`;
  const { from, to } = part;
  const range = from === to ? literal(from) : `${literal(from)}-${literal(to)}`;
  return ignoreCase ? range + otherCases(from, to, ascii) : range;
}

/** Past this there are no letters of two cases. */
const LAST_CASED = 0x1e943;

function otherCases(from: string, to: string, ascii: boolean): string {
  const [first = 0, last = 0] = [from.codePointAt(0), to.codePointAt(0)];
  const others = new Set<string>();
  for (let code = first; code <= Math.min(last, LAST_CASED); code++) {
    for (const other of bothCases(String.fromCodePoint(code), ascii)) others.add(other);
  }
  return Array.from(others, literal).join('');
}

/** The character with those that Python takes for it when case is ignored; of ASCII's letters only, if asked. */
export function bothCases(character: string, ascii: boolean): readonly string[] {
  if (ascii) {
    return /^[a-zA-Z]$/.test(character) ? [character.toLowerCase(), character.toUpperCase()] : [character];
  }
  equals ??= charactersByCase();
  return equals.get(caseKey(character)) ?? [character];
}

/** Made when a pattern first ignores case; it never changes. */
let equals: ReadonlyMap<string, readonly string[]> | null = null;

function charactersByCase(): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>();
  for (let code = 0; code <= LAST_CASED; code++) {
    const character = String.fromCodePoint(code);
    if (character.toLowerCase() === character && character.toUpperCase() === character) continue;
    const key = caseKey(character);
    all.set(key, [...(all.get(key) ?? []), character]);
  }
  return all;
}

/** The same for characters whose small letters have one capital. Python lowers \u0130 to a plain i. */
function caseKey(character: string): string {
  const [small = character] = character.toLowerCase();
  return small.toUpperCase();
}

/** A character by its number: it cannot mean anything but itself. */
export function literal(character: string): string {
  if (/^\w$/.test(character)) return character;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
