/** What a page shows besides the columns of the profile: texts that only the command line can word. */

import type { AmountUnit } from '../../base/units.ts';

export interface PageFacts {
  readonly title: string;
  /** Lines above the picture, as every screen of pstat has them. */
  readonly heading: readonly string[];
  readonly notes: readonly string[];
  readonly counts: 'samples' | 'calls';
  readonly unit: AmountUnit;
  /** The denominator of shares, in µs; null if not known. */
  readonly counted: number | null;
  /** Parts that add up to the duration; empty if it is not known. */
  readonly breakdown: readonly BreakdownPart[];
  /** Options and files of a command that reads the same profile, quoted for a shell. */
  readonly arguments: string;
  /** Whether `(idle)` is among the rows. */
  readonly idle: boolean;
}

export interface BreakdownPart {
  readonly name: string;
  readonly time: number;
}

/** Rows of `pstat top`, hottest first: figures in µs and samples or calls, NaN if not known; errors in 0.01 %, 0 if not known. */
export const FIGURE_COLUMNS = [
  'function',
  'tottime',
  'cumtime',
  'selfCount',
  'totalCount',
  'selfError',
  'totalError',
] as const;

export type FigureColumn = (typeof FIGURE_COLUMNS)[number];

export const figureColumn = (name: FigureColumn) => `figure.${name}`;

/** FunctionIndex -> the displayed name and place (`''` for none), the category and the package. */
export const TEXT_COLUMNS = ['label', 'place', 'category', 'package'] as const;

export type TextColumn = (typeof TEXT_COLUMNS)[number];

export const textColumn = (name: TextColumn) => `text.${name}`;
