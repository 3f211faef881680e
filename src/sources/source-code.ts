/** A source file as tokens: where a function ends, and which tokens are its own and not those of functions inside it. */

import { firstIndex } from '../base/first-index.ts';
import type { TextSpan } from '../base/text.ts';
import { at } from '../model/columns.ts';
import { quietSpans } from './quiet-spans.ts';
import { type Language, type Token, tokenize } from './tokens.ts';

/** A function as a profile names it. */
export interface Declaration {
  readonly name: string;
  /** 1-based */
  readonly line: number;
  /** 1-based; 0 if not known */
  readonly column: number;
  /** Whether the place is from a source map, which may be before the function begins. */
  readonly isMapped?: boolean;
}

/** A function's lines and its own tokens, without comments, line ends and the bodies of functions inside it. */
export interface FunctionBody {
  readonly firstLine: number;
  readonly lastLine: number;
  readonly tokens: readonly Token[];
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** A function's name may be so many lines before its parameters. */
const MAX_LINES_BEFORE = 2;

/** Tokens between the beginning of a function and its body, brackets counted as one. More is no function. */
const MAX_HEAD_TOKENS = 1000;

/** Lines of decorators before a Python function. */
const MAX_DECORATOR_LINES = 50;

/** Words before `(…) {` that begin statements and not functions. */
const STATEMENTS: ReadonlySet<string> = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'await']);

/** The name without its class, object, `get` and `async`: `Router.handle` is called as `handle`. */
export function calledName(name: string): string {
  return /[^ .]*$/.exec(name)?.[0] ?? '';
}

export class SourceCode {
  readonly language: Language;
  readonly #all: readonly Token[];
  /** Without comments. */
  readonly #tokens: readonly Token[];
  /** Null until it is asked for. */
  #quiet: ReadonlyMap<number, readonly TextSpan[]> | null = null;
  /** bracket -> the bracket that matches it; -1 for none */
  readonly #match: Int32Array;

  constructor(text: string, language: Language, file = '') {
    this.language = language;
    this.#all = tokenize(text, language, file);
    this.#tokens = this.#all.filter(({ kind }) => kind !== 'comment');
    this.#match = matchBrackets(this.#tokens);
  }

  /** Returns null where no function of that name begins at the place: the file is another one, or was changed. */
  findFunction(place: Declaration): FunctionBody | null {
    return this.language === 'python' ? this.#findPython(place) : this.#findJs(place);
  }

  /** The comments, strings and keywords of a line, 1-based. */
  quietSpansOf(line: number): readonly TextSpan[] {
    this.#quiet ??= quietSpans(this.#all, this.language);
    return this.#quiet.get(line) ?? [];
  }

  // ---- JavaScript --------------------------------------------------------------------------------------------------

