/** A column whose length shows itself only at the end. */

interface Values {
  readonly length: number;
  set(from: this, offset: number): void;
  subarray(start: number, end: number): this;
}

export class GrowingColumn<Column extends Values> {
  readonly #make: (length: number) => Column;
  #values: Column;
  #length = 0;

  /** @param expected how long it may become: room that is not written to costs nothing, and to grow takes copying */
  constructor(make: (length: number) => Column, expected = 0) {
    this.#make = make;
    this.#values = make(Math.max(expected, 2 ** 10));
  }

  get length(): number {
    return this.#length;
  }

  /** Adds a copy. */
  push(values: Column): void {
    const length = this.#length + values.length;
    if (length > this.#values.length) this.#grow(length);
    this.#values.set(values, this.#length);
    this.#length = length;
  }

  /** Room that is never written to takes no memory of the machine's. */
  #grow(length: number): void {
    const larger = this.#make(Math.max(length, 2 * this.#values.length));
    larger.set(this.#values, 0);
    this.#values = larger;
  }

  /** All of it. The column must not be used again. */
  finish(): Column {
    return this.#values.subarray(0, this.#length);
  }
}
