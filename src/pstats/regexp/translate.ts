/**
 * Python's regular expressions as JavaScript's. What Python refuses is refused, for pstats prints a line on it.
 *
 * One pass with a stack of open groups. Every character is written out by its number and every group is named, so that
 * nothing in the pattern can mean something else to JavaScript. One difference is left: a reference to a group that
 * took no part matches nothing in Python, and the empty text in JavaScript.
 */

import { inexpressiblePattern } from '../errors.ts';
import { bothCases, CATEGORIES, type ClassPart, characterClass, literal } from './character-class.ts';
import {
  anchor,
  type Frame,
  finished,
  frame,
  type Item,
  merged,
  NO_FLAGS,
  NOTHING,
  nextAlternative,
  one,
  type Width,
} from './group.ts';
import { PatternSource, RefusedPattern } from './scanner.ts';

/**
 * The expression, to be searched for; null if Python finds it invalid. Throws PstatError (`query`) for the few things
 * that JavaScript has no words for: conditions, and characters by their name.
 */
export function pythonRegExp(pattern: string): RegExp | null {
  try {
    const { source, flags } = new Translation(pattern).whole();
    const expression = new RegExp(source, flags);
    // V8 compiles it when it is first used, and only then finds it too large.
    expression.test('');
    return expression;
  } catch (error) {
    if (error instanceof RefusedPattern) return null;
    if (error instanceof SyntaxError || error instanceof RangeError)
      throw inexpressiblePattern(pattern, 'it is too large');
    throw error;
  }
}

