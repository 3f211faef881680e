/** What cuts a list of functions down: each restriction acts on what the one before it left, and leaves a line. */

import { keptRows, type Limit } from '../query/limit.ts';
import { parsePattern, regularExpressionParts } from '../query/pattern.ts';
import type { PythonFunction } from './dictionary.ts';
import { pythonRegExp } from './python-regexp.ts';
import { reprFraction, reprString, toAsciiDigits } from './python-text.ts';

export type Restriction =
  | { readonly kind: 'pattern'; readonly pattern: string }
  /** the first so many; a negative number and one that is no less than there are do nothing */
  | { readonly kind: 'count'; readonly count: number }
  /** the first so many of one; what is not from 0 up to 1 does nothing */
  | { readonly kind: 'fraction'; readonly fraction: number }
  /** pstat's own: a PATTERN that rows are to match, or are not to */
  | PatternRule;

/** --filter and --exclude, as pstats would have them. */
export interface PatternRule {
  readonly kind: 'filter' | 'exclude';
  readonly pattern: string;
}

export interface Restricted {
  readonly functions: readonly PythonFunction[];
  /** A line for each restriction that took something away, or that is no regular expression. */
  readonly messages: readonly string[];
}

/**
 * Throws PstatError (`query`) for a regular expression that Python takes and JavaScript cannot express, and for a filter
 * that does not parse.
 */
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

/** A line on what a restriction took away; none where that is nothing. @param what is shorter now, as `List` */
export function formatReduction(
  what: string,
  { from, to, restriction }: { readonly from: number; readonly to: number; readonly restriction: Restriction },
): string[] {
  const word = restriction.kind === 'filter' || restriction.kind === 'exclude' ? restriction.kind : 'restriction';
  return from === to
    ? []
    : [`   ${what} reduced from ${from} to ${to} due to ${word} <${reprRestriction(restriction)}>`];
}

/** Whether functions stay. Throws PstatError (`query`) for a pattern that does not parse. */
export function createRuleTest({ kind, pattern }: PatternRule): (fn: PythonFunction) => boolean {
  const matches = parsePattern(pattern);
  return ({ printed }) => matches(printed) === (kind === 'filter');
}

/** Null for a regular expression that is none. */
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

// ---- words ---------------------------------------------------------------------------------------------------------

/** Digits; Python reads longer ones as floats only. */
const MAX_INTEGER_DIGITS = 4300;

const FLOATS = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['nan', Number.NaN],
]);

/** `20` is a number of functions, `0.5` a share of them, all else a regular expression: as Python's int and float parse. */
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

/** FUNCTION as the first restriction: Python's regular expression, `/x/i` as `(?i)x`. */
export function parseFunctionRestriction(pattern: string): Restriction {
  const parts = regularExpressionParts(pattern);
  if (parts === null) return { kind: 'pattern', pattern };
  // JavaScript's other flags change nothing about whether something is found.
  const flags = parts.flags.replaceAll(/[^ims]/g, '');
  return { kind: 'pattern', pattern: flags === '' ? parts.source : `(?${flags})${parts.source}` };
}

/** --limit as the last restriction; null where it limits nothing. Throws PstatError (`query`). */
export function parseLimitRestriction(limit: Limit): Restriction | null {
  const text = String(limit);
  keptRows(text, 0);
  if (text.endsWith('%')) return { kind: 'fraction', fraction: Number(text.slice(0, -1)) / 100 };
  return Number(text) === 0 ? null : { kind: 'count', count: Number(text) };
}
