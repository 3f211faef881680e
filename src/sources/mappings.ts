/**
 * Decodes the `mappings` of a source map for some lines of the generated file: https://tc39.es/ecma426/#sec-mappings.
 * Libraries decode whole maps into objects, which takes ten times as long where a profile names some functions of 500 files.
 */

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

/**
 * Adds the segments of some lines. Numbers are relative to those of the segment before, on whatever line, so all mappings
 * up to the last of the lines are read. They are in variables and not in a list, since this takes most of the time of a map.
 *
 * @param lines 0-based, ascending, none before the section
 */
export function addSegments(segments: Segments, section: Section, lines: readonly number[]): void {
  const { mappings, start, end, sources, names } = section;
  const { length } = mappings;
  let { line, column } = start;
  let source = 0;
  let originalLine = 0;
  let originalColumn = 0;
  let name = 0;
  let next = 0;
  let isWanted = lines[0] === line;
  let field = 0;
  let value = 0;
  let shift = 0;
  for (let i = 0; i <= length; i++) {
    const code = i < length ? mappings.charCodeAt(i) : SEMICOLON;
    if (code !== COMMA && code !== SEMICOLON) {
      const digit = DIGITS[code] ?? 0;
      value |= (digit & ~CONTINUES) << shift;
      shift += 5;
      if ((digit & CONTINUES) !== 0) continue;
      // The lowest bit is the sign. What follows the five fields is ignored.
      const change = (value & 1) === 1 ? -(value >>> 1) : value >>> 1;
      if (field === 0) column = (column + change) | 0;
      else if (field === 1) source = (source + change) | 0;
      else if (field === 2) originalLine = (originalLine + change) | 0;
      else if (field === 3) originalColumn = (originalColumn + change) | 0;
      else if (field === 4) name = (name + change) | 0;
      field++;
      value = 0;
      shift = 0;
      continue;
    }
    if (isWanted && field > 0 && (line < end.line || (line === end.line && column < end.column))) {
      segments.line.push(line);
      segments.column.push(column);
      segments.source.push(field >= 4 ? indexIn(sources, source) : -1);
      segments.originalLine.push(originalLine);
      segments.originalColumn.push(originalColumn);
      segments.name.push(field >= 5 ? indexIn(names, name) : -1);
    }
    field = 0;
    value = 0;
    shift = 0;
    if (code === COMMA) continue;
    if (isWanted && ++next === lines.length) return;
    line++;
    column = 0;
    isWanted = lines[next] === line;
  }
}

function indexIn({ first, length }: IndexRange, index: number): number {
  return index >= 0 && index < length ? first + index : -1;
}
