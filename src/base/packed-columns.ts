/**
 * Columns of numbers as bytes: a JSON head, then the columns one after the other. Whole numbers are varints
 * (https://protobuf.dev/programming-guides/encoding/#varints), of the values or of their differences, whichever are
 * shorter. Of CPython's seconds, which it makes of nanoseconds, and of their sums, varints say the nanoseconds and how far
 * the last bits are off. Other numbers are doubles. Reading gives every number back exactly. Browsers read it, too.
 *
 *     magic, length of the head in bytes (varint), head, columns in the order of head.columns
 */

/** Whatever is wrong with the bytes; the message is a fact without a file. */
export class BrokenColumnsError extends Error {
  override readonly name = 'BrokenColumnsError';
}

export type Columns = ReadonlyMap<string, Float64Array>;

export interface PackedFile {
  /** Any JSON. */
  readonly head: unknown;
  readonly columns: Columns;
}

const MAGIC = 'pstat-columns-1\n';

const ENCODINGS = ['varints', 'differences', 'nanoseconds', 'doubles'] as const;

type Encoding = (typeof ENCODINGS)[number];

interface ColumnHead {
  readonly name: string;
  readonly length: number;
  readonly encoding: Encoding;
}

export function packColumns(head: unknown, columns: ReadonlyMap<string, ArrayLike<number>>): Uint8Array {
  const writer = new ByteWriter();
  const chosen = [...columns].map(([name, values]) => ({ name, values, encoding: chooseEncoding(values) }));
  const text = JSON.stringify({
    head,
    columns: chosen.map(({ name, values, encoding }): ColumnHead => ({ name, length: values.length, encoding })),
  });
  const bytes = new TextEncoder().encode(text);
  writer.bytes(new TextEncoder().encode(MAGIC));
  writer.varint(bytes.length);
  writer.bytes(bytes);
  for (const { values, encoding } of chosen) writeColumn(writer, values, encoding);
  return writer.finish();
}

/** Throws BrokenColumnsError. */
export function unpackColumns(bytes: Uint8Array): PackedFile {
  const reader = new ByteReader(bytes);
  if (new TextDecoder().decode(reader.bytes(MAGIC.length)) !== MAGIC) throw new BrokenColumnsError('has another start');
  const { head, columns } = parseHead(reader.bytes(reader.varint()));
  const read = columns.map(({ name, length, encoding }) => [name, readColumn(reader, length, encoding)] as const);
  if (!reader.isAtEnd) throw new BrokenColumnsError('goes on after the last column');
  return { head, columns: new Map(read) };
}

/** Returns a column. Throws BrokenColumnsError if there is none, or if it has another length. */
export function columnOf(columns: Columns, name: string, length?: number): Float64Array {
  const column = columns.get(name);
  if (column === undefined) throw new BrokenColumnsError(`has no column ${name}`);
  if (length !== undefined && column.length !== length)
    throw new BrokenColumnsError(`column ${name} has ${column.length} values, not ${length}`);
  return column;
}

/** As `columnOf`, for whole numbers from `min` up to, but without, `end`. */
export function indexColumn(columns: Columns, name: string, range: IndexRange): Int32Array {
  const column = columnOf(columns, name, range.length);
  const indexes = new Int32Array(column);
  for (let i = 0; i < indexes.length; i++) {
    const index = indexes[i] as number;
    if (index !== column[i] || index < range.min || index >= range.end)
      throw new BrokenColumnsError(`${name}[${i}] is ${column[i]}, out of range`);
  }
  return indexes;
}

/** As `columnOf`, for amounts: 0 or more, or NaN if not known. */
export function amountColumn(columns: Columns, name: string, length: number): Float64Array {
  const column = columnOf(columns, name, length);
  const bad = column.findIndex((value) => value < 0 || value === Number.POSITIVE_INFINITY);
  if (bad !== -1) throw new BrokenColumnsError(`${name}[${bad}] is ${column[bad]}, out of range`);
  return column;
}

/** As `columnOf`, for whole numbers. */
export function wholeColumn(columns: Columns, name: string, length: number): Float64Array {
  const column = columnOf(columns, name, length);
  const bad = column.findIndex((value) => !Number.isSafeInteger(value));
  if (bad !== -1) throw new BrokenColumnsError(`${name}[${bad}] is ${column[bad]}, not a whole number`);
  return column;
}

interface IndexRange {
  readonly length?: number;
  readonly min: number;
  readonly end: number;
}

