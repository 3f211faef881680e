import { badLimit } from './errors.ts';

/** A number of rows, 0 for all, or a share such as `10%`. */
export type Limit = number | string;

/**
 * Returns the number of rows that a limit keeps. `N%` keeps ⌊n·p + ½⌋ as CPython does
 * (https://github.com/python/cpython/blob/main/Lib/pstats.py, eval_print_amount). Throws PstatError (`query`).
 */
export function applyLimit(limit: Limit | undefined, rows: number): number {
  if (limit === undefined) return rows;
  const text = String(limit);
  const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const value = Number(digits);
  if (digits === undefined || (percent === '%' ? value > 100 : !Number.isInteger(value))) throw badLimit(text);
  if (percent === '%') return Math.floor((rows * value) / 100 + 0.5);
  return value === 0 ? rows : Math.min(value, rows);
}

/** The rows to show of those that match, and how many match. */
export function limitRows<Row>(
  matching: readonly Row[],
  { limit, reverse }: { readonly limit: Limit; readonly reverse: boolean },
) {
  const order = reverse ? matching.toReversed() : matching;
  return { rows: order.slice(0, applyLimit(limit, order.length)), matched: order.length };
}
