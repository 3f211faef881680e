/** What a function is called where (file, line, name) is all there is: in the keys of a .prof. */

import { type FunctionIndex, type FunctionInfo, type FunctionTable, functionAt } from '../../model/function-table.ts';

/** No two functions of a profile have the same one. */
export interface PythonKey {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  /** Whether the name has something added to it, for another function has the same file, line and name. */
  readonly isDisambiguated: boolean;
}

/**
 * FunctionIndex -> key. Python's functions keep theirs. V8's have file and name as written and these exceptions, so
 * that pstats and what builds on it show them as they show Python's:
 *
 * - a function without a name is `(anonymous)`
 * - what is no code, or native, or a regular expression has no file: it is `~`, line 0, as Python's built-ins are
 * - code of `eval` has none either: it is `<eval>`, as Python's is `<string>`
 *
 * A key has no column. Where functions of one name share a line, as in a minified bundle, each has its column added
 * to its name, `e:2345`; where that tells them apart neither, a number, `e:2345 #2`.
 */
export function pythonKeys(functions: FunctionTable): readonly PythonKey[] {
  const plain = Array.from({ length: functions.length }, (_, fn) => plainKey(functionAt(functions, fn)));
  const bearers = new Map<string, number>();
  for (const key of plain) bearers.set(text(key), (bearers.get(text(key)) ?? 0) + 1);
  const names = new KeyNames(plain.filter((key) => bearers.get(text(key)) === 1));
  return plain.map((key, fn) =>
    bearers.get(text(key)) === 1 ? key : names.disambiguate(key, columnOf(functions, fn)),
  );
}

/** Keys that are given away, and new ones beside them. */
class KeyNames {
  readonly #taken: Set<string>;
  /** A key that was asked for -> the number after its last bearer's. */
  readonly #next = new Map<string, number>();

  constructor(taken: readonly PythonKey[]) {
    this.#taken = new Set(taken.map(text));
  }

  disambiguate(key: PythonKey, column: number): PythonKey {
    const wanted = { ...key, name: column === 0 ? key.name : `${key.name}:${column}`, isDisambiguated: true };
    let number = this.#next.get(text(wanted)) ?? 1;
    let told = wanted;
    do {
      told = number === 1 ? wanted : { ...wanted, name: `${wanted.name} #${number}` };
      number++;
    } while (this.#taken.has(text(told)));
    this.#next.set(text(wanted), number);
    this.#taken.add(text(told));
    return told;
  }
}

function plainKey({ kind, file, line, name }: FunctionInfo): PythonKey {
  if (kind === 'python' || kind === 'builtin') return { file, line, name, isDisambiguated: false };
  const shown = name === '' ? '(anonymous)' : name;
  if (file !== '') return { file, line, name: shown, isDisambiguated: false };
  return kind === 'eval'
    ? { file: '<eval>', line, name: shown, isDisambiguated: false }
    : { file: '~', line: 0, name: shown, isDisambiguated: false };
}

function columnOf(functions: FunctionTable, fn: FunctionIndex): number {
  return functionAt(functions, fn).column;
}

/** For a map: the same for the same key, and for no other. */
function text({ file, line, name }: PythonKey): string {
  return JSON.stringify([file, line, name]);
}