  #findJs({ name, line, column, isMapped = false }: Declaration): FunctionBody | null {
    const last = this.#tokens.length - 1;
    if (name === '' && line === 1 && column <= 1) return { ...this.#own({ start: 0, end: last }, 0), firstLine: 1 };
    const start = this.#next(this.#firstFrom(line, column));
    const first = this.#tokens[start];
    if (first?.line !== line || (column > 0 && first.column !== column && !isMapped)) return null;
    const head = isMapped ? this.#afterDecorators(start) : start;
    if (!this.#hasName(name, this.#tokens[head]?.line ?? line)) return null;
    const body = this.#bodyOf(head);
    return body === null ? null : this.#own({ start, end: body.end }, body.start + 1);
  }

  /** Some bundlers map a function to its decorators: `@name`, `@name.name(…)` or `@(…)`, each. */
  #afterDecorators(start: number): number {
    let i = start;
    while (this.#tokens[i]?.text === '@') {
      i = this.#next(i + 1);
      while (this.#tokens[i]?.kind === 'name' && this.#tokens[i + 1]?.text === '.') i += 2;
      if (this.#tokens[i]?.kind === 'name') i = this.#next(i + 1);
      if (this.#tokens[i]?.text === '(') i = this.#next(this.#closing(i) + 1);
    }
    return i;
  }

  #hasName(name: string, line: number): boolean {
    const word = calledName(name);
    if (word === '' || /^<.*>$/.test(word)) return true;
    const around = this.#tokens.slice(this.#firstFrom(line - MAX_LINES_BEFORE, 0), this.#firstFrom(line + 1, 0));
    return around.some(({ kind, text }) =>
      kind === 'name' ? text === word || text === 'constructor' : kind === 'string' && text.slice(1, -1) === word,
    );
  }

  /** Returns the body of the function that begins at a token; null if none does. */
  #bodyOf(start: number): Span | null {
    let before = '';
    let count = 0;
    for (let i = this.#next(start); i < this.#tokens.length && count < MAX_HEAD_TOKENS; i = this.#next(i + 1)) {
      const { text, kind } = at(this.#tokens, i);
      if (text === '=>') return this.#arrowBody(this.#next(i + 1));
      if (kind === 'punctuator') {
        if (text === '{' && !isBeforeType(before)) return { start: i, end: this.#closing(i) };
        if (text === ';' || isClosing(text)) return null;
        if (isOpening(text)) i = this.#closing(i);
      }
      before = this.#tokens[i]?.text ?? '';
      count++;
    }
    return null;
  }

  #arrowBody(start: number): Span {
    if (this.#tokens[start]?.text === '{') return { start, end: this.#closing(start) };
    let end = start;
    for (let i = start; i < this.#tokens.length; i++) {
      const { kind, text } = at(this.#tokens, i);
      if (kind === 'punctuator' && (isClosing(text) || text === ',' || text === ';')) break;
      if (kind === 'newline') {
        if (endsExpression(at(this.#tokens, end), this.#tokens[this.#next(i)])) break;
        continue;
      }
      if (kind === 'punctuator' && isOpening(text)) i = this.#closing(i);
      end = i;
    }
    return { start, end };
  }

  /** A function inside another one, from its name to its end, if its body begins at this token; else null. */
  #innerBody(i: number): Span | null {
    const { kind, text } = at(this.#tokens, i);
    if (kind !== 'punctuator') return null;
    if (text === '=>') return this.#arrowBody(this.#next(i + 1));
    const before = this.#previous(i);
    if (text !== '{' || this.#tokens[before]?.text !== ')') return null;
    const head = this.#previous(at(this.#match, before));
    const word = this.#tokens[head];
    if (word === undefined || word.kind !== 'name' || STATEMENTS.has(word.text)) return null;
    return { start: head, end: this.#closing(i) };
  }

  // ---- Python ------------------------------------------------------------------------------------------------------

  #findPython({ name, line }: Declaration): FunctionBody | null {
    const all = { start: 0, end: this.#tokens.length - 1 };
    if (name === '<module>') return { ...this.#own(all, 0), firstLine: 1 };
    const start = this.#next(this.#firstFrom(line, 0));
    const first = this.#tokens[start];
    if (first?.line !== line) return null;
    if (/^<.*>$/.test(name)) return this.#own({ start, end: this.#logicalLineEnd(start) }, start);
    const lastLine = line + (first.text === '@' ? MAX_DECORATOR_LINES : 0);
    let head = start;
    while (!this.#declares(head, name))
      if ((this.#tokens[++head]?.line ?? Number.POSITIVE_INFINITY) > lastLine) return null;
    return this.#own({ start, end: this.#blockEnd(head, first.column) }, head + 1);
  }

  #declares(i: number, name: string): boolean {
    const word = this.#tokens[i]?.text;
    return (word === 'def' || word === 'class') && this.#tokens[i + 1]?.text === name;
  }

  /** Brackets and backslashes continue a line. */
  #logicalLineEnd(start: number): number {
    for (let i = start; i < this.#tokens.length; i++) {
      const { kind, text } = at(this.#tokens, i);
      if (kind === 'punctuator' && isOpening(text)) i = this.#closing(i);
      else if (kind === 'newline' && this.#tokens[i - 1]?.text !== '\\') return i - 1;
    }
    return this.#tokens.length - 1;
  }

  /** The first line that is indented no deeper than the head of a block begins another statement. */
  #blockEnd(head: number, column: number): number {
    let end = this.#logicalLineEnd(head);
    for (let i = this.#next(end + 1); i < this.#tokens.length; i = this.#next(end + 1)) {
      if (at(this.#tokens, i).column <= column) break;
      end = this.#logicalLineEnd(i);
    }
    return end;
  }

  /** Returns the name of the class that has a method on a line; null where a function is around it, or nothing. */
  classAround(line: number): string | null {
    const method = this.#tokens[this.#next(this.#firstFrom(line, 0))];
    let column = method?.column ?? 0;
    for (let i = this.#firstFrom(line, 0) - 1; i >= 0 && column > 1; i--) {
      const token = at(this.#tokens, i);
      const isFirst = i === 0 || this.#tokens[i - 1]?.kind === 'newline';
      if (token.kind === 'newline' || !isFirst || token.column >= column) continue;
      if (token.text === 'class') return this.#tokens[i + 1]?.text ?? null;
      if (token.text === 'def' || token.text === 'async') return null;
      column = token.column;
    }
    return null;
  }

  #innerBlock(i: number): Span | null {
    const { kind, text } = at(this.#tokens, i);
    if (kind !== 'name' || text !== 'def') return null;
    const isAsync = this.#tokens[i - 1]?.text === 'async';
    return { start: i, end: this.#blockEnd(i, at(this.#tokens, isAsync ? i - 1 : i).column) };
  }

  // ---- both --------------------------------------------------------------------------------------------------------

  /** @param body the first token after which functions are inside */
  #own({ start, end }: Span, body: number): FunctionBody {
    const tokens: Token[] = [];
    for (let i = start; i <= end; i++) {
      const inside = i < body ? null : this.language === 'python' ? this.#innerBlock(i) : this.#innerBody(i);
      if (inside !== null) {
        const head = at(this.#tokens, inside.start);
        // A method's name and parameters would look like a call.
        while (isAtOrAfter(tokens.at(-1), head)) tokens.pop();
        i = inside.end;
      } else if (at(this.#tokens, i).kind !== 'newline') tokens.push(at(this.#tokens, i));
    }
    return { firstLine: this.#tokens[start]?.line ?? 1, lastLine: this.#tokens[end]?.line ?? 1, tokens };
  }

  /** The first token at a place or behind it: tokens are in order. */
  #firstFrom(line: number, column: number): number {
    return firstIndex(this.#tokens.length, (i) => {
      const token = at(this.#tokens, i);
      return token.line > line || (token.line === line && token.column >= column);
    });
  }

  #closing(open: number): number {
    const close = at(this.#match, open);
    return close === -1 ? this.#tokens.length - 1 : close;
  }

  #next(from: number): number {
    let i = from;
    while (this.#tokens[i]?.kind === 'newline') i++;
    return i;
  }

  #previous(from: number): number {
    let i = from - 1;
    while (this.#tokens[i]?.kind === 'newline') i--;
    return i;
  }
}

function isAtOrAfter(token: Token | undefined, other: Token): boolean {
  if (token === undefined) return false;
  return token.line > other.line || (token.line === other.line && token.column >= other.column);
}

function isOpening(text: string): boolean {
  return text === '(' || text === '[' || text === '{';
}

function isClosing(text: string): boolean {
  return text === ')' || text === ']' || text === '}';
}

/** After these, a brace opens a type, as in `(): { id: string } {`. */
function isBeforeType(text: string): boolean {
  return [':', '|', '&', '<', ','].includes(text);
}

/** Whether an expression ends at a line end: what precedes it is complete, and what follows begins with a word. */
function endsExpression(last: Token, next: Token | undefined): boolean {
  return next?.kind === 'name' && (last.kind !== 'punctuator' || isClosing(last.text));
}

function matchBrackets(tokens: readonly Token[]): Int32Array {
  const match = new Int32Array(tokens.length).fill(-1);
  const open: number[] = [];
  tokens.forEach(({ kind, text }, i) => {
    if (kind !== 'punctuator') return;
    if (isOpening(text)) open.push(i);
    const start = isClosing(text) ? open.pop() : undefined;
    if (start === undefined) return;
    match[start] = i;
    match[i] = start;
  });
  return match;
}
