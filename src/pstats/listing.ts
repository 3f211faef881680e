import { tooMuchText } from './errors.ts';
import type { Listing, PythonStats } from './python-stats.ts';
import type { PatternRule, Restriction } from './restrictions.ts';

/** The three lists of pstats. */
export type ListKind = 'functions' | 'callers' | 'callees';

export interface ListQuestion {
  readonly list: ListKind;
  readonly restrictions: readonly Restriction[];
  /** Filters of rows; in callers and callees, of inner rows. */
  readonly rules?: readonly PatternRule[];
}

/** In characters. A small file may repeat one long name; V8's strings are limited to about twice this length. */
const MAX_TEXT_LENGTH = 2 ** 28;

/** Creates a list. Throws PstatError: `query` for a bad restriction, `missing-data` for a list too long to print. */
export function createListing(stats: PythonStats, question: ListQuestion): Listing {
  const listing = createAnyListing(stats, question);
  if (listing.lines.reduce((length, line) => length + line.length, 0) > MAX_TEXT_LENGTH) throw tooMuchText();
  return listing;
}

function createAnyListing(stats: PythonStats, { list, restrictions, rules = [] }: ListQuestion): Listing {
  switch (list) {
    case 'functions':
      return stats.listFunctions([...rules, ...restrictions]);
    case 'callers':
      return stats.listCallers(restrictions, rules);
    case 'callees':
      return stats.listCallees(restrictions, rules);
  }
}
