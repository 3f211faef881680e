/** A column of numbers of unknown length. An array of doubles takes several times its memory while it grows and is copied. */

export class GrowingNumbers {
  #values = new Float64Array(2 ** 10);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  /** The numbers so far, which later ones may move. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}
