/** What a page shows besides the columns of the profile: texts that only the command line can word. */

import type { AmountUnit } from '../../base/units.ts';

/** What is shown at a time: the whole profile, the requests of a route, or one request. */
export interface ScopeFacts {
  /** Lines above the picture, as every screen of pstat has them. */
  readonly heading: readonly string[];
  readonly notes: readonly string[];
  /** The denominator of shares, in µs; null if not known. */
  readonly counted: number | null;
  /** From start to end of recording, in µs; null if not known. */
  readonly duration: number | null;
  /** Parts that add up to the duration; empty if it is not known. */
  readonly breakdown: readonly BreakdownPart[];
  /** Options and files of a command that reads the same profile, quoted for a shell. */
  readonly arguments: string;
  /** What `pstat compare` says, of which the profile is the side AFTER; null for others. */
  readonly comparison: ComparisonFacts | null;
}

export interface PageFacts extends ScopeFacts {
  readonly title: string;
  readonly counts: 'samples' | 'calls';
  readonly unit: AmountUnit;
  /** Whether `(idle)` is among the rows. */
  readonly idle: boolean;
  /** What a folder of requests holds; null for other profiles. */
  readonly requests: RequestsFacts | null;
}

export interface ComparisonFacts {
  /** The verdict, and what it rests on. */
  readonly heading: readonly ComparedLine[];
  readonly notes: readonly string[];
  readonly columns: readonly TableColumn[];
  readonly rows: readonly ComparedRow[];
  /** The command that prints the same. */
  readonly command: string;
}

export interface ComparedLine {
  readonly text: string;
  readonly tone: 'worse' | 'better' | 'plain';
}

/** A function that changed. */
export interface ComparedRow {
  readonly name: string;
  readonly place: string;
  /** The functions of the profile that it is; none for one that was removed. */
  readonly functions: readonly number[];
  /** `same`: no significant change */
  readonly verdict: 'slower' | 'faster' | 'same';
}

/** The answer of `pstat requests`, or of `pstat compare` of several routes, and what can be opened from it. */
export interface RequestsFacts {
  readonly heading: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly IndexRow[];
  /** Lines under the rows: slow requests, cold starts, files that were skipped; notes. */
  readonly lines: readonly string[];
  readonly linesTitle: string;
  readonly routes: readonly RouteFacts[];
  /** The parts of the file, in their order. */
  readonly requests: readonly RequestFacts[];
}

export interface TableColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** row -> text */
  readonly cells: readonly string[];
}

/** Requests of one route and one status. */
export interface IndexRow {
  readonly name: string;
  /** Its place among the routes. */
  readonly route: number;
}

export interface RouteFacts extends ScopeFacts {
  readonly name: string;
  /** The numbers of its requests, the slowest first. */
  readonly requests: readonly number[];
}

export interface RequestFacts extends ScopeFacts {
  readonly file: string;
  /** µs from the request to the end of its response; null for a profile that is of no request. */
  readonly elapsed: number | null;
  readonly status: number | null;
  /** `slowest`, `median`, `failed`, `cold start` */
  readonly marks: readonly string[];
}

export interface BreakdownPart {
  readonly name: string;
  readonly time: number;
}

/** Why a file of sources has no text of a function; `found`: none of its lines. */
export const MISSING_SOURCES = ['missing', 'ambiguous', 'unreadable', 'changed', 'none', 'found'] as const;

/** FunctionIndex -> the displayed name and place (`''` for none), the category and the package. */
const TEXT_COLUMNS = ['label', 'place', 'category', 'package'] as const;

export type TextColumn = (typeof TEXT_COLUMNS)[number];

export const textColumn = (name: TextColumn) => `text.${name}`;
