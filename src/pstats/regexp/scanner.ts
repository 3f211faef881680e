/** A pattern, taken character by character. */

/** Python finds the pattern invalid. pstats says no more of it, so neither does this. */
export class RefusedPattern extends Error {}

export class PatternSource {
  /** Code points, as Python counts. */
  readonly #characters: readonly string[];
  #at = 0;

  constructor(pattern: string) {
    this.#characters = Array.from(pattern);
  }

  /** The next character; null at the end. */
  take(): string | null {
    return this.#characters[this.#at++] ?? null;
  }

  /** The next character. Throws RefusedPattern at the end. */
  demand(): string {
    const next = this.take();
    if (next === null) throw new RefusedPattern();
    return next;
  }

  /** The next character, one of these. Throws RefusedPattern for any other. */
  demandOneOf(characters: string): string {
    const next = this.demand();
    if (!characters.includes(next)) throw new RefusedPattern();
    return next;
  }

  takeIf(character: string): boolean {
    const is = this.#characters[this.#at] === character;
    if (is) this.#at++;
    return is;
  }

  /** The characters that match, `most` of them at most. */
  takeWhile(wanted: RegExp, most = Number.POSITIVE_INFINITY): string {
    const start = this.#at;
    while (this.#at - start < most && wanted.test(this.#characters[this.#at] ?? '')) this.#at++;
    return this.#characters.slice(start, this.#at).join('');
  }

  /** What stands before the character, which is taken too; null where it does not come. */
  takeUntil(character: string): string | null {
    const start = this.#at;
    const end = this.#characters.indexOf(character, start);
    this.#at = end === -1 ? this.#characters.length : end + 1;
    return end === -1 ? null : this.#characters.slice(start, end).join('');
  }

  back(): void {
    this.#at--;
  }

  /** What follows a `{` that repeats: `{2}`, `{2,}`, `{,3}`, `{2,3}`, `{,}`. Null, and nothing taken, for any other. */
  bounds(): { readonly least: number; readonly most: number } | null {
    const start = this.#at;
    const low = this.takeWhile(/[0-9]/);
    const isOpen = this.takeIf(',');
    const high = isOpen ? this.takeWhile(/[0-9]/) : low;
    if (!this.takeIf('}') || (low === '' && !isOpen)) {
      this.#at = start;
      return null;
    }
    return { least: Number(low), most: high === '' ? Number.POSITIVE_INFINITY : Number(high) };
  }
}
