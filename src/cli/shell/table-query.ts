/** Applies restrictions of pstats to a table: patterns filter rows, and a number limits them. */

import { pythonRegExp } from '../../pstats/python-regexp.ts';
import type { Restriction } from '../../pstats/restrictions.ts';
import { isForPeople, type OutputFormat } from '../../render/render.ts';
import { invalidRegExp, tooManyLimits } from './errors.ts';

export interface TableQuestion {
  readonly patterns: readonly RegExp[];
  /** `20`, `10%`; `0` is all. */
  readonly limit: string;
}

/** Throws PstatError (`query`) for an invalid regular expression and for several numbers. */
export function parseTableQuestion(restrictions: readonly Restriction[], format: OutputFormat): TableQuestion {
  const patterns: RegExp[] = [];
  const limits: string[] = [];
  for (const restriction of restrictions) {
    if (restriction.kind === 'count') limits.push(restriction.count < 0 ? '0' : String(restriction.count));
    else if (restriction.kind === 'fraction') limits.push(formatShareLimit(restriction.fraction));
    else patterns.push(parseExpression(restriction.pattern));
  }
  if (limits.length > 1) throw tooManyLimits();
  return { patterns, limit: limits[0] ?? (isForPeople(format) || format === 'pstats' ? '20' : '0') };
}

/** A fraction outside [0, 1) limits nothing. */
function formatShareLimit(fraction: number): string {
  return fraction >= 0 && fraction < 1 ? `${(fraction * 100).toFixed(6)}%` : '0';
}

function parseExpression(pattern: string): RegExp {
  const expression = pythonRegExp(pattern);
  if (expression === null) throw invalidRegExp(pattern);
  return expression;
}
