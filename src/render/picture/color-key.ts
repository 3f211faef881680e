/** Which color a group of boxes has, and the line that explains it. */

import { escapeControls } from '../../base/text.ts';
import type { BoxChange } from '../../view/compared-picture.ts';
import type { Picture } from '../../view/flame-view.ts';
import { BOX_COLORS, type Theme } from '../theme.ts';
import type { PaintedSpan } from './paint.ts';

/** Where code comes from, in the order of the colors. */
const CATEGORIES: Readonly<Record<string, number>> = {
  app: 0,
  bundle: 0,
  eval: 0,
  wasm: 0,
  dependency: 1,
  node: 2,
  python: 2,
  native: 3,
  regexp: 3,
  gc: 4,
  program: 4,
  idle: 4,
};

const CATEGORY_NAMES = ['own code', 'dependencies', 'runtime', 'native', 'garbage collector and V8'];

/** Signs stand before names, so that changes are seen without color. */
export const CHANGE_SIGNS: Readonly<Record<BoxChange, string>> = { slower: '▲ ', faster: '▼ ', unchanged: '' };

const CHANGE_NAMES: Readonly<Record<BoxChange, string>> = {
  slower: '▲ slower, or new',
  faster: '▼ faster',
  unchanged: 'no verdict, or no change',
};

/** Which color a box has, and the line that explains the colors. */
export interface PictureKey {
  style(span: PaintedSpan, theme: Theme): (text: string) => string;
  legend(theme: Theme): string;
}

export function pictureKey(picture: Picture, rows: readonly (readonly PaintedSpan[])[]): PictureKey {
  return picture.changeOf === undefined ? new ColorKey(rows) : CHANGE_KEY;
}

const CHANGES = Object.keys(CHANGE_NAMES) as BoxChange[];

const CHANGE_KEY: PictureKey = {
  style({ colorGroup }, theme) {
    const change = CHANGES.find((each) => each === colorGroup);
    return change === undefined ? theme.plain : theme.changes[change];
  },
  legend: (theme) => CHANGES.map((change) => theme.changes[change](` ${CHANGE_NAMES[change]} `)).join(' '),
};

export class ColorKey implements PictureKey {
  readonly #names: readonly string[];
  readonly #colorOf = new Map<string, number>();

  /** Categories have colors of their own; packages get them in the order of their widths, and the rest shares one. */
  constructor(rows: readonly (readonly PaintedSpan[])[]) {
    const widths = new Map<string, number>();
    for (const { colorGroup, text } of rows.flat()) {
      if (colorGroup !== null) widths.set(colorGroup, (widths.get(colorGroup) ?? 0) + text.length);
    }
    const groups = [...widths.keys()].sort((a, b) => (widths.get(b) ?? 0) - (widths.get(a) ?? 0));
    const isCategory = groups.every((group) => group in CATEGORIES);
    groups.forEach((group, i) => {
      this.#colorOf.set(group, isCategory ? (CATEGORIES[group] ?? 0) : Math.min(i, BOX_COLORS - 1));
    });
    this.#names = isCategory
      ? CATEGORY_NAMES
      : [...groups.slice(0, BOX_COLORS - 1), ...(groups.length >= BOX_COLORS ? ['others'] : [])];
  }

  style({ colorGroup }: PaintedSpan, theme: Theme): (text: string) => string {
    const color = colorGroup === null ? undefined : this.#colorOf.get(colorGroup);
    return (color === undefined ? undefined : theme.boxes[color]) ?? theme.plain;
  }

  /** The colors that occur, each with its name. */
  legend(theme: Theme): string {
    const used = new Set(this.#colorOf.values());
    return this.#names
      .map((name, color) => (used.has(color) ? (theme.boxes[color] ?? theme.plain)(` ${escapeControls(name)} `) : ''))
      .filter((text) => text !== '')
      .join(' ');
  }
}
