/** The last column of a table: name and place, fitted to the room that the numbers leave. */

import { escapeControls } from '../../base/text.ts';
import type { Theme } from '../theme.ts';
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
  /** What the numbers of the row mean. @default plain, or dim for noise */
  readonly tone?: 'plain' | 'quiet' | 'better' | 'worse';
}

/** Longer names shift only their own place, not the whole column. */
const NAME_COLUMN = 36;

/** A name cut shorter than this says nothing. */
const MIN_NAME_WIDTH = 8;

/** Columns that the last column needs. */
export interface Needs {
  /** for every name, up to the usual length, and every file name to be whole */
  readonly names: number;
  /** for every file name to be whole beside a name cut short */
  readonly fileNames: number;
}

export function needsOf(lines: readonly NamedLine[], titles: ColumnTitles): Needs {
  const title = titleOf(titles, lines);
  let names = title.length;
  let fileNames = title.length;
  for (const line of lines) {
    const place = width(shortestPlace(line.place));
    const name = Math.min(width(line.name), NAME_COLUMN);
    const beside = place === 0 ? 0 : GAP.length + place;
    names = Math.max(names, name + beside);
    fileNames = Math.max(fileNames, Math.min(name, MIN_NAME_WIDTH) + beside);
  }
  return { names, fileNames };
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

/** Places lose their front first, and never the file name; then names their end. */
export class NameColumn {
  readonly title: string;
  readonly #names: number;
  readonly #room: number;

  constructor(lines: readonly NamedLine[], titles: ColumnTitles, room: number) {
    this.#room = room;
    const names = widest(lines.map((line) => line.name));
    const beside = room - GAP.length - widest(lines.map((line) => shortestPlace(line.place)));
    this.#names = Math.max(titles.name.length, Math.min(names, NAME_COLUMN, beside));
    const besidePlace = room - GAP.length - (titles.place?.length ?? 0);
    this.title = cutEnd(titleOf(titles, lines, Math.min(this.#names, besidePlace)), room);
  }

  cell(line: NamedLine, theme: LinkingTheme): string {
    const style = theme[line.style];
    if (line.place === '') return style(cutEnd(line.name, this.#room));
    const { name, padding, place } = this.#divide(line);
    return style(name) + ' '.repeat(padding) + GAP + theme.link(theme.quiet(place), line.file);
  }

  /** The name is cut only where the file name would not fit beside it, and padded only as far as that leaves room. */
  #divide({ name, place }: NamedLine): { name: string; padding: number; place: string } {
    const least = width(shortestPlace(place));
    const besidePlace = this.#room - GAP.length - least;
    const shortName = cutEnd(name, Math.max(MIN_NAME_WIDTH, besidePlace));
    const used = width(shortName);
    const padding = Math.max(0, Math.min(this.#names, besidePlace) - used);
    const room = this.#room - used - padding - GAP.length;
    return { name: shortName, padding, place: cutStart(escapeControls(place), Math.max(room, 1)) };
  }
}
