/** Finds the lines of a function on which another function can be called. */

import { calledName, type FunctionBody, type SourceCode } from './source-code.ts';
import type { Token } from './tokens.ts';

/** A function that is called. */
export interface Callee {
  readonly name: string;
  /** Null for another file than the caller's. */
  readonly line: number | null;
}

/** name -> the lines, ascending, each once */
type LinesOfNames = Map<string, number[]>;

/** The calls in a function's body: each callee is looked up, since a function may call thousands. */
export class CallSites {
  readonly #body: FunctionBody;
  readonly #code: SourceCode;
  readonly #called: LinesOfNames = new Map();
  /** Properties of objects: an accessor is called where its property is read, or assigned to. */
  readonly #read: LinesOfNames = new Map();
  readonly #assigned: LinesOfNames = new Map();

  constructor(body: FunctionBody, code: SourceCode) {
    this.#body = body;
    this.#code = code;
    for (const [i, token] of body.tokens.entries()) if (token.kind === 'name') this.#add(token, i);
  }

  #add({ text, line }: Token, i: number): void {
    const { tokens } = this.#body;
    const [before = '', next = '', afterNext = ''] = [tokens[i - 1]?.text, tokens[i + 1]?.text, tokens[i + 2]?.text];
    if (isCalled(next, afterNext)) {
      if (!/^(?:def|class|function)$/.test(before)) addLine(this.#called, text, line);
    } else if (before === '.' || before === '?.') {
      if (next !== '=') addLine(this.#read, text, line);
      if (ASSIGNMENT.test(next)) addLine(this.#assigned, text, line);
    }
  }

  /** Returns the lines on which a function can be called, ascending, each once. */
  find(callee: Callee): readonly number[] {
    return this.#code.language === 'python' ? this.#findPython(callee) : this.#findJs(callee);
  }

  #findJs({ name, line }: Callee): readonly number[] {
    const word = calledName(name);
    if (/(?:^| )get /.test(name)) return this.#read.get(word) ?? [];
    if (/(?:^| )set /.test(name)) return this.#assigned.get(word) ?? [];
    return word === '' || /^<.*>$/.test(word) ? this.#declaration(line) : (this.#called.get(word) ?? []);
  }

  #findPython({ name, line }: Callee): readonly number[] {
    const word = pythonWord(name);
    if (word === '') return this.#declaration(line);
    const type = word === '__init__' && line !== null ? this.#code.classAround(line) : null;
    // A property has the name of its function.
    return this.#called.get(type ?? word) ?? this.#called.get(word) ?? this.#read.get(word) ?? [];
  }

  /** A function without a name of its own is declared where it is handed over. */
  #declaration(line: number | null): readonly number[] {
    const { firstLine, lastLine } = this.#body;
    return line !== null && line >= firstLine && line <= lastLine ? [line] : [];
  }
}

function addLine(lines: LinesOfNames, name: string, line: number): void {
  const known = lines.get(name);
  if (known === undefined) lines.set(name, [line]);
  else if (known.at(-1) !== line) known.push(line);
}

const ASSIGNMENT = /^(?:[-+*/%&|^]|\*\*|<<|>>>?|&&|\|\||\?\?)?=$|^(?:\+\+|--)$/;

/** Whether what follows a name calls it: `(`, `?.(` or a template. */
function isCalled(next: string, afterNext: string): boolean {
  return next === '(' || next.startsWith('`') || (next === '?.' && afterNext === '(');
}

/** `<built-in method builtins.len>` is called as `len`, `<method 'append' of 'list' objects>` as `append`. */
function pythonWord(name: string): string {
  const [, method] = /^<method '([^']*)'/.exec(name) ?? [];
  if (method !== undefined) return method;
  const [, builtin] = /^<built-in method (?:.*\.)?(\w+)>$/.exec(name) ?? [];
  if (builtin !== undefined) return builtin;
  return name.startsWith('<') ? '' : name;
}
