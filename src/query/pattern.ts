/** Parses the FUNCTION and PATTERN arguments. */

import { splitRegularExpression } from '../base/regular-expression.ts';
import type { FunctionIndex } from '../model/function-table.ts';
import { badPattern } from './errors.ts';

/** A pattern as given: text, `/regexp/flags`, or a RegExp. */
export type PatternLike = string | RegExp;

/** Functions that a pattern matches, or one function: several may have the same name and place. */
export type FunctionChoice = PatternLike | FunctionIndex;

/** Whether a text matches. */
export type Pattern = (text: string) => boolean;

/**
 * Plain text matches as a case-sensitive substring; `''` matches everything. `/regexp/flags` is a regular expression
 * only if it ends in a slash and valid flags, so that `/srv/app/x.js` is a path.
 * Throws PstatError (`query`) for an invalid regular expression.
 */
export function parsePattern(pattern: PatternLike): Pattern {
  if (typeof pattern !== 'string') return (text) => text.search(pattern) !== -1;
  const expression = regularExpression(pattern);
  // `search` ignores lastIndex, also with the flags g and y.
  return expression === null ? (text) => text.includes(pattern) : (text) => text.search(expression) !== -1;
}

/** Which rows are kept. In callers and callees: inner rows. */
export interface Filter {
  /** Keeps rows that match every pattern. */
  readonly filter?: readonly PatternLike[];
  /** Drops rows that match any pattern. */
  readonly exclude?: readonly PatternLike[];
}

/** Whether an item is kept. Throws PstatError (`query`) for an invalid regular expression. */
export function parseFilter<Item>(
  { filter = [], exclude = [] }: Filter,
  matches: (pattern: Pattern, item: Item) => boolean,
): (item: Item) => boolean {
  const [wanted, unwanted] = [filter.map(parsePattern), exclude.map(parsePattern)];
  return (item) =>
    wanted.every((pattern) => matches(pattern, item)) && !unwanted.some((pattern) => matches(pattern, item));
}

function regularExpression(pattern: string): RegExp | null {
  const parts = splitRegularExpression(pattern);
  if (parts === null) return null;
  const { source, flags } = parts;
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw badPattern(pattern, reasonOf(error, source));
  }
}

/** The end of V8's message: `Unterminated group` in `Invalid regular expression: /(/: Unterminated group`. */
function reasonOf(error: unknown, source: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const at = message.indexOf(source);
  const rest = at === -1 ? message : message.slice(at + source.length);
  return rest.replace(/^\/[a-z]*:\s*/, '').toLowerCase();
}
