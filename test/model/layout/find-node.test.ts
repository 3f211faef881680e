/** Tests how nodes of a tree are found. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heaviestNodeOf, nodeAtSteps, stepsTo } from '../../../src/model/layout/find-node.ts';
import { pathTo } from '../../../src/model/layout/layout-tree.ts';
import { profileOf, stackSamples } from '../../support/stacks.ts';
import { allNodes, profileOfPaths, stacksTree } from '../../support/trees.ts';

test('the heaviest node of a function is found, not the one nearest to the root', () => {
  const profile = profileOfPaths({ mb: 1, mxyb: 10, z: 5 });
  const tree = stacksTree(profile);
  const found = heaviestNodeOf(tree, profile.functions.name.indexOf('b'), false) ?? -1;
  const names = pathTo(tree, found).map((node) => profile.functions.name[tree.key(node)]);
  expect([names, tree.weight(found)]).toEqual([['m', 'x', 'y', 'b'], 10]);
});

test('the node of a function in an inverted tree is that of its self time, or its heaviest one as a caller', () => {
  const profile = profileOfPaths({ ma: 1, mab: 10, xb: 20 });
  const tree = stacksTree(profile, { isInverted: true });
  const weightOf = (name: string) =>
    tree.weight(heaviestNodeOf(tree, profile.functions.name.indexOf(name), true) ?? Number.NaN);
  expect([weightOf('a'), weightOf('m')]).toEqual([1, 10]);
});

test('a function without a node is not found', () => {
  const profile = profileOfPaths({ ma: 1 });
  expect(heaviestNodeOf(stacksTree(profile), profile.functions.length, false)).toBeNull();
});

test('no node of the function is heavier, and its steps lead to it', () => {
  fc.assert(
    fc.property(stackSamples, (stacks) => {
      const profile = profileOf(stacks);
      const tree = stacksTree(profile);
      const stepped = { tree, step: (node: number) => tree.key(node) };
      for (const fn of profile.functions.name.keys()) {
        const weights = allNodes(tree).flatMap((node) => (tree.key(node) === fn ? [tree.weight(node)] : []));
        const found = heaviestNodeOf(tree, fn, false);
        expect(found === null ? [] : [tree.weight(found)]).toEqual(weights.length === 0 ? [] : [Math.max(...weights)]);
        if (found !== null) expect(nodeAtSteps(stepped, stepsTo(stepped, found))).toBe(found);
      }
    }),
  );
});
