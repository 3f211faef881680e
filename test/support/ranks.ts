/** m and n different values with the Mann–Whitney statistic U = u. */
export function valuesWithU(m: number, n: number, u: number): [before: number[], after: number[]] {
  // The first side lies below the second; its largest values then climb past `u` of the other side's.
  const passed = Array.from({ length: m }, (_, i) => Math.min(n, Math.max(0, u - n * (m - 1 - i))));
  const before = passed.map((count, i) => count + (i + 0.5) / (m + 1));
  return [before, Array.from({ length: n }, (_, j) => j + 0.999)];
}
