/** A row of a FunctionTable. */
export type FunctionIndex = number;

/**
 * What a function is; `builtin` is Python's for what is written in C. The last five are V8's own nodes, which stand for no code: `root` is never a row, `none`
 * holds the samples that V8 (or Bun) took with nothing on the stack.
 */
export type FunctionKind =
  | 'js'
  | 'eval'
  | 'wasm'
  | 'regexp'
  | 'native'
  | 'python'
  | 'builtin'
  | 'root'
  | 'program'
  | 'idle'
  | 'gc'
  | 'none';

/** One function, as a reader describes it. */
export interface FunctionInfo {
  readonly kind: FunctionKind;
  /** As written in the profile; `''` for an anonymous function. */
  readonly name: string;
  /** As written in the profile: a URL, a path, `node:fs`, Python's `~`; `''` when there is none. */
  readonly file: string;
  /** 1-based; 0 when not known. */
  readonly line: number;
  /** 1-based; 0 when not known. */
  readonly column: number;
}

/**
 * Every function of a profile, once. Two functions are one if all five columns agree; V8's scriptId is no part of
 * it, for it means nothing across files and is wrong in old ones.
 */
export interface FunctionTable {
  readonly length: number;
  /** FunctionIndex -> FunctionKind */
  readonly kind: readonly FunctionKind[];
  /** FunctionIndex -> name as written */
  readonly name: readonly string[];
  /** FunctionIndex -> file as written */
  readonly file: readonly string[];
  /** FunctionIndex -> 1-based line, 0 when not known */
  readonly line: readonly number[];
  /** FunctionIndex -> 1-based column, 0 when not known */
  readonly column: readonly number[];
}

/** Collects functions and gives each one index, in order of first appearance. */
export class FunctionTableBuilder {
  readonly #columns = {
    kind: [] as FunctionKind[],
    name: [] as string[],
    file: [] as string[],
    line: [] as number[],
    column: [] as number[],
  };
  /** By file first: paths are long, and their hashes are known where the rest's is made anew. */
  readonly #indexOf = new Map<string, Map<string, FunctionIndex>>();

  get length(): number {
    return this.#columns.name.length;
  }

  /** The function's index; a new one if no equal function was interned before. */
  intern(info: FunctionInfo): FunctionIndex {
    // Numbers and kind first: no choice of name can imitate another key.
    const key = `${info.line} ${info.column} ${info.kind} ${info.name}`;
    const ofFile = this.#ofFile(info.file);
    const known = ofFile.get(key);
    if (known !== undefined) return known;
    const index = this.length;
    ofFile.set(key, index);
    this.#columns.kind.push(info.kind);
    this.#columns.name.push(info.name);
    this.#columns.file.push(info.file);
    this.#columns.line.push(info.line);
    this.#columns.column.push(info.column);
    return index;
  }

  #ofFile(file: string): Map<string, FunctionIndex> {
    const known = this.#indexOf.get(file);
    if (known !== undefined) return known;
    const added = new Map<string, FunctionIndex>();
    this.#indexOf.set(file, added);
    return added;
  }

  /** The finished table. The builder must not be used afterwards. */
  finish(): FunctionTable {
    return Object.freeze({ length: this.length, ...this.#columns });
  }
}

/** The function at an index. Throws RangeError for an index outside the table: that is a defect, never bad input. */
export function functionAt(table: FunctionTable, index: FunctionIndex): FunctionInfo {
  const kind = table.kind[index];
  const name = table.name[index];
  const file = table.file[index];
  const line = table.line[index];
  const column = table.column[index];
  if (kind === undefined || name === undefined || file === undefined || line === undefined || column === undefined) {
    throw new RangeError(`function ${index} of ${table.length}`);
  }
  return { kind, name, file, line, column };
}
