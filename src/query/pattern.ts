/** FUNCTION and PATTERN: what the user wrote, as a test of functions. */

import { badPattern } from '../base/errors.ts';

/** A pattern as the user wrote it: text, `/regexp/flags`, or a RegExp from a program. */
export type PatternLike = string | RegExp;

/** Whether a text matches. */
export type Pattern = (text: string) => boolean;

/**
 * Plain text matches where it stands anywhere, in the same case; `''` matches everything. `/regexp/flags` is a
 * regular expression only if it ends in a slash and valid flags, so that `/srv/app/x.js` stays a path.
 * Throws PstatError (`query`) for a regular expression that does not parse.
 */
export function parsePattern(pattern: PatternLike): Pattern {
  if (typeof pattern !== 'string') return (text) => text.search(pattern) !== -1;
  const expression = regularExpression(pattern);
  // `search` starts at the beginning whatever was matched before, also with the flags g and y.
  return expression === null ? (text) => text.includes(pattern) : (text) => text.search(expression) !== -1;
}

/** What stands between the slashes of `/regexp/flags`, and behind them; null for plain text. */
export function splitRegularExpression(pattern: string): { readonly source: string; readonly flags: string } | null {
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/s.exec(pattern) ?? [];
  return source === undefined || flags === undefined || !areFlags(flags) ? null : { source, flags };
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

function areFlags(flags: string): boolean {
  try {
    new RegExp('', flags);
    return true;
  } catch {
    return false;
  }
}

/** V8 says `Invalid regular expression: /(/: Unterminated group`; the end of it is the reason. */
function reasonOf(error: unknown, source: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const at = message.indexOf(source);
  const rest = at === -1 ? message : message.slice(at + source.length);
  return rest.replace(/^\/[a-z]*:\s*/, '').toLowerCase();
}
