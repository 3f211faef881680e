/** The stacks in order of time: a node is an uninterrupted call, as far as samples tell. */

import { type CallTree, type NodeIndex, outermostFrames } from '../call-tree.ts';
import { at, byteAt, floatAt, intAt } from '../columns.ts';
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

/** The samples from `first` up to, but without, `end` lie in the subtree of `callNode`. */
interface Run {
  readonly parent: LayoutNode;
  readonly callNode: NodeIndex;
  readonly first: number;
  readonly end: number;
  readonly start: number;
  readonly stop: number;
  readonly gap: number;
  children: readonly LayoutNode[] | null;
}

type OpenCall = { -readonly [Field in 'callNode' | 'first' | 'end' | 'start' | 'stop']: Run[Field] };

export class TimeTree implements LayoutTree {
  readonly #tree: CallTree;
  readonly #timeline: Timeline;
  readonly #options: TimeTreeOptions;
  readonly #runs: Run[];

  constructor(tree: CallTree, timeline: Timeline, options: TimeTreeOptions) {
    this.#tree = tree;
    this.#timeline = timeline;
    this.#options = options;
    const { length } = timeline;
    const last = length === 0 ? 0 : floatAt(timeline.time, length - 1) + floatAt(timeline.duration, length - 1);
    const stop = Math.max(last, Number.isNaN(options.duration) ? 0 : options.duration);
    this.#runs = [
      { parent: -1, callNode: -1, first: 0, end: length, start: options.start ?? 0, stop, gap: 0, children: null },
    ];
  }

  parent(node: LayoutNode): LayoutNode {
    return this.#run(node).parent;
  }

  key(node: LayoutNode): number {
    return node === ROOT ? -1 : intAt(this.#tree.function, this.#run(node).callNode);
  }

  weight(node: LayoutNode): number {
    const { start, stop } = this.#run(node);
    return stop - start;
  }

  gapBefore(node: LayoutNode): number {
    return this.#run(node).gap;
  }

  ownWeight(node: LayoutNode): number {
    return this.children(node).reduce((own, child) => own - this.weight(child), this.weight(node));
  }

  children(node: LayoutNode): readonly LayoutNode[] {
    const run = this.#run(node);
    run.children ??= this.#open(node, run);
    return run.children;
  }

  figures(node: LayoutNode): Figures {
    const { first, end, callNode } = this.#run(node);
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
    return this.figures(node).cumsamples < limit;
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

  /** The longest of a function's calls; those inside of them do not count. -1 for none. */
  longestCall(fn: FunctionIndex): LayoutNode {
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
    return longest.callNode === -1 ? -1 : this.#find(longest.callNode, longest.first);
  }

  /** Opens the calls around a sample down to the one of a call node; -1 where that is none. */
  #find(callNode: NodeIndex, sample: number): LayoutNode {
    let node: LayoutNode | undefined = ROOT;
    while (node !== undefined && this.#run(node).callNode !== callNode) {
      node = this.children(node).find((child) => this.#run(child).first <= sample && sample < this.#run(child).end);
    }
    return node ?? -1;
  }

  /** The first sample of the call, which no other call on this level has. */
  firstSample(node: LayoutNode): number {
    return this.#run(node).first;
  }

  /** µs since the start of recording */
  window(node: LayoutNode): { readonly from: number; readonly to: number } {
    const { start, stop } = this.#run(node);
    return { from: start, to: stop };
  }

  #run(node: LayoutNode): Run {
    return at(this.#runs, node);
  }

  #open(parent: LayoutNode, { callNode, first, end, start }: Run): LayoutNode[] {
    const { node, time, duration } = this.#timeline;
    const calls: OpenCall[] = [];
    for (let sample = first; sample < end; sample++) {
      const last = calls.at(-1);
      const child = this.#childOn(callNode, intAt(node, sample), last?.end === sample ? last.callNode : -1);
      if (child === -1) continue;
      const begin = floatAt(time, sample);
      const stop = begin + floatAt(duration, sample);
      if (last !== undefined && last.end === sample && last.callNode === child && last.stop === begin) {
        last.end = sample + 1;
        last.stop = stop;
      } else calls.push({ callNode: child, first: sample, end: sample + 1, start: begin, stop });
    }
    let before = start;
    const children: LayoutNode[] = [];
    for (const call of calls) {
      if (call.stop <= call.start) continue;
      children.push(this.#runs.push({ ...call, parent, gap: call.start - before, children: null }) - 1);
      before = call.stop;
    }
    return children;
  }

  /** The child of a call node that a sample's node lies in or below; -1 for none, and for what is a gap. */
  #childOn(above: NodeIndex, sampled: NodeIndex, before: NodeIndex): NodeIndex {
    const { parent, subtreeEnd, function: fns } = this.#tree;
    const { transparent, hidden } = this.#options;
    if (sampled === -1 || sampled === above) return -1;
    if (before !== -1 && before <= sampled && sampled < intAt(subtreeEnd, before)) return before;
    let node = sampled;
    for (let next = intAt(parent, node); next !== above; next = intAt(parent, node)) {
      // Below the root of all, V8's own root is left out.
      if (next === -1 || (above === -1 && byteAt(transparent, intAt(fns, next)) === 1)) break;
      node = next;
    }
    const fn = intAt(fns, node);
    return byteAt(transparent, fn) === 1 || byteAt(hidden, fn) === 1 ? -1 : node;
  }
}
