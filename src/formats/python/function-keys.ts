/** Names functions by (file, line, name), as the keys of a .prof do. */

import { at } from '../../model/columns.ts';
import { type FunctionInfo, type FunctionTable, functionAt } from '../../model/function-table.ts';

/** Unique in a profile. */
export interface PythonKey {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  /** Whether a suffix was added to the name, because another function has the same file, line and name. */
  readonly isDisambiguated: boolean;
}

/**
 * FunctionIndex -> key. Python's functions keep theirs. V8's keep file and name, except that pstats and tools built on it
 * must show them as they show Python's:
 *
 * - a function without a name is `(anonymous)`
 * - native code, regular expressions and V8's own nodes have the file `~` and line 0, as Python's built-ins
 * - code of `eval` has the file `<eval>`, as Python's has `<string>`
 * - lone surrogates are escaped
 *
 * A key has no column. Where functions of one name share a line, as in a minified bundle, each gets its column as a
 * suffix, `e:2345`, and if that is not unique, a number, `e:2345 #2`.
 */
export function pythonKeys(functions: FunctionTable): readonly PythonKey[] {
  const plain = Array.from({ length: functions.length }, (_, fn) => plainKey(functionAt(functions, fn)));
  const uses = new Map<string, number>();
  for (const key of plain) uses.set(text(key), (uses.get(text(key)) ?? 0) + 1);
  const names = new UniqueKeys(plain.filter((key) => uses.get(text(key)) === 1));
  return plain.map((key, fn) => (uses.get(text(key)) === 1 ? key : names.disambiguate(key, at(functions.column, fn))));
}

/** Makes keys that differ from all others. */
class UniqueKeys {
  readonly #taken: Set<string>;
  /** A wanted key -> the next number to try. */
  readonly #next = new Map<string, number>();

  constructor(taken: readonly PythonKey[]) {
    this.#taken = new Set(taken.map(text));
  }

  disambiguate(key: PythonKey, column: number): PythonKey {
    const wanted = { ...key, name: column === 0 ? key.name : `${key.name}:${column}`, isDisambiguated: true };
    let number = this.#next.get(text(wanted)) ?? 1;
    let unique = wanted;
    do {
      unique = number === 1 ? wanted : { ...wanted, name: `${wanted.name} #${number}` };
      number++;
    } while (this.#taken.has(text(unique)));
    this.#next.set(text(wanted), number);
    this.#taken.add(text(unique));
    return unique;
  }
}

function plainKey({ kind, file, line, name }: FunctionInfo): PythonKey {
  if (kind === 'python' || kind === 'builtin') return { file, line, name, isDisambiguated: false };
  const shown = name === '' ? '(anonymous)' : escapeHalves(name);
  if (file !== '') return { file: escapeHalves(file), line, name: shown, isDisambiguated: false };
  return kind === 'eval'
    ? { file: '<eval>', line, name: shown, isDisambiguated: false }
    : { file: '~', line: 0, name: shown, isDisambiguated: false };
}

/** Writes lone surrogates as `\ud800`: Python encodes what it prints, and fails at them. */
function escapeHalves(text: string): string {
  return text.replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}

/** The key as a map key. */
function text({ file, line, name }: PythonKey): string {
  return JSON.stringify([file, line, name]);
}
