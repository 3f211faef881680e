/** The likely stacks of a profile of edges, for formats that hold stacks. */

import { CallTreeBuilder } from './call-tree.ts';
import { EstimatedTree } from './layout/estimated-tree.ts';
import { type LayoutNode, ROOT } from './layout/layout-tree.ts';
import type { EdgesProfile, StacksProfile } from './profile.ts';

/** Calls that account for a smaller share of all time are not followed: a graph may have more paths than memory has bytes. */
const MIN_SHARE = 1e-5;

const MAX_NODES = 2 ** 20;

/** Returns a stacks profile whose times are inferred below the outermost functions. Samples are not known. */
export function estimateStacks(profile: EdgesProfile): StacksProfile {
  const tree = new EstimatedTree(profile, { roots: null, isInverted: false });
  const all = tree.weight(ROOT);
  const builder = new CallTreeBuilder();
  const waiting: { readonly node: LayoutNode; readonly parent: number }[] = tree
    .children(ROOT)
    .map((node) => ({ node, parent: -1 }));
  let nodes = waiting.length;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, parent } = next;
    const row = builder.push(parent, tree.key(node));
    const isFollowed = tree.weight(node) >= MIN_SHARE * all && nodes < MAX_NODES;
    const self = isFollowed ? tree.ownWeight(node) : tree.weight(node);
    builder.add(row, { self, samples: Number.NaN, selfSquares: Number.NaN, queued: 0 });
    if (!isFollowed) continue;
    for (const child of tree.children(node)) waiting.push({ node: child, parent: row });
    nodes += tree.children(node).length;
  }
  return {
    counts: 'samples',
    unit: 'us',
    format: `${profile.format}, estimated stacks`,
    linesAreSampled: profile.linesAreSampled,
    sources: profile.sources,
    functions: profile.functions,
    callTree: { ...builder.finish().tree, queued: null, lines: null },
    duration: all,
    beforeFirstSample: 0,
    afterLastSample: 0,
    excluded: 0,
    interval: null,
    timeline: null,
    queued: null,
    isUndisturbed: false,
    notes: [...profile.notes, { code: 'estimated-stacks' }],
  };
}
