import { at } from '../model/columns.ts';
import type { FunctionIndex, FunctionTable } from '../model/function-table.ts';
import type { Pattern } from './pattern.ts';
import { displayFiles, displayName, displayPlaces, type PathStyle, standardName } from './places.ts';

/** What rows are called on a screen, and in the eyes of a pattern. */
export interface RowNames {
  /** As shown: `(anonymous)` for none, `{built-in method …}` for Python's own. */
  label(fn: FunctionIndex): string;
  /** `file:line` as shown, null for none. */
  place(fn: FunctionIndex): string | null;
  matches(pattern: Pattern, fn: FunctionIndex): boolean;
}

/** Functions match by `file:line(name)`, as written or as shown. */
export class FunctionNames implements RowNames {
  readonly #functions: FunctionTable;
  readonly #files: readonly string[];
  readonly #places: readonly string[];

  constructor(functions: FunctionTable, style: PathStyle) {
    this.#functions = functions;
    this.#files = displayFiles(functions, style);
    this.#places = displayPlaces(functions, this.#files);
  }

  label(fn: FunctionIndex): string {
    return displayName(this.#functions, fn);
  }

  place(fn: FunctionIndex): string | null {
    return at(this.#places, fn) || null;
  }

  matches(pattern: Pattern, fn: FunctionIndex): boolean {
    const file = at(this.#files, fn);
    const name = this.label(fn);
    const shown = file === '' ? name : `${file}:${at(this.#functions.line, fn)}(${name})`;
    return pattern(standardName(this.#functions, fn)) || pattern(shown);
  }
}

/** Groups match by their name alone; files are shown as `style` asks. */
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
