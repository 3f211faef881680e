/**
 * Columns of numbers as bytes: a JSON head, then the columns one after the other. Whole numbers are varints
 * (https://protobuf.dev/programming-guides/encoding/#varints), of the values, of their differences or of how far they are
 * from the value in the middle, whichever are shorter. Of CPython's seconds, which it makes of nanoseconds, and of their sums, varints say the nanoseconds and how far
 * the last bits are off. Other numbers are doubles. Reading gives every number back exactly. Browsers read it, too.
 *
 *     magic, length of the head in bytes (varint), head, columns in the order of head.columns
 */

/** Whatever is wrong with the bytes; the message is a fact without a file. */
export class BrokenColumnsError extends Error {
  override readonly name = 'BrokenColumnsError';
}

export type Columns = Pick<ReadonlyMap<string, Float64Array>, 'has' | 'get'>;

export interface PackedFile {
  /** Any JSON. */
  readonly head: unknown;
  readonly columns: PackedColumns;
}

const MAGIC = 'pstat-columns-1\n';

const ENCODINGS = ['varints', 'differences', 'offsets', 'nanoseconds', 'doubles'] as const;

type Encoding = (typeof ENCODINGS)[number];

interface ColumnHead {
  readonly name: string;
  readonly length: number;
  readonly encoding: Encoding;
  readonly bytes: number;
}

export function packColumns(head: unknown, columns: ReadonlyMap<string, ArrayLike<number>>): Uint8Array {
  const data = new ByteWriter();
  const heads = [...columns].map(([name, values]): ColumnHead => {
    const encoding = chooseEncoding(values);
    const before = data.length;
    writeColumn(data, values, encoding);
    return { name, length: values.length, encoding, bytes: data.length - before };
  });
  const text = new TextEncoder().encode(JSON.stringify({ head, columns: heads }));
  const writer = new ByteWriter();
  writer.bytes(new TextEncoder().encode(MAGIC));
  writer.varint(text.length);
  writer.bytes(text);
  writer.bytes(data.finish());
  return writer.finish();
}

/** Throws BrokenColumnsError. */
export function unpackColumns(bytes: Uint8Array): PackedFile {
  const reader = new ByteReader(bytes);
  if (new TextDecoder().decode(reader.bytes(MAGIC.length)) !== MAGIC) throw new BrokenColumnsError('has another start');
  const { head, columns } = parseHead(reader.bytes(reader.varint()));
  const packed = columns.map((column) => [column.name, { column, bytes: reader.bytes(column.bytes) }] as const);
  if (reader.left > 0) throw new BrokenColumnsError('goes on after the last column');
  return { head, columns: new PackedColumns(new Map(packed)) };
}

/** Columns that are read when they are asked for: a page opens few of the parts of its file. */
class PackedColumns implements Iterable<readonly [string, Float64Array]> {
  readonly #packed: ReadonlyMap<string, { readonly column: ColumnHead; readonly bytes: Uint8Array }>;

  constructor(packed: ReadonlyMap<string, { readonly column: ColumnHead; readonly bytes: Uint8Array }>) {
    this.#packed = packed;
  }

  has(name: string): boolean {
    return this.#packed.has(name);
  }

  /** Throws BrokenColumnsError. */
  get(name: string): Float64Array | undefined {
    const known = this.#packed.get(name);
    return known === undefined ? undefined : readColumn(new ByteReader(known.bytes), known.column);
  }

  *[Symbol.iterator](): Generator<readonly [string, Float64Array]> {
    for (const name of this.#packed.keys()) yield [name, this.get(name) ?? new Float64Array()];
  }
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
  for (let i = 0; i < column.length; i++) {
    const value = column[i] as number;
    if (value < 0 || value === Number.POSITIVE_INFINITY)
      throw new BrokenColumnsError(`${name}[${i}] is ${value}, out of range`);
  }
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
  const { name, length, encoding, bytes } = (value ?? {}) as Partial<Record<keyof ColumnHead, unknown>>;
  const isSize = (size: unknown) => Number.isSafeInteger(size) && Number(size) >= 0;
  return typeof name === 'string' && isSize(length) && isSize(bytes) && ENCODINGS.some((each) => each === encoding);
}

/** A difference of two safe integers may need one bit more than a double has, and its sign another. */
const MAX_DIFFERENCE = 2 ** 51;

function chooseEncoding(values: ArrayLike<number>): Encoding {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) return areNanoseconds(values) ? 'nanoseconds' : 'doubles';
  }
  const lengths = WHOLE_ENCODINGS.map((encoding) => ({ encoding, length: lengthIn(encoding, values) }));
  const shortest = lengths.reduce((best, each) => (each.length < best.length ? each : best));
  return shortest.length === Number.POSITIVE_INFINITY ? 'doubles' : shortest.encoding;
}

