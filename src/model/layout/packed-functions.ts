/** A function table as columns of a file. Texts are in one list, each once. */

import { getOrInsert } from '../../base/maps.ts';
import { BrokenColumnsError } from '../../base/packed-bytes.ts';
import { type Columns, indexColumn, wholeColumn } from '../../base/packed-columns.ts';
import { at } from '../columns.ts';
import { type FunctionKind, type FunctionTable, type GeneratedPlace, tableOf } from '../function-table.ts';

/** The position is the number in the file: add new kinds at the end. */
const KINDS: readonly FunctionKind[] = [
  'js',
  'eval',
  'wasm',
  'regexp',
  'native',
  'python',
  'builtin',
  'root',
  'program',
  'idle',
  'gc',
  'none',
];

/** Numbers texts in order of first appearance. */
export class TextList {
  readonly #indexOf = new Map<string, number>();

  indexOf(text: string): number {
    return getOrInsert(this.#indexOf, text, () => this.#indexOf.size);
  }

  list(): readonly string[] {
    return [...this.#indexOf.keys()];
  }
}

/** Returns the columns, by name; their texts are added to the list. */
export function packFunctions(table: FunctionTable, texts: TextList): ReadonlyMap<string, ArrayLike<number>> {
  const columns = new Map<string, ArrayLike<number>>([
    ['function.kind', table.kind.map((kind) => KINDS.indexOf(kind))],
    ['function.name', table.name.map((name) => texts.indexOf(name))],
    ['function.file', table.file.map((file) => texts.indexOf(file))],
    ['function.line', table.line],
    ['function.column', table.column],
  ]);
  const { generated } = table;
  if (generated === null || generated.every((place) => place === null)) return columns;
  // 0 stands for none.
  columns.set(
    'generated.file',
    generated.map((place) => (place === null ? 0 : texts.indexOf(place.file) + 1)),
  );
  columns.set(
    'generated.line',
    generated.map((place) => place?.line ?? 0),
  );
  columns.set(
    'generated.column',
    generated.map((place) => place?.column ?? 0),
  );
  return columns;
}

/** Throws BrokenColumnsError. */
export function unpackFunctions(columns: Columns, texts: readonly string[]): FunctionTable {
  const kind = indexColumn(columns, 'function.kind', { min: 0, end: KINDS.length });
  const { length } = kind;
  const name = indexColumn(columns, 'function.name', { length, min: 0, end: texts.length });
  const file = indexColumn(columns, 'function.file', { length, min: 0, end: texts.length });
  const line = wholeColumn(columns, 'function.line', length);
  const column = wholeColumn(columns, 'function.column', length);
  const generated = generatedPlaces(columns, texts, length);
  return tableOf(
    Array.from({ length }, (_, fn) => ({
      kind: at(KINDS, at(kind, fn)),
      name: at(texts, at(name, fn)),
      file: at(texts, at(file, fn)),
      line: at(line, fn),
      column: at(column, fn),
      generated: generated?.[fn] ?? null,
    })),
  );
}

function generatedPlaces(
  columns: Columns,
  texts: readonly string[],
  length: number,
): readonly (GeneratedPlace | null)[] | null {
  if (!columns.has('generated.file')) return null;
  const file = indexColumn(columns, 'generated.file', { length, min: 0, end: texts.length + 1 });
  const line = wholeColumn(columns, 'generated.line', length);
  const column = wholeColumn(columns, 'generated.column', length);
  return Array.from(file, (text, fn) =>
    text === 0 ? null : { file: at(texts, text - 1), line: at(line, fn), column: at(column, fn) },
  );
}

/** Returns the texts of a file's head. Throws BrokenColumnsError. */
export function textsOf(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((text): text is string => typeof text === 'string')) return value;
  throw new BrokenColumnsError('has texts that are no list of texts');
}
