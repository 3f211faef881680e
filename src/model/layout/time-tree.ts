/** The stacks in order of time: a node is an uninterrupted call, as far as samples tell. */

import { firstIndex } from '../../base/first-index.ts';
import { getOrInsert } from '../../base/maps.ts';
import { type CallTree, type NodeIndex, outermostFrames } from '../call-tree.ts';
import { at, byteAt, doubleLength, floatAt, intAt } from '../columns.ts';
import type { FunctionIndex } from '../function-table.ts';
import type { Timeline } from '../profile.ts';
import { type Figures, type LayoutNode, type LayoutTree, ROOT } from './layout-tree.ts';

export interface TimeTreeOptions {
  /** FunctionIndex -> 1: no row, its children take its place */
  readonly transparent: Uint8Array;
  /** FunctionIndex -> 1: drawn as a gap */
  readonly hidden: Uint8Array;
  /** µs */
  readonly duration: number;
  /** µs since the start of recording, where the first row begins. @default 0 */
  readonly start?: number;
}

interface Span {
  readonly least: NodeIndex;
  readonly greatest: NodeIndex;
}

/** Numbers of a call: its parent, its call node, its first sample, and the one after its last. */
const FIELDS = 4;
const [PARENT, CALL_NODE, FIRST, END] = [0, 1, 2, 3];

export class TimeTree implements LayoutTree {
  readonly #tree: CallTree;
  readonly #timeline: Timeline;
  readonly #options: TimeTreeOptions;
  readonly #stop: number;
  /** The calls as one column: where no two samples have a stack in common, there are as many as samples. */
  #calls = new Int32Array(FIELDS * 2 ** 10);
  #length = 0;
  readonly #children = new Map<LayoutNode, readonly LayoutNode[]>();
  /** call -> the least and the greatest call node of its samples */
  readonly #spans = new Map<LayoutNode, Span>();
  /** call node -> its children, found when one of its calls is opened */
  readonly #callees = new Map<NodeIndex, Int32Array>();

  constructor(tree: CallTree, timeline: Timeline, options: TimeTreeOptions) {
    this.#tree = tree;
    this.#timeline = timeline;
    this.#options = options;
    const { length } = timeline;
    const last = length === 0 ? 0 : this.#stopOf(length - 1);
    this.#stop = Math.max(last, Number.isNaN(options.duration) ? 0 : options.duration);
    this.#push([-1, -1, 0, length]);
  }

  parent(node: LayoutNode): LayoutNode {
    return this.#field(node, PARENT);
  }

