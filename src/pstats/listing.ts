import { tooMuchText } from './errors.ts';
import type { Listing, PythonStats } from './python-stats.ts';
import type { PatternRule, Restriction } from './restrictions.ts';

/** pstats' three lists. */
export type ListKind = 'functions' | 'callers' | 'callees';

export interface ListQuestion {
  readonly list: ListKind;
  readonly restrictions: readonly Restriction[];
  /** Which rows stay, in callers and callees which inner ones. */
  readonly rules?: readonly PatternRule[];
}

/** A small file may refer to one long name again and again. Characters; V8's longest text is about twice that. */
const MAX_TEXT_LENGTH = 2 ** 28;

/** The list asked for. Throws PstatError: as the lists, and `missing-data` where it would be too long to print. */
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
