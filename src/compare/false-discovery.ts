/**
 * Benjamini and Hochberg's step: of the tests called significant, no more than `level` are wrong on average, however
 * many are made at once.
 */
export function significantAmong(ps: readonly number[], level: number): boolean[] {
  const sorted = ps.toSorted((a, b) => a - b);
  const passing = sorted.findLastIndex((p, i) => p <= (level * (i + 1)) / ps.length);
  const limit = sorted[passing] ?? Number.NEGATIVE_INFINITY;
  return ps.map((p) => p <= limit);
}
