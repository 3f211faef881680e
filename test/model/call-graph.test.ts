/** Tests the counting rule: a stack counts once for a function and for an edge. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildCallGraph, type CallGraph } from '../../src/model/call-graph.ts';
import { FunctionTableBuilder } from '../../src/model/function-table.ts';
import { normalize } from '../../src/model/normalize/normalize.ts';
import type { RawStacksProfile } from '../../src/model/raw-profile.ts';
import { type Drawing, draw } from '../support/draw.ts';
import { countEdges, countFunctions, edgeTable, functionTable, profileOf, stackSamples } from '../support/stacks.ts';
import { traced } from '../support/traced.ts';

function graphOf(picture: string, drawing?: Drawing): CallGraph {
  return buildCallGraph(normalize(draw(picture, drawing), 'drawing'));
}

describe('a sampled profile', () => {
  test('counts samples with a function on top for self, and samples with it anywhere for total', () => {
    const graph = graphOf(`
      main main main main
      a    a    b
           c
    `);
    expect(functionTable(graph)).toEqual({
      main: [1000, 4000, 1, 4],
      a: [1000, 2000, 1, 2],
      b: [1000, 1000, 1, 1],
      c: [1000, 1000, 1, 1],
    });
    expect(edgeTable(graph)).toEqual({
      'main > a': [1000, 2000, 1, 2],
      'main > b': [1000, 1000, 1, 1],
      'a > c': [1000, 1000, 1, 1],
    });
  });

  test('counts a stack once for a recursive function', () => {
    const graph = graphOf(`
      a a a
      a a b
      a   a
    `);
    expect(functionTable(graph)).toEqual({ a: [3000, 3000, 3, 3], b: [0, 1000, 0, 1] });
  });

  test('counts direct recursion as an edge from the function to itself, once per stack', () => {
    const graph = graphOf(`
      a a a a
      a a a b
      a a
      a
    `);
    expect(edgeTable(graph)).toEqual({ 'a > a': [3000, 3000, 3, 3], 'a > b': [1000, 1000, 1, 1] });
  });

  test('counts each edge of mutual recursion once per stack', () => {
    const graph = graphOf(`
      a a
      b b
      a a
      b b
      a
    `);
    expect(functionTable(graph)).toEqual({ a: [1000, 2000, 1, 2], b: [1000, 2000, 1, 2] });
    expect(edgeTable(graph)).toEqual({ 'a > b': [1000, 2000, 1, 2], 'b > a': [1000, 2000, 1, 2] });
  });

  test('counts two sibling calls of one function as two stacks', () => {
    const graph = graphOf(`
      main main
      a    b
      x    x
    `);
    expect(functionTable(graph)['x']).toEqual([2000, 2000, 2, 2]);
    expect(edgeTable(graph)).toMatchObject({ 'a > x': [1000, 1000, 1, 1], 'b > x': [1000, 1000, 1, 1] });
  });

  test('has a row for (idle), whose time is not counted', () => {
    const { sums, ...graph } = graphOf(`
      main (idle) (idle) (program)
    `);
    expect(sums).toEqual({ counted: 2000, idle: 2000, selfCount: 4, totalCount: null });
    expect(functionTable({ sums, ...graph })['(idle)']).toEqual([2000, 2000, 2, 2]);
  });

  test('gives the time before the first sample to no function', () =>
    expect(graphOf('main main', { beforeFirstSample: 70_000 }).sums.counted).toBe(2000));

  test('has no edges from the root', () => expect(graphOf('main (program) (gc)').edges.length).toBe(0));

  test('has an edge from the interrupted function to the garbage collector', () => {
    const graph = graphOf(`
      main (gc) main
      a         a
    `);
    expect(functionTable(graph)).toEqual({
      main: [0, 3000, 0, 3],
      a: [2000, 3000, 2, 3],
      '(gc)': [1000, 1000, 1, 1],
    });
    expect(edgeTable(graph)).toEqual({ 'main > a': [2000, 3000, 2, 3], 'a > (gc)': [1000, 1000, 1, 1] });
  });
});

describe('random stacks', () => {
  test('give every function the sums over its stacks', () => {
    fc.assert(
      fc.property(stackSamples, (stacks) => {
        expect(functionTable(buildCallGraph(profileOf(stacks)))).toEqual(countFunctions(stacks));
      }),
      { numRuns: 150 },
    );
  });

  test('give every edge the sums over its stacks', () => {
    fc.assert(
      fc.property(stackSamples, (stacks) => {
        expect(edgeTable(buildCallGraph(profileOf(stacks)))).toEqual(countEdges(stacks));
      }),
      { numRuns: 150 },
    );
  });

  test('satisfy self ≤ total ≤ counted, and Σ self = counted', () => {
    fc.assert(
      fc.property(stackSamples, (stacks) => {
        const graph = buildCallGraph(profileOf(stacks));
        const metrics = Object.values(functionTable(graph));
        for (const [self, total, count, totalCount] of metrics) {
          expect(self).toBeLessThanOrEqual(total);
          expect(total).toBeLessThanOrEqual(graph.sums.counted);
          expect(Number(count)).toBeLessThanOrEqual(Number(totalCount));
        }
        expect(metrics.reduce((sum, [self]) => sum + self, 0)).toBe(graph.sums.counted);
        expect(metrics.reduce((sum, [, , count]) => sum + Number(count), 0)).toBe(graph.sums.selfCount);
      }),
    );
  });
});

describe('deep stacks', () => {
  /** One stack of `depth` frames with a sample on each; `name` returns the function of a frame. */
  const chain = (depth: number, name: (frame: number) => string): RawStacksProfile => {
    const functions = new FunctionTableBuilder();
    const root = functions.intern({ kind: 'root', name: '(root)', file: '', line: 0, column: 0 });
    const frames = Array.from({ length: depth }, (_, i) =>
      functions.intern({ kind: 'js', name: name(i), file: 'app.js', line: 1, column: 1 }),
    );
    const parent = Int32Array.from({ length: depth + 1 }, (_, node) => node - 1);
    return {
      counts: 'samples',
      format: 'drawing',
      linesAreSampled: false,
      functions: functions.finish(),
      nodes: { length: depth + 1, parent, function: Int32Array.from([root, ...frames]), hitCount: null },
      samples: Int32Array.from({ length: depth }, (_, i) => i + 1),
      times: Float64Array.from({ length: depth }, (_, i) => i),
      duration: depth,
      notes: [],
    };
  };
  const graphOfChain = (depth: number, name: (frame: number) => string) =>
    buildCallGraph(normalize(chain(depth, name), 'chain'));

  test('of 100,000 different functions are read', () => {
    const depth = 100_000;
    const { metrics, rows, edges, sums } = graphOfChain(depth, (i) => `f${i}`);
    expect(sums.counted).toBe(depth);
    expect([...rows].every((fn, i) => metrics.self[fn] === 1 && metrics.total[fn] === depth - i)).toBe(true);
    expect(edges.length).toBe(depth - 1);
    expect(Array.from(edges.total).every((total, i) => total === depth - 1 - i)).toBe(true);
  });

  test('of 10,000 levels of direct recursion are read', () => {
    const graph = graphOfChain(10_000, () => 'f');
    expect(functionTable(graph)).toEqual({ f: [10_000, 10_000, 10_000, 10_000] });
    expect(edgeTable(graph)).toEqual({ 'f > f': [9999, 9999, 9999, 9999] });
  });

  test('of 100,000 levels of mutual recursion are read', () => {
    const graph = graphOfChain(100_000, (i) => (i % 2 === 0 ? 'even' : 'odd'));
    expect(functionTable(graph)).toEqual({
      even: [50_000, 100_000, 50_000, 100_000],
      odd: [50_000, 99_999, 50_000, 99_999],
    });
    expect(edgeTable(graph)).toEqual({
      'even > odd': [50_000, 99_999, 50_000, 99_999],
      'odd > even': [49_999, 99_998, 49_999, 99_998],
    });
  });
});

