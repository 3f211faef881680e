/** Checks that something takes milliseconds, not minutes. Not a benchmark. */
export function within<T>(milliseconds: number, run: () => T): T {
  const start = performance.now();
  const result = run();
  const taken = performance.now() - start;
  if (taken > milliseconds) throw new Error(`took ${Math.round(taken)} ms, more than ${milliseconds} ms`);
  return result;
}