  key(node: LayoutNode): number {
    return node === ROOT ? -1 : intAt(this.#tree.function, this.#field(node, CALL_NODE));
  }

  weight(node: LayoutNode): number {
    return this.#to(node) - this.#from(node);
  }

  gapBefore(node: LayoutNode): number {
    if (node === ROOT) return 0;
    // Calls of the same parent follow each other.
    const parent = this.parent(node);
    const before = this.parent(node - 1) === parent ? this.#to(node - 1) : this.#from(parent);
    return this.#from(node) - before;
  }

  ownWeight(node: LayoutNode): number {
    return this.children(node).reduce((own, child) => own - this.weight(child), this.weight(node));
  }

  children(node: LayoutNode): readonly LayoutNode[] {
    return getOrInsert(this.#children, node, () => this.#open(node));
  }

  figures(node: LayoutNode): Figures {
    const { callNode, first, end } = this.#call(node);
    const { node: nodes, duration } = this.#timeline;
    const sums = { self: 0, samples: 0, selfSquares: 0, totalSquares: 0 };
    for (let sample = first; sample < end; sample++) {
      const time = floatAt(duration, sample);
      sums.totalSquares += time * time;
      if (intAt(nodes, sample) !== callNode) continue;
      sums.self += time;
      sums.samples++;
      sums.selfSquares += time * time;
    }
    return { ...sums, total: this.weight(node), cumsamples: end - first };
  }

  hasFewerSamples(node: LayoutNode, limit: number): boolean {
    return this.#field(node, END) - this.#field(node, FIRST) < limit;
  }

  functions(node: LayoutNode): readonly FunctionIndex[] {
    return node === ROOT ? [] : [this.key(node)];
  }

  chain(node: LayoutNode): readonly LayoutNode[] {
    return [node];
  }

  isEstimated(): boolean {
    return false;
  }

  /** The longest of a function's calls; those inside of them do not count. Null for none. */
  longestCall(fn: FunctionIndex): LayoutNode | null {
    const { length, node: nodes, time, duration } = this.#timeline;
    const outermost = outermostFrames(
      this.#tree,
      Uint8Array.from(this.#options.hidden, (_, each) => Number(each === fn)),
    );
    let longest = { callNode: -1, first: -1, time: 0 };
    let call = { callNode: -1, first: -1, time: 0 };
    let stop = Number.NaN;
    for (let sample = 0; sample < length; sample++) {
      const node = intAt(nodes, sample);
      const callNode = node === -1 ? -1 : intAt(outermost, node);
      if (callNode !== call.callNode || floatAt(time, sample) !== stop) call = { callNode, first: sample, time: 0 };
      call.time += floatAt(duration, sample);
      stop = floatAt(time, sample) + floatAt(duration, sample);
      if (callNode !== -1 && call.time > longest.time) longest = call;
    }
    return longest.callNode === -1 ? null : this.#find(longest.callNode, longest.first);
  }

  /** Opens the calls around a sample down to the one of a call node; null where that is none. */
  #find(callNode: NodeIndex, sample: number): LayoutNode | null {
    let node: LayoutNode = ROOT;
    while (this.#field(node, CALL_NODE) !== callNode) {
      const children = this.children(node);
      const last = firstIndex(children.length, (i) => this.firstSample(at(children, i)) > sample) - 1;
      if (last === -1) return null;
      node = at(children, last);
      if (sample >= this.#field(node, END)) return null;
    }
    return node;
  }

  /** The first sample of the call, which no other call on this level has. */
  firstSample(node: LayoutNode): number {
    return this.#field(node, FIRST);
  }

  /** µs since the start of recording */
  window(node: LayoutNode): { readonly from: number; readonly to: number } {
    return { from: this.#from(node), to: this.#to(node) };
  }

  #from(node: LayoutNode): number {
    return node === ROOT ? (this.#options.start ?? 0) : floatAt(this.#timeline.time, this.#field(node, FIRST));
  }

  #to(node: LayoutNode): number {
    return node === ROOT ? this.#stop : this.#stopOf(this.#field(node, END) - 1);
  }

  #stopOf(sample: number): number {
    return floatAt(this.#timeline.time, sample) + floatAt(this.#timeline.duration, sample);
  }

  #field(node: LayoutNode, field: number): number {
    if (node >= this.#length) throw new RangeError('a call that is not there');
    return intAt(this.#calls, FIELDS * node + field);
  }

  #call(node: LayoutNode) {
    const field = (each: number) => this.#field(node, each);
    return { callNode: field(CALL_NODE), first: field(FIRST), end: field(END) };
  }

  #push(fields: readonly [number, number, number, number]): LayoutNode {
    const place = FIELDS * this.#length;
    if (place === this.#calls.length) this.#calls = doubleLength(this.#calls);
    this.#calls.set(fields, place);
    return this.#length++;
  }

  #open(parent: LayoutNode): LayoutNode[] {
    const { callNode, first, end } = this.#call(parent);
    const only = parent === ROOT ? -1 : this.#onlyChild(parent);
    if (only !== -1) {
      const child = this.#push([parent, only, first, end]);
      this.#spans.set(child, this.#spanOf(parent));
      return [child];
    }
    const children: LayoutNode[] = [];
    for (let sample = first; sample < end; ) {
      const child = this.#childOn(callNode, intAt(this.#timeline.node, sample));
      const next = child === -1 ? sample + 1 : this.#endOfCall(child, sample, end);
      // The end of a recording may be a sample without time.
      const hasTime = child !== -1 && this.#stopOf(next - 1) > floatAt(this.#timeline.time, sample);
      if (hasTime) children.push(this.#push([parent, child, sample, next]));
      sample = next;
    }
    return children;
  }

  /** The child of a call that all of its samples are in, found without a pass over these; -1 for none. */
  #onlyChild(parent: LayoutNode): NodeIndex {
    const { least, greatest } = this.#spanOf(parent);
    const child = this.#childOn(this.#field(parent, CALL_NODE), least);
    return child !== -1 && greatest < intAt(this.#tree.subtreeEnd, child) ? child : -1;
  }

  #spanOf(node: LayoutNode): Span {
    return getOrInsert(this.#spans, node, () => {
      const { first, end } = this.#call(node);
      let [least, greatest] = [this.#tree.length, -1];
      for (let sample = first; sample < end; sample++) {
        const each = intAt(this.#timeline.node, sample);
        if (each < least) least = each;
        if (each > greatest) greatest = each;
      }
      return { least, greatest };
    });
  }

  /** The sample after a call: the first one outside of its subtree, or after a pause. */
  #endOfCall(callNode: NodeIndex, first: number, end: number): number {
    const { node, time, duration } = this.#timeline;
    const subtreeEnd = intAt(this.#tree.subtreeEnd, callNode);
    let sample = first;
    for (let stop = floatAt(time, first); sample < end && floatAt(time, sample) === stop; sample++) {
      const sampled = intAt(node, sample);
      if (sampled < callNode || sampled >= subtreeEnd) break;
      stop += floatAt(duration, sample);
    }
    return sample;
  }

  /** The child of a call node that a sample's node lies in or below; -1 for none, and for what is a gap. */
  #childOn(above: NodeIndex, sampled: NodeIndex): NodeIndex {
    const { subtreeEnd, function: fns } = this.#tree;
    const callees = getOrInsert(this.#callees, above, () => Int32Array.from(this.#calleesOf(above)));
    const last = firstIndex(callees.length, (i) => intAt(callees, i) > sampled) - 1;
    const child = last === -1 ? -1 : intAt(callees, last);
    const isIn = child !== -1 && sampled < intAt(subtreeEnd, child);
    return isIn && byteAt(this.#options.hidden, intAt(fns, child)) === 0 ? child : -1;
  }

  /** Ascending. Below the root of all, V8's own root is left out. */
  #calleesOf(above: NodeIndex): NodeIndex[] {
    const { length, subtreeEnd, function: fns } = this.#tree;
    const end = above === -1 ? length : intAt(subtreeEnd, above);
    const children: NodeIndex[] = [];
    for (let node = above + 1; node < end; ) {
      const isLeftOut = above === -1 && byteAt(this.#options.transparent, intAt(fns, node)) === 1;
      if (!isLeftOut) children.push(node);
      node = isLeftOut ? node + 1 : intAt(subtreeEnd, node);
    }
    return children;
  }
}
