/** The LayoutTree of a call tree: top-down or inverted, with groups, folded frames and merged recursion. */

import { type CallTree, type NodeIndex, type NodeTimes, outermostFrames, subtreeSums } from '../call-tree.ts';
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
  /** Whether the tree leads from functions with self time up to their callers. */
  readonly isInverted: boolean;
  /** Functions whose outermost calls are the roots of the tree; null for the outermost frames of all stacks. */
  readonly roots: Uint8Array | null;
}

/** Functions with all of their frames, from the outermost ones down. */
export const WHOLE_TREE = {
  folded: null,
  foldsOnlyLeading: false,
  mergesRecursion: false,
  isInverted: false,
  roots: null,
} as const satisfies Partial<StacksTreeOptions>;

interface StacksNode {
  readonly parent: LayoutNode;
  readonly key: number;
  readonly isFolded: boolean;
  readonly weight: number;
  /** Emptied when a node of an inverted tree is opened, because that has as many at each level. */
  members: Members;
  opened: OpenedNode | null;
  /** Found when they are asked for, but for those of an opened node of an inverted tree. */
  figures: Figures | null;
}

interface OpenedNode {
  readonly children: readonly LayoutNode[];
  /** The frames that are the node: its members, and those that join them. None in an inverted tree. */
  readonly frames: Int32Array;
  /** Found for nodes that may have several. */
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
  /** NodeIndex -> what it adds to a node's figures: its subtree, or itself in an inverted tree. */
  readonly #times: NodeTimes;
  /** The column of `times` that widths stand for. */
  readonly #weights: Float64Array;
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
    this.#weights = this.#hasTimes ? this.#times.self : this.#times.samples;
    this.#isGrouped = options.keys.some((key, fn) => key !== fn);
    this.#groups = new MemberGroups(options.keys.reduce((most, key) => Math.max(most, key), -1) + 1);
    this.#rootOf = options.roots === null ? null : outermostFrames(tree, options.roots);
    const root = { parent: -1, key: -1, isFolded: false, members: NO_MEMBERS, figures: null };
    this.#nodes.push({ ...root, weight: 0, opened: null });
    const frames = options.isInverted ? this.#groupLeaves() : this.#groupOutermost();
    const own = frames.reduce((sum, frame) => sum + floatAt(this.#hasTimes ? tree.self : tree.samples, frame), 0);
    const children = this.#addChildren(ROOT);
    const weight = children.reduce((sum, child) => sum + this.weight(child), own);
    this.#nodes[ROOT] = { ...root, weight, opened: { children, frames, functions: [] } };
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
    return this.#node(node).weight;
  }

  ownWeight(node: LayoutNode): number {
    return this.#weightOf(this.figures(node));
  }

  gapBefore(): number {
    return 0;
  }

  figures(node: LayoutNode): Figures {
    const known = this.#node(node);
    const { frames } = this.#open(node);
    if (known.figures !== null) return known.figures;
    const own = this.#sum(this.#tree, frames);
    known.figures = this.#figuresOf(
      own,
      node === ROOT ? this.#sumOfRoot(own) : this.#sum(this.#times, known.members.leaf),
    );
    return known.figures;
  }

  hasFewerSamples(node: LayoutNode, limit: number): boolean {
    const { members, figures } = this.#node(node);
    if (node === ROOT || figures !== null) return this.figures(node).cumsamples < limit;
    const { subtreeEnd } = this.#tree;
    let samples = 0;
    for (let i = 0; i < members.leaf.length && samples < limit; i++) {
      const leaf = intAt(members.leaf, i);
      const end = this.#options.isInverted ? leaf + 1 : intAt(subtreeEnd, leaf);
      for (let below = leaf; below < end && samples < limit; below++) samples += floatAt(this.#tree.samples, below);
    }
    return samples < limit;
  }

  functions(node: LayoutNode): readonly FunctionIndex[] {
    // Its key says which, so the node need not be opened.
    return node === ROOT || this.#hasFunctions(node) ? this.#open(node).functions : [this.key(node)];
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

  #weightOf({ self, samples }: Pick<Sums, 'self' | 'samples'>): number {
    return this.#hasTimes ? self : samples;
  }

  #open(node: LayoutNode): OpenedNode {
    const known = this.#node(node);
    if (known.opened !== null) return known.opened;
    known.opened = this.#options.isInverted ? this.#openUpward(node) : this.#openDownward(node);
    return known.opened;
  }

