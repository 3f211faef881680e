/** The sources of a source map: https://tc39.es/ecma426/#sec-decoding-source-map-sources. Nothing is read from where they lead. */

import { TraceMap } from '@jridgewell/trace-mapping';
import { getOrInsert } from '../base/maps.ts';
import { type MapPart, readParts } from './map-parts.ts';

/** Names are resolved on demand: a bundle has thousands of sources, a profile functions of some. */
export class MapSources {
  readonly #file: string;
  /** The folder of the map. */
  readonly #base: string;
  /** source -> its name in the map, with the source root; null for none */
  readonly #names: (string | null)[] = [];
  readonly #files = new Map<number, string | null>();

  /** @param file the generated file as the profile names it @param url the map's address relative to it */
  constructor(file: string, url: string) {
    this.#file = file;
    this.#base = folderUrl(file, url);
  }

  get length(): number {
    return this.#names.length;
  }

  add({ sources, sourceRoot }: MapPart): void {
    for (const source of sources) {
      this.#names.push(typeof source === 'string' && source !== '' ? sourceRoot + source : null);
    }
  }

  /** Returns null for a source without a name, or whose name is that of a folder. */
  fileOf(source: number): string | null {
    return getOrInsert(this.#files, source, () => {
      const name = this.#names[source] ?? null;
      const url = name === null ? '' : resolveUrl(withoutHash(name), this.#base);
      return url === '' || url.endsWith('/') ? null : fromUrl(url, this.#file);
    });
  }
}

/**
 * Returns the texts of sources that a map holds, each with its file; none for a map that cannot be used.
 *
 * @param json as text or as parsed JSON
 * @param file the generated file
 */
export function contentsOf(json: unknown, file: string): (readonly [file: string, text: string])[] {
  const sources = new MapSources(file, '');
  const parts = readParts(json);
  return (typeof parts === 'string' ? [] : parts).flatMap(({ map }) => {
    const first = sources.length;
    sources.add(map);
    return map.sources.flatMap((_, i) => {
      const text = map.sourcesContent[i];
      const source = typeof text === 'string' ? sources.fileOf(first + i) : null;
      return source === null ? [] : [[source, text as string] as const];
    });
  });
}

/** webpack adds a hash where two sources have one name: https://webpack.js.org/configuration/output/#outputdevtoolmodulefilenametemplate */
function withoutHash(name: string): string {
  return name.startsWith('webpack://') ? name.replace(/\?[\da-f]{4}$/, '') : name;
}

function resolveUrl(source: string, folder: string): string {
  if (PLAIN_PATH.test(source) && PLAIN_FOLDER.test(folder)) return new URL(source, folder).href;
  const map = new TraceMap({ version: 3, sources: [source], names: [], mappings: '' }, folder);
  return map.resolvedSources[0] ?? '';
}

/** What URL resolves as the library does, which encodes nothing: most paths, in a tenth of the time. */
const PLAIN_PATH = /^(?!.*\/\/)[\w./@+-]*[\w@+-]$/;
const PLAIN_FOLDER = /^(?:file:\/\/|https?:\/\/[a-z][a-z\d.-]*)(?!.*\/\/)\/[\w./@+-]*$/;

/** The library resolves URLs: a path becomes one, and its sources become paths again (`fromUrl`). */
function folderUrl(file: string, url: string): string {
  const generated = toUrl(file);
  const folder = generated.slice(0, generated.lastIndexOf('/') + 1);
  return isAbsolute(url) ? folder : folder + url.slice(0, url.lastIndexOf('/') + 1);
}

function toUrl(file: string): string {
  if (isWindowsPath(file)) return `file:///${file.replaceAll('\\', '/')}`;
  return file.startsWith('/') ? `file://${file}` : file;
}

function fromUrl(url: string, file: string): string {
  if (isWindowsPath(file)) return url.replace(/^file:\/\/\/(.*)$/s, (_, path: string) => path.replaceAll('/', '\\'));
  return file.startsWith('/') ? url.replace(/^file:\/\//, '') : url;
}

function isWindowsPath(file: string): boolean {
  return /^[A-Za-z]:[\\/]/.test(file);
}

function isAbsolute(url: string): boolean {
  return url.startsWith('/') || /^[A-Za-z][A-Za-z\d+.-]*:/.test(url);
}
