/**
 * Python's marshal format, written: the type codes that CPython 2.7 and every 3.x read alike.
 *
 * `{` `(` `i` `l` `g` `0` mean the same to both (spec of pstats, 1.2, Writer). Of texts only `t` is the native string
 * of either: bytes to Python 2, as its profilers write names, and a text to Python 3. `u` would load too, but to
 * Python 2 a name with an umlaut would then equal none that it wrote itself. Back-references are of one
 * generation each (`R`, `r`), so there are none. Not recursive: who calls, opens and ends the containers.
 */

import type { Count } from '../../model/count.ts';

/** Bytes that were written, to be written again. */
export interface Written {
  readonly start: number;
  readonly end: number;
}

/** Collects one value. Every method writes one, but `endDict`. */
export class MarshalWriter {
  #bytes = Buffer.alloc(1024);
  #length = 0;

  /** Opens a dict: keys and values in turn follow, then `endDict`. */
  dict(): void {
    this.#type('{');
  }

  endDict(): void {
    this.#type('0');
  }

  /** Opens a tuple: so many values follow. */
  tuple(size: number): void {
    this.#typed('(', size);
  }

  /** A whole number of any size. Throws RangeError for any other number: that is a defect. */
  int(value: Count): void {
    if (typeof value === 'number' && value === (value | 0)) this.#typed('i', value);
    else this.#bigInteger(BigInt(value));
  }

  /** A double, bit for bit. */
  float(value: number): void {
    this.#type('g');
    const at = this.#room(8);
    this.#bytes.writeDoubleLE(value, at);
  }

  /** A text. Lone surrogates are kept: with them Python 3 stands for bytes that were no UTF-8. */
  text(value: string): void {
    const bytes = LONE_SURROGATE.test(value) ? Buffer.concat(Array.from(value, utf8)) : Buffer.from(value, 'utf8');
    this.#typed('t', bytes.length);
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** What `write` wrote, so that it can be written again. */
  written(write: () => void): Written {
    const start = this.#length;
    write();
    return { start, end: this.#length };
  }

  again({ start, end }: Written): void {
    const at = this.#room(end - start);
    this.#bytes.copyWithin(at, start, end);
  }

  /** Everything that was written. The writer must not be used afterwards. */
  finish(): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#length);
  }

  /** `l`: the number of digits with the sign of the value, then the digits in base 2^15, least significant first. */
  #bigInteger(value: bigint): void {
    const digits = digitsOf(value < 0n ? -value : value);
    this.#typed('l', value < 0n ? -digits.length : digits.length);
    let at = this.#room(2 * digits.length);
    for (const digit of digits) at = this.#bytes.writeUInt16LE(digit, at);
  }

  #type(type: string): void {
    const at = this.#room(1);
    this.#bytes[at] = type.charCodeAt(0);
  }

  #typed(type: string, int32: number): void {
    this.#type(type);
    const at = this.#room(4);
    this.#bytes.writeInt32LE(int32, at);
  }

  /** Where so many bytes may be written. */
  #room(size: number): number {
    const start = this.#length;
    this.#length += size;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(this.#length, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return start;
  }
}

/** Four digits at a time, out of fifteen hexadecimal ones: shifting one ever smaller number would be quadratic. */
function digitsOf(value: bigint): number[] {
  const hex = value.toString(16);
  const digits: number[] = [];
  for (let end = hex.length; end > 0; end -= 15) {
    const part = BigInt(`0x${hex.slice(Math.max(0, end - 15), end)}`);
    for (const shift of [0n, 15n, 30n, 45n]) digits.push(Number((part >> shift) & 0x7fffn));
  }
  while (digits.at(-1) === 0) digits.pop();
  return digits;
}

/** With `u`, a pair of surrogates is one character, and only a lone one is of this category. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** One character in UTF-8; a lone surrogate becomes three bytes, as CPython writes and reads it. */
function utf8(character: string): Uint8Array {
  const code = character.codePointAt(0) ?? 0;
  if (!LONE_SURROGATE.test(character)) return Buffer.from(character, 'utf8');
  return Uint8Array.of(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
}
