/** Finds the lines of a function on which another function can be called. */

import { calledName, type FunctionBody } from './source-code.ts';
import type { Language } from './tokens.ts';

/** A function that is called. */
export interface Callee {
  readonly name: string;
  /** Null for another file than the caller's. */
  readonly line: number | null;
}

/** The calls in a function's body: each callee is looked up, since a function may call thousands. */
export class CallSites {
  readonly #body: FunctionBody;
  readonly #language: Language;
  /** name that is called -> the lines, ascending, each once */
  readonly #lines = new Map<string, number[]>();

  constructor(body: FunctionBody, language: Language) {
    this.#body = body;
    this.#language = language;
    const { tokens } = body;
    for (const [i, { kind, text, line }] of tokens.entries()) {
      if (kind !== 'name' || !isCalled(tokens[i + 1]?.text, tokens[i + 2]?.text)) continue;
      if (/^(?:def|class|function)$/.test(tokens[i - 1]?.text ?? '')) continue;
      const lines = this.#lines.get(text);
      if (lines === undefined) this.#lines.set(text, [line]);
      else if (lines.at(-1) !== line) lines.push(line);
    }
  }

  /** Returns the lines on which a function can be called, ascending, each once. */
  find({ name, line }: Callee): readonly number[] {
    const word = this.#language === 'python' ? pythonWord(name) : jsWord(name);
    const { firstLine, lastLine } = this.#body;
    // A function without a name of its own is declared where it is handed over.
    if (word === '') return line !== null && line >= firstLine && line <= lastLine ? [line] : [];
    return this.#lines.get(word) ?? [];
  }
}

/** Whether what follows a name calls it: `(`, `?.(` or a template. */
function isCalled(next = '', afterNext = ''): boolean {
  return next === '(' || next.startsWith('`') || (next === '?.' && afterNext === '(');
}

function jsWord(name: string): string {
  const word = calledName(name);
  return /^<.*>$/.test(word) || /^(?:get|set) /.test(name) ? '' : word;
}

/** `<built-in method builtins.len>` is called as `len`, `<method 'append' of 'list' objects>` as `append`. */
function pythonWord(name: string): string {
  const [, method] = /^<method '([^']*)'/.exec(name) ?? [];
  if (method !== undefined) return method;
  const [, builtin] = /^<built-in method (?:.*\.)?(\w+)>$/.exec(name) ?? [];
  if (builtin !== undefined) return builtin;
  return name.startsWith('<') ? '' : name;
}
