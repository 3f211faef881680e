/** The stacks in order of time. */

import { expect, test } from 'vitest';
import { type LayoutNode, ROOT } from '../../../src/model/layout/layout-tree.ts';
import { TimeTree } from '../../../src/model/layout/time-tree.ts';
import { normalizeStacks } from '../../../src/model/normalize/sampled.ts';
import { draw } from '../../support/draw.ts';

/** `name from-to` of each call, indented by depth; a sample is 1000 µs. */
function calls(picture: string, hiddenName = ''): string[] {
  const { callTree, functions, timeline, duration } = normalizeStacks(draw(picture), 'drawing');
  if (timeline === null) throw new Error('no timeline');
  const tree = new TimeTree(callTree, timeline, {
    transparent: Uint8Array.from(functions.kind, (kind) => Number(kind === 'root')),
    hidden: Uint8Array.from(functions.name, (name) => Number(name === hiddenName)),
    duration,
  });
  const lines: string[] = [];
  const walk = (node: LayoutNode, indent: string) => {
    for (const child of tree.children(node)) {
      const { from, to } = tree.window(child);
      lines.push(`${indent}${functions.name[tree.key(child)]} ${from / 1000}-${to / 1000}`);
      expect(tree.ownWeight(child) + tree.children(child).reduce((sum, each) => sum + tree.weight(each), 0)).toBe(
        tree.weight(child),
      );
      walk(child, `${indent}  `);
    }
  };
  walk(ROOT, '');
  return lines;
}

test('a call lasts as long as samples are in it, and returns as a call of its own', () => {
  expect(
    calls(`
      main main main main main
      a    a    b    a
      c         c
    `),
  ).toEqual(['main 0-5', '  a 0-2', '    c 0-1', '  b 2-3', '    c 2-3', '  a 3-4']);
});

test('hidden functions are gaps', () => {
  expect(
    calls(
      `
      main idle main
      a         a
    `,
      'idle',
    ),
  ).toEqual(['main 0-1', '  a 0-1', 'main 2-3', '  a 2-3']);
});

test('gaps and calls fill their caller', () => {
  const { callTree, timeline, duration } = normalizeStacks(
    draw(`
      main main main
           a
    `),
    'drawing',
  );
  if (timeline === null) throw new Error('no timeline');
  const none = new Uint8Array(8);
  const transparent = Uint8Array.from({ length: 8 }, (_, fn) => Number(fn === 0));
  const tree = new TimeTree(callTree, timeline, { transparent, hidden: none, duration });
  const main = tree.children(ROOT)[0] ?? ROOT;
  const a = tree.children(main)[0] ?? ROOT;
  expect([tree.gapBefore(a), tree.weight(a), tree.ownWeight(main)]).toEqual([1000, 1000, 2000]);
  expect(tree.figures(main)).toMatchObject({ self: 2000, total: 3000, samples: 2, cumsamples: 3 });
});

test('finds the longest of the outermost calls of a function', () => {
  const { callTree, functions, timeline, duration } = normalizeStacks(
    draw(`
      main main main main main main
      a    b    a    a    b    b
      b         b    b    c    b
    `),
    'drawing',
  );
  if (timeline === null) throw new Error('no timeline');
  const tree = new TimeTree(callTree, timeline, {
    transparent: Uint8Array.from(functions.kind, (kind) => Number(kind === 'root')),
    hidden: new Uint8Array(functions.length),
    duration,
  });
  const longest = (name: string) => {
    const node = tree.longestCall(functions.name.indexOf(name));
    return node === null ? null : [tree.window(node), functions.name[tree.key(node)]];
  };
  expect(longest('b')).toEqual([{ from: 2000, to: 4000 }, 'b']);
  expect(longest('a')).toEqual([{ from: 2000, to: 4000 }, 'a']);
  expect(longest('c')).toEqual([{ from: 4000, to: 5000 }, 'c']);
  expect(longest('main')).toEqual([{ from: 0, to: 6000 }, 'main']);
  expect(tree.longestCall(functions.length)).toBeNull();
});
