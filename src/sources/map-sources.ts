/** The sources of a source map: https://tc39.es/ecma426/#sec-decoding-source-map-sources. Nothing is read from where they lead. */

import { TraceMap } from '@jridgewell/trace-mapping';
import type { MapPart } from './map-parts.ts';

/** Names are resolved on demand: a bundle has thousands of sources, a profile functions of some. */
export class MapSources {
  readonly #file: string;
  readonly #base: string;
  /** source -> its name in the map, with the source root; null for none */
  readonly #names: (string | null)[] = [];
  /** source -> its text */
  readonly #contents: unknown[] = [];
  readonly #files = new Map<number, string | null>();

  /** @param file the generated file as the profile names it @param url the map's address relative to it */
  constructor(file: string, url: string) {
    this.#file = file;
    this.#base = mapUrl(file, url);
  }

  get length(): number {
    return this.#names.length;
  }

  add({ sources, sourcesContent, sourceRoot }: MapPart): void {
    sources.forEach((source, i) => {
      this.#names.push(typeof source === 'string' && source !== '' ? sourceRoot + source : null);
      this.#contents.push(sourcesContent[i]);
    });
  }

  /** Returns null for a source without a name, or whose name is that of a folder. */
  fileOf(source: number): string | null {
    const known = this.#files.get(source);
    if (known !== undefined) return known;
    const name = this.#names[source] ?? null;
    const url = name === null ? '' : resolveUrl(name, this.#base);
    const file = url === '' || url.endsWith('/') ? null : fromUrl(url, this.#file);
    this.#files.set(source, file);
    return file;
  }

  /** The texts that the map holds, each with its file. */
  contents(): (readonly [file: string, text: string])[] {
    return this.#contents.flatMap((text, source) => {
      const file = typeof text === 'string' ? this.fileOf(source) : null;
      return file === null ? [] : [[file, text as string] as const];
    });
  }
}

function resolveUrl(source: string, base: string): string {
  return new TraceMap({ version: 3, sources: [source], names: [], mappings: '' }, base).resolvedSources[0] ?? '';
}

/** The library resolves URLs: a path becomes one, and its sources become paths again (`fromUrl`). */
function mapUrl(file: string, url: string): string {
  const base = toUrl(file);
  return isAbsolute(url) ? base : `${base.slice(0, base.lastIndexOf('/') + 1)}${url}`;
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
