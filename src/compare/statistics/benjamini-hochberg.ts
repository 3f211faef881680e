/**
 * Benjamini–Hochberg adjusted p-values, in the order given. Among the tests whose adjusted p is at most a level, at
 * most that share are false discoveries on average. Benjamini and Hochberg 1995, https://doi.org/10.1111/j.2517-6161.1995.tb02031.x
 */
export function adjustPs(ps: readonly number[]): number[] {
  const descending = [...ps.keys()].sort((a, b) => (ps[b] ?? 0) - (ps[a] ?? 0));
  const adjusted = new Array<number>(ps.length);
  let smallest = 1;
  descending.forEach((test, place) => {
    smallest = Math.min(smallest, (ps[test] ?? 0) * (ps.length / (ps.length - place)));
    adjusted[test] = smallest;
  });
  return adjusted;
}
