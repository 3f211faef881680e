/**
 * Decodes the `mappings` of a source map for some lines of the generated file: https://tc39.es/ecma426/#sec-mappings.
 * Libraries decode whole maps into objects, which takes ten times as long where a profile names some functions of 500 files.
 */

import { at } from '../model/columns.ts';

/** Segments of generated lines, in order of line and column. */
export interface Segments {
  /** segment -> line of the generated file, 0-based */
  readonly line: number[];
  /** segment -> column where it starts, 0-based; it ends where the next one of its line starts */
  readonly column: number[];
  /** segment -> index in the map's sources; -1 for code without a source */
  readonly source: number[];
  /** segment -> line of the source, 0-based */
  readonly originalLine: number[];
  /** segment -> column of the source, 0-based */
  readonly originalColumn: number[];
  /** segment -> index in the map's names; -1 for none */
  readonly name: number[];
}

export function noSegments(): Segments {
  return { line: [], column: [], source: [], originalLine: [], originalColumn: [], name: [] };
}

/** The mappings of a part of the generated file. */
export interface Section {
  readonly mappings: string;
  readonly start: GeneratedPosition;
  /** Where the next section starts. */
  readonly end: GeneratedPosition;
  /** Its sources among those of the map. */
  readonly sources: IndexRange;
  /** Its names among those of the map. */
  readonly names: IndexRange;
}

export interface IndexRange {
  readonly first: number;
  readonly length: number;
}

/** A place in the generated file, 0-based. */
export interface GeneratedPosition {
  readonly line: number;
  readonly column: number;
}

const COMMA = ','.charCodeAt(0);
const SEMICOLON = ';'.charCodeAt(0);

/** character -> its value in base 64 */
const DIGITS = new Uint8Array(128);
[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].forEach((character, value) => {
  DIGITS[character.charCodeAt(0)] = value;
});

/** A digit with this bit is followed by another one of the same number. */
const CONTINUES = 32;

/** Column, source, line and column in the source, name. */
const FIELDS = 5;

/**
 * Adds the segments of some lines. Numbers are relative to those of the segment before, on whatever line, so all mappings
 * up to the last of the lines are read.
 *
 * @param lines 0-based, ascending, none before the section
 */
export function addSegments(segments: Segments, section: Section, lines: Int32Array): void {
  const { mappings, start } = section;
  const fields = new Int32Array(FIELDS);
  fields[0] = start.column;
  let { line } = start;
  let next = 0;
  let field = 0;
  let value = 0;
  let shift = 0;
  for (let i = 0; i <= mappings.length; i++) {
    const code = i < mappings.length ? mappings.charCodeAt(i) : SEMICOLON;
    if (code === COMMA || code === SEMICOLON) {
      if (lines[next] === line && field > 0) addSegment(segments, section, { line, fields, length: field });
      field = 0;
      value = 0;
      shift = 0;
      if (code === COMMA) continue;
      if (lines[next] === line && ++next === lines.length) return;
      line++;
      fields[0] = 0;
      continue;
    }
    const digit = DIGITS[code] ?? 0;
    value |= (digit & ~CONTINUES) << shift;
    shift += 5;
    if ((digit & CONTINUES) !== 0) continue;
    // The lowest bit is the sign. What follows the five fields is ignored.
    if (field < FIELDS) fields[field] = at(fields, field) + ((value & 1) === 1 ? -(value >>> 1) : value >>> 1);
    field++;
    value = 0;
    shift = 0;
  }
}

function addSegment(
  segments: Segments,
  { end, sources, names }: Section,
  { line, fields, length }: { line: number; fields: Int32Array; length: number },
): void {
  const column = at(fields, 0);
  if (line > end.line || (line === end.line && column >= end.column)) return;
  segments.line.push(line);
  segments.column.push(column);
  segments.source.push(length >= 4 ? indexIn(sources, at(fields, 1)) : -1);
  segments.originalLine.push(at(fields, 2));
  segments.originalColumn.push(at(fields, 3));
  segments.name.push(length >= 5 ? indexIn(names, at(fields, 4)) : -1);
}

function indexIn({ first, length }: IndexRange, index: number): number {
  return index >= 0 && index < length ? first + index : -1;
}
