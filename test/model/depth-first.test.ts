/** Tests inserting nodes against reordering all nodes. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AddedNodes, toDepthFirst, toDepthFirstWith, type UnorderedNodes } from '../../src/model/depth-first.ts';

/** Nodes with these parents. The function of a row is its number. */
function nodesOf(parent: readonly number[]): UnorderedNodes {
  return { length: parent.length, parent: Int32Array.from(parent), function: Int32Array.from(parent.keys()) };
}

/** Nodes added below some rows. */
function hungUnder(rows: readonly number[]): AddedNodes {
  return { length: rows.length, parent: Int32Array.from(rows), function: Int32Array.from(rows, (row) => 1000 + row) };
}

/** A forest in any order or depth-first, and some of its rows. */
const forests = fc.array(fc.nat(), { minLength: 1, maxLength: 40, size: 'max' }).chain((numbers) => {
  const nodes = nodesOf(numbers.map((number, row) => (number % (row + 1)) - 1));
  return fc.record({
    nodes: fc.constantFrom(nodes, toDepthFirst(nodes).nodes),
    hung: fc.shuffledSubarray([...numbers.keys()]).map(hungUnder),
  });
});

/** All nodes in one table, added nodes last. */
function together(nodes: UnorderedNodes, hung: AddedNodes): UnorderedNodes {
  return {
    length: nodes.length + hung.length,
    parent: Int32Array.of(...nodes.parent, ...hung.parent),
    function: Int32Array.of(...nodes.function, ...hung.function),
  };
}

describe('inserted nodes', () => {
  test('are the last children of their parents', () => {
    fc.assert(
      fc.property(forests, ({ nodes, hung }) => {
        const expected = toDepthFirst(together(nodes, hung));
        const { movedTo, ...laidOut } = toDepthFirstWith(hung, nodes);
        expect(laidOut).toEqual({ nodes: expected.nodes, height: expected.height });
        const rows = Int32Array.from(laidOut.nodes.parent.keys());
        expect(movedTo ?? rows).toEqual(expected.movedTo ?? rows);
      }),
      { numRuns: 150 },
    );
  });

  test('do not change the input tree', () => {
    const nodes = nodesOf([-1, 0, 1, 0]);
    toDepthFirstWith(hungUnder([2, 0]), nodes);
    expect(nodes).toEqual(nodesOf([-1, 0, 1, 0]));
  });

  test('may be below each of a million levels', () => {
    const length = 1_000_000;
    const nodes = nodesOf(Array.from({ length }, (_, row) => row - 1));
    const { nodes: tree, height } = toDepthFirstWith(hungUnder(Array.from({ length }, (_, row) => row)), nodes);
    expect(height).toBe(length);
    expect(tree.subtreeEnd.every((end, row) => end === (row < length ? 2 * length - row : row + 1))).toBe(true);
  });
});

test('the height is the number of frames of the deepest stack without the root', () => {
  expect(toDepthFirst(nodesOf([])).height).toBe(0);
  expect(toDepthFirst(nodesOf([-1, -1])).height).toBe(0);
  expect(toDepthFirst(nodesOf([-1, 0, 1, 0])).height).toBe(2);
  expect(toDepthFirst(nodesOf([-1, 0, 0, 1])).height).toBe(2);
  expect(toDepthFirstWith(hungUnder([2]), nodesOf([-1, 0, 1, 0])).height).toBe(3);
});
