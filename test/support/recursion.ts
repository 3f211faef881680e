/** A recording: samples of f → g → f → g, of functions without a name, and of the garbage collector, 100.3 µs apart. */
export function recursion(): string {
  const node = (id: number, functionName: string, lineNumber: number, children: number[] = []) => ({
    id,
    callFrame: {
      functionName,
      scriptId: '1',
      url: lineNumber < 0 ? '' : 'file:///srv/app/a.js',
      lineNumber,
      columnNumber: 3,
    },
    hitCount: 0,
    children,
  });
  const nodes = [
    node(1, '(root)', -1, [2, 8]),
    node(2, 'f', 10, [3]),
    node(3, 'g', 20, [4, 7]),
    node(4, 'f', 10, [5, 6]),
    node(5, 'g', 20),
    node(6, '', 30),
    node(7, '', 40),
    node(8, '(garbage collector)', -1),
  ];
  const samples = [2, 3, 4, 5, 8, 6, 7, 5, 4, 3, 8, 2];
  const timeDeltas = samples.map((_, i) => (i === 0 ? 0 : 100.3));
  return JSON.stringify({ nodes, samples, timeDeltas, startTime: 0, endTime: 1203.6 });
}
