/**
 * The only file that names a color. Red marks errors, regressions and heat. All is readable on light and dark backgrounds:
 * bold, dim, the red of most palettes, and colors whose contrast to white and to black is 4.5 : 1. Yellow is not, on white.
 */

import type { ChalkInstance } from 'chalk';
import type { BoxChange } from '../view/compared-picture.ts';

/** 0 none, 1 the sixteen colors, 2 and 3 more of them, as in chalk. */
export type ColorLevel = 0 | 1 | 2 | 3;

type Style = (text: string) => string;

/** What a text means, for its color. Never the only sign of it. */
export type Tone = 'plain' | 'quiet' | 'better' | 'worse' | 'hot' | 'warm';

export interface Theme {
  /** Column titles. */
  readonly title: Style;
  /** As it is. */
  readonly plain: Style;
  /** The most important text. */
  readonly strong: Style;
  /** Secondary text. */
  readonly quiet: Style;
  /** A row that is noise. */
  readonly noise: Style;
  /** Faster, passed. */
  readonly better: Style;
  /** Slower, failed. */
  readonly worse: Style;
  /** A large share of the time. */
  readonly hot: Style;
  /** A share worth looking at. */
  readonly warm: Style;
  /** The word `error`. */
  readonly error: Style;
  /** Boxes of pictures, one style for each group of colors. Dark text on light colors, for dark and light terminals. */
  readonly boxes: readonly Style[];
  /** Boxes of a comparison: red and blue, which also a reader who does not see red or green tells apart. */
  readonly changes: Readonly<Record<BoxChange, Style>>;
  /** What is selected, and the line of keys. */
  readonly selected: Style;
  /** What was searched for. */
  readonly underlined: Style;
}

/** Colors of boxes that a reader can tell apart, also without red or without green. */
export const BOX_COLORS = 7;

const unchanged: Style = (text) => text;

export const PLAIN_THEME: Theme = {
  title: unchanged,
  plain: unchanged,
  strong: unchanged,
  quiet: unchanged,
  noise: unchanged,
  better: unchanged,
  worse: unchanged,
  hot: unchanged,
  warm: unchanged,
  error: unchanged,
  boxes: Array.from({ length: BOX_COLORS }, () => unchanged),
  changes: { slower: unchanged, faster: unchanged, unchanged },
  selected: unchanged,
  underlined: unchanged,
};

/** Loads chalk only for colors: without it, a start is 4 ms shorter. */
export async function loadTheme(level: ColorLevel): Promise<Theme> {
  if (level === 0) return PLAIN_THEME;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level });
  return {
    title: chalk.dim,
    plain: unchanged,
    strong: chalk.bold,
    quiet: chalk.dim,
    noise: chalk.dim,
    worse: chalk.red,
    hot: chalk.red,
    error: chalk.red.bold,
    selected: chalk.inverse,
    underlined: chalk.underline,
    ...(level === 1 ? sixteenColors(chalk) : moreColors(chalk)),
  };
}

type Colored = Pick<Theme, 'better' | 'warm' | 'boxes' | 'changes'>;

function sixteenColors(chalk: ChalkInstance): Colored {
  const { bgYellow, bgCyan, bgGreen, bgMagenta, bgWhite, bgBlueBright, bgRedBright } = chalk;
  return {
    better: chalk.green,
    warm: chalk.bold,
    boxes: [bgYellow, bgCyan, bgGreen, bgMagenta, bgWhite, bgBlueBright, bgRedBright].map((style) => style.black),
    changes: { slower: bgRedBright.black, faster: bgCyan.black, unchanged: bgWhite.black },
  };
}

function moreColors(chalk: ChalkInstance): Colored {
  const box = (hex: string) => chalk.bgHex(hex).black;
  return {
    better: chalk.hex('#008700'),
    warm: chalk.hex('#af5f00'),
    boxes: ['#f2c14e', '#8ecae6', '#a7d8a0', '#d4b1e8', '#d0d0d0', '#f5a58a', '#b8c4d0'].map(box),
    changes: { slower: box('#f5a58a'), faster: box('#8ecae6'), unchanged: box('#d0d0d0') },
  };
}
