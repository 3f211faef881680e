/** Patterns as they are typed. */

import { PstatError } from '../../base/errors.ts';
import { parsePattern } from '../../query/pattern.ts';

/** What is wrong with a pattern; null for one that parses. */
export function patternError(pattern: string): string | null {
  try {
    parsePattern(pattern);
    return null;
  } catch (error) {
    if (error instanceof PstatError) return error.fact;
    throw error;
  }
}