describe('a traced profile', () => {
  const graph = buildCallGraph(
    traced({
      'app.py:1(main)': [1, 1, 0.5, 6, {}],
      'app.py:9(work)': [4, 10, 1.5, 7, { 'app.py:1(main)': [4, 4, 0.9, 4], 'app.py:9(work)': [6, 0, 0.6, 1] }],
    }),
  );

  test("keeps the file's numbers in seconds", () => {
    expect(graph.unit).toBe(1e6);
    expect(functionTable(graph)).toEqual({ main: [0.5, 6, 1, 1], work: [1.5, 7, 10, 4] });
    expect(edgeTable(graph)).toEqual({ 'main > work': [0.9, 4, 4, 4], 'work > work': [0.6, 1, 6, 0] });
  });

  test('counts the sum of all tottimes, which a cumtime may exceed', () =>
    expect(graph.sums).toEqual({ counted: 2, idle: null, selfCount: 11, totalCount: 5 }));

  test('has no row for a caller without metrics of its own', () => {
    const { rows, functions, edges } = buildCallGraph(
      traced({ 'app.py:9(work)': [1, 1, 1, 1, { 'gone.py:1(x)': [1, 1, 1, 1] }] }),
    );
    expect(Array.from(rows, (fn) => functions.name[fn])).toEqual(['work']);
    expect(edges.length).toBe(1);
  });

  test('has edges with counts and unknown times if the file has no times for them', () => {
    const counted = buildCallGraph(traced({ 'a:1(f)': [1, 1, 1, 1, {}], 'a:2(g)': [2, 2, 1, 1, { 'a:1(f)': 2 }] }));
    expect(edgeTable(counted)).toEqual({ 'f > g': [Number.NaN, Number.NaN, 2, Number.NaN] });
  });
});
