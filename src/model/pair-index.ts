/** Numbers pairs of integers in order of first appearance: a hash table of columns, 24 to 48 bytes a pair. */

import { at, doubleLength } from './columns.ts';

export class PairIndex {
  #first: Float64Array<ArrayBuffer>;
  #second: Float64Array<ArrayBuffer>;
  /** hash -> number + 1, or 0; at most half are taken */
  #slots: Int32Array<ArrayBuffer>;
  /** So that no file can be made whose pairs all have one hash. */
  readonly #seed = (Math.random() * 2 ** 31) | 1;
  length = 0;

  /** @param expected the likely number of pairs: growing copies */
  constructor(expected = 0) {
    let slots = INITIAL_SLOTS;
    while (slots < 2 * expected) slots *= 2;
    this.#slots = new Int32Array(slots);
    this.#first = new Float64Array(slots / 2);
    this.#second = new Float64Array(slots / 2);
  }

  /** number -> the first of its pair */
  get firsts(): Float64Array {
    return this.#first.subarray(0, this.length);
  }

  /** number -> the second of its pair */
  get seconds(): Float64Array {
    return this.#second.subarray(0, this.length);
  }

  /** Returns the number of a pair, the next one for a new pair. */
  indexOf(first: number, second: number): number {
    const slot = this.#find(first, second);
    const known = at(this.#slots, slot);
    if (known !== 0) return known - 1;
    if (2 * (this.length + 1) > this.#slots.length) {
      this.#grow();
      return this.#add(this.#find(first, second), first, second);
    }
    return this.#add(slot, first, second);
  }

  #add(slot: number, first: number, second: number): number {
    this.#first[this.length] = first;
    this.#second[this.length] = second;
    this.#slots[slot] = ++this.length;
    return this.length - 1;
  }

  /**
   * Returns the slot of the pair, or the free slot where it belongs. It reads columns without `at`, since most of the time
   * of a reader of stacks is spent here: the mask keeps slots inside their column.
   */
  #find(first: number, second: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(first, second) & mask;
    for (let known = this.#slots[slot] ?? 0; known !== 0; known = this.#slots[slot] ?? 0) {
      if (this.#first[known - 1] === first && this.#second[known - 1] === second) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #hash(first: number, second: number): number {
    let mixed = Math.imul(first ^ this.#seed, 0x9e3779b1) ^ (first / 2 ** 32);
    mixed = Math.imul(mixed ^ (mixed >>> 15) ^ second, 0x85ebca77 ^ this.#seed);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae3d);
    return mixed ^ (mixed >>> 16);
  }

  #grow(): void {
    const { length } = this.#slots;
    this.#slots = new Int32Array(2 * length);
    this.#first = doubleLength(this.#first);
    this.#second = doubleLength(this.#second);
    for (let pair = 0; pair < this.length; pair++)
      this.#slots[this.#find(at(this.#first, pair), at(this.#second, pair))] = pair + 1;
  }
}

const INITIAL_SLOTS = 16;
