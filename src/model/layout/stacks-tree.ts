/** The LayoutTree of a call tree: top-down or inverted, with groups, folded frames and merged recursion. */

import { type CallTree, type NodeIndex, type NodeTimes, subtreeSums } from '../call-tree.ts';
import { at, byteAt, floatAt, intAt } from '../columns.ts';
import type { FunctionIndex } from '../function-table.ts';
import { type Figures, type LayoutNode, type LayoutTree, ROOT } from './layout-tree.ts';
import { MemberGroups, type Members, NO_MEMBERS } from './member-groups.ts';

/** Sets of functions are columns: FunctionIndex -> 1 for a member. */
export interface StacksTreeOptions {
  /** FunctionIndex -> the function or group that its frames are shown as. */
  readonly keys: Int32Array;
  /** Functions that are no rows and whose children take their place: V8's root. */
  readonly transparent: Uint8Array;
  /** Functions without a place in the tree: `(idle)`, unless it is asked for. */
  readonly hidden: Uint8Array;
  /** Functions whose frames are folded: a frame and the folded frames directly below it are one node. Null for none. */
  readonly folded: Uint8Array | null;
  /** Whether frames are folded only above the first other frame. */
  readonly foldsOnlyLeading: boolean;
  /** Whether a call from a function or group to itself is no node of its own. */
  readonly mergesRecursion: boolean;
  /** Whether the tree leads from functions with own time up to their callers. */
  readonly isInverted: boolean;
  /** Functions whose outermost calls are the roots of the tree; null for the outermost frames of all stacks. */
  readonly roots: Uint8Array | null;
}

interface StacksNode {
  readonly parent: LayoutNode;
  readonly key: number;
  readonly isFolded: boolean;
  /** Emptied when the node is opened, because an inverted tree has as many at each level. */
  members: Members;
  readonly sums: Sums;
  opened: OpenedNode | null;
}

interface OpenedNode {
  readonly own: Sums;
  readonly children: readonly LayoutNode[];
  readonly functions: readonly FunctionIndex[];
}

interface Sums {
  self: number;
  samples: number;
  selfSquares: number;
}

export class StacksTree implements LayoutTree {
  readonly #tree: CallTree;
  readonly #options: StacksTreeOptions;
  /** NodeIndex -> what it adds to a node's weight: its subtree, or itself in an inverted tree. */
  readonly #times: NodeTimes;
  readonly #hasTimes: boolean;
  /** Whether keys are groups of functions. */
  readonly #isGrouped: boolean;
  /** NodeIndex -> the outermost root of its subtree, or -1; null if all stacks are in the tree. */
  readonly #rootOf: Int32Array | null;
  readonly #nodes: StacksNode[] = [];
  readonly #groups: MemberGroups;

  constructor(tree: CallTree, options: StacksTreeOptions) {
    this.#tree = tree;
    this.#options = options;
    this.#times = options.isInverted ? tree : subtreeSums(tree);
    this.#hasTimes = tree.length === 0 || !Number.isNaN(floatAt(tree.self, 0));
    this.#isGrouped = options.keys.some((key, fn) => key !== fn);
    this.#groups = new MemberGroups(tree.length, options.keys.reduce((most, key) => Math.max(most, key), -1) + 1);
    this.#rootOf = options.roots === null ? null : findRoots(tree, options.roots);
    const opened = this.#openRoot();
    const sums = sumOf([opened.own, ...opened.children.map((child) => this.#node(child).sums)]);
    this.#nodes[ROOT] = {
      parent: -1,
      key: -1,
      isFolded: false,
      members: NO_MEMBERS,
      sums,
      opened,
    };
  }

  parent(node: LayoutNode): LayoutNode {
    return this.#node(node).parent;
  }

  key(node: LayoutNode): number {
    return this.#node(node).key;
  }

  children(node: LayoutNode): readonly LayoutNode[] {
    return this.#open(node).children;
  }

  weight(node: LayoutNode): number {
    return this.#weightOf(this.#node(node).sums);
  }

  ownWeight(node: LayoutNode): number {
    return this.#weightOf(this.#open(node).own);
  }

  gapBefore(): number {
    return 0;
  }

  figures(node: LayoutNode): Figures {
    const { own } = this.#open(node);
    const { sums } = this.#node(node);
    return {
      ...own,
      total: sums.self,
      cumsamples: sums.samples,
      totalSquares: sums.selfSquares,
    };
  }

  functions(node: LayoutNode): readonly FunctionIndex[] {
    const { key, isFolded } = this.#node(node);
    // Its key says which, so the node need not be opened.
    return node === ROOT || isFolded || this.#isGrouped ? this.#open(node).functions : [key];
  }

  chain(node: LayoutNode): readonly LayoutNode[] {
    return [node];
  }

  isEstimated(): boolean {
    return false;
  }

  #node(node: LayoutNode): StacksNode {
    return at(this.#nodes, node);
  }

  #weightOf(sums: Sums): number {
    return this.#hasTimes ? sums.self : sums.samples;
  }

  #open(node: LayoutNode): OpenedNode {
    const known = this.#node(node);
    if (known.opened !== null) return known.opened;
    known.opened = this.#options.isInverted ? this.#openUpward(node) : this.#openDownward(node);
    known.members = NO_MEMBERS;
    return known.opened;
  }

