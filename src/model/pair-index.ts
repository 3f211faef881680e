/** Numbers pairs of integers in order of first appearance. Fast if the second has few values. */
export class PairIndex {
  /** second -> first -> number. One key for both would be a string, or a number too large for V8's fast hashing. */
  readonly #indexes: Map<number, number>[] = [];
  length = 0;

  indexOf(first: number, second: number): number {
    this.#indexes[second] ??= new Map();
    const bySecond = this.#indexes[second];
    const known = bySecond.get(first);
    if (known !== undefined) return known;
    bySecond.set(first, this.length);
    return this.length++;
  }
}
