/** Tests that call trees are depth-first for any order of nodes in the file. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BuiltCallTree,
  type CallTree,
  CallTreeBuilder,
  stackDepths,
  subtreeSums,
} from '../../src/model/call-tree.ts';
import { toDepthFirst, type UnorderedNodes } from '../../src/model/depth-first.ts';

/** Nodes with these parents. The function of a row is its number. */
function treeOf(parent: readonly number[]): UnorderedNodes {
  return { length: parent.length, parent: Int32Array.from(parent), function: Int32Array.from(parent.keys()) };
}

/** The depth-first tree, with the former row numbers as times. */
function laidOut(before: UnorderedNodes): BuiltCallTree {
  const { nodes, movedTo } = toDepthFirst(before);
  const metrics = Float64Array.from(nodes.function);
  return {
    tree: { ...nodes, self: metrics, samples: metrics, selfSquares: metrics, queued: null, lines: null },
    movedTo,
  };
}

/** Forests with rows in any order. */
const forests = fc.array(fc.nat(), { maxLength: 40, size: 'max' }).chain((numbers) => {
  const rows = [...numbers.keys()];
  const parent = numbers.map((number, row) => (number % (row + 1)) - 1);
  return fc.shuffledSubarray(rows, { minLength: rows.length }).map((place) => {
    const shuffled: number[] = [];
    parent.forEach((above, row) => {
      shuffled[place[row] ?? -1] = above === -1 ? -1 : (place[above] ?? -1);
    });
    return treeOf(shuffled);
  });
});

/** row before -> row after */
function movesOf({ tree, movedTo }: BuiltCallTree): number[] {
  return movedTo === null ? [...tree.parent.keys()] : [...movedTo];
}

/** A row and its ancestors, innermost first. */
function ancestors({ parent }: Pick<CallTree, 'parent'>, row: number): number[] {
  const path: number[] = [];
  for (let at = row; at !== -1; at = parent[at] ?? -1) path.push(at);
  return path;
}

/** A row and its descendants. */
function descendants(tree: CallTree, row: number): number[] {
  return [...tree.parent.keys()].filter((other) => ancestors(tree, other).includes(row));
}

describe('a tree in depth-first order', () => {
  test('has every row once, with its parent and times', () => {
    fc.assert(
      fc.property(forests, (before) => {
        const result = laidOut(before);
        const { tree } = result;
        const moves = movesOf(result);
        expect(moves.toSorted((a, b) => a - b)).toEqual([...before.parent.keys()]);
        moves.forEach((to, row) => {
          const above = before.parent[row] ?? -1;
          expect(tree.parent[to]).toBe(above === -1 ? -1 : moves[above]);
          expect(tree.function[to]).toBe(row);
        });
      }),
      { numRuns: 100 },
    );
  });

  test('has nodes before their children', () => {
    fc.assert(
      fc.property(forests, (before) => {
        const { tree } = laidOut(before);
        tree.parent.forEach((above, row) => {
          expect(above).toBeLessThan(row);
        });
      }),
    );
  });

  test('has each subtree in one range of rows, up to subtreeEnd', () => {
    fc.assert(
      fc.property(forests, (before) => {
        const { tree } = laidOut(before);
        for (const row of tree.parent.keys()) {
          const end = tree.subtreeEnd[row] ?? -1;
          const run = Array.from({ length: end - row }, (_, i) => row + i);
          expect(descendants(tree, row)).toEqual(run);
        }
      }),
    );
  });

  test('is not copied if the rows have this order already', () => {
    fc.assert(
      fc.property(forests, (forest) => {
        const { nodes: before } = toDepthFirst(forest);
        const { nodes: tree, movedTo } = toDepthFirst(before);
        expect(movedTo).toBeNull();
        expect(tree.function).toBe(before.function);
        expect(tree.parent).toBe(before.parent);
      }),
    );
  });

  test('returns movedTo only if rows moved', () => {
    expect(toDepthFirst(treeOf([-1, 0, 1, 0])).movedTo).toBeNull();
    expect(toDepthFirst(treeOf([-1, 0, 0, 1])).movedTo).not.toBeNull();
    expect(toDepthFirst(treeOf([1, -1])).movedTo).not.toBeNull();
  });

  test('does not change its input', () => {
    const before = treeOf([2, 0, -1, 2]);
    toDepthFirst(before);
    expect(before).toEqual(treeOf([2, 0, -1, 2]));
  });

  test('may be empty', () => expect(toDepthFirst(treeOf([])).nodes.length).toBe(0));

  test.each([
    ['itself', [0]],
    ['each other', [-1, 2, 1]],
    ['a ring that no root reaches', [-1, 0, 4, 2, 3]],
  ])('throws for a cycle: parents %s', (_, parent) => expect(() => toDepthFirst(treeOf(parent))).toThrow(RangeError));

  test('may be a million rows deep, in order from the leaf to the root', () => {
    const length = 1_000_000;
    const { tree } = laidOut(treeOf(Array.from({ length }, (_, row) => (row + 1 < length ? row + 1 : -1))));
    expect(tree.parent.every((above, row) => above === row - 1)).toBe(true);
    expect(tree.subtreeEnd.every((end) => end === length)).toBe(true);
  });
});

describe('sums and depths', () => {
  test('subtreeSums adds all nodes of a subtree', () => {
    fc.assert(
      fc.property(forests, (forest) => {
        const { tree } = laidOut(forest);
        const brute = [...tree.parent.keys()].map((row) =>
          descendants(tree, row).reduce((sum, below) => sum + (tree.self[below] ?? 0), 0),
        );
        expect([...subtreeSums(tree).self]).toEqual(brute);
        expect([...subtreeSums(tree).samples]).toEqual(brute);
      }),
    );
  });

  test('subtreeSums does not change its input', () => {
    const { tree } = laidOut(treeOf([-1, 0, 1]));
    subtreeSums(tree);
    expect([...tree.self]).toEqual([0, 1, 2]);
  });

  test('stackDepths counts frames without the root', () => {
    fc.assert(
      fc.property(forests, (forest) => {
        const { tree } = laidOut(forest);
        expect([...stackDepths(tree)]).toEqual([...tree.parent.keys()].map((row) => ancestors(tree, row).length - 1));
      }),
    );
  });
});

describe('CallTreeBuilder', () => {
  test('returns nodes in depth-first order with their summed times', () => {
    const builder = new CallTreeBuilder();
    const main = builder.push(-1, 10);
    const parse = builder.push(main, 11);
    const print = builder.push(main, 12);
    const scan = builder.push(parse, 13);
    builder.add(scan, { self: 5, samples: 1, selfSquares: 25, queued: 2 });
    builder.add(print, { self: 7, samples: 2, selfSquares: 25, queued: 0 });
    builder.add(scan, { self: 1, samples: 1, selfSquares: 1, queued: 1 });
    const { tree, movedTo } = builder.finish();
    expect(tree).toEqual({
      length: 4,
      parent: Int32Array.of(-1, 0, 1, 0),
      subtreeEnd: Int32Array.of(4, 3, 3, 4),
      function: Int32Array.of(10, 11, 13, 12),
      self: Float64Array.of(0, 0, 6, 7),
      samples: Float64Array.of(0, 0, 2, 2),
      selfSquares: Float64Array.of(0, 0, 26, 25),
      queued: Float64Array.of(0, 0, 3, 0),
      lines: null,
    });
    expect(movedTo).toEqual(Int32Array.of(0, 1, 3, 2));
  });
});
