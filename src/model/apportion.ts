/** Whole numbers whose sum is exact, by the method of largest remainders. */

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
