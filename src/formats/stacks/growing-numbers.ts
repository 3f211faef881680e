/** A column of numbers of unknown length. An array of doubles takes several times its memory while it grows and is copied. */

import { doubleLength } from '../../model/columns.ts';

export class GrowingNumbers {
  #values = new Float64Array(2 ** 10);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) this.#values = doubleLength(this.#values);
    this.#values[this.#length++] = value;
  }

  /** The numbers so far, which later ones may move. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}