class Translation {
  readonly #pattern: string;
  readonly #source: PatternSource;
  readonly #stack: Frame[];
  /** group -> its width; null while it is open */
  readonly #groups: (Width | null)[] = [];
  readonly #numberOf = new Map<string, number>();
  #flags = NO_FLAGS;
  #atomics = 0;
  #refersUnderIgnoreCase = false;

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#source = new PatternSource(pattern);
    this.#stack = [frame('plain', { open: '', close: '' }, NO_FLAGS)];
  }

  whole(): { readonly source: string; readonly flags: string } {
    for (let next = this.#source.take(); next !== null; next = this.#source.take()) {
      const item = this.#read(next);
      if (item !== null) this.#frame.items.push(item);
    }
    const [top, ...open] = this.#stack;
    if (top === undefined || open.length > 0) throw new RefusedPattern();
    return { source: finished(top).js, flags: this.#refersUnderIgnoreCase ? 'vi' : 'v' };
  }

  get #frame(): Frame {
    const frame = this.#stack.at(-1);
    if (frame === undefined) throw new RefusedPattern();
    return frame;
  }

  /** What begins with the character; null where nothing is there to be matched yet. */
  #read(character: string): Item | null {
    if (character === '|') {
      nextAlternative(this.#frame);
      return null;
    }
    if (character === ')') return this.#close();
    if (this.#flags.verbose && this.#isSkipped(character)) return null;
    switch (character) {
      case '(':
        return this.#open();
      case '[':
        return one(this.#class());
      case '.':
        return one(this.#flags.dotAll ? '[\\s\\S]' : '[^\\n]');
      case '^':
        return anchor(this.#flags.multiline ? '(?:^|(?<=\\n))' : '^');
      case '$':
        return anchor(this.#flags.multiline ? '(?=\\n|$)' : '(?=\\n?$)');
      case '*':
        return this.#repeat(0, Number.POSITIVE_INFINITY);
      case '+':
        return this.#repeat(1, Number.POSITIVE_INFINITY);
      case '?':
        return this.#repeat(0, 1);
      case '{':
        return this.#brace();
      case '\\':
        return this.#escape();
      default:
        return this.#literal(character);
    }
  }

  #isSkipped(character: string): boolean {
    if (character === '#') this.#source.takeUntil('\n');
    return character === '#' || ' \t\n\r\v\f'.includes(character);
  }

  #literal(character: string): Item {
    const cases = this.#flags.ignoreCase ? bothCases(character, this.#flags.ascii) : [character];
    return one(cases.length === 1 ? literal(character) : `[${cases.map(literal).join('')}]`);
  }

  // ---- repeats ----

  #brace(): Item {
    const bounds = this.#source.bounds();
    if (bounds === null) return this.#literal('{');
    const { least, most } = bounds;
    if (most < least || least >= TOO_MANY || (most >= TOO_MANY && Number.isFinite(most))) throw new RefusedPattern();
    return this.#repeat(least, most);
  }

  #repeat(least: number, most: number): Item {
    const item = this.#frame.items.pop();
    if (item === undefined || item.kind !== 'other') throw new RefusedPattern();
    const times = `{${least},${Number.isFinite(most) ? most : ''}}`;
    const width = { least: item.width.least * least, most: item.width.most === 0 ? 0 : item.width.most * most };
    const lazy = this.#source.takeIf('?') ? '?' : '';
    const js = `(?:${item.js})${times}${lazy}`;
    return { js: lazy === '' && this.#source.takeIf('+') ? this.#atomic(js) : js, width, kind: 'repeat' };
  }

  /** JavaScript has no atomic groups; what a look-ahead has found is never tried again. */
  #atomic(js: string): string {
    const name = `a${this.#atomics++}`;
    return `(?=(?<${name}>${js}))\\k<${name}>`;
  }

  // ---- groups ----

  #open(): Item | null {
    if (!this.#source.takeIf('?')) {
      this.#openCapture();
      return null;
    }
    const kind = this.#source.demand();
    if (kind === 'P') return this.#named();
    if (kind === '(') throw this.#conditional();
    if (kind === ':') this.#openFrame('plain', '(?:', ')');
    else if (kind === '=' || kind === '!') this.#openFrame('look', `(?${kind}`, ')');
    else if (kind === '<') this.#openFrame('look-behind', `(?<${this.#source.demandOneOf('=!')}`, ')');
    else if (kind === '>') this.#openAtomic();
    else if (kind !== '#') this.#flagged(kind);
    else if (this.#source.takeUntil(')') === null) throw new RefusedPattern();
    return null;
  }

  /** What Python takes there is beyond JavaScript; what it refuses is refused. */
  #conditional(): Error {
    const name = this.#source.takeUntil(')');
    const group = name === null ? 0 : /^\d+$/.test(name) ? Number(name) : (this.#numberOf.get(name) ?? 0);
    if (group < 1 || group > this.#groups.length) return new RefusedPattern();
    return inexpressiblePattern(this.#pattern, 'pstat has no (?(…)…)');
  }

  #openFrame(kind: Frame['kind'], open: string, close: string): void {
    this.#stack.push(frame(kind, { open, close }, this.#flags));
  }

  #openAtomic(): void {
    const name = `a${this.#atomics++}`;
    this.#openFrame('plain', `(?=(?<${name}>`, `))\\k<${name}>`);
  }

  #openCapture(): number {
    const group = this.#groups.push(null);
    this.#stack.push(frame('plain', { open: `(?<g${group}>`, close: ')' }, this.#flags, group));
    return group;
  }

  /** `(?P<name>…)` and `(?P=name)`. */
  #named(): Item | null {
    const isReference = this.#source.demandOneOf('<=') === '=';
    const name = this.#source.takeUntil(isReference ? ')' : '>');
    if (name === null || !/^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(name)) throw new RefusedPattern();
    const known = this.#numberOf.get(name);
    if (isReference) return this.#reference(known ?? 0);
    if (known !== undefined) throw new RefusedPattern();
    this.#numberOf.set(name, this.#openCapture());
    return null;
  }

  #reference(group: number): Item {
    const width = this.#groups[group - 1] ?? null;
    if (width === null) throw new RefusedPattern();
    this.#refersUnderIgnoreCase ||= this.#flags.ignoreCase;
    return { js: `\\k<g${group}>`, width, kind: 'other' };
  }

  /** `(?i)` at the very start holds for all, `(?i-s:…)` inside. */
  #flagged(first: string): void {
    const on = this.#flagLetters(first);
    const next = this.#source.demandOneOf(')-:');
    if (next === ')') {
      const { alternatives, items } = this.#frame;
      if (this.#stack.length > 1 || alternatives.length + items.length > 0) throw new RefusedPattern();
      this.#flags = { ...this.#flags, ...merged(on) };
      return;
    }
    const off = next === '-' ? this.#flagLetters(this.#source.demand()) : '';
    if (next === '-' && (!/^[imsx]+$/.test(off) || this.#source.demand() !== ':')) throw new RefusedPattern();
    if ([...on].some((letter) => off.includes(letter))) throw new RefusedPattern();
    this.#openFrame('plain', '(?:', ')');
    const cleared = Object.fromEntries(Object.keys(merged(off)).map((name) => [name, false]));
    this.#flags = { ...this.#flags, ...merged(on), ...cleared };
  }

  /** A run of letters, perhaps none before a minus. */
  #flagLetters(first: string): string {
    if (first === '-') {
      this.#source.back();
      return '';
    }
    const letters = first + this.#source.takeWhile(/[a-zA-Z]/);
    if (!/^[aimstux]+$/.test(letters) || (letters.includes('a') && letters.includes('u'))) throw new RefusedPattern();
    return letters;
  }

  #close(): Item {
    const closed = this.#stack.length > 1 ? this.#stack.pop() : undefined;
    if (closed === undefined) throw new RefusedPattern();
    const { js, width } = finished(closed);
    this.#flags = closed.outer;
    if (closed.kind === 'look-behind' && width.least !== width.most) throw new RefusedPattern();
    if (closed.group !== null) this.#groups[closed.group - 1] = width;
    return { js: closed.open + js + closed.close, width: closed.kind === 'plain' ? width : NOTHING, kind: 'other' };
  }

  // ---- escapes and classes ----

  #escape(): Item {
    const letter = this.#source.demand();
    if (letter === 'A') return anchor('^');
    if (letter === 'Z') return anchor('$');
    if (letter === 'b' || letter === 'B') return anchor(this.#boundary(letter === 'b'));
    if (letter in CATEGORIES) return one(characterClass([{ category: letter }], this.#flags));
    if (/[1-9]/.test(letter)) return this.#numbered(letter);
    return this.#literal(this.#character(letter));
  }

  /** Between a character of words and one of none. Python's `\B` matches nothing in an empty text. */
  #boundary(isWanted: boolean): string {
    const word = characterClass([{ category: 'w' }], this.#flags);
    if (isWanted) return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
    return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word})(?!^$))`;
  }

  /** A group's number, of two digits at most; three octal ones are a character. */
  #numbered(first: string): Item {
    const digits = first + this.#source.takeWhile(/\d/, 1);
    const octal = /^[1-7][0-7]$/.test(digits) ? this.#source.takeWhile(/[0-7]/, 1) : '';
    if (octal === '') return this.#reference(Number(digits));
    return this.#literal(fromOctal(digits + octal));
  }

  /** The character that an escape stands for, inside of classes and out. */
  #character(letter: string): string {
    if (letter === '0') return fromOctal(letter + this.#source.takeWhile(/[0-7]/, 2));
    if (letter === 'N') throw this.#characterName();
    const digits = HEX_DIGITS[letter];
    if (digits !== undefined) return fromHex(this.#source.takeWhile(/[0-9a-fA-F]/, digits), digits);
    const control = CONTROLS[letter];
    if (control !== undefined) return control;
    if (/[A-Za-z0-9]/.test(letter)) throw new RefusedPattern();
    return letter;
  }

  #characterName(): Error {
    const isName = this.#source.takeIf('{') && (this.#source.takeUntil('}') ?? '') !== '';
    return isName ? inexpressiblePattern(this.#pattern, 'pstat knows no character by its name') : new RefusedPattern();
  }

  #class(): string {
    const isNegated = this.#source.takeIf('^');
    const parts: ClassPart[] = [];
    for (;;) {
      const next = this.#source.demand();
      if (next === ']' && parts.length > 0) break;
      const from = this.#classPart(next);
      if (!this.#source.takeIf('-')) {
        parts.push(from);
        continue;
      }
      const end = this.#source.demand();
      if (end === ']') {
        parts.push(from, { from: '-', to: '-' });
        break;
      }
      parts.push(range(from, this.#classPart(end)));
    }
    const js = characterClass(parts, this.#flags);
    return isNegated ? `[^${js}]` : js;
  }

  #classPart(character: string): ClassPart {
    if (character !== '\\') return { from: character, to: character };
    const letter = this.#source.demand();
    if (letter in CATEGORIES) return { category: letter };
    const octal = /[1-7]/.test(letter) ? fromOctal(letter + this.#source.takeWhile(/[0-7]/, 2)) : null;
    const single = octal ?? (letter === 'b' ? '\b' : this.#character(letter));
    return { from: single, to: single };
  }
}

/** Python takes no more. */
const TOO_MANY = 2 ** 32 - 1;

const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

const CONTROLS: Readonly<Record<string, string>> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function range(from: ClassPart, to: ClassPart): ClassPart {
  if ('category' in from || 'category' in to) throw new RefusedPattern();
  if ((from.from.codePointAt(0) ?? 0) > (to.to.codePointAt(0) ?? 0)) throw new RefusedPattern();
  return { from: from.from, to: to.to };
}

function fromOctal(digits: string): string {
  const code = Number.parseInt(digits, 8);
  if (code > 0o377) throw new RefusedPattern();
  return String.fromCharCode(code);
}

function fromHex(found: string, digits: number): string {
  const code = Number.parseInt(found, 16);
  if (found.length !== digits || code > 0x10ffff) throw new RefusedPattern();
  return String.fromCodePoint(code);
}
