/** Display names and places of functions, with paths shortened to what distinguishes them. */

import { at } from '../model/columns.ts';
import type { FunctionIndex, FunctionKind, FunctionTable } from '../model/function-table.ts';
import { type LibraryPath, libraryPath, pathOf } from './libraries.ts';

/**
 * How paths are displayed. `short` removes the common folder of the app's files but keeps its last part, everything up
 * to `node_modules/` or `site-packages/` for dependencies, and the folder of Python's standard library. `full` is as
 * written, `base` is the file name.
 */
export type PathStyle = 'short' | 'full' | 'base';

export const PATH_STYLES: readonly PathStyle[] = ['short', 'full', 'base'];

/**
 * FunctionIndex -> displayed file, `''` for none.
 *
 * @param among all functions whose files are displayed together: they decide how much a path is shortened
 */
export function displayFiles(functions: FunctionTable, style: PathStyle, among = functions): readonly string[] {
  const shorten = createShortener(new Set(among.file), style);
  const shownFile = new Map<string, string>();
  return functions.file.map((file, fn) => {
    if (isBuiltin(functions, fn)) return '';
    const known = shownFile.get(file);
    if (known !== undefined) return known;
    const shown = shorten(file);
    shownFile.set(file, shown);
    return shown;
  });
}

/**
 * FunctionIndex -> displayed `file:line`, `''` for none. If several functions share a line, as in a minified bundle, the
 * column is added: `file:line:column`. V8's functions without a file get `native` or `eval`.
 */
export function displayPlaces(functions: FunctionTable, files: readonly string[]): readonly string[] {
  const places = files.map((file, fn) => {
    const line = at(functions.line, fn);
    const shown = file === '' && !isBuiltin(functions, fn) ? (PLACES_WITHOUT_FILE[at(functions.kind, fn)] ?? '') : file;
    return shown === '' || line === 0 ? shown : `${shown}:${line}`;
  });
  const seen = new Map<string, number>();
  for (const place of places) seen.set(place, (seen.get(place) ?? 0) + 1);
  return places.map((place, fn) => {
    const column = at(functions.column, fn);
    return column === 0 || place === '' || seen.get(place) === 1 ? place : `${place}:${column}`;
  });
}

/**
 * Returns pstats' standard name, `file:line(name)` with the file as written, which patterns and `--sort stdname` use.
 * Python's built-ins are `{built-in method builtins.len}`, as in func_std_string of
 * https://github.com/python/cpython/blob/main/Lib/pstats.py.
 */
export function standardName(functions: FunctionTable, fn: FunctionIndex): string {
  return isBuiltin(functions, fn)
    ? builtinName(at(functions.name, fn))
    : `${at(functions.file, fn)}:${at(functions.line, fn)}(${at(functions.name, fn)})`;
}

/** The displayed name: `(anonymous)` for none. */
export function displayName(functions: FunctionTable, fn: FunctionIndex): string {
  const name = at(functions.name, fn);
  if (isBuiltin(functions, fn)) return builtinName(name);
  return name === '' ? '(anonymous)' : name;
}

const PLACES_WITHOUT_FILE: Readonly<Partial<Record<FunctionKind, string>>> = { native: 'native', eval: 'eval' };

/** Python's profilers write functions in C as file `~`, line 0. */
function isBuiltin(functions: FunctionTable, fn: FunctionIndex): boolean {
  return at(functions.file, fn) === '~' && at(functions.line, fn) === 0;
}

/** A built-in as pstats prints it: `{built-in method builtins.len}`. */
export function builtinName(name: string): string {
  return name.startsWith('<') && name.endsWith('>') ? `{${name.slice(1, -1)}}` : name;
}

function createShortener(files: ReadonlySet<string>, style: PathStyle): (file: string) => string {
  if (style === 'full') return (file) => file;
  if (style === 'base') return (file) => (isPath(file) ? segments(pathOf(file)).at(-1) || file : file);
  const own = [...files].filter((file) => isAbsolute(file) && libraryPath(file) === null).map(pathOf);
  const common = findCommonFolder(own);
  // Keep the last folder of the common path, so that no file is a bare `index.js`.
  const cut = segments(common).slice(0, -1).join('/').length;
  return (file) => {
    if (!isPath(file)) return file;
    const library = libraryPath(file);
    if (library !== null) return displayLibraryPath(library);
    const path = withoutQuery(pathOf(file));
    return cut > 0 && isAbsolute(file) ? path.slice(cut).replace(/^[\\/]+/, '') : path;
  };
}

/** A URL of http with its query shown as `?…`. */
function withoutQuery(path: string): string {
  const query = /^https?:/.test(path) ? path.indexOf('?') : -1;
  return query === -1 ? path : `${path.slice(0, query)}?…`;
}

/** Whether a file is a path or the URL of one. `node:fs`, `internal/fs` of old Node and `<frozen importlib>` are not. */
function isPath(file: string): boolean {
  return isAbsolute(file) || /^(?!internal[\\/])[^:<]*[\\/]/.test(file);
}

function isAbsolute(file: string): boolean {
  return /^(?:[\\/]|[A-Za-z]:[\\/]|(?:file|https?|webpack|webpack-internal):\/\/)/.test(file);
}

/** Keeps the folder of a file that has no other one. */
function displayLibraryPath({ path, folder }: LibraryPath): string {
  return /[\\/]/.test(path) ? path : `${folder}/${path}`;
}

function findCommonFolder(paths: readonly string[]): string {
  const [first, ...others] = paths;
  if (first === undefined) return '';
  let common = segments(first).slice(0, -1);
  for (const path of others) {
    const other = segments(path).slice(0, -1);
    const differs = common.findIndex((segment, i) => segment !== other[i]);
    if (differs !== -1) common = common.slice(0, differs);
  }
  return common.join('/');
}

function segments(path: string): string[] {
  return path.split(/[\\/]/);
}
