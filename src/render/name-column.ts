/** The last column of a table: name and place, fitted to the room that the numbers leave. */

import type { Theme } from './theme.ts';
import { cutEnd, cutStart, padEnd, widest, width } from './width.ts';

/** Styles, and what makes a place lead to its file. */
export interface LinkingTheme extends Theme {
  readonly link: (text: string, file: string | null) => string;
}

/** Between two columns. */
export const GAP = '  ';

/** A row's name and place, visible, as they would stand with all the room there is. */
export interface NamedLine {
  readonly name: string;
  /** `''` for none */
  readonly place: string;
  /** What the place leads to, as written. */
  readonly file: string | null;
  readonly style: 'strong' | 'plain' | 'noise';
}

/** Names longer than this push their own place aside instead of everybody's. */
const NAME_COLUMN = 36;

/** A name cut shorter than this says nothing. */
const SHORTEST_NAME = 8;

/** Columns that the last column needs. */
export interface Needs {
  /** for every name, up to the usual length, and every file name to be whole */
  readonly names: number;
  /** for every file name to be whole beside a name cut short */
  readonly fileNames: number;
}

export function needsOf(lines: readonly NamedLine[]): Needs {
  let names = 0;
  let fileNames = 0;
  for (const line of lines) {
    const place = width(shortestPlace(line.place));
    const name = Math.min(width(line.name), NAME_COLUMN);
    const beside = place === 0 ? 0 : GAP.length + place;
    names = Math.max(names, name + beside);
    fileNames = Math.max(fileNames, Math.min(name, SHORTEST_NAME) + beside);
  }
  return { names, fileNames };
}

/** Longer file names than this (a `data:` URL, a query) are cut like anything else. */
const FILE_NAME = 32;

/** What a place is cut to at most: its file name and line, with an ellipsis where a folder was. */
function shortestPlace(place: string): string {
  const base = place.slice(Math.max(place.lastIndexOf('/'), place.lastIndexOf('\\')) + 1);
  return cutStart(base === place ? place : `…${base}`, FILE_NAME);
}

/** Places lose their front first, and never the file name; then names their end. */
export class NameColumn {
  readonly title: string;
  readonly #names: number;
  readonly #room: number;

  constructor(
    lines: readonly NamedLine[],
    titles: { readonly name: string; readonly place: string | null },
    room: number,
  ) {
    this.#room = room;
    const names = widest(lines.map((line) => line.name));
    const beside = room - GAP.length - widest(lines.map((line) => shortestPlace(line.place)));
    this.#names = Math.max(titles.name.length, Math.min(names, NAME_COLUMN, beside));
    const hasPlaces = lines.some((line) => line.place !== '');
    this.title =
      titles.place === null || !hasPlaces ? titles.name : `${padEnd(titles.name, this.#names)}${GAP}${titles.place}`;
  }

  cell(line: NamedLine, theme: LinkingTheme): string {
    const [name, place] = this.#divide(line);
    const style = theme[line.style];
    if (place === '') return style(name);
    return style(name) + ' '.repeat(this.#space(name)) + theme.link(theme.quiet(place), line.file);
  }

  #space(name: string): number {
    return Math.max(0, this.#names - width(name)) + GAP.length;
  }

  #divide({ name, place }: NamedLine): [string, string] {
    if (place === '') return [cutEnd(name, this.#room), ''];
    const least = width(shortestPlace(place));
    const shortName = cutEnd(name, Math.max(SHORTEST_NAME, this.#room - GAP.length - least));
    const free = this.#room - width(shortName) - this.#space(shortName);
    if (width(place) <= free) return [shortName, place];
    return [shortName, cutStart(place, Math.max(free, Math.min(least, this.#room - SHORTEST_NAME - GAP.length)))];
  }
}
