/** The last column of a table: name and place, fitted to the room that the numbers leave. */

import { escapeControls, type TextSpan } from '../../base/text.ts';
import type { Theme, Tone } from '../theme.ts';
import { cutEnd, cutStart, padEnd, widest, width } from './width.ts';

/** Styles, and what makes a place lead to its file. */
export interface LinkingTheme extends Theme {
  readonly link: (text: string, file: string | null) => string;
}

/** Between two columns. */
export const GAP = '  ';

/** A row's name and place, as they would stand with all the room there is. */
export interface NamedLine {
  /** Visible. */
  readonly name: string;
  /** Unescaped: the backslash of an escape is not a separator. `''` for none. */
  readonly place: string;
  /** What the place leads to, as written. */
  readonly file: string | null;
  readonly style: 'strong' | 'plain' | 'noise';
  /** Parts of the name that are dimmed, in order. @default none */
  readonly quiet?: readonly TextSpan[];
  /** What the numbers of the row mean. @default plain, or dim for noise */
  readonly tone?: Tone;
}

/** In a pipe, longer names shift only their own place, not the whole column. */
const MAX_NAME_COLUMN = 80;

/** Numbers are left out for names up to this length. */
const USUAL_NAME = 36;

/** Names cut to this can be recognized. */
const MIN_NAME_WIDTH = 16;

/** A path is cut to this before a name is cut. */
const MIN_PLACE_WIDTH = 17;

/** Where names would be cut shorter than this for places, there are no places. */
const MIN_NAMES_BESIDE_PLACES = 10;

/** Columns that the last column needs. */
export interface Needs {
  /** for every name, up to the usual length, and every file name to be whole */
  readonly names: number;
  /** for names and the ends of paths beside them to be recognized */
  readonly least: number;
}

export function needsOf(lines: readonly NamedLine[], titles: ColumnTitles): Needs {
  const placed = lines.filter(({ place }) => place !== '');
  const column = Math.max(titles.name.length, Math.min(widest(placed.map(({ name }) => name)), USUAL_NAME));
  const besideEnds = placed.length === 0 ? 0 : GAP.length + endsOf(placed);
  const whole = lines.map(({ name, place }) => {
    const file = width(shortestPlace(place));
    return Math.min(width(name), USUAL_NAME) + (file === 0 ? 0 : GAP.length + file);
  });
  const title = titleOf(titles, lines).length;
  return {
    names: whole.reduce((most, each) => Math.max(most, each), Math.max(title, column + besideEnds)),
    least: Math.max(title, Math.min(column, MIN_NAME_WIDTH) + besideEnds),
  };
}

/** The width of places that are cut as far as they may be. */
function endsOf(placed: readonly NamedLine[]): number {
  return Math.min(widest(placed.map(({ place }) => escapeControls(place))), MIN_PLACE_WIDTH);
}

/** Longer file names than this (a `data:` URL, a query) are cut like anything else. */
const FILE_NAME = 40;

/** What a row is, and what its place is called; null where rows have no place. */
export interface ColumnTitles {
  readonly name: string;
  readonly place: string | null;
}

/** Places are named only where there are some. */
function titleOf(titles: ColumnTitles, lines: readonly NamedLine[], names = 0): string {
  const hasPlaces = titles.place !== null && lines.some((line) => line.place !== '');
  return hasPlaces ? `${padEnd(titles.name, names)}${GAP}${titles.place}` : titles.name;
}

/** What a place is cut to at most: its file name and line, with an ellipsis where a folder was. */
function shortestPlace(place: string): string {
  const base = place.slice(Math.max(place.lastIndexOf('/'), place.lastIndexOf('\\')) + 1);
  return cutStart(escapeControls(base === place ? place : `…${base}`), FILE_NAME);
}

/** Paths lose their front first, down to MIN_PLACE_WIDTH; then names lose their end; then there are no paths. */
export class NameColumn {
  readonly title: string;
  /** Whether there is no room for the places of the lines. */
  readonly hidesPlaces: boolean;
  readonly #names: number;
  readonly #room: number;

  constructor(lines: readonly NamedLine[], titles: ColumnTitles, room: number) {
    this.#room = room;
    const placed = lines.filter(({ place }) => place !== '');
    const names = Math.max(titles.name.length, widest(placed.map(({ name }) => name)));
    const places = Math.max(titles.place?.length ?? 0, endsOf(placed));
    const beside = room - GAP.length - places;
    this.hidesPlaces = placed.length > 0 && beside < Math.min(names, MIN_NAMES_BESIDE_PLACES);
    this.#names = Math.max(0, Math.min(names, Number.isFinite(beside) ? beside : MAX_NAME_COLUMN));
    const shown = this.hidesPlaces ? { ...titles, place: null } : titles;
    this.title = cutEnd(titleOf(shown, lines, this.#names), room);
  }

  cell(line: NamedLine, theme: LinkingTheme): string {
    const style = (name: string) => styledName(name, line, theme);
    if (line.place === '' || this.hidesPlaces) return style(cutEnd(line.name, this.#room));
    // In a pipe nothing is cut.
    const name = Number.isFinite(this.#room) ? cutEnd(line.name, this.#names) : line.name;
    const padding = Math.max(0, this.#names - width(name));
    const place = cutStart(escapeControls(line.place), this.#room - width(name) - padding - GAP.length);
    return style(name) + ' '.repeat(padding) + GAP + theme.link(theme.quiet(place), line.file);
  }
}

/** The name in its style, with quiet parts. A name that was cut ends with an ellipsis, which no part reaches beyond. */
function styledName(name: string, { style, quiet = [] }: NamedLine, theme: LinkingTheme): string {
  if (style !== 'plain' || quiet.length === 0) return theme[style](name);
  let text = '';
  let end = 0;
  for (const span of quiet) {
    const start = Math.min(Math.max(span.start, end), name.length);
    const stop = Math.min(Math.max(span.end, start), name.length);
    text += theme.plain(name.slice(end, start)) + (start === stop ? '' : theme.quiet(name.slice(start, stop)));
    end = stop;
  }
  return text + theme.plain(name.slice(end));
}
