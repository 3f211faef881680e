/**
 * Writes Python's marshal format with the type codes that CPython 2.7 and every 3.x read alike:
 * https://github.com/python/cpython/blob/main/Python/marshal.c
 *
 * `{` `(` `i` `l` `g` `0` mean the same to both. Of the texts, only `t` is the native string of both: bytes in Python 2, as
 * its profilers write names, and a str in Python 3. `u` loads too, but in Python 2 a non-ASCII name would not equal the one
 * that Python 2 wrote. References are not used: `R` is Python 2's, `r` Python 3's. Not recursive: the caller opens and ends
 * containers.
 */

import type { Count } from '../../model/count.ts';

/** A range of bytes that was written. */
export interface WrittenRange {
  readonly start: number;
  readonly end: number;
}

/** Writes one value into memory. Every method but `endDict` writes a value. */
export class MarshalWriter {
  #bytes = Buffer.alloc(1024);
  #length = 0;

  /** Opens a dict: write keys and values in turn, then call `endDict`. */
  dict(): void {
    this.#type('{');
  }

  endDict(): void {
    this.#type('0');
  }

  /** Opens a tuple: write `size` values. */
  tuple(size: number): void {
    this.#typeAndInt32('(', size);
  }

  /** Writes an integer of any size. Throws RangeError for other numbers, which is a defect of the caller. */
  int(value: Count): void {
    if (typeof value === 'number' && value === (value | 0)) this.#typeAndInt32('i', value);
    else this.#bigInteger(BigInt(value));
  }

  /** Writes a double. */
  float(value: number): void {
    this.#type('g');
    const at = this.#reserve(8);
    this.#bytes.writeDoubleLE(value, at);
  }

  /** Writes a text. Keeps lone surrogates, which Python 3 uses for bytes that are not UTF-8 (`surrogateescape`). */
  text(value: string): void {
    const bytes = LONE_SURROGATE.test(value) ? Buffer.concat(Array.from(value, utf8)) : Buffer.from(value, 'utf8');
    this.#typeAndInt32('t', bytes.length);
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Returns the range that `write` writes, for `repeat`. */
  record(write: () => void): WrittenRange {
    const start = this.#length;
    write();
    return { start, end: this.#length };
  }

  /** Writes a recorded range again. */
  repeat({ start, end }: WrittenRange): void {
    const at = this.#reserve(end - start);
    this.#bytes.copyWithin(at, start, end);
  }

  /** Returns all bytes. The writer must not be used afterwards. */
  finish(): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#length);
  }

  /** Writes `l`: the number of digits, with the value's sign, then digits in base 2^15, least significant first. */
  #bigInteger(value: bigint): void {
    const digits = digitsOf(value < 0n ? -value : value);
    this.#typeAndInt32('l', value < 0n ? -digits.length : digits.length);
    let at = this.#reserve(2 * digits.length);
    for (const digit of digits) at = this.#bytes.writeUInt16LE(digit, at);
  }

  #type(type: string): void {
    const at = this.#reserve(1);
    this.#bytes[at] = type.charCodeAt(0);
  }

  #typeAndInt32(type: string, int32: number): void {
    this.#type(type);
    const at = this.#reserve(4);
    this.#bytes.writeInt32LE(int32, at);
  }

  /** Reserves bytes and returns their start. */
  #reserve(size: number): number {
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

/** Makes four digits at a time from fifteen hexadecimal ones: shifting one large number would be quadratic. */
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

/** With the flag `u`, only a lone surrogate is of this category. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Encodes one character as UTF-8; a lone surrogate as three bytes, as CPython does. */
function utf8(character: string): Uint8Array {
  const code = character.codePointAt(0) ?? 0;
  if (!LONE_SURROGATE.test(character)) return Buffer.from(character, 'utf8');
  return Uint8Array.of(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
}
