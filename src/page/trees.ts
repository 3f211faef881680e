/** The trees that pictures draw. */

import { type CallTree, subtreeSums } from '../model/call-tree.ts';
import { at } from '../model/columns.ts';
import { toDepthFirst } from '../model/depth-first.ts';
import { EstimatedTree } from '../model/layout/estimated-tree.ts';
import { heaviestNodeOf } from '../model/layout/find-node.ts';
import { joinChains } from '../model/layout/join-chains.ts';
import { type LayoutNode, type LayoutTree, ROOT } from '../model/layout/layout-tree.ts';
import { StacksTree, type StacksTreeOptions, WHOLE_TREE } from '../model/layout/stacks-tree.ts';
import { TimeTree } from '../model/layout/time-tree.ts';
import type { PageData } from './data.ts';
import type { State } from './state.ts';

/** A tree, and what its nodes are called. */
export interface ShownTree {
  readonly tree: LayoutTree;
  /** Whether callers are below callees. */
  readonly isInverted: boolean;
  /** Tells a node from its siblings. */
  step(node: LayoutNode): number;
  label(node: LayoutNode): string;
  place(node: LayoutNode): string;
  category(node: LayoutNode): string;
  /** The function, or -1: nodes are packages. */
  functionOf(node: LayoutNode): number;
  /** The heaviest node of a function, or of those that it is folded into; null for none, and where nodes are packages. */
  find(fn: number): LayoutNode | null;
  /** The part of the recording that a node stands for; null if it stands for several. */
  window(node: LayoutNode): { readonly from: number; readonly to: number } | null;
}

/** The tree of a view. Throws RangeError where the profile does not have it: an order of time, or packages. */
export function treeOf(
  data: PageData,
  { view, isInverted, byPackage, foldsRecursion, foldsWrappers }: State,
): ShownTree {
  if (view === 'time') return timeTree(data);
  if (byPackage) return packagesTree(data, isInverted);
  const tree = functionsTree(data, { mergesRecursion: foldsRecursion, isInverted });
  const joined = foldsWrappers ? joinChains(tree, { onlyLeading: false, maxLength: MAX_JOINED }) : tree;
  return shownFunctions(joined, data, isInverted);
}

/** To open a level of an inverted tree takes as long at any depth. */
const MAX_JOINED = 20;

/** What a function calls, below it. */
export function calleesTree(data: PageData, fn: number): ShownTree {
  const roots = Uint8Array.from(data.functions.kind, (_, each) => Number(each === fn));
  return shownFunctions(functionsTree(data, { roots, isInverted: false }), data, false);
}

/** Of stacks; else the likely tree of edges. */
function functionsTree(
  data: PageData,
  options: Pick<StacksTreeOptions, 'isInverted'> & Partial<StacksTreeOptions>,
): LayoutTree {
  const { stacks, edges } = data;
  if (stacks !== null) return stacksTree(data, stacks.callTree, options);
  if (edges === null) throw new RangeError('no profile');
  return new EstimatedTree(edges, { roots: null, ...options });
}

/** Who calls a function: callers below it, with the time of its calls. Null without stacks. */
export function callersTree(data: PageData, fn: number): ShownTree | null {
  if (data.stacks === null) return null;
  const collapsed = collapseCalls(data.stacks.callTree, fn);
  return shownFunctions(stacksTree(data, collapsed, { isInverted: true }), data, true);
}

/** The whole tree of functions, unless the options say otherwise. */
function stacksTree(data: PageData, callTree: CallTree, options: Partial<StacksTreeOptions>): StacksTree {
  return new StacksTree(callTree, {
    ...rowSets(data),
    keys: Int32Array.from(data.functions.kind.keys()),
    ...WHOLE_TREE,
    ...options,
  });
}

