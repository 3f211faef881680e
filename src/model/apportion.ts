/** Whole numbers whose sum is exact, by the method of largest remainders. */

import { sum } from '../base/averages.ts';
import { at } from './columns.ts';

/**
 * Rounds amounts to whole numbers whose sum is the rounded sum of the amounts: each is rounded down, and those with the
 * largest remainders are then raised by one; of equal remainders the first. Amounts are finite and not negative.
 */
export function roundToSum(amounts: Float64Array): Float64Array {
  const rounded = amounts.map(Math.floor);
  const missing = missingUnits(amounts, rounded);
  if (missing === 0) return rounded;
  const remainder = (i: number) => at(amounts, i) - at(rounded, i);
  const order = [...amounts.keys()].filter((i) => remainder(i) > 0).sort((a, b) => remainder(b) - remainder(a));
  for (const i of order.slice(0, missing)) rounded[i] = at(rounded, i) + 1;
  return rounded;
}

function missingUnits(amounts: Float64Array, rounded: Float64Array): number {
  let remainders = 0;
  for (let i = 0; i < amounts.length; i++) remainders += at(amounts, i) - at(rounded, i);
  return Math.round(remainders);
}

/**
 * Divides a total in the proportions of the weights by the largest remainder: whole parts that add up to the total exactly.
 * Of a total that is not whole, one part has the fraction.
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  const all = sum(weights);
  if (all === total && weights.every(Number.isInteger)) return [...weights];
  if (all === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (total * weight) / all);
  const parts = exact.map(Math.floor);
  const remainder = (i: number) => at(exact, i) - at(parts, i);
  const order = [...weights.keys()].filter((i) => weights[i] !== 0).sort((a, b) => remainder(b) - remainder(a));
  let rest = total - sum(parts);
  for (const i of order) {
    const more = Math.min(1, Math.max(0, rest));
    parts[i] = at(parts, i) + more;
    rest -= more;
  }
  // Not 0 where a product was rounded.
  const [first = 0] = order;
  parts[first] = at(parts, first) + rest;
  return parts;
}
