import { getOrInsert } from '../base/maps.ts';

/** A row of a FunctionTable. */
export type FunctionIndex = number;

/**
 * The kind of a function. `builtin` is a Python function written in C. The last five are V8's meta nodes, which stand
 * for no code: `root` is never a row, and `none` has the samples that V8 (or Bun) took with an empty stack.
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

/** V8's meta nodes and their names. */
export const META_NAMES = {
  root: '(root)',
  program: '(program)',
  idle: '(idle)',
  gc: '(garbage collector)',
  none: '(no stack)',
} as const satisfies Partial<Record<FunctionKind, string>>;

export type MetaKind = keyof typeof META_NAMES;

/** name -> kind of the meta node */
export function metaKinds(...kinds: readonly MetaKind[]): ReadonlyMap<string, MetaKind> {
  return new Map(kinds.map((kind) => [META_NAMES[kind], kind]));
}

export function metaFunction(kind: MetaKind): FunctionInfo {
  return { kind, name: META_NAMES[kind], file: '', line: 0, column: 0 };
}

/** The place of a function in the code that ran, where a source map moved the function to its original place. */
export interface GeneratedPlace {
  readonly file: string;
  /** 1-based */
  readonly line: number;
  /** 1-based; 0 if not known. */
  readonly column: number;
}

/** One function, as a reader describes it. */
export interface FunctionInfo {
  readonly kind: FunctionKind;
  /** As written in the profile; `''` for an anonymous function. */
  readonly name: string;
  /** As written in the profile: a URL, a path, `node:fs`, Python's `~`; `''` for none. */
  readonly file: string;
  /** 1-based; 0 if not known. */
  readonly line: number;
  /** 1-based; 0 if not known. In bytecode (WebAssembly, Hermes) the offset of a byte. */
  readonly column: number;
  /** Null or absent for a function that no source map moved. Not part of the function's identity. */
  readonly generated?: GeneratedPlace | null;
}

/** A function in answers: null stands for what is not known. */
export interface FunctionDescription {
  readonly kind: FunctionKind;
  /** As written; `''` for an anonymous function. */
  readonly name: string;
  /** As written; null for none. */
  readonly file: string | null;
  /** 1-based */
  readonly line: number | null;
  /** 1-based */
  readonly column: number | null;
  /** Where the function is in the code that ran, if a source map moved it. */
  readonly generated?: GeneratedPlace;
}

/** Throws RangeError as `functionAt`. */
export function describeFunction(table: FunctionTable, index: FunctionIndex): FunctionDescription {
  const info = functionAt(table, index);
  const { kind, name, generated = null } = info;
  const file = info.file === '' ? null : info.file;
  const line = info.line === 0 ? null : info.line;
  const column = info.column === 0 ? null : info.column;
  return generated === null ? { kind, name, file, line, column } : { kind, name, file, line, column, generated };
}

/**
 * The functions of a profile, each once. Two functions are equal if all five columns are. V8's scriptId is not among
 * them: it differs between files, and old files have wrong ones.
 */
export interface FunctionTable {
  readonly length: number;
  /** FunctionIndex -> FunctionKind */
  readonly kind: readonly FunctionKind[];
  /** FunctionIndex -> name as written */
  readonly name: readonly string[];
  /** FunctionIndex -> file as written */
  readonly file: readonly string[];
  /** FunctionIndex -> 1-based line, 0 if not known */
  readonly line: readonly number[];
  /** FunctionIndex -> 1-based column, 0 if not known */
  readonly column: readonly number[];
  /** FunctionIndex -> the first generated place of a function that a source map moved, null for others; null for none */
  readonly generated: readonly (GeneratedPlace | null)[] | null;
}

/** Interns functions: equal functions get one index, in order of first appearance. */
export class FunctionTableBuilder {
  readonly #columns = {
    kind: [] as FunctionKind[],
    name: [] as string[],
    file: [] as string[],
    line: [] as number[],
    column: [] as number[],
  };
  readonly #generated: (GeneratedPlace | null)[] = [];
  #hasGenerated = false;
  /** file -> other columns -> index. Paths are long, and V8 caches the hash of a string that it has seen. */
  readonly #indexOf = new Map<string, Map<string, FunctionIndex>>();

  get length(): number {
    return this.#columns.name.length;
  }

  /** Returns the function's index, a new one for a new function. */
  intern(info: FunctionInfo): FunctionIndex {
    // The name comes last, so that no name can imitate another key.
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
    this.#generated.push(info.generated ?? null);
    this.#hasGenerated ||= info.generated != null;
    return index;
  }

  #ofFile(file: string): Map<string, FunctionIndex> {
    return getOrInsert(this.#indexOf, file, () => new Map<string, FunctionIndex>());
  }

  /** Returns the finished table. Do not use the builder afterwards. */
  finish(): FunctionTable {
    const generated = this.#hasGenerated ? this.#generated : null;
    return Object.freeze({ length: this.length, ...this.#columns, generated });
  }
}

/** Returns a table of the functions in their order, equal ones included. */
export function tableOf(functions: readonly FunctionInfo[]): FunctionTable {
  return {
    length: functions.length,
    kind: functions.map(({ kind }) => kind),
    name: functions.map(({ name }) => name),
    file: functions.map(({ file }) => file),
    line: functions.map(({ line }) => line),
    column: functions.map(({ column }) => column),
    generated: functions.map(({ generated }) => generated ?? null),
  };
}

/** Returns the function at an index. Throws RangeError outside the table, which is a defect and never bad input. */
export function functionAt(table: FunctionTable, index: FunctionIndex): FunctionInfo {
  const kind = table.kind[index];
  const name = table.name[index];
  const file = table.file[index];
  const line = table.line[index];
  const column = table.column[index];
  if (kind === undefined || name === undefined || file === undefined || line === undefined || column === undefined) {
    throw new RangeError(`function ${index} of ${table.length}`);
  }
  const generated = table.generated?.[index] ?? null;
  // Spreading an object takes several times as long, for thousands of functions.
  return generated === null ? { kind, name, file, line, column } : { kind, name, file, line, column, generated };
}
