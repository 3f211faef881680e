/**
 * Benjamini and Hochberg's step, as p-values that can be read one by one: of the tests whose adjusted p is at most a
 * level, no more than that share are wrong on average, however many are made at once.
 */
export function adjustedPs(ps: readonly number[]): number[] {
  const down = [...ps.keys()].sort((a, b) => (ps[b] ?? 0) - (ps[a] ?? 0));
  const adjusted = new Array<number>(ps.length);
  // From the largest down: what a larger p passes, a smaller one passes too.
  let least = 1;
  down.forEach((test, place) => {
    least = Math.min(least, (ps[test] ?? 0) * (ps.length / (ps.length - place)));
    adjusted[test] = least;
  });
  return adjusted;
}
