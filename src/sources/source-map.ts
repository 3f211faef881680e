/** A source map: generated place → original place. Format: https://tc39.es/ecma426/ */

import { firstIndex } from '../base/first-index.ts';
import { at } from '../model/columns.ts';
import { MAX_SEGMENTS, type PlacedPart, readParts, type UnusableMap } from './map-parts.ts';
import { MapSources } from './map-sources.ts';
import { addSegments, type GeneratedPosition, noSegments, type Section, type Segments } from './mappings.ts';

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
  readonly #sections: readonly Section[];
  readonly #sources: MapSources;
  readonly #names: readonly unknown[];

  private constructor(parts: readonly PlacedPart[], sources: MapSources) {
    let names = 0;
    this.#sources = sources;
    this.#sections = parts.map(({ map, start }, i) => {
      const firsts = { source: sources.length, name: names };
      sources.add(map);
      names += map.names.length;
      return {
        mappings: map.mappings,
        start,
        end: parts[i + 1]?.start ?? END,
        sources: { first: firsts.source, length: map.sources.length },
        names: { first: firsts.name, length: map.names.length },
      };
    });
    this.#names = parts.length === 1 ? at(parts, 0).map.names : parts.flatMap(({ map }) => map.names);
  }

  /**
   * Reads a map. Sources are resolved against the generated file as the profile names it: they are files of the machine
   * of the recording.
   *
   * @param json the map as text or as parsed JSON
   * @param url the map's address relative to the generated file; `''` for a map inside it
   */
  static read(json: unknown, file: string, url = ''): SourceMap | UnusableMap {
    const parts = readParts(json);
    return typeof parts === 'string' ? parts : new SourceMap(parts, new MapSources(file, url));
  }

  /** Decodes lines of the generated file, which then can be looked up. @param lines 0-based, in any order */
  decodeLines(lines: Iterable<number>): MappedLines {
    const ascending = inAscendingOrder(lines);
    const segments = noSegments();
    for (const section of this.#sections) {
      const first = firstAtLeast(ascending, section.start.line);
      const end = firstAtLeast(ascending, section.end.line + 1);
      if (first < end) addSegments(segments, section, ascending.slice(first, end));
    }
    return new MappedLines(inOrder(segments), this.#sources, this.#names);
  }

  get hasNames(): boolean {
    return this.#names.length > 0;
  }

  /** The file of the map's only source; null if it has several or none. */
  get onlyFile(): string | null {
    return this.#sources.length === 1 ? this.#sources.fileOf(0) : null;
  }
}

const END: GeneratedPosition = { line: Number.POSITIVE_INFINITY, column: 0 };

/** Decoded lines of a source map; on others nothing is found. */
export class MappedLines {
  readonly #segments: SortedSegments;
  readonly #sources: MapSources;
  readonly #names: readonly unknown[];

  constructor(segments: SortedSegments, sources: MapSources, names: readonly unknown[]) {
    this.#segments = segments;
    this.#sources = sources;
    this.#names = names;
  }

  /** Returns the last segment that starts at the column or before it, in the same line. @param line 0-based @param column 0-based */
  find(line: number, column: number): Segment | null {
    const segment = this.#firstAfter(line, column) - 1;
    const place = this.#segments.line[segment] === line ? this.#placeOf(segment) : null;
    if (place === null) return null;
    const name = this.#names[at(this.#segments.name, segment)];
    return {
      start: at(this.#segments.column, segment),
      place,
      name: typeof name === 'string' && name !== '' ? name : null,
    };
  }

  /**
   * Returns the one line of a source that a line of the generated file was made of, from a column on; null if there are
   * several or none. @param line 0-based @param from 0-based
   */
  findLine(line: number, from: number): Pick<OriginalPlace, 'file' | 'line'> | null {
    let only = this.find(line, from)?.place ?? null;
    for (let segment = this.#firstAfter(line, from); this.#segments.line[segment] === line; segment++) {
      const place = this.#placeOf(segment);
      if (only !== null && place !== null && (place.file !== only.file || place.line !== only.line)) return null;
      only ??= place;
    }
    return only;
  }

  #firstAfter(line: number, column: number): number {
    const { line: lines, column: columns } = this.#segments;
    return firstIndex(lines.length, (i) => at(lines, i) > line || (at(lines, i) === line && at(columns, i) > column));
  }

  #placeOf(segment: number): OriginalPlace | null {
    const source = at(this.#segments.source, segment);
    const line = at(this.#segments.originalLine, segment);
    const column = at(this.#segments.originalColumn, segment);
    const file = source === -1 || line < 0 || column < 0 ? null : this.#sources.fileOf(source);
    return file === null ? null : { file, line: line + 1, column: column + 1 };
  }
}

type SortedSegments = { readonly [column in keyof Segments]: ArrayLike<number> };

/** Tools write the segments of a line in order, but the format does not demand it. Lines are in order. */
function inOrder(segments: Segments): SortedSegments {
  if (areInOrder(segments)) return segments;
  const order = orderOf(segments);
  const sort = (values: readonly number[]) => order.map((segment) => at(values, segment));
  return {
    line: sort(segments.line),
    column: sort(segments.column),
    source: sort(segments.source),
    originalLine: sort(segments.originalLine),
    originalColumn: sort(segments.originalColumn),
    name: sort(segments.name),
  };
}

function areInOrder({ line, column }: Segments): boolean {
  for (let i = 1; i < line.length; i++) {
    if (line[i] === line[i - 1] && at(column, i) < at(column, i - 1)) return false;
  }
  return true;
}

/** row -> segment. A line may have millions, so numbers are sorted: with a function that compares it takes ten times as long. */
function orderOf({ line, column }: Segments): Int32Array {
  const order = new Int32Array(line.length);
  for (let start = 0, end = 0; start < line.length; start = end) {
    while (line[end] === line[start]) end++;
    const keys = new Float64Array(end - start);
    for (let i = 0; i < keys.length; i++) keys[i] = at(column, start + i) * MAX_SEGMENTS + i;
    keys.sort().forEach((key, row) => {
      order[start + row] = start + (key - Math.floor(key / MAX_SEGMENTS) * MAX_SEGMENTS);
    });
  }
  return order;
}

/** Sorts, and leaves out what is there twice. The functions of a file mostly are in order. */
function inAscendingOrder(values: Iterable<number>): readonly number[] {
  const list = [...values];
  if (list.every((value, i) => i === 0 || at(list, i - 1) < value)) return list;
  return [...new Set(list)].sort((a, b) => a - b);
}

function firstAtLeast(ascending: readonly number[], value: number): number {
  return firstIndex(ascending.length, (i) => at(ascending, i) >= value);
}
