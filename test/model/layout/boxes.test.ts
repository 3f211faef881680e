/** Tests where boxes are placed. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Box, layoutBoxes } from '../../../src/model/layout/boxes.ts';
import { type LayoutTree, pathTo, ROOT } from '../../../src/model/layout/layout-tree.ts';
import { profileOf, stackSamples } from '../../support/stacks.ts';
import { profileOfPaths, stacksTree } from '../../support/trees.ts';

const ALL_ROWS = 1000;

/** The boxes of a row as `name from-to`. */
function drawn(paths: Readonly<Record<string, number>>, width: number, minWeight = 0): string[][] {
  const profile = profileOfPaths(paths);
  const tree = stacksTree(profile);
  const nameOf = ({ node, nodes }: Box) =>
    node === null ? `…${nodes}` : node === ROOT ? 'all' : (profile.functions.name[tree.key(node)] ?? '?');
  return layoutBoxes(tree, { root: ROOT, width, rows: ALL_ROWS, minWeight }).map((row) =>
    row.map((box) => `${nameOf(box)} ${box.from}-${box.to}`),
  );
}

describe('boxes', () => {
  test('are as wide as their part of the time, and self time is left over at the right', () => {
    expect(drawn({ ab: 60, a: 10, c: 30 }, 10)).toEqual([['all 0-10'], ['a 0-7', 'c 7-10'], ['b 0-6']]);
  });

  test('round their edges, so that widths of equal times may differ by one', () => {
    expect(drawn({ a: 1, b: 1, c: 1 }, 10)).toEqual([['all 0-10'], ['a 0-3', 'b 3-7', 'c 7-10']]);
  });

  test('put siblings narrower than a column into one box', () => {
    expect(drawn({ a: 70, b: 8, c: 8, d: 7, e: 7 }, 10)).toEqual([['all 0-10'], ['a 0-7', '…4 7-10']]);
  });

  test('leave out what is narrower than a column with all its siblings', () => {
    expect(drawn({ a: 970, b: 20, c: 10 }, 10)).toEqual([['all 0-10'], ['a 0-10']]);
  });

  test('put what has less than a minimum into one box', () => {
    expect(drawn({ a: 60, b: 20, c: 20 }, 10, 30)).toEqual([['all 0-10'], ['a 0-6', '…2 6-10']]);
  });

  test('do not exist in an empty tree, without columns and without rows', () => {
    const tree = stacksTree(profileOfPaths({}));
    expect(layoutBoxes(tree, { root: ROOT, width: 10, rows: 10 })).toEqual([]);
    const full = stacksTree(profileOfPaths({ a: 1 }));
    expect(layoutBoxes(full, { root: ROOT, width: 0, rows: 10 })).toEqual([]);
    expect(layoutBoxes(full, { root: ROOT, width: 10, rows: 0 })).toEqual([]);
  });

  test('are laid out to a depth of 10,000 without recursion', () => {
    const deep = stacksTree(
      profileOf([
        { stack: Array.from({ length: 10_000 }, () => 'f'), weight: 1 },
        { stack: [], weight: 0 },
      ]),
    );
    expect(layoutBoxes(deep, { root: ROOT, width: 5, rows: 20_000 })).toHaveLength(10_001);
  });

  test('open only nodes that are visible', () => {
    const opened = new Set<number>();
    const tree = stacksTree(profileOfPaths({ abc: 1000, de: 1 }));
    const spy: LayoutTree = Object.assign(Object.create(tree), {
      children(node: number) {
        opened.add(tree.key(node));
        return tree.children(node);
      },
      weight: (node: number) => tree.weight(node),
      gapBefore: () => 0,
    });
    layoutBoxes(spy, { root: ROOT, width: 20, rows: 3 });
    expect(opened.size).toBe(2);
  });
});

describe('boxes of any tree', () => {
  const pictures = fc
    .record({ stacks: stackSamples, width: fc.integer({ min: 1, max: 300 }), isInverted: fc.boolean() })
    .map(({ stacks, width, isInverted }) => {
      const tree = stacksTree(profileOf(stacks), { isInverted });
      return { tree, width, rows: layoutBoxes(tree, { root: ROOT, width, rows: ALL_ROWS }) };
    });

  test('lie beside each other within their parent', () => {
    fc.assert(
      fc.property(pictures, ({ rows }) => {
        rows.forEach((row, i) => {
          row.forEach((box, j) => {
            expect(box.to).toBeGreaterThan(box.from);
            expect(box.from).toBeGreaterThanOrEqual(row[j - 1]?.to ?? 0);
            if (i === 0) return;
            const parent = rows[i - 1]?.find(({ node }) => node === box.parent);
            expect(box.from).toBeGreaterThanOrEqual(parent?.from ?? Number.NaN);
            expect(box.to).toBeLessThanOrEqual(parent?.to ?? Number.NaN);
          });
        });
      }),
      { numRuns: 40 },
    );
  });

  test('add up to their parent with its self time and what is too narrow, in columns and in µs', () => {
    fc.assert(
      fc.property(pictures, ({ tree, rows, width }) => {
        rows.slice(1).forEach((row, i) => {
          for (const parent of rows[i] ?? []) {
            if (parent.node === null) continue;
            const children = row.filter((box) => box.parent === parent.node);
            const weight = children.reduce((sum, box) => sum + box.weight, 0);
            const columns = children.reduce((sum, box) => sum + box.to - box.from, 0);
            const rest = tree.weight(parent.node) - weight;
            expect(rest).toBeGreaterThanOrEqual(tree.ownWeight(parent.node));
            // The columns that are left are those of self time and of boxes that round to nothing.
            const exact = (rest * width) / tree.weight(ROOT);
            expect(Math.abs(parent.to - parent.from - columns - exact)).toBeLessThanOrEqual(1 + 1e-6);
          }
        });
      }),
      { numRuns: 40 },
    );
  });

  test('have no edge that is off by more than half a column, at any depth', () => {
    fc.assert(
      fc.property(pictures, ({ tree, rows, width }) => {
        const scale = width / tree.weight(ROOT);
        for (const { node, from, to } of rows.flat()) {
          if (node === null) continue;
          const start = exactStart(tree, node);
          expect(Math.abs(from - start * scale)).toBeLessThanOrEqual(0.5 + 1e-6);
          expect(Math.abs(to - (start + tree.weight(node)) * scale)).toBeLessThanOrEqual(0.5 + 1e-6);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('show every node of a column or more', () => {
    fc.assert(
      fc.property(pictures, ({ tree, rows, width }) => {
        const shown = new Set(rows.flat().map(({ node }) => node));
        for (const { node } of rows.flat()) {
          if (node === null) continue;
          const wide = tree.children(node).filter((child) => tree.weight(child) >= tree.weight(ROOT) / width);
          expect(wide.filter((child) => !shown.has(child))).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** The weight to the left of a node. */
function exactStart(tree: LayoutTree, node: number): number {
  return pathTo(tree, node).reduce((start, each) => {
    const siblings = tree.children(tree.parent(each));
    return start + siblings.slice(0, siblings.indexOf(each)).reduce((sum, sibling) => sum + tree.weight(sibling), 0);
  }, 0);
}