/** Of equal length, the first is the one that gzip packs best. */
const WHOLE_ENCODINGS = ['varints', 'offsets', 'differences'] as const;

function lengthIn(encoding: (typeof WHOLE_ENCODINGS)[number], values: ArrayLike<number>): number {
  let length = 0;
  let before = encoding === 'offsets' ? middleOf(values) : 0;
  if (Math.abs(before) > MAX_DIFFERENCE) return Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const written = encoding === 'varints' ? value : zigzag(value - before);
    if (written < 0 || written > 2 * MAX_DIFFERENCE) return Number.POSITIVE_INFINITY;
    length += lengthOf(written);
    if (encoding === 'differences') before = value;
  }
  return length;
}

/** The median. */
function middleOf(values: ArrayLike<number>): number {
  return Float64Array.from(values).sort()[values.length >> 1] ?? 0;
}

/** More bits that are off say that the numbers are not of nanoseconds. */
const MAX_BITS_OFF = 64;

function areNanoseconds(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const nanoseconds = Math.round(value * 1e9);
    // Whole numbers are written without the sign of -0.
    if (!(Math.abs(value) < 2 ** 20) || Object.is(nanoseconds, -0)) return false;
    if (Math.abs(bitsOff(value, nanoseconds)) > MAX_BITS_OFF) return false;
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
  if (value < 2 ** 31) return (value >>> 1) ^ -(value & 1);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

function writeColumn(writer: ByteWriter, values: ArrayLike<number>, encoding: Encoding): void {
  if (encoding === 'nanoseconds') {
    writeNanoseconds(writer, values);
    return;
  }
  let before = encoding === 'offsets' ? middleOf(values) : 0;
  if (encoding === 'offsets') writer.varint(zigzag(before));
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (encoding === 'doubles') writer.double(value);
    else writer.varint(encoding === 'varints' ? value : zigzag(value - before));
    if (encoding === 'differences') before = value;
  }
}

/** All nanoseconds first, so that what is off, mostly 0, is packed well. */
function writeNanoseconds(writer: ByteWriter, values: ArrayLike<number>): void {
  const whole = Array.from(values, (value) => Math.round(value * 1e9));
  for (const each of whole) writer.varint(zigzag(each));
  for (let i = 0; i < whole.length; i++) writer.varint(zigzag(bitsOff(values[i] as number, whole[i] as number)));
}

function readNanoseconds(reader: ByteReader, values: Float64Array): Float64Array {
  reader.varints(values);
  for (let i = 0; i < values.length; i++) values[i] = unzigzag(values[i] as number);
  for (let i = 0; i < values.length; i++) values[i] = secondsOf(values[i] as number, unzigzag(reader.varint()));
  return values;
}

function readColumn(reader: ByteReader, head: ColumnHead): Float64Array {
  // Every value has a byte or more, so that a wrong length needs no memory.
  if (head.length > reader.left) throw new BrokenColumnsError(`has a column ${head.name} that ends too early`);
  const values = readValues(reader, head);
  if (reader.left > 0) throw new BrokenColumnsError(`has a column ${head.name} that goes on after its end`);
  return values;
}

function readValues(reader: ByteReader, { length, encoding }: ColumnHead): Float64Array {
  const values = new Float64Array(length);
  if (encoding === 'nanoseconds') return readNanoseconds(reader, values);
  if (encoding === 'doubles') {
    for (let i = 0; i < length; i++) values[i] = reader.double();
    return values;
  }
  let before = encoding === 'offsets' ? unzigzag(reader.varint()) : 0;
  reader.varints(values);
  if (encoding === 'varints') return values;
  for (let i = 0; i < length; i++) {
    const value = before + unzigzag(values[i] as number);
    values[i] = value;
    if (encoding === 'differences') before = value;
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

class ByteReader {
  readonly #bytes: Uint8Array;
  #next = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#next;
  }

  /** Fills a column. Most numbers are of one byte, and columns are long: this loop calls nothing for them. */
  varints(values: Float64Array): void {
    const bytes = this.#bytes;
    let next = this.#next;
    for (let i = 0; i < values.length; i++) {
      const byte = bytes[next];
      if (byte !== undefined && byte < 128) {
        values[i] = byte;
        next++;
      } else {
        this.#next = next;
        values[i] = this.varint();
        next = this.#next;
      }
    }
    this.#next = next;
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
