/** Commands that run Python, and the same under cProfile (https://docs.python.org/3/library/profile.html). */

import path from 'node:path';
import { notPython, pythonCode } from './errors.ts';
import type { Command } from './versions.ts';

/**
 * `python bench.py` -> `python -m cProfile -o FILE bench.py`, also in `env X=1 python …` and `sh -c 'python …'`.
 * Throws PstatError (`query`) if it runs no script or module in Python.
 */
export function withProfiler({ command, args }: Command, file: string): Command {
  const words = [command, ...args];
  const text = shellTextIn(words);
  if (text !== null) return { command, args: args.map((word) => (word === text ? profiledText(text, file) : word)) };
  const at = insertionPoint(words);
  return { command, args: [...words.slice(1, at), ...PROFILER, file, ...words.slice(at)] };
}

export function isPython({ command, args }: Command): boolean {
  const words = [command, ...args];
  return (shellTextIn(words)?.split(/\s+/) ?? words).some(isInterpreter);
}

const PROFILER = ['-m', 'cProfile', '-o'];

/** What a shell runs; null for another command. */
function shellTextIn(words: readonly string[]): string | null {
  const isShell = /^(?:ba|da|z|k)?sh$/.test(path.basename(words[0] ?? ''));
  const option = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  return isShell && option !== -1 ? (words[option + 1] ?? null) : null;
}

function profiledText(text: string, file: string): string {
  const words = [...text.matchAll(/\S+/g)];
  const at = words[insertionPoint(words.map(([word]) => word))]?.index ?? text.length;
  return `${text.slice(0, at)}${PROFILER.join(' ')} '${file.replaceAll("'", `'\\''`)}' ${text.slice(at)}`;
}

/** Behind the options of the interpreter. */
function insertionPoint(words: readonly string[]): number {
  const python = words.findIndex(isInterpreter);
  if (python === -1) throw notPython(words.join(' '));
  for (let i = python + 1; i < words.length; i++) {
    const word = words[i] ?? '';
    if (!word.startsWith('-')) return i;
    const letters = /^-([A-Za-z]+)/.exec(word)?.[1] ?? '';
    const last = [...letters].find((letter) => VALUED.has(letter));
    if (last === 'm') return moduleOption(words, i);
    if (last === 'c' || word === '-') throw pythonCode();
    // `-W error` and `-X dev`, or `-Werror`.
    if (word === '--check-hash-based-pycs' || (last !== undefined && letters.endsWith(last))) i++;
  }
  throw notPython(words.join(' '));
}

/** Letters behind which the rest of the word, or the next one, is a value. */
const VALUED: ReadonlySet<string> = new Set(['m', 'c', 'W', 'X']);

/** `-m` alone; `-um` would need to be taken apart. */
function moduleOption(words: readonly string[], i: number): number {
  if (words[i] !== '-m' || words[i + 1] === undefined) throw notPython(words.join(' '));
  return i;
}

function isInterpreter(word: string): boolean {
  return /^(?:python|pypy)[\d.]*(?:\.exe)?$/.test(path.basename(word));
}
