/** The last column of a table: name and place, fitted to the room that the numbers leave. */

import { visible } from '../text.ts';
import type { View, ViewRow } from '../view/views.ts';
import type { Theme } from './theme.ts';
import { cutEnd, cutStart, padEnd, widest, width } from './width.ts';

/** Styles, and what makes a place lead to its file. */
export interface LinkingTheme extends Theme {
  readonly link: (text: string, file: string | null) => string;
}

/** Between two columns. */
export const GAP = '  ';

/** Before an inner name. */
export const INDENT = '  ';

/** A row as it stands in a table: an outer one, or an inner one below its outer row. */
export interface RowLine {
  readonly row: ViewRow;
  readonly outer: ViewRow | null;
}

/** Names longer than this push their own place aside instead of everybody's. */
const NAME_COLUMN = 36;

/** A name as it stands in its column: inner ones are indented behind an arrow. */
function nameOf({ row, outer }: RowLine, view: View): string {
  const arrow = { functions: '', callers: '<- ', callees: '-> ' }[view.view];
  return (outer === null ? '' : INDENT + arrow) + visible(row.label);
}

function placeOf({ row }: RowLine): string {
  return visible(row.place ?? '');
}

/** What a place is cut to at most: its file name and line, with an ellipsis where a folder was. */
function shortestPlace(place: string): string {
  const base = place.slice(Math.max(place.lastIndexOf('/'), place.lastIndexOf('\\')) + 1);
  return base === place ? place : `…${base}`;
}

/** Columns that the last column needs. */
export interface Needs {
  /** for every name, up to the usual length, and every file name to be whole */
  readonly names: number;
  /** for every file name to be whole beside a name cut short */
  readonly fileNames: number;
}

/** A name cut shorter than this says nothing. */
const SHORTEST_NAME = 8;

export function needsOf(lines: readonly RowLine[], view: View): Needs {
  let names = 0;
  let fileNames = 0;
  for (const line of lines) {
    const place = width(shortestPlace(placeOf(line)));
    const name = Math.min(width(nameOf(line, view)), NAME_COLUMN);
    const beside = place === 0 ? 0 : GAP.length + place;
    names = Math.max(names, name + beside);
    fileNames = Math.max(fileNames, Math.min(name, SHORTEST_NAME) + beside);
  }
  return { names, fileNames };
}

/** The last column: name and place. Places lose their front first, and never the file name; then names their end. */
export class NameColumn {
  readonly title: string;
  readonly #names: number;
  readonly #room: number;
  readonly #view: View;

  constructor(lines: readonly RowLine[], view: View, room: number) {
    this.#room = room;
    this.#view = view;
    const names = widest(lines.map((line) => nameOf(line, view)));
    const beside = room - GAP.length - widest(lines.map((line) => shortestPlace(placeOf(line))));
    this.#names = Math.max(view.by.length, Math.min(names, NAME_COLUMN, beside));
    this.title = view.by === 'function' ? `${padEnd('function', this.#names)}${GAP}file:line` : view.by;
  }

  cell(line: RowLine, noise: boolean, theme: LinkingTheme): string {
    const [name, place] = this.#divide(nameOf(line, this.#view), placeOf(line));
    const style = noise ? theme.noise : line.outer === null ? theme.strong : theme.plain;
    return place === ''
      ? style(name)
      : style(name) + ' '.repeat(this.#space(name)) + theme.link(theme.quiet(place), line.row.file);
  }

  #space(name: string): number {
    return Math.max(0, this.#names - width(name)) + GAP.length;
  }

  #divide(name: string, place: string): [string, string] {
    if (place === '') return [cutEnd(name, this.#room), ''];
    const least = shortestPlace(place);
    const shortName = cutEnd(name, Math.max(SHORTEST_NAME, this.#room - GAP.length - width(least)));
    const free = this.#room - width(shortName) - this.#space(shortName);
    return [
      shortName,
      width(place) <= free ? place : cutStart(place, Math.max(free, Math.min(width(least), this.#room - 10))),
    ];
  }
}
