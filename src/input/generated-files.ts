/** Generated files and their source maps on the disk. */

import path from 'node:path';
import { readSource, type SourceFile, type SourceFolders } from './source-folders.ts';

/** A source map that was found, with the generated file; neither is checked yet. */
export interface FoundMap {
  /** The file of the map, or the generated file that holds it, for messages; null for a map in the profile. */
  readonly path: string | null;
  /** The map as text or as parsed JSON; null if its file cannot be decoded. */
  readonly json: unknown;
  /** Its address relative to the generated file; `''` for a map inside it. */
  readonly url: string;
  /** The text of the generated file; null if it is not known. */
  readonly text: string | null;
  /** The generated file on the disk; null if the text is not from there. */
  readonly generated: SourceFile | null;
}

/** Finds the map of a generated file: the one that it names, in itself or in another file, else `FILE.map`. */
export function findMapOf(generated: SourceFile, folders: SourceFolders): FoundMap | null {
  const text = readSource(generated);
  // Without it nobody knows whether it is the code that ran.
  if (text === null) return null;
  const url = sourceMappingUrl(text);
  if (url?.startsWith('data:') === true) {
    return { path: generated.path, json: decodeDataUrl(url), url: '', text, generated };
  }
  const named = url === null ? null : relativePath(url);
  const candidates = named === null ? [] : [named];
  for (const candidate of [...candidates, `${path.basename(generated.path)}.map`]) {
    const map = folders.check(path.resolve(path.dirname(generated.path), candidate));
    if (map !== null) return { ...readMap(map), url: candidate, text, generated };
  }
  return null;
}

/** Reads a map's file. */
export function readMap(map: SourceFile): Pick<FoundMap, 'path' | 'json'> {
  return { path: map.path, json: readSource(map) };
}

const ADDRESS = 'sourceMappingURL=';

/** Returns the address in the last such comment of a text: https://tc39.es/ecma426/#sec-linking-generated-code */
function sourceMappingUrl(text: string): string | null {
  const at = text.lastIndexOf(ADDRESS);
  if (at < 0 || !/\/[/*][#@][ \t]*$/.test(text.slice(Math.max(0, at - 8), at))) return null;
  const start = at + ADDRESS.length;
  const length = text.slice(start).search(/[\s'"]|\*\//);
  return text.slice(start, length < 0 ? text.length : start + length) || null;
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

/** Returns null for an address with a scheme or a host: nothing is read from the network. */
function relativePath(url: string): string | null {
  if (/^(?:[a-z][a-z\d+.-]*:|[\\/])/i.test(url)) return null;
  try {
    return decodeURIComponent(url.replace(/[?#].*$/s, ''));
  } catch {
    return null;
  }
}
