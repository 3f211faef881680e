/** LayoutTrees of explicit stacks. */

import type { LayoutNode, LayoutTree } from '../../src/model/layout/layout-tree.ts';
import { ROOT } from '../../src/model/layout/layout-tree.ts';
import { StacksTree, type StacksTreeOptions, WHOLE_TREE } from '../../src/model/layout/stacks-tree.ts';
import type { StacksProfile } from '../../src/model/profile.ts';
import { profileOf, type StackSample } from './stacks.ts';

export function stacksTree(profile: StacksProfile, options: Partial<StacksTreeOptions> = {}): StacksTree {
  const { functions, callTree } = profile;
  return new StacksTree(callTree, {
    keys: Int32Array.from(functions.kind.keys()),
    transparent: Uint8Array.from(functions.kind, (kind) => Number(kind === 'root')),
    hidden: new Uint8Array(functions.length),
    ...WHOLE_TREE,
    ...options,
  });
}

/** FunctionIndex -> 1 for functions of these names */
export function named({ functions }: StacksProfile, ...names: string[]): Uint8Array {
  return Uint8Array.from(functions.name, (name) => Number(names.includes(name)));
}

/** Outlines of stacks of one-letter functions: `ab` is a calling b. */
export function profileOfPaths(paths: Readonly<Record<string, number>>): StacksProfile {
  return profileOf([
    ...Object.entries(paths).map(([path, weight]): StackSample => ({ stack: [...path], weight })),
    END,
  ]);
}

const END: StackSample = { stack: [], weight: 0 };

/** The tree as indented lines: `name weight own`. */
export function outline(tree: LayoutTree, { functions }: StacksProfile): string[] {
  const lines: string[] = [];
  const stack = [...tree.children(ROOT)].reverse().map((node) => ({ node, depth: 0 }));
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, depth } = next;
    const names = tree.functions(node).map((fn) => functions.name[fn]);
    lines.push(`${'  '.repeat(depth)}${names.join('+')} ${tree.weight(node)} ${tree.ownWeight(node)}`);
    for (const child of [...tree.children(node)].reverse()) stack.push({ node: child, depth: depth + 1 });
  }
  return lines;
}

/** All nodes of a tree, parents first. */
export function allNodes(tree: LayoutTree): LayoutNode[] {
  const nodes: LayoutNode[] = [ROOT];
  for (let i = 0; i < nodes.length; i++) nodes.push(...tree.children(nodes[i] ?? ROOT));
  return nodes;
}
