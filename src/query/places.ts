/** Display names and places of functions, with paths shortened to what distinguishes them. */

import { getOrInsert, groupBy } from '../base/maps.ts';
import { decodeFileUrl, moduleFile } from '../base/url.ts';
import { at } from '../model/columns.ts';
import type { FunctionIndex, FunctionKind, FunctionTable } from '../model/function-table.ts';
import { type LibraryPath, libraryPath } from './libraries.ts';

/**
 * How paths are displayed. `short` removes the common folder of the app's files but keeps its last part, everything up
 * to `node_modules/` or `site-packages/` for dependencies, and the folder of Python's standard library. `full` is as
 * written, with file URLs as the paths that editors take. `base` is the file name. The data of a `data:` URL is cut.
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
    return getOrInsert(shownFile, file, () => shorten(file));
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
  const shorten = {
    short: createShort(files),
    full: (file: string) => decodeFileUrl(moduleFile(file)),
    base: baseName,
  }[style];
  return (file) => (file.startsWith('data:') ? cutDataUrl(file) : shorten(file));
}

function baseName(file: string): string {
  return isPath(file) ? segments(decodeFileUrl(file)).at(-1) || file : file;
}

function createShort(files: ReadonlySet<string>): (file: string) => string {
  const own = [...files]
    .filter((file) => isAbsolute(file) && !WEBPACK.test(file) && libraryPath(file) === null)
    .map(decodeFileUrl);
  const common = findCommonFolder(own);
  // Keep the last folder of the common path, so that no file is a bare `index.js`.
  const cut = segments(common).slice(0, -1).join('/').length;
  const isOwn = (path: string) => path.startsWith(common) && /^[\\/]/.test(path.slice(common.length));
  return (file) => {
    if (!isPath(file)) return file;
    const library = libraryPath(file);
    if (library !== null) return displayLibraryPath(library);
    if (WEBPACK.test(file)) return file.replace(WEBPACK, '');
    const path = withoutQuery(decodeFileUrl(file));
    return cut > 0 && isAbsolute(file) && isOwn(path.replaceAll('\\', '/'))
      ? path.slice(cut).replace(/^[\\/]+/, '')
      : path;
  };
}

/** What webpack writes before the path of a module from the project's folder on, with the name of the bundle or none. */
const WEBPACK = /^webpack(?:-internal)?:\/\/[^/]*\/(?:\.\/)?(?=.)/;

/** A URL of http with its query shown as `?…`. */
function withoutQuery(path: string): string {
  const query = /^https?:/.test(path) ? path.indexOf('?') : -1;
  return query === -1 ? path : `${path.slice(0, query)}?…`;
}

/** A data: URL holds a whole module. Shorter ones are shown whole. */
const MAX_DATA_URL = 60;

/** Keeps the media type, and the ends of the data, which tell two modules apart. */
export function cutDataUrl(file: string): string {
  if (!file.startsWith('data:') || file.length <= MAX_DATA_URL) return file;
  const start = Math.min(file.indexOf(',') + 1, MAX_DATA_URL / 2);
  return `${file.slice(0, start + 12)}…${file.slice(-8)}`;
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

/** The folder of all files or, if they have nothing in common but the root, of all but a few. */
function findCommonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) => segments(path).slice(0, -1));
  const common = commonStart(folders);
  if (common.filter((segment) => segment !== '').length > 0) return common.join('/');
  return mainFolder(folders).join('/');
}

function commonStart([first = [], ...others]: readonly (readonly string[])[]): readonly string[] {
  let common = first;
  for (const other of others) {
    const differs = common.findIndex((segment, i) => segment !== other[i]);
    if (differs !== -1) common = common.slice(0, differs);
  }
  return common;
}

/** Of so many files that have a folder in common, one may be elsewhere. */
const FILES_PER_EXCEPTION = 2;

/** The common folder of the files below the first folder that holds most of them; empty if too many are elsewhere. */
function mainFolder(folders: readonly (readonly string[])[]): readonly string[] {
  const start = commonStart(folders).length;
  const groups = groupBy(folders, (folder) => folder[start] ?? '');
  const [largest = []] = [...groups.values()].sort((a, b) => b.length - a.length);
  return (folders.length - largest.length) * FILES_PER_EXCEPTION > largest.length ? [] : commonStart(largest);
}

function segments(path: string): string[] {
  return path.split(/[\\/]/);
}
