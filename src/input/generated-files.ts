/** Generated files and their source maps on the disk. */

import path from 'node:path';
import { readSource, type SourceFile, type SourceFolders, type UnreadFile } from './source-folders.ts';

/** A source map that was found, with the generated file; neither is checked yet. */
export interface FoundMap {
  /** The file of the map, or the generated file that holds it, for messages; null for a map in the profile. */
  readonly path: string | null;
  /** The map as text or as parsed JSON; null if its address cannot be decoded. */
  readonly json: unknown;
  /** Its address relative to the generated file; `''` for a map inside it. */
  readonly url: string;
  /** The text of the generated file; null if it is not known. */
  readonly text: string | null;
  /** The generated file on the disk; null if the text is not from there. */
  readonly generated: SourceFile | null;
}

/** Why no map of a file is used: a file cannot be read, or is not there though the generated file names it. */
export interface NoMap {
  /** The file. */
  readonly path: string;
  readonly problem: UnreadFile['problem'] | 'missing';
}

/**
 * Finds the map of a generated file: the one that it names, in itself or in another file, else `FILE.map`. Returns null if
 * there is neither.
 */
export function findMapOf(generated: SourceFile | UnreadFile, folders: SourceFolders): FoundMap | NoMap | null {
  if ('problem' in generated) return generated;
  const text = readSource(generated);
  // Without it, it is not known whether this is the code that ran.
  if (text === null) return { path: generated.path, problem: 'unreadable' };
  const url = sourceMappingUrl(text);
  if (url?.startsWith('data:') === true) {
    return { path: generated.path, json: decodeDataUrl(url), url: '', text, generated };
  }
  const folder = generated.path.slice(0, generated.path.lastIndexOf(path.sep) + 1);
  const name = `${generated.path.slice(folder.length)}.map`;
  const named = url === null || url === name ? null : relativePath(url);
  let problem: NoMap | null = url === null ? null : { path: generated.path, problem: 'missing' };
  for (const candidate of named === null ? [name] : [named, name]) {
    const map = folders.check(isName(candidate) ? folder + candidate : path.resolve(folder, candidate));
    const found = map && readMap(map);
    if (found !== null && !('problem' in found)) return { ...found, url: candidate, text, generated };
    problem = found ?? problem;
  }
  return problem;
}

/** path.resolve looks at every character of a path, which takes long for hundreds of files. */
function isName(relative: string): boolean {
  return !/[\\/]/.test(relative) && relative !== '..';
}

/** Reads a map's file, for a generated file that is not known. */
export function readMap(map: SourceFile | UnreadFile): FoundMap | NoMap {
  if ('problem' in map) return map;
  const json = readSource(map);
  if (json === null) return { path: map.path, problem: 'unreadable' };
  return { path: map.path, json, url: '', text: null, generated: null };
}

const ADDRESS = 'sourceMappingURL=';

/**
 * Returns the address in the last such comment of a text. No code follows it, else it is part of a program that writes such
 * comments: https://tc39.es/ecma426/#sec-linking-generated-code
 */
function sourceMappingUrl(text: string): string | null {
  const at = text.lastIndexOf(ADDRESS);
  if (at < 0 || !/\/[/*][#@][ \t]*$/.test(text.slice(Math.max(0, at - 8), at))) return null;
  const [line = '', ...after] = text.slice(at + ADDRESS.length).split('\n');
  if (!after.every((each) => /^\s*(?:\/\/|$)/.test(each))) return null;
  const end = line.search(/[\s'"]|\*\//);
  if (end < 0) return line || null;
  return /^\s*(?:\*\/\s*)?$/.test(line.slice(end)) ? line.slice(0, end) || null : null;
}

/** Returns null if the address is not of JSON, or broken. */
export function decodeDataUrl(url: string): string | null {
  const comma = url.indexOf(',');
  const type = url.slice(0, comma);
  if (comma < 0 || !/^data:application\/json\b/.test(type)) return null;
  try {
    const data = url.slice(comma + 1);
    return type.endsWith(';base64') ? Buffer.from(data, 'base64').toString() : decodeURIComponent(data);
  } catch {
    return null;
  }
}

/** Encoded, no path of any system is longer. */
const MAX_ADDRESS = 100_000;

/** Returns null for an address with a scheme or a host: nothing is read from the network. */
function relativePath(url: string): string | null {
  if (url.length > MAX_ADDRESS || /^(?:[a-z][a-z\d+.-]*:|[\\/])/i.test(url)) return null;
  try {
    return decodeURIComponent(url.replace(/[?#].*$/s, ''));
  } catch {
    return null;
  }
}
