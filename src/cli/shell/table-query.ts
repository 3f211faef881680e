/** pstats' restrictions, asked of a table: patterns choose rows, then a number of them is shown. */

import { pythonRegExp } from '../../pstats/python-regexp.ts';
import type { Restriction } from '../../pstats/restrictions.ts';
import { isForPeople, type OutputFormat } from '../../render/render.ts';
import { noExpression, severalNumbers } from './errors.ts';

export interface TableQuestion {
  readonly patterns: readonly RegExp[];
  /** `20`, `10%`; `0` is all. */
  readonly limit: string;
}

/** Throws PstatError (`query`) for a regular expression that is none, and for several numbers. */
export function tableQuestion(restrictions: readonly Restriction[], format: OutputFormat): TableQuestion {
  const patterns: RegExp[] = [];
  const limits: string[] = [];
  for (const restriction of restrictions) {
    if (restriction.kind === 'count') limits.push(restriction.count < 0 ? '0' : String(restriction.count));
    else if (restriction.kind === 'fraction') limits.push(shareLimit(restriction.fraction));
    else patterns.push(expressionOf(restriction.pattern));
  }
  if (limits.length > 1) throw severalNumbers();
  return { patterns, limit: limits[0] ?? (isForPeople(format) || format === 'pstats' ? '20' : '0') };
}

/** What is no share limits nothing. */
function shareLimit(fraction: number): string {
  return fraction >= 0 && fraction < 1 ? `${(fraction * 100).toFixed(6)}%` : '0';
}

function expressionOf(pattern: string): RegExp {
  const expression = pythonRegExp(pattern);
  if (expression === null) throw noExpression(pattern);
  return expression;
}