  // ---- ROOT --------------------------------------------------------------------------------------------------------

  #openRoot(): OpenedNode {
    this.#nodes.push({
      parent: -1,
      key: -1,
      isFolded: false,
      members: NO_MEMBERS,
      sums: noSums(),
      opened: null,
    });
    return this.#options.isInverted ? this.#openLeaves() : this.#openOutermost();
  }

  /** The children of ROOT top-down: outermost frames, or outermost calls of the roots. */
  #openOutermost(): OpenedNode {
    const { hidden, transparent, roots } = this.#options;
    const { length, subtreeEnd, function: fns } = this.#tree;
    const groups = this.#groups;
    const own = noSums();
    for (let node = 0; node < length; ) {
      const fn = intAt(fns, node);
      const isRoot = roots === null ? byteAt(transparent, fn) === 0 : byteAt(roots, fn) === 1;
      if (byteAt(hidden, fn) === 0) {
        if (isRoot) groups.add(this.#keyOf(node), node, node);
        else if (roots === null) this.#add(own, this.#tree, node);
      }
      node = isRoot || byteAt(hidden, fn) === 1 ? intAt(subtreeEnd, node) : node + 1;
    }
    return { own, children: this.#addChildren(ROOT), functions: [] };
  }

  /** The children of ROOT inverted: frames with own time. */
  #openLeaves(): OpenedNode {
    const { hidden, transparent } = this.#options;
    const { length, function: fns, self, samples } = this.#tree;
    const groups = this.#groups;
    for (let node = 0; node < length; node++) {
      const fn = intAt(fns, node);
      const isPart = this.#rootOf === null || at(this.#rootOf, node) !== -1;
      const isLeaf = floatAt(self, node) > 0 || floatAt(samples, node) > 0;
      if (isPart && isLeaf && byteAt(hidden, fn) === 0 && byteAt(transparent, fn) === 0)
        groups.add(this.#keyOf(node), node, node);
    }
    return { own: noSums(), children: this.#addChildren(ROOT), functions: [] };
  }

  // ---- other nodes -------------------------------------------------------------------------------------------------

  /** Frames that join the node add to its own time, and their children are its children. */
  #openDownward(node: LayoutNode): OpenedNode {
    const known = this.#node(node);
    const { subtreeEnd, function: fns } = this.#tree;
    const groups = this.#groups;
    const functions = new Set<FunctionIndex>();
    const own = noSums();
    for (const member of known.members.frame) {
      this.#add(own, this.#tree, member);
      functions.add(intAt(fns, member));
      const end = intAt(subtreeEnd, member);
      for (let below = member + 1; below < end; ) {
        const joins = this.#joins(known, intAt(fns, below));
        if (joins) {
          this.#add(own, this.#tree, below);
          functions.add(intAt(fns, below));
        } else groups.add(this.#keyOf(below), below, below);
        below = joins ? below + 1 : intAt(subtreeEnd, below);
      }
    }
    return { own, children: this.#addChildren(node), functions: [...functions] };
  }

  /** A stack that ends at the node, because its outermost frame is reached, is the node's own time. */
  #openUpward(node: LayoutNode): OpenedNode {
    const known = this.#node(node);
    const { leaf, frame } = known.members;
    const groups = this.#groups;
    const functions = new Set<FunctionIndex>();
    const own = noSums();
    for (let i = 0; i < leaf.length; i++) {
      let inside = intAt(frame, i);
      functions.add(intAt(this.#tree.function, inside));
      let above = this.#callerOf(inside);
      while (above !== -1 && this.#joins(known, intAt(this.#tree.function, above))) {
        functions.add(intAt(this.#tree.function, above));
        inside = above;
        above = this.#callerOf(inside);
      }
      if (above === -1) this.#add(own, this.#tree, intAt(leaf, i));
      else groups.add(this.#keyOf(above), intAt(leaf, i), above);
    }
    return { own, children: this.#addChildren(node), functions: [...functions] };
  }

  /** The frame above, or -1 for an outermost one. */
  #callerOf(frame: NodeIndex): NodeIndex {
    if (this.#rootOf !== null && at(this.#rootOf, frame) === frame) return -1;
    const parent = intAt(this.#tree.parent, frame);
    return parent === -1 || byteAt(this.#options.transparent, intAt(this.#tree.function, parent)) === 1 ? -1 : parent;
  }

  /** Whether a frame next to the node is part of it. */
  #joins({ isFolded, key }: StacksNode, fn: FunctionIndex): boolean {
    const { folded, mergesRecursion, keys } = this.#options;
    if (mergesRecursion && intAt(keys, fn) === key) return true;
    return isFolded && folded !== null && byteAt(folded, fn) === 1;
  }

  #keyOf(frame: NodeIndex): number {
    return intAt(this.#options.keys, intAt(this.#tree.function, frame));
  }

  #addChildren(parent: LayoutNode): readonly LayoutNode[] {
    const { folded, foldsOnlyLeading } = this.#options;
    const children: LayoutNode[] = [];
    for (const { key, members } of this.#groups.take()) {
      const isFoldable = folded !== null && byteAt(folded, intAt(this.#tree.function, intAt(members.frame, 0))) === 1;
      const sums = noSums();
      for (const leaf of members.leaf) this.#add(sums, this.#times, leaf);
      // The end of a recording may be a sample without time.
      if (this.#weightOf(sums) === 0) continue;
      children.push(this.#nodes.length);
      const isFolded = isFoldable && (!foldsOnlyLeading || parent === ROOT);
      this.#nodes.push({ parent, key, isFolded, members, sums, opened: null });
    }
    return children.sort((a, b) => this.weight(b) - this.weight(a) || this.key(a) - this.key(b));
  }

  #add(sums: Sums, times: NodeTimes, node: NodeIndex): void {
    sums.self += floatAt(times.self, node);
    sums.samples += floatAt(times.samples, node);
    sums.selfSquares += times.selfSquares?.[node] ?? Number.NaN;
  }
}

function noSums(): Sums {
  return { self: 0, samples: 0, selfSquares: 0 };
}

function sumOf(all: readonly Sums[]): Sums {
  const sums = noSums();
  for (const each of all) {
    sums.self += each.self;
    sums.samples += each.samples;
    sums.selfSquares += each.selfSquares;
  }
  return sums;
}

/** NodeIndex -> the outermost frame of one of the functions at or above it, -1 for none. Parents come first. */
function findRoots(tree: CallTree, isRoot: Uint8Array): Int32Array {
  const rootOf = new Int32Array(tree.length).fill(-1);
  for (let node = 0; node < tree.length; node++) {
    const parent = intAt(tree.parent, node);
    const above = parent === -1 ? -1 : intAt(rootOf, parent);
    rootOf[node] = above !== -1 ? above : byteAt(isRoot, intAt(tree.function, node)) === 1 ? node : -1;
  }
  return rootOf;
}
