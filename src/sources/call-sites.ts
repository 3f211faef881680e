/** Finds the lines of a function on which another function can be called. */

import { calledName, type FunctionBody } from './source-code.ts';
import type { Language } from './tokens.ts';

/** A function that is called. */
export interface Callee {
  readonly name: string;
  /** Null for another file than the caller's. */
  readonly line: number | null;
}

/** Returns the lines, ascending, each once. */
export function findCallSites(
  { tokens, firstLine, lastLine }: FunctionBody,
  { name, line }: Callee,
  language: Language,
): number[] {
  const word = language === 'python' ? pythonWord(name) : jsWord(name);
  // A function without a name of its own is declared where it is handed over.
  if (word === '') return line !== null && line >= firstLine && line <= lastLine ? [line] : [];
  const lines = tokens.flatMap((token, i) => {
    const isCall = token.kind === 'name' && token.text === word && isCalled(tokens[i + 1]?.text, tokens[i + 2]?.text);
    const isDeclared = /^(?:def|class|function)$/.test(tokens[i - 1]?.text ?? '');
    return isCall && !isDeclared ? [token.line] : [];
  });
  return [...new Set(lines)];
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
