/**
 * Reads one value of Python's marshal format, as CPython 2.7 and 3.x write it:
 * https://github.com/python/cpython/blob/main/Python/marshal.c
 *
 * Everything is little-endian: a type byte, then its payload. Bit 0x80 of the type byte adds the value to a list that `r`
 * refers to; Python 2 has a list of interned strings for `R` instead. Files are untrusted: recursion has a limit, and no
 * length is used before the bytes are known to be there.
 */

import { asBuffer } from '../../base/bytes.ts';
import { type Count, narrow } from '../../model/count.ts';
import { brokenMarshal, tooMany } from '../errors.ts';
import { byteString, latin1, python3Text } from './marshal-text.ts';

/** A Python value of a type that profiles hold. */
export type MarshalValue = Count | string | boolean | null | MarshalSequence | MarshalDict | MarshalCode;

export interface MarshalSequence {
  readonly type: 'tuple' | 'list' | 'set';
  readonly items: readonly MarshalValue[];
}

/** Keys and values in file order; keys may repeat. */
export interface MarshalDict {
  readonly type: 'dict';
  readonly entries: readonly (readonly [MarshalValue, MarshalValue])[];
}

/** The part of a code object that a profile needs. */
export interface MarshalCode {
  readonly type: 'code';
  readonly file: string;
  readonly name: string;
  readonly line: number;
}

/** A value and its length in bytes. */
export interface MarshalResult {
  readonly value: MarshalValue;
  readonly end: number;
}

/** The layout of a code object. It differs by Python version, which the bytes do not state. */
export interface CodeLayout {
  /** int32 fields before the objects */
  readonly integers: number;
  /** which of the eight objects are the file and the name */
  readonly file: number;
  readonly name: number;
  /** objects after the first line */
  readonly trailing: number;
}

/** Python 3.11 to 3.13. */
const NEWEST_LAYOUT: CodeLayout = { integers: 5, file: 5, name: 6, trailing: 2 };

/** All layouts from Python 2.7 on. Readers try them; the right one consumes the file to its end. */
export const CODE_LAYOUTS: readonly CodeLayout[] = [
  NEWEST_LAYOUT,
  { integers: 6, file: 6, name: 7, trailing: 1 }, // 3.8 to 3.10
  { integers: 5, file: 6, name: 7, trailing: 1 }, // 3.0 to 3.7
  { integers: 4, file: 6, name: 7, trailing: 1 }, // 2.7
];

const CODE_OBJECTS = 8;

/** Nesting of values; profiles have less than 10. */
const MAX_DEPTH = 500;

/** Values of one entry of a profile, and references to values: an entry of a byte takes up to a hundred in memory. */
const MAX_VALUES = 2 ** 24;

const FLAG_REF = 0x80;

/** Ends a dict. */
const TYPE_NULL = 0x30; // 0

/** Called with an entry of a dict. */
export type OnEntry = (key: MarshalValue, value: MarshalValue) => void;

/**
 * Reads one value from the start of the bytes. Throws PstatError (`malformed`) with the byte where it went wrong.
 *
 * @param onEntry called with each entry if the whole value is a dict. The returned dict is empty then, so that memory never
 *   holds all entries
 */
export function readMarshal(bytes: Uint8Array, layout: CodeLayout = NEWEST_LAYOUT, onEntry?: OnEntry): MarshalResult {
  return new MarshalReader(bytes, layout, onEntry).read();
}

/** A reference whose value is not complete yet. */
const UNFILLED = Symbol('unfilled');

/** What stands behind the last entry of a dict, in the place of a key. */
const END_OF_DICT = Symbol('end of a dict');

class MarshalReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #layout: CodeLayout;
  readonly #onEntry: OnEntry | undefined;
  readonly #references: (MarshalValue | typeof UNFILLED)[] = [];
  readonly #interned: string[] = [];
  /** Values read since the last entry. */
  #values = 0;
  /** How many containers the reader is in. */
  #depth = 0;
  /** Start of the value that is being read, and the position of the reader. */
  #start = 0;
  #at = 0;

  constructor(bytes: Uint8Array, layout: CodeLayout, onEntry: OnEntry | undefined) {
    this.#bytes = asBuffer(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#layout = layout;
    this.#onEntry = onEntry;
  }

  read(): MarshalResult {
    return { value: this.#value(), end: this.#at };
  }

  #value(): MarshalValue {
    const value = this.#valueOrEnd();
    if (value !== END_OF_DICT) return value;
    const place = this.#depth === 0 ? 'outside a dict' : 'where a value was expected';
    throw brokenMarshal(this.#start, `the end of a dict ${place}`);
  }

  #valueOrEnd(): MarshalValue | typeof END_OF_DICT {
    this.#start = this.#at;
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw brokenMarshal(this.#start, 'the data ends before a value; the file was cut short');
    if (++this.#values > MAX_VALUES) throw tooMany('values in one entry', MAX_VALUES);
    const type = byte & ~FLAG_REF;
    if (type === TYPE_NULL) return END_OF_DICT;
    if (type === byte) return this.#content(type);
    // References are numbered in order of type bytes: reserve one before reading the content.
    const slot = this.#references.push(UNFILLED) - 1;
    if (slot === MAX_VALUES) throw tooMany('values with references', MAX_VALUES);
    const value = this.#content(type);
    this.#references[slot] = value;
    return value;
  }

  #sequence(type: MarshalSequence['type'], length: number): MarshalSequence {
    this.#enter();
    const items: MarshalValue[] = [];
    for (let i = 0; i < length; i++) items.push(this.#value());
    this.#depth--;
    return { type, items };
  }

  #dict(): MarshalDict {
    this.#enter();
    const entries: [MarshalValue, MarshalValue][] = [];
    const onEntry = this.#depth === 1 ? this.#onEntry : undefined;
    for (let key = this.#valueOrEnd(); key !== END_OF_DICT; key = this.#valueOrEnd()) {
      const value = this.#valueOrEnd();
      if (value === END_OF_DICT) throw brokenMarshal(this.#start, 'a dict ends after a key without a value');
      if (onEntry === undefined) entries.push([key, value]);
      else {
        onEntry(key, value);
        this.#values = 0;
      }
    }
    this.#depth--;
    return { type: 'dict', entries };
  }

  #code(): MarshalCode {
    this.#enter();
    const { integers, file, name, trailing } = this.#layout;
    this.#skip(4 * integers);
    const objects = Array.from({ length: CODE_OBJECTS }, () => this.#value());
    const line = this.#int32();
    for (let i = 0; i < trailing; i++) this.#value();
    this.#depth--;
    return { type: 'code', file: text(objects[file]), name: text(objects[name]), line };
  }

  /** Recursion ends here, whatever the file says. */
  #enter(): void {
    if (this.#depth === MAX_DEPTH)
      throw brokenMarshal(this.#start, `values are nested over ${MAX_DEPTH} deep; no profile is`);
    this.#depth++;
  }

  /**
   * Reads what follows the type byte. Types are number literals because V8 compiles these to a jump table; constants would
   * be compared one by one.
   */
  #content(type: number): MarshalValue {
    switch (type) {
      case 0x29: // ) small tuple
        return this.#sequence('tuple', this.#checkLength(this.#byte(), 1));
      case 0x28: // ( tuple
        return this.#sequence('tuple', this.#length());
      case 0x5b: // [ list
        return this.#sequence('list', this.#length());
      case 0x3c: // < set
      case 0x3e: // > frozenset
        return this.#sequence('set', this.#length());
      case 0x7b: // { dict
        return this.#dict();
      case 0x63: // c code
        return this.#code();
      case 0x4e: // N none
      case 0x53: // S stopiter
      case 0x2e: // . ellipsis
        return null;
      case 0x54: // T true
        return true;
      case 0x46: // F false
        return false;
      case 0x69: // i int
        return this.#int32();
      case 0x49: // I int64
        return narrow(this.#view.getBigInt64(this.#skip(8), true));
      case 0x6c: // l long
        return this.#bigInteger();
      case 0x67: // g binary float
        return this.#view.getFloat64(this.#skip(8), true);
      case 0x66: // f float
        return this.#textFloat();
      case 0x78: // x complex
        return this.#textComplex();
      case 0x79: // y binary complex
        this.#skip(16);
        return null;
      case 0x7a: // z short ascii
      case 0x5a: // Z short ascii interned
        return this.#latin1(this.#byte());
      case 0x61: // a ascii
      case 0x41: // A ascii interned
        return this.#latin1(this.#length());
      case 0x75: // u unicode
        return this.#unicode();
      case 0x73: // s string
        return byteString(this.#take(this.#length()));
      case 0x74: // t interned
        return this.#internedString();
      case 0x52: // R stringref
        return this.#dereference(this.#interned);
      case 0x72: // r ref
        return this.#dereference(this.#references);
      default:
        throw brokenMarshal(
          this.#start,
          `${describeByte(this.#bytes[this.#start])} does not begin a value of a profile`,
        );
    }
  }

  /** One byte per character; nearly all texts of a profile. */
  #latin1(length: number): string {
    const start = this.#skip(length);
    return this.#bytes.toString('latin1', start, start + length);
  }

  #unicode(): string {
    const value = python3Text(this.#take(this.#length()));
    if (value === null) throw brokenMarshal(this.#start, 'text that is not UTF-8');
    return value;
  }

  #internedString(): string {
    const bytes = this.#take(this.#length());
    // Python 3's str and Python 2's bytes have the same type.
    const value = python3Text(bytes) ?? latin1(bytes);
    this.#interned.push(value);
    return value;
  }

  #dereference(among: readonly (MarshalValue | typeof UNFILLED)[]): MarshalValue {
    const index = this.#int32();
    const value = among[index];
    if (value === undefined) throw brokenMarshal(this.#start, `refers to value ${index} of ${among.length}`);
    if (value === UNFILLED) throw brokenMarshal(this.#start, 'a value that contains itself');
    return value;
  }

  /** Digits of 15 bits, least significant first. The count of digits has the sign of the value. */
  #bigInteger(): Count {
    const size = this.#int32();
    const digits = this.#checkLength(Math.abs(size), 2);
    const start = this.#at;
    let hex = '';
    let carry = 0n;
    let bits = 0n;
    for (let i = 0; i < digits; i++) {
      const digit = this.#view.getUint16(this.#skip(2), true);
      if (digit > 0x7fff) throw brokenMarshal(start, 'a digit of an integer that is too large');
      if (digit === 0 && i === digits - 1) throw brokenMarshal(start, 'an integer whose first digit is zero');
      carry |= BigInt(digit) << bits;
      bits += 15n;
      // Sixteen digits are sixty hexadecimal ones. Shifting one large number would be quadratic.
      if (bits === 240n || i === digits - 1) {
        hex = carry.toString(16).padStart(i === digits - 1 ? 1 : 60, '0') + hex;
        carry = 0n;
        bits = 0n;
      }
    }
    const value = BigInt(`0x${hex === '' ? '0' : hex}`);
    return narrow(size < 0 ? -value : value);
  }

  /** A constant of a code object; skipped. */
  #textComplex(): null {
    this.#textFloat();
    this.#textFloat();
    return null;
  }

  #textFloat(): number {
    const digits = this.#latin1(this.#byte());
    const special = PYTHON_FLOATS.get(digits);
    if (special !== undefined) return special;
    if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(digits)) {
      throw brokenMarshal(this.#start, 'a float whose text is no number');
    }
    return Number(digits);
  }

  /** Reads a length and checks it against the bytes that are left. */
  #length(): number {
    const at = this.#at;
    const length = this.#int32();
    if (length < 0) throw brokenMarshal(at, `a length of ${length}`);
    return this.#checkLength(length, 1);
  }

  #checkLength(count: number, bytesEach: number): number {
    const left = this.#bytes.length - this.#at;
    if (count * bytesEach > left) {
      throw brokenMarshal(this.#at, `${count * bytesEach} bytes should follow and ${left} do; the file was cut short`);
    }
    return count;
  }

  #byte(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  #int32(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }

  #take(length: number): Uint8Array {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Advances and returns the position before. Throws if there are too few bytes. */
  #skip(length: number): number {
    const start = this.#at;
    if (start + length > this.#bytes.length) {
      throw brokenMarshal(this.#bytes.length, 'the data ends inside a value; the file was cut short');
    }
    this.#at = start + length;
    return start;
  }
}

const PYTHON_FLOATS = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['nan', Number.NaN],
]);

function text(value: MarshalValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function describeByte(byte: number | undefined): string {
  return `byte 0x${(byte ?? 0).toString(16).padStart(2, '0')}`;
}
