/** The sampling error of times: √Σd² / Σd over the durations d of the samples, which is 1/√n for n equal ones. */

import type { Metrics } from './call-graph.ts';
import { at } from './columns.ts';
import type { Count } from './count.ts';

/** Returns the relative standard errors of an item of a sampled profile; null without samples. */
export function relativeErrors(
  { self, total, selfCount, totalCount, selfSquares, totalSquares }: Metrics,
  item: number,
) {
  return {
    selfError: relativeError(at(self, item), selfSquares?.[item] ?? Number.NaN, at(selfCount, item)),
    totalError: relativeError(at(total, item), totalSquares?.[item] ?? Number.NaN, at(totalCount, item)),
  };
}

/** Returns the relative standard error of a time; null without samples. Without durations, samples count as equal. */
export function relativeError(time: number, squares: number, samples: Count): number | null {
  const error = time > 0 && squares > 0 ? Math.sqrt(squares) / time : 1 / Math.sqrt(Number(samples));
  return Number.isFinite(error) ? error : null;
}