  /** Whether a node may stand for several functions. */
  #hasFunctions(node: LayoutNode): boolean {
    return this.#isGrouped || this.#node(node).isFolded;
  }

  #figuresOf(own: Sums, { self, samples, selfSquares }: Sums): Figures {
    return { ...own, total: self, cumsamples: samples, totalSquares: selfSquares };
  }

  #sum(times: NodeTimes, nodes: Int32Array): Sums {
    const sums = noSums();
    for (let i = 0; i < nodes.length; i++) this.#add(sums, times, intAt(nodes, i));
    return sums;
  }

  #sumOfRoot(own: Sums): Sums {
    const sums = { ...own };
    for (const child of this.children(ROOT)) {
      const { total, cumsamples, totalSquares } = this.figures(child);
      sums.self += total;
      sums.samples += cumsamples;
      sums.selfSquares += totalSquares;
    }
    return sums;
  }

  // ---- ROOT --------------------------------------------------------------------------------------------------------

  /** The children of ROOT top-down: outermost frames, or outermost calls of the roots. Returns the frames of ROOT itself. */
  #groupOutermost(): Int32Array {
    const { hidden, transparent, roots } = this.#options;
    const { length, subtreeEnd, function: fns } = this.#tree;
    const frames: NodeIndex[] = [];
    for (let node = 0; node < length; ) {
      const fn = intAt(fns, node);
      const isRoot = roots === null ? byteAt(transparent, fn) === 0 : byteAt(roots, fn) === 1;
      if (byteAt(hidden, fn) === 0) {
        if (isRoot) this.#group(node, node);
        else if (roots === null) frames.push(node);
      }
      node = isRoot || byteAt(hidden, fn) === 1 ? intAt(subtreeEnd, node) : node + 1;
    }
    return Int32Array.from(frames);
  }

  /** The children of ROOT inverted: frames with self time. ROOT has none of its own. */
  #groupLeaves(): Int32Array {
    const { hidden, transparent } = this.#options;
    const { length, function: fns, self, samples } = this.#tree;
    for (let node = 0; node < length; node++) {
      const fn = intAt(fns, node);
      const isPart = this.#rootOf === null || at(this.#rootOf, node) !== -1;
      const isLeaf = floatAt(self, node) > 0 || floatAt(samples, node) > 0;
      if (isPart && isLeaf && byteAt(hidden, fn) === 0 && byteAt(transparent, fn) === 0) this.#group(node, node);
    }
    return NO_MEMBERS.frame;
  }

  // ---- other nodes -------------------------------------------------------------------------------------------------

  /** Frames that join the node add to its self time, and their children are its children. */
  #openDownward(node: LayoutNode): OpenedNode {
    const known = this.#node(node);
    const { frame } = known.members;
    const canJoin = known.isFolded || this.#options.mergesRecursion;
    const frames = canJoin ? this.#groupBelowJoined(known, frame) : frame;
    if (!canJoin) for (let i = 0; i < frame.length; i++) this.#groupBelow(intAt(frame, i));
    return { children: this.#addChildren(node), frames, functions: this.#functionsOf(node, frames) };
  }

  #groupBelow(member: NodeIndex): void {
    const { subtreeEnd } = this.#tree;
    const end = intAt(subtreeEnd, member);
    for (let below = member + 1; below < end; below = intAt(subtreeEnd, below)) this.#group(below, below);
  }

  /** Returns the members and the frames that join them, which may be most of the tree. */
  #groupBelowJoined(known: StacksNode, members: Int32Array): Int32Array {
    const { subtreeEnd, function: fns } = this.#tree;
    let size = 0;
    for (let i = 0; i < members.length; i++) size += intAt(subtreeEnd, intAt(members, i)) - intAt(members, i);
    const joined = new Int32Array(size);
    let length = 0;
    for (let i = 0; i < members.length; i++) {
      const member = intAt(members, i);
      const end = intAt(subtreeEnd, member);
      joined[length++] = member;
      for (let below = member + 1; below < end; ) {
        if (this.#joins(known, intAt(fns, below))) joined[length++] = below++;
        else {
          this.#group(below, below);
          below = intAt(subtreeEnd, below);
        }
      }
    }
    return joined.slice(0, length);
  }

  /** In the order of their first frames. */
  #functionsOf(node: LayoutNode, frames: Int32Array): readonly FunctionIndex[] {
    if (!this.#hasFunctions(node)) return [];
    const functions = new Set<FunctionIndex>();
    for (let i = 0; i < frames.length; i++) functions.add(intAt(this.#tree.function, intAt(frames, i)));
    return [...functions];
  }

  /** A stack that ends at the node, because its outermost frame is reached, is the node's self time. */
  #openUpward(node: LayoutNode): OpenedNode {
    const known = this.#node(node);
    const { leaf, frame } = known.members;
    const { function: fns } = this.#tree;
    const hasFunctions = this.#hasFunctions(node);
    const functions = new Set<FunctionIndex>();
    const own = noSums();
    for (let i = 0; i < leaf.length; i++) {
      let inside = intAt(frame, i);
      if (hasFunctions) functions.add(intAt(fns, inside));
      let above = this.#callerOf(inside);
      while (above !== -1 && this.#joins(known, intAt(fns, above))) {
        if (hasFunctions) functions.add(intAt(fns, above));
        inside = above;
        above = this.#callerOf(inside);
      }
      if (above === -1) this.#add(own, this.#tree, intAt(leaf, i));
      else this.#group(intAt(leaf, i), above);
    }
    known.figures = this.#figuresOf(own, this.#sum(this.#times, leaf));
    known.members = NO_MEMBERS;
    return { children: this.#addChildren(node), frames: NO_MEMBERS.frame, functions: [...functions] };
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

  /** Adds a stack to the children, by the frame that it is shown as. */
  #group(leaf: NodeIndex, frame: NodeIndex): void {
    const key = intAt(this.#options.keys, intAt(this.#tree.function, frame));
    this.#groups.add(key, { leaf, frame, weight: floatAt(this.#weights, leaf) });
  }

  #addChildren(parent: LayoutNode): readonly LayoutNode[] {
    const { folded, foldsOnlyLeading } = this.#options;
    const children: LayoutNode[] = [];
    for (const { key, members, weight } of this.#groups.take()) {
      // The end of a recording may be a sample without time.
      if (weight === 0) continue;
      const isFoldable = folded !== null && byteAt(folded, intAt(this.#tree.function, intAt(members.frame, 0))) === 1;
      const isFolded = isFoldable && (!foldsOnlyLeading || parent === ROOT);
      children.push(this.#nodes.length);
      this.#nodes.push({ parent, key, isFolded, members, weight, opened: null, figures: null });
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
