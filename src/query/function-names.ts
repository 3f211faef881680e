import { getOrInsert } from '../base/maps.ts';
import { at } from '../model/columns.ts';
import {
  describeFunction,
  type FunctionDescription,
  type FunctionIndex,
  type FunctionTable,
} from '../model/function-table.ts';
import type { Pattern } from './pattern.ts';
import { displayFiles, displayName, displayPlaces, type PathStyle, standardName } from './places.ts';

/** The names of rows, as displayed and as patterns see them. */
export interface RowNames {
  /** The displayed name: `(anonymous)` for none, `{built-in method …}` for Python's built-ins. */
  label(fn: FunctionIndex): string;
  /** The displayed `file:line`, null for none. */
  place(fn: FunctionIndex): string | null;
  matches(pattern: Pattern, fn: FunctionIndex): boolean;
}

/** A function as written and as displayed. */
export interface ShownFunction extends FunctionDescription {
  /** The displayed name: `(anonymous)` for none, `{built-in method …}` for Python's built-ins. */
  readonly shownName: string;
  /** The displayed `file:line`, with the column if several functions share the line. */
  readonly shownPlace: string | null;
}

export function showFunction(functions: FunctionTable, names: RowNames, fn: FunctionIndex): ShownFunction {
  return { ...describeFunction(functions, fn), shownName: names.label(fn), shownPlace: names.place(fn) };
}

/**
 * Functions match by `file:line(name)`, as written or as displayed, where several on a line have their columns, and what is in no
 * file has its kind: `native(writev)`.
 */
export class FunctionNames implements RowNames {
  readonly #functions: FunctionTable;
  readonly #files: readonly string[];
  readonly #places: readonly string[];

  /** @param among as for displayFiles */
  constructor(functions: FunctionTable, style: PathStyle, among = functions) {
    this.#functions = functions;
    this.#files = displayFiles(functions, style, among);
    this.#places = displayPlaces(functions, this.#files);
  }

  label(fn: FunctionIndex): string {
    return displayName(this.#functions, fn);
  }

  place(fn: FunctionIndex): string | null {
    return at(this.#places, fn) || null;
  }

  /** Whether this is the whole name, as written or as displayed. */
  isNamed(name: unknown, fn: FunctionIndex): boolean {
    return name === at(this.#functions.name, fn) || name === this.label(fn);
  }

  matches(pattern: Pattern, fn: FunctionIndex): boolean {
    const file = at(this.#files, fn);
    const name = this.label(fn);
    const line = file === '' ? '' : `${file}:${at(this.#functions.line, fn)}`;
    if (pattern(standardName(this.#functions, fn)) || pattern(line === '' ? name : `${line}(${name})`)) return true;
    const place = at(this.#places, fn);
    return place !== '' && place !== line && pattern(`${place}(${name})`);
  }
}

/** Kept, because profiles that differ by filters share their functions. */
const knownNames = new WeakMap<FunctionTable, Map<PathStyle, FunctionNames>>();

export function functionNames(functions: FunctionTable, style: PathStyle): FunctionNames {
  const byStyle = getOrInsert(knownNames, functions, () => new Map<PathStyle, FunctionNames>());
  return getOrInsert(byStyle, style, () => new FunctionNames(functions, style));
}

/** Groups match by name. Files are displayed in the path style. */
export class GroupNames implements RowNames {
  readonly #names: readonly string[];
  readonly #labels: readonly string[];

  constructor(groups: FunctionTable, style: PathStyle) {
    this.#names = groups.name;
    const files = displayFiles(groups, style);
    this.#labels = groups.name.map((name, group) => at(files, group) || name);
  }

  label(group: FunctionIndex): string {
    return at(this.#labels, group);
  }

  place(): null {
    return null;
  }

  matches(pattern: Pattern, group: FunctionIndex): boolean {
    return pattern(at(this.#names, group)) || pattern(at(this.#labels, group));
  }
}
