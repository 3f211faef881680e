/** A typed array of unknown final length. */

interface Values {
  readonly length: number;
  set(from: this, offset: number): void;
  subarray(start: number, end: number): this;
}

export class GrowingColumn<Column extends Values> {
  readonly #make: (length: number) => Column;
  #values: Column;
  #length = 0;

  /** @param expected the likely length: pages never written to are not committed, and growing copies */
  constructor(make: (length: number) => Column, expected = 0) {
    this.#make = make;
    this.#values = make(Math.max(expected, 2 ** 10));
  }

  get length(): number {
    return this.#length;
  }

  /** Appends a copy. */
  push(values: Column): void {
    const length = this.#length + values.length;
    if (length > this.#values.length) this.#grow(length);
    this.#values.set(values, this.#length);
    this.#length = length;
  }

  /** Doubles the capacity: pages never written to are not committed. */
  #grow(length: number): void {
    const larger = this.#make(Math.max(length, 2 * this.#values.length));
    larger.set(this.#values, 0);
    this.#values = larger;
  }

  /** Returns the values. The column must not be used afterwards. */
  finish(): Column {
    return this.#values.subarray(0, this.#length);
  }
}
