/** Numbers as bytes: the parts that packed columns are made of. */

/** Whatever is wrong with the bytes; the message is a fact without a file. */
export class BrokenColumnsError extends Error {
  override readonly name = 'BrokenColumnsError';
}

/** Numbers from `min` up to, but without, `end`. */
export interface Range {
  readonly min: number;
  readonly end: number;
}

/** Of any number. */
export const ANY: Range = { min: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };

/** Of equal length, the first is the one that gzip packs best. */
export const WHOLE_ENCODINGS = ['varints', 'offsets', 'differences'] as const;

export type WholeEncoding = (typeof WHOLE_ENCODINGS)[number];

/** 0, -1, 1, -2 … → 0, 1, 2, 3 … */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

export function unzigzag(value: number): number {
  if (value < 2 ** 31) return (value >>> 1) ^ -(value & 1);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** The first number of a column that is out of its range. */
export interface BadValue {
  readonly index: number;
  readonly value: number | undefined;
}

export class ByteWriter {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;

  varint(value: number): void {
    this.#reserve(10);
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) + 128;
    this.#bytes[this.#length++] = rest;
  }

  double(value: number): void {
    this.#reserve(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  get length(): number {
    return this.#length;
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** How whole numbers are written. */
interface Wholes {
  readonly encoding: WholeEncoding;
  /** What the first number, or each of them, is the difference from. */
  readonly start: number;
  readonly range: Range;
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  #next = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#next;
  }

  /**
   * Fills a column, up to the first number out of range, which it returns. Columns are long, and most numbers are of one or
   * two bytes: this loop calls nothing for them.
   */
  wholes(values: Float64Array | Int32Array, { encoding, start, range: { min, end } }: Wholes): BadValue | null {
    const bytes = this.#bytes;
    let [next, before] = [this.#next, start];
    for (let index = 0; index < values.length; index++) {
      let value = bytes[next++] as number;
      if (value >= 128) {
        const second = bytes[next] as number;
        if (second < 128) {
          value += 128 * (second - 1);
          next++;
        } else {
          this.#next = next - 1;
          value = this.varint();
          next = this.#next;
        }
      }
      if (encoding !== 'varints') value = before + unzigzag(value);
      if (encoding === 'differences') before = value;
      // After the last byte it is no number.
      if (!(value >= min && value < end)) {
        if (next > bytes.length) throw new BrokenColumnsError('ends too early');
        return { index, value };
      }
      values[index] = value;
    }
    this.#next = next;
    return null;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; scale <= Number.MAX_SAFE_INTEGER; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128 && Number.isSafeInteger(value)) return value;
    }
    throw new BrokenColumnsError(`byte ${this.#next}: a number is too large`);
  }

  double(): number {
    const { buffer, byteOffset } = this.bytes(8);
    return new DataView(buffer, byteOffset, 8).getFloat64(0, true);
  }

  bytes(length: number): Uint8Array {
    if (length > this.left) throw new BrokenColumnsError('ends too early');
    this.#next += length;
    return this.#bytes.subarray(this.#next - length, this.#next);
  }

  #byte(): number {
    const byte = this.#bytes[this.#next++];
    if (byte === undefined) throw new BrokenColumnsError('ends too early');
    return byte;
  }
}
