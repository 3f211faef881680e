/** A source map: generated place → original place. Format: https://tc39.es/ecma426/ */

import {
  decodedMappings,
  FlattenMap,
  type SectionedSourceMapInput,
  type TraceMap,
  traceSegment,
} from '@jridgewell/trace-mapping';

/** A place in a source file. */
export interface OriginalPlace {
  readonly file: string;
  /** 1-based */
  readonly line: number;
  /** 1-based */
  readonly column: number;
}

/** A mapped part of a line of the generated file. */
export interface Segment {
  /** Where it starts in the generated line, 0-based. */
  readonly start: number;
  readonly place: OriginalPlace;
  /** The name in the source, where the map has one. */
  readonly name: string | null;
}

export class SourceMap {
  readonly #map: TraceMap;
  /** source -> its file, null for none */
  readonly #files: readonly (string | null)[];

  private constructor(map: TraceMap, file: string) {
    this.#map = map;
    this.#files = map.resolvedSources.map((source) =>
      source === '' || source.endsWith('/') ? null : fromUrl(source, file),
    );
  }

  /**
   * Reads a map. Sources are resolved against the generated file as the profile names it: they are files of the machine
   * of the recording.
   *
   * @param json the map as text or as parsed JSON
   * @param url the map's address relative to the generated file; `''` for a map inside it
   * @returns null if it is not a source map, or is too large to be decoded
   */
  static read(json: unknown, file: string, url = ''): SourceMap | null {
    try {
      const map = checkedMap(typeof json === 'string' ? JSON.parse(withoutPrefix(json)) : json);
      return map === null ? null : new SourceMap(new FlattenMap(map, mapUrl(file, url)), file);
    } catch {
      return null; // whatever a broken map makes JSON.parse and the library throw
    }
  }

  /** Returns the text of a source, as OriginalPlace names its file; null if the map does not hold it. */
  contentOf(file: string): string | null {
    return this.#map.sourcesContent?.[this.#files.indexOf(file)] ?? null;
  }

  /** Returns the last segment that starts at the column or before it, in the same line. @param line 0-based @param column 0-based */
  find(line: number, column: number): Segment | null {
    const found = traceSegment(this.#map, line, column);
    if (found === null || found.length === 1) return null;
    const [start, source, originalLine, originalColumn, name] = found;
    const file = this.#files[source] ?? null;
    if (file === null || originalLine < 0 || originalColumn < 0) return null;
    const original = name === undefined ? null : this.#map.names[name];
    return {
      start,
      place: { file, line: originalLine + 1, column: originalColumn + 1 },
      name: typeof original === 'string' && original !== '' ? original : null,
    };
  }

  /**
   * Returns the one line of a source that a line of the generated file was made of, from a column on; null if there are
   * several or none. @param line 0-based @param from 0-based
   */
  findLine(line: number, from: number): Pick<OriginalPlace, 'file' | 'line'> | null {
    let only: OriginalPlace | null = this.find(line, from)?.place ?? null;
    for (const [start, source, originalLine] of decodedMappings(this.#map)[line] ?? []) {
      if (source === undefined || originalLine === undefined || start <= from) continue;
      const file = this.#files[source] ?? null;
      if (only !== null && (file !== only.file || originalLine + 1 !== only.line)) return null;
      if (only === null && file !== null) only = { file, line: originalLine + 1, column: 1 };
    }
    return only;
  }

  get hasNames(): boolean {
    return this.#map.names.length > 0;
  }

  /** The file of the map's only source; null if it has several or none. */
  get onlyFile(): string | null {
    const [file = null, ...others] = new Set(this.#files);
    return others.length === 0 ? file : null;
  }
}

/** A map served over HTTP may begin with this line: https://tc39.es/ecma426/#sec-ParseSourceMap */
function withoutPrefix(json: string): string {
  return json.startsWith(")]}'") ? json.slice(json.indexOf('\n') + 1) : json;
}

/** The library's own fields in a map from a file would be trusted, so the map is copied. Returns null if it is not a map. */
function checkedMap(value: unknown): SectionedSourceMapInput | null {
  if (!isObject(value) || !Array.isArray(value['sections'])) return checkedPart(value, new Budget());
  const budget = new Budget();
  const sections = value['sections'].map((section: unknown) => checkedSection(section, budget));
  return sections.includes(null) ? null : { version: 3, sections: sections.filter((section) => section !== null) };
}

function checkedSection(section: unknown, budget: Budget) {
  if (!isObject(section) || !isObject(section['offset'])) return null;
  const { line, column } = section['offset'];
  const map = checkedPart(section['map'], budget);
  return map !== null && isIndex(line) && isIndex(column) && line <= MAX_LINES
    ? { offset: { line, column }, map }
    : null;
}

function checkedPart(value: unknown, budget: Budget) {
  if (!isObject(value)) return null;
  const { sources, sourcesContent, names, sourceRoot, mappings } = value;
  if (!Array.isArray(sources) || typeof mappings !== 'string' || !budget.take(mappings)) return null;
  return {
    version: 3 as const,
    sources: sources.map((source: unknown) => (typeof source === 'string' ? source : null)),
    ...(Array.isArray(sourcesContent)
      ? { sourcesContent: sourcesContent.map((text: unknown) => (typeof text === 'string' ? text : null)) }
      : {}),
    names: Array.isArray(names) ? (names as string[]) : [],
    ...(typeof sourceRoot === 'string' ? { sourceRoot } : {}),
    mappings,
  };
}

/** Decoded segments and lines take up to a hundred times the memory of their text. TypeScript's compiler, a file of 9 MB, has 1.1 million segments. */
const MAX_SEGMENTS = 4_000_000;
const MAX_LINES = 4_000_000;

/** Limits the segments and lines of all sections together. */
class Budget {
  #segments = MAX_SEGMENTS;
  #lines = MAX_LINES;

  /** Returns false if the mappings are too many. */
  take(mappings: string): boolean {
    for (let i = 0; i < mappings.length; i++) {
      const character = mappings.charCodeAt(i);
      if (character === COMMA) this.#segments--;
      else if (character === SEMICOLON) this.#lines--;
    }
    this.#segments--;
    return this.#segments - (MAX_LINES - this.#lines) >= 0 && this.#lines >= 0;
  }
}

const COMMA = ','.charCodeAt(0);
const SEMICOLON = ';'.charCodeAt(0);

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
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