/** A tree in which outermost calls of a function have the time of all below them, and nothing else has time. */
function collapseCalls(tree: CallTree, fn: number): CallTree {
  const sums = subtreeSums(tree);
  const parent: number[] = [];
  const fns: number[] = [];
  const from: number[] = [];
  const movedTo = new Int32Array(tree.length).fill(-1);
  for (let node = 0; node < tree.length; ) {
    const above = at(tree.parent, node);
    parent.push(above === -1 ? -1 : at(movedTo, above));
    movedTo[node] = fns.push(at(tree.function, node)) - 1;
    from.push(node);
    node = at(tree.function, node) === fn ? at(tree.subtreeEnd, node) : node + 1;
  }
  const nodes = { length: fns.length, parent: Int32Array.from(parent), function: Int32Array.from(fns) };
  const column = (values: Float64Array) =>
    Float64Array.from(from, (node) => (at(tree.function, node) === fn ? at(values, node) : 0));
  return {
    ...toDepthFirst(nodes).nodes,
    self: column(sums.self),
    samples: column(sums.samples),
    selfSquares: sums.selfSquares === null ? null : column(sums.selfSquares),
    queued: null,
    lines: null,
  };
}

function rowSets({ functions: { kind }, facts }: PageData) {
  return {
    transparent: Uint8Array.from(kind, (each) => Number(each === 'root')),
    hidden: Uint8Array.from(kind, (each) => Number(each === 'idle' && !facts.idle)),
  };
}

interface Packages {
  readonly keys: Int32Array;
  readonly names: readonly string[];
  readonly categories: readonly string[];
}

/** Some functions of a package may be slower, and others faster. */
function packagesOf({ texts, changeOf }: PageData): Packages {
  const indexOf = new Map<string, number>();
  const categories: string[] = [];
  const keys = Int32Array.from(texts.package, (name, fn) => {
    const known = indexOf.get(name) ?? indexOf.size;
    if (!indexOf.has(name)) categories.push(changeOf === null ? at(texts.category, fn) : 'same');
    indexOf.set(name, known);
    return known;
  });
  return { keys, names: [...indexOf.keys()], categories };
}

function shownFunctions(tree: LayoutTree, { texts }: PageData, isInverted: boolean): ShownTree {
  // The last function of a chain is the one that the others lead to.
  const functionOf = (node: LayoutNode) => tree.key(tree.chain(node).at(-1) ?? node);
  const text = (list: readonly string[]) => (node: LayoutNode) => (node === ROOT ? '' : at(list, functionOf(node)));
  const nameOf = (node: LayoutNode) => at(texts.label, tree.key(node));
  return {
    tree,
    isInverted,
    step: (node) => tree.key(node),
    label: (node) =>
      node === ROOT
        ? 'all'
        : tree
            .chain(node)
            .map(nameOf)
            .join(isInverted ? ' ← ' : ' → '),
    place: text(texts.place),
    category: text(texts.category),
    functionOf,
    find: (fn) => heaviestNodeOf(tree, fn, isInverted),
    window: () => null,
  };
}

function packagesTree(data: PageData, isInverted: boolean): ShownTree {
  if (data.stacks === null) throw new RangeError('no stacks');
  const { keys, names, categories } = packagesOf(data);
  const tree = stacksTree(data, data.stacks.callTree, { keys, mergesRecursion: true, isInverted });
  return {
    tree,
    isInverted,
    step: (node) => tree.key(node),
    label: (node) => (node === ROOT ? 'all' : at(names, tree.key(node))),
    place: () => '',
    category: (node) => (node === ROOT ? '' : at(categories, tree.key(node))),
    functionOf: () => -1,
    find: () => null,
    window: () => null,
  };
}

function timeTree(data: PageData): ShownTree {
  const { callTree, timeline, duration = Number.NaN } = data.stacks ?? {};
  if (callTree === undefined || timeline == null) throw new RangeError('no order of time');
  const tree = new TimeTree(callTree, timeline, { ...rowSets(data), duration });
  return {
    ...shownFunctions(tree, data, false),
    step: (node) => tree.firstSample(node),
    find: (fn) => tree.longestCall(fn),
    window: (node) => (node === ROOT ? null : tree.window(node)),
  };
}

/** Whether a node stands for all calls of its function. */
export function callsIn(shown: ShownTree, node: LayoutNode, { rowOf }: PageData): 'all calls' | 'some calls' {
  const total = rowOf(shown.functionOf(node))?.cumtime ?? Number.NaN;
  // Sums of fractions in another order differ by less than anything visible.
  return Math.abs(shown.tree.figures(node).total - total) < 1e-6 ? 'all calls' : 'some calls';
}
