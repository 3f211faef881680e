/** The restrictions of pstats: each is applied to the result of the one before it and adds a message. */

import { splitRegularExpression } from '../base/regular-expression.ts';
import { applyLimit, type Limit } from '../query/limit.ts';
import { parsePattern } from '../query/pattern.ts';
import type { PythonFunction } from './dictionary.ts';
import { pythonRegExp } from './python-regexp.ts';
import { reprFraction, reprString, toAsciiDigits } from './python-text.ts';

export type Restriction =
  | { readonly kind: 'pattern'; readonly pattern: string }
  /** keeps the first `count`; a negative number does nothing */
  | { readonly kind: 'count'; readonly count: number }
  /** keeps the first `fraction` of the list; outside [0, 1) it does nothing */
  | { readonly kind: 'fraction'; readonly fraction: number }
  /** --filter or --exclude of pstat */
  | PatternRule;

/** --filter and --exclude as restrictions. */
export interface PatternRule {
  readonly kind: 'filter' | 'exclude';
  readonly pattern: string;
}

export interface Restricted {
  readonly functions: readonly PythonFunction[];
  /** One for each restriction that removed functions or is an invalid regular expression. */
  readonly messages: readonly string[];
}

/** Throws PstatError (`query`) for an unsupported regular expression and for a bad filter. */
export function applyRestrictions(
  functions: readonly PythonFunction[],
  restrictions: readonly Restriction[],
): Restricted {
  const messages: string[] = [];
  let left = functions;
  for (const restriction of restrictions) {
    const kept = applyRestriction(restriction, left);
    if (kept === null) messages.push(`   <Invalid regular expression ${reprRestriction(restriction)}>`);
    else messages.push(...formatReduction('List', { from: left.length, to: kept.length, restriction }));
    left = kept ?? left;
  }
  return { functions: left, messages };
}

/** The message on what a restriction removed; none if nothing. @param what was shortened, such as `List` */
export function formatReduction(
  what: string,
  { from, to, restriction }: { readonly from: number; readonly to: number; readonly restriction: Restriction },
): string[] {
  const word = restriction.kind === 'filter' || restriction.kind === 'exclude' ? restriction.kind : 'restriction';
  return from === to
    ? []
    : [`   ${what} reduced from ${from} to ${to} due to ${word} <${reprRestriction(restriction)}>`];
}

/** Returns a test for functions that stay. Throws PstatError (`query`) for a bad pattern. */
export function createRuleTest({ kind, pattern }: PatternRule): (fn: PythonFunction) => boolean {
  const matches = parsePattern(pattern);
  return ({ printed }) => matches(printed) === (kind === 'filter');
}

/** Returns null for an invalid regular expression. */
function applyRestriction(
  restriction: Restriction,
  functions: readonly PythonFunction[],
): readonly PythonFunction[] | null {
  switch (restriction.kind) {
    case 'pattern': {
      const expression = pythonRegExp(restriction.pattern);
      return expression === null ? null : functions.filter(({ printed }) => expression.test(printed));
    }
    case 'count': {
      const { count } = restriction;
      return count >= 0 && count < functions.length ? functions.slice(0, count) : functions;
    }
    case 'fraction': {
      const { fraction } = restriction;
      const isShare = fraction >= 0 && fraction < 1;
      return isShare ? functions.slice(0, Math.floor(functions.length * fraction + 0.5)) : functions;
    }
    case 'filter':
    case 'exclude':
      return functions.filter(createRuleTest(restriction));
  }
}

function reprRestriction(restriction: Restriction): string {
  switch (restriction.kind) {
    case 'pattern':
    case 'filter':
    case 'exclude':
      return reprString(restriction.pattern);
    case 'count':
      return String(restriction.count);
    case 'fraction':
      return reprFraction(restriction.fraction);
  }
}

// ---- parsing -------------------------------------------------------------------------------------------------------

/** Python's `int` rejects more digits; such numbers are read as floats. */
const MAX_INTEGER_DIGITS = 4300;

const FLOATS = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['nan', Number.NaN],
]);

/** Parses `20` as a count, `0.5` as a fraction and anything else as a regular expression, by the rules of Python's int and float. */
export function parseRestriction(word: string): Restriction {
  const digits = toAsciiDigits(word.trim()).replaceAll(/(?<=\d)_(?=\d)/g, '');
  if (/^[+-]?\d+$/.test(digits) && digits.replace(/^[+-]/, '').length <= MAX_INTEGER_DIGITS) {
    return { kind: 'count', count: Number(digits) };
  }
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(digits)) return { kind: 'fraction', fraction: Number(digits) };
  const special = FLOATS.get(digits.replace(/^[+-]/, '').toLowerCase());
  if (special !== undefined) return { kind: 'fraction', fraction: digits.startsWith('-') ? -special : special };
  return { kind: 'pattern', pattern: word };
}

/** FUNCTION as a restriction: a Python regular expression; `/x/i` becomes `(?i)x`. */
export function parseFunctionRestriction(pattern: string): Restriction {
  const parts = splitRegularExpression(pattern);
  if (parts === null) return { kind: 'pattern', pattern };
  // JavaScript's other flags do not change whether something matches.
  const flags = parts.flags.replaceAll(/[^ims]/g, '');
  return { kind: 'pattern', pattern: flags === '' ? parts.source : `(?${flags})${parts.source}` };
}

/** --limit as a restriction; null for no limit. Throws PstatError (`query`). */
export function parseLimitRestriction(limit: Limit): Restriction | null {
  const text = String(limit);
  applyLimit(text, 0);
  if (text.endsWith('%')) return { kind: 'fraction', fraction: Number(text.slice(0, -1)) / 100 };
  return Number(text) === 0 ? null : { kind: 'count', count: Number(text) };
}
