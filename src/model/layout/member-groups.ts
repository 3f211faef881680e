/** Groups the frames below or above a node by the key that they are shown as: the members of its children. */

import type { NodeIndex } from '../call-tree.ts';
import { doubleLength, intAt } from '../columns.ts';

/**
 * The frames of the call tree that a node stands for, and what its weight is taken from. Top-down both are the same call
 * nodes, whose subtrees count. In an inverted tree the leaf has the time, and the frame is the caller that was reached.
 */
export interface Members {
  readonly leaf: Int32Array;
  readonly frame: Int32Array;
}

/** One of the members. */
interface Member {
  readonly leaf: NodeIndex;
  readonly frame: NodeIndex;
  readonly weight: number;
}

export interface MemberGroup {
  readonly key: number;
  readonly members: Members;
  /** The sum of their weights. */
  readonly weight: number;
}

const NONE = new Int32Array(0);

export const NO_MEMBERS: Members = { leaf: NONE, frame: NONE };

const INITIAL_ENTRIES = 1024;

/** Columns that are used again for every node: lists that grow take several times as long, and most nodes are never opened. */
export class MemberGroups {
  /** entry -> group, leaf, frame */
  #group = new Int32Array(INITIAL_ENTRIES);
  #leaf = new Int32Array(INITIAL_ENTRIES);
  #frame = new Int32Array(INITIAL_ENTRIES);
  #entries = 0;
  /** Whether each frame is its leaf, as in a tree that is not inverted. */
  #areSame = true;
  /** key -> group, or -1 */
  readonly #groupOf: Int32Array;
  /** group -> key, number of entries, sum of weights */
  readonly #keys: number[] = [];
  readonly #sizes: number[] = [];
  readonly #weights: number[] = [];

  /** @param keys number of keys */
  constructor(keys: number) {
    this.#groupOf = new Int32Array(keys).fill(-1);
  }

  add(key: number, { leaf, frame, weight }: Member): void {
    let group = intAt(this.#groupOf, key);
    if (group === -1) {
      group = this.#keys.push(key) - 1;
      this.#groupOf[key] = group;
      this.#sizes.push(0);
      this.#weights.push(0);
    }
    this.#sizes[group] = (this.#sizes[group] ?? 0) + 1;
    this.#weights[group] = (this.#weights[group] ?? 0) + weight;
    const entry = this.#entries++;
    if (entry === this.#group.length) this.#grow();
    this.#group[entry] = group;
    this.#leaf[entry] = leaf;
    this.#frame[entry] = frame;
    if (leaf !== frame) this.#areSame = false;
  }

  #grow(): void {
    this.#group = doubleLength(this.#group);
    this.#leaf = doubleLength(this.#leaf);
    this.#frame = doubleLength(this.#frame);
  }

  /** The groups in the order of their first members. Begins anew. */
  take(): MemberGroup[] {
    const leaf = new Int32Array(this.#entries);
    const frame = this.#areSame ? leaf : new Int32Array(this.#entries);
    const next = new Int32Array(this.#keys.length);
    let start = 0;
    const groups = this.#keys.map((key, group) => {
      const end = start + (this.#sizes[group] ?? 0);
      const ofLeaf = leaf.subarray(start, end);
      const members = { leaf: ofLeaf, frame: this.#areSame ? ofLeaf : frame.subarray(start, end) };
      next[group] = start;
      start = end;
      this.#groupOf[key] = -1;
      return { key, members, weight: this.#weights[group] ?? 0 };
    });
    for (let entry = 0; entry < this.#entries; entry++) {
      const group = intAt(this.#group, entry);
      const place = intAt(next, group);
      leaf[place] = intAt(this.#leaf, entry);
      frame[place] = intAt(this.#frame, entry);
      next[group] = place + 1;
    }
    this.#entries = 0;
    this.#areSame = true;
    this.#keys.length = 0;
    this.#sizes.length = 0;
    this.#weights.length = 0;
    return groups;
  }
}
