/** Tests the trees that listings and pictures draw. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinChains } from '../../../src/model/layout/join-chains.ts';
import { type LayoutTree, pathTo, ROOT } from '../../../src/model/layout/layout-tree.ts';
import type { StacksTreeOptions } from '../../../src/model/layout/stacks-tree.ts';
import { profileOf, stackSamples } from '../../support/stacks.ts';
import { allNodes, named, outline, profileOfPaths, stacksTree } from '../../support/trees.ts';

const ALWAYS = { onlyLeading: false, maxLength: Number.POSITIVE_INFINITY };

describe('a tree of stacks', () => {
  const profile = profileOfPaths({ mab: 10, mac: 20, ma: 5, mda: 7 });

  test('has callers above callees, heaviest first', () => {
    expect(outline(stacksTree(profile), profile)).toEqual([
      'm 42 0',
      '  a 35 5',
      '    c 20 20',
      '    b 10 10',
      '  d 7 0',
      '    a 7 7',
    ]);
  });

  test('has callees above callers if it is inverted', () => {
    expect(outline(stacksTree(profile, { isInverted: true }), profile)).toEqual([
      'c 20 0',
      '  a 20 0',
      '    m 20 20',
      'a 12 0',
      '  d 7 0',
      '    m 7 7',
      '  m 5 5',
      'b 10 0',
      '  a 10 0',
      '    m 10 10',
    ]);
  });

  test('starts at the outermost calls of the roots', () => {
    expect(outline(stacksTree(profile, { roots: named(profile, 'a') }), profile)).toEqual([
      'a 42 12',
      '  c 20 20',
      '  b 10 10',
    ]);
  });

  test('ends at the roots if it is inverted', () => {
    const inverted = stacksTree(profile, { roots: named(profile, 'a'), isInverted: true });
    expect(outline(inverted, profile)).toEqual(['c 20 0', '  a 20 20', 'a 12 12', 'b 10 0', '  a 10 10']);
  });

  test('counts recursive roots once', () => {
    const recursive = profileOfPaths({ mamab: 10, ma: 5 });
    expect(outline(stacksTree(recursive, { roots: named(recursive, 'a') }), recursive)).toEqual([
      'a 15 5',
      '  m 10 0',
      '    a 10 0',
      '      b 10 10',
    ]);
  });

  test('leaves hidden functions out', () => {
    const tree = stacksTree(profile, { hidden: named(profile, 'm') });
    expect([tree.weight(ROOT), outline(tree, profile)]).toEqual([0, []]);
  });
});

describe('folding', () => {
  const profile = profileOfPaths({ mllxl: 10, mlm: 4, mk: 3, l: 2 });

  test('puts a folded frame and the folded frames directly below it into one node', () => {
    const tree = stacksTree(profile, { folded: named(profile, 'l', 'k') });
    expect(outline(tree, profile)).toEqual([
      'm 17 0',
      '  l 14 0',
      '    x 10 0',
      '      l 10 10',
      '    m 4 4',
      '  k 3 3',
      'l 2 2',
    ]);
  });

  test('names the functions of a folded node, outermost first', () => {
    const several = profileOfPaths({ mklx: 10, mkx: 5 });
    expect(outline(stacksTree(several, { folded: named(several, 'l', 'k') }), several)).toEqual([
      'm 15 0',
      '  k+l 15 0',
      '    x 15 15',
    ]);
  });

  test('folds only the frames above the first other one if it is asked to', () => {
    const several = profileOfPaths({ klxkl: 10 });
    const tree = stacksTree(several, { folded: named(several, 'l', 'k'), foldsOnlyLeading: true });
    expect(outline(tree, several)).toEqual(['k+l 10 0', '  x 10 0', '    k 10 0', '      l 10 10']);
  });

  test('merges calls of a function to itself if it is asked to', () => {
    const recursive = profileOfPaths({ maaab: 10, maa: 5, maba: 1 });
    expect(outline(stacksTree(recursive, { mergesRecursion: true }), recursive)).toEqual([
      'm 16 0',
      '  a 16 5',
      '    b 11 10',
      '      a 1 1',
    ]);
  });
});

describe('joined chains', () => {
  test('are frames with one callee of 98% or more, and the rest of their time is theirs', () => {
    const profile = profileOfPaths({ mabc: 500, mabd: 490, ma: 5, me: 5 });
    const joined = joinChains(stacksTree(profile), ALWAYS);
    expect(outline(joined, profile)).toEqual(['m+a+b 1000 5', '  c 500 500', '  d 490 490', '  e 5 5']);
  });

  test('end where a callee has less', () => {
    const profile = profileOfPaths({ mab: 970, ma: 30 });
    expect(outline(joinChains(stacksTree(profile), ALWAYS), profile)).toEqual(['m+a 1000 30', '  b 970 970']);
  });

  test('begin below the root only, if it is asked for', () => {
    const profile = profileOfPaths({ mabc: 500, mde: 500 });
    const joined = joinChains(stacksTree(profile), { ...ALWAYS, onlyLeading: true });
    expect(outline(joined, profile)).toEqual([
      'm 1000 0',
      '  a 500 0',
      '    b 500 0',
      '      c 500 500',
      '  d 500 0',
      '    e 500 500',
    ]);
  });
});

const VARIANTS: readonly (readonly [name: string, options: Partial<StacksTreeOptions>])[] = [
  ['top-down', {}],
  ['inverted', { isInverted: true }],
  ['with merged recursion', { mergesRecursion: true }],
  ['inverted with merged recursion', { mergesRecursion: true, isInverted: true }],
];

describe.each(VARIANTS)('a tree %s', (_, options) => {
  const trees = stackSamples.map((stacks) => {
    const profile = profileOf(stacks);
    return { profile, tree: stacksTree(profile, options) };
  });

  test('has the counted time of the profile', () => {
    fc.assert(
      fc.property(trees, ({ tree, profile }) => {
        expect(tree.weight(ROOT)).toBe(profile.callTree.self.reduce((sum, time) => sum + time, 0));
      }),
      { numRuns: 40 },
    );
  });

  test('adds up at every node, joined or not', () => {
    fc.assert(
      fc.property(trees, ({ tree }) => {
        for (const each of [tree, joinChains(tree, ALWAYS)]) checkSums(each);
      }),
      { numRuns: 40 },
    );
  });

  test('tells few samples by cumsamples, before and after these are asked for', () => {
    fc.assert(
      fc.property(trees, fc.integer({ min: 0, max: 5 }), ({ tree }, limit) => {
        const found = () => allNodes(tree).map((node) => tree.hasFewerSamples(node, limit));
        const before = found();
        expect(allNodes(tree).map((node) => tree.figures(node).cumsamples < limit)).toEqual(before);
        expect(found()).toEqual(before);
      }),
      { numRuns: 40 },
    );
  });

  test('knows the path to every node', () => {
    fc.assert(
      fc.property(trees, ({ tree }) => {
        for (const each of [tree, joinChains(tree, ALWAYS)]) {
          for (const node of allNodes(each)) {
            const path = [ROOT, ...pathTo(each, node)];
            expect(path.slice(1).every((below, i) => each.children(path[i] ?? -1).includes(below))).toBe(true);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

function checkSums(tree: LayoutTree): void {
  for (const node of allNodes(tree)) {
    const below = tree.children(node).reduce((sum, child) => sum + tree.weight(child), 0);
    expect(tree.ownWeight(node) + below).toBe(tree.weight(node));
    if (node !== ROOT)
      expect(tree.figures(node)).toMatchObject({ self: tree.ownWeight(node), total: tree.weight(node) });
  }
}

test('inverted trees have the self time of each function at their first level', () => {
  fc.assert(
    fc.property(stackSamples, (stacks) => {
      const profile = profileOf(stacks);
      const { callTree, functions } = profile;
      const own = new Map<number, number>();
      callTree.self.forEach((time, node) => {
        const fn = callTree.function[node] ?? -1;
        own.set(fn, (own.get(fn) ?? 0) + time);
      });
      const tree = stacksTree(profile, { isInverted: true });
      const names = (entries: Iterable<[number, number]>) =>
        Object.fromEntries([...entries].filter(([, time]) => time > 0).map(([fn, time]) => [functions.name[fn], time]));
      expect(names(tree.children(ROOT).map((node) => [tree.key(node), tree.weight(node)]))).toEqual(names(own));
    }),
  );
});
