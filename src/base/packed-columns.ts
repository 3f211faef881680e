/**
 * Columns of numbers as bytes: a JSON head, then the columns one after the other. Whole numbers are varints
 * (https://protobuf.dev/programming-guides/encoding/#varints), of the values, of their differences or of how far they are
 * from the value in the middle, whichever are shorter. Of CPython's seconds, which it makes of nanoseconds, and of their sums, varints say the nanoseconds and how far
 * the last bits are off. Other numbers are doubles. Reading gives every number back exactly. Browsers read it, too.
 *
 *     magic, length of the head in bytes (varint), head, columns in the order of head.columns
 */

import {
  ANY,
  type BadValue,
  BrokenColumnsError,
  ByteReader,
  ByteWriter,
  type Range,
  unzigzag,
  WHOLE_ENCODINGS,
  type WholeEncoding,
  zigzag,
} from './packed-bytes.ts';

/** Columns by name. Each reading makes a new one, which may be changed. Both throw BrokenColumnsError. */
export interface Columns {
  has(name: string): boolean;
  /** @param range what no number is out of */
  get(name: string, range?: Range): Float64Array | undefined;
  /** As `get`, of whole numbers of 32 bits. */
  indexes(name: string, range: Range): Int32Array | undefined;
}

/** 0 or more, or NaN if not known. */
const AMOUNTS: Range = { min: 0, end: Number.POSITIVE_INFINITY };

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
class PackedColumns implements Columns, Iterable<readonly [string, Float64Array]> {
  readonly #packed: ReadonlyMap<string, { readonly column: ColumnHead; readonly bytes: Uint8Array }>;

  constructor(packed: ReadonlyMap<string, { readonly column: ColumnHead; readonly bytes: Uint8Array }>) {
    this.#packed = packed;
  }

  has(name: string): boolean {
    return this.#packed.has(name);
  }

  get(name: string, range = ANY): Float64Array | undefined {
    return this.#read(name, (reader, column) => readValues(reader, column, range));
  }

  indexes(name: string, range: Range): Int32Array | undefined {
    return this.#read(name, (reader, column) => readIndexes(reader, column, range));
  }

  #read<Column>(name: string, read: (reader: ByteReader, column: ColumnHead) => Column): Column | undefined {
    const known = this.#packed.get(name);
    if (known === undefined) return undefined;
    const { column, bytes } = known;
    // Every value has a byte or more, so that a wrong length needs no memory.
    if (column.length > bytes.length) throw new BrokenColumnsError(`has a column ${name} that ends too early`);
    const reader = new ByteReader(bytes);
    const values = read(reader, column);
    if (reader.left > 0) throw new BrokenColumnsError(`has a column ${name} that goes on after its end`);
    return values;
  }

  *[Symbol.iterator](): Generator<readonly [string, Float64Array]> {
    for (const name of this.#packed.keys()) yield [name, this.get(name) ?? new Float64Array()];
  }
}

/** Returns a column. Throws BrokenColumnsError if there is none, or if it has another length. */
export function columnOf(columns: Columns, name: string, length?: number): Float64Array {
  return requireColumn(columns.get(name), name, length);
}

/** As `columnOf`, for whole numbers in a range. */
export function indexColumn(columns: Columns, name: string, range: Range & { length?: number }): Int32Array {
  return requireColumn(columns.indexes(name, range), name, range.length);
}

function requireColumn<Column extends ArrayLike<number>>(
  column: Column | undefined,
  name: string,
  length: number | undefined,
): Column {
  if (column === undefined) throw new BrokenColumnsError(`has no column ${name}`);
  if (length !== undefined && column.length !== length)
    throw new BrokenColumnsError(`column ${name} has ${column.length} values, not ${length}`);
  return column;
}

/** As `columnOf`, for amounts: 0 or more, or NaN if not known. */
export function amountColumn(columns: Columns, name: string, length: number): Float64Array {
  return requireColumn(columns.get(name, AMOUNTS), name, length);
}

/** As `columnOf`, for whole numbers. */
export function wholeColumn(columns: Columns, name: string, length: number): Float64Array {
  const column = columnOf(columns, name, length);
  const bad = column.findIndex((value) => !Number.isSafeInteger(value));
  if (bad !== -1) throw new BrokenColumnsError(`${name}[${bad}] is ${column[bad]}, not a whole number`);
  return column;
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

function readNanoseconds(reader: ByteReader, values: Float64Array): void {
  reader.wholes(values, { encoding: 'offsets', start: 0, range: ANY });
  for (let i = 0; i < values.length; i++) values[i] = secondsOf(values[i] as number, unzigzag(reader.varint()));
}

function readValues(reader: ByteReader, { name, length, encoding }: ColumnHead, range: Range): Float64Array {
  const values = new Float64Array(length);
  if (encoding === 'nanoseconds') readNanoseconds(reader, values);
  else if (encoding === 'doubles') for (let i = 0; i < length; i++) values[i] = reader.double();
  else {
    checkRange(name, reader.wholes(values, { encoding, start: startOf(encoding, reader), range }));
    return values;
  }
  const index = values.findIndex((value) => value < range.min || value >= range.end);
  checkRange(name, index === -1 ? null : { index, value: values[index] });
  return values;
}

/** Without doubles in between, which would take half of the time: memory that is used for the first time is slow. */
function readIndexes(reader: ByteReader, { name, length, encoding }: ColumnHead, range: Range): Int32Array {
  if (encoding === 'nanoseconds' || encoding === 'doubles')
    throw new BrokenColumnsError(`has a column ${name} that is not of whole numbers`);
  const values = new Int32Array(length);
  checkRange(name, reader.wholes(values, { encoding, start: startOf(encoding, reader), range }));
  return values;
}

function checkRange(name: string, bad: BadValue | null): void {
  if (bad !== null) throw new BrokenColumnsError(`${name}[${bad.index}] is ${bad.value}, out of range`);
}

function startOf(encoding: WholeEncoding, reader: ByteReader): number {
  return encoding === 'offsets' ? unzigzag(reader.varint()) : 0;
}