function parseHead(bytes: Uint8Array): { readonly head: unknown; readonly columns: readonly ColumnHead[] } {
  try {
    const { head, columns } = JSON.parse(new TextDecoder().decode(bytes));
    if (Array.isArray(columns) && columns.every(isColumnHead)) return { head, columns };
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
  }
  throw new BrokenColumnsError('has a head that is not valid JSON');
}

function isColumnHead(value: unknown): value is ColumnHead {
  const { name, length, encoding } = (value ?? {}) as Partial<Record<keyof ColumnHead, unknown>>;
  return typeof name === 'string' && Number.isSafeInteger(length) && ENCODINGS.some((each) => each === encoding);
}

/** A difference of two safe integers may need one bit more than a double has, and its sign another. */
const MAX_DIFFERENCE = 2 ** 51;

function chooseEncoding(values: ArrayLike<number>): Encoding {
  let [plain, differences] = [0, 0];
  let before = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) return areNanoseconds(values) ? 'nanoseconds' : 'doubles';
    plain += value < 0 ? Number.POSITIVE_INFINITY : lengthOf(value);
    const difference = value - before;
    differences += Math.abs(difference) > MAX_DIFFERENCE ? Number.POSITIVE_INFINITY : lengthOf(zigzag(difference));
    before = value;
  }
  if (Math.min(plain, differences) === Number.POSITIVE_INFINITY) return 'doubles';
  return plain <= differences ? 'varints' : 'differences';
}

/** More bits that are off say that the numbers are not of nanoseconds. */
const MAX_BITS_OFF = 64;

function areNanoseconds(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!(Math.abs(value) < 2 ** 20) || Object.is(value, -0)) return false;
    if (Math.abs(bitsOff(value, Math.round(value * 1e9))) > MAX_BITS_OFF) return false;
  }
  return true;
}

const FLOAT = new Float64Array(1);
const BITS = new BigInt64Array(FLOAT.buffer);

function bitsOf(value: number): bigint {
  FLOAT[0] = value;
  return BITS[0] as bigint;
}

/** How many doubles lie between the seconds and the nearest ones of whole nanoseconds. */
function bitsOff(seconds: number, nanoseconds: number): number {
  return Number(bitsOf(seconds) - bitsOf(nanoseconds * 1e-9));
}

function secondsOf(nanoseconds: number, off: number): number {
  const seconds = nanoseconds * 1e-9;
  if (off === 0) return seconds;
  BITS[0] = bitsOf(seconds) + BigInt(off);
  return FLOAT[0] as number;
}

function lengthOf(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
}

/** 0, -1, 1, -2 … → 0, 1, 2, 3 … */
function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

function writeColumn(writer: ByteWriter, values: ArrayLike<number>, encoding: Encoding): void {
  if (encoding === 'nanoseconds') {
    writeNanoseconds(writer, values);
    return;
  }
  let before = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (encoding === 'doubles') writer.double(value);
    else writer.varint(encoding === 'varints' ? value : zigzag(value - before));
    before = value;
  }
}

/** All nanoseconds first, so that what is off, mostly 0, is packed well. */
function writeNanoseconds(writer: ByteWriter, values: ArrayLike<number>): void {
  const whole = Array.from(values, (value) => Math.round(value * 1e9));
  for (const each of whole) writer.varint(zigzag(each));
  for (let i = 0; i < whole.length; i++) writer.varint(zigzag(bitsOff(values[i] as number, whole[i] as number)));
}

function readNanoseconds(reader: ByteReader, values: Float64Array): Float64Array {
  for (let i = 0; i < values.length; i++) values[i] = unzigzag(reader.varint());
  for (let i = 0; i < values.length; i++) values[i] = secondsOf(values[i] as number, unzigzag(reader.varint()));
  return values;
}

function readColumn(reader: ByteReader, length: number, encoding: Encoding): Float64Array {
  // Every value has a byte or more, so that a wrong length needs no memory.
  if (length < 0 || length > reader.left) throw new BrokenColumnsError('ends too early');
  const values = new Float64Array(length);
  if (encoding === 'nanoseconds') return readNanoseconds(reader, values);
  let before = 0;
  for (let i = 0; i < length; i++) {
    if (encoding === 'doubles') before = reader.double();
    else before = encoding === 'varints' ? reader.varint() : before + unzigzag(reader.varint());
    values[i] = before;
  }
  return values;
}

class ByteWriter {
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

class ByteReader {
  readonly #bytes: Uint8Array;
  #next = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#next;
  }

  get isAtEnd(): boolean {
    return this.left === 0;
  }

  varint(): number {
    const first = this.#bytes[this.#next];
    if (first !== undefined && first < 128) {
      this.#next++;
      return first;
    }
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
