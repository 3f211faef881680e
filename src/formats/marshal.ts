/**
 * Python's marshal format, as CPython 2.7 and 3.x write it: one value out of bytes.
 *
 * Everything is little-endian: a type byte, then its payload. Bit 0x80 of the type byte asks to remember the value,
 * so that `r` can refer to it; Python 2 remembers interned strings instead, for `R`. No recursion, no length believed
 * before the bytes are there: a file may come from anyone.
 */

import { brokenMarshal } from '../errors.ts';
import { type Count, narrow } from '../model/count.ts';

/** A Python value as far as profiles hold them. */
export type MarshalValue = Count | string | boolean | null | MarshalSequence | MarshalDict | MarshalCode;

export interface MarshalSequence {
  readonly type: 'tuple' | 'list' | 'set';
  readonly items: readonly MarshalValue[];
}

/** Key and value in file order; a key may stand twice. */
export interface MarshalDict {
  readonly type: 'dict';
  readonly entries: readonly (readonly [MarshalValue, MarshalValue])[];
}

/** What a profile needs of a code object. */
export interface MarshalCode {
  readonly type: 'code';
  readonly file: string;
  readonly name: string;
  readonly line: number;
}

/** A value and how many bytes it took. */
export interface Marshalled {
  readonly value: MarshalValue;
  readonly end: number;
}

/** Where the parts of a code object stand; it differs by Python version, and the bytes do not say which one. */
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

/** Every layout from Python 2.7 on. A reader tries them; the right one consumes the file to its end. */
export const CODE_LAYOUTS: readonly CodeLayout[] = [
  NEWEST_LAYOUT,
  { integers: 6, file: 6, name: 7, trailing: 1 }, // 3.8 to 3.10
  { integers: 5, file: 6, name: 7, trailing: 1 }, // 3.0 to 3.7
  { integers: 4, file: 6, name: 7, trailing: 1 }, // 2.7
];

const CODE_OBJECTS = 8;

/** Deeper than any profile, shallower than any trouble. */
const DEEPEST = 500;

const FLAG_REF = 0x80;

/** Reads one value from the start of the bytes. Throws PstatError (`malformed`) with the byte where it went wrong. */
export function readMarshal(bytes: Uint8Array, layout: CodeLayout = NEWEST_LAYOUT): Marshalled {
  return new MarshalReader(bytes, layout).read();
}

/** A container whose items are being read. */
interface OpenValue {
  /** items that the container has, when it says so beforehand; a dict ends with a null instead */
  readonly wanted: number | null;
  readonly items: MarshalValue[];
  /** slot among the remembered values, or -1 */
  readonly slot: number;
  readonly afterItem?: (items: MarshalValue[]) => void;
  readonly close: (items: readonly MarshalValue[]) => MarshalValue;
}

/** The byte that ends a dict, and a slot that is reserved but not filled: neither is a value. */
const END_OF_DICT = Symbol('end of dict');
const UNFILLED = Symbol('unfilled');

class MarshalReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #layout: CodeLayout;
  readonly #remembered: (MarshalValue | typeof UNFILLED)[] = [];
  readonly #interned: string[] = [];
  readonly #open: OpenValue[] = [];
  #at = 0;

  constructor(bytes: Uint8Array, layout: CodeLayout) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#layout = layout;
  }

  read(): Marshalled {
    for (;;) {
      const start = this.#at;
      const value = this.#readOne();
      if (value === undefined) continue;
      const whole = this.#deliver(value, start);
      if (whole !== undefined) return { value: whole, end: this.#at };
    }
  }

  /** A scalar, the end of a dict, or undefined when a container was opened. */
  #readOne(): MarshalValue | typeof END_OF_DICT | undefined {
    const start = this.#at;
    if (start === this.#bytes.length)
      throw brokenMarshal(start, 'the data ends before a value; the file was cut short');
    const byte = this.#byte();
    const type = String.fromCharCode(byte & ~FLAG_REF);
    if (type === '0') return END_OF_DICT;
    // Slots are numbered in order of the type bytes: reserve before reading what is inside.
    const slot = byte & FLAG_REF ? this.#remembered.push(UNFILLED) - 1 : -1;
    const container = this.#container(type, slot);
    if (container !== undefined) {
      if (this.#open.length >= DEEPEST)
        throw brokenMarshal(start, `values are nested over ${DEEPEST} deep; no profile is`);
      if (container.wanted === 0) return this.#filled(slot, container.close([]));
      this.#open.push(container);
      return undefined;
    }
    return this.#filled(slot, this.#scalar(type, start));
  }

  /** Puts a value into the innermost open container, closing those that it completes. Returns the outermost one. */
  #deliver(first: MarshalValue | typeof END_OF_DICT, start: number): MarshalValue | undefined {
    let value = first;
    for (;;) {
      const container = this.#open.at(-1);
      if (container === undefined) {
        if (value === END_OF_DICT) throw brokenMarshal(start, 'the end of a dict outside of any');
        return value;
      }
      if (value === END_OF_DICT) {
        if (container.wanted !== null) throw brokenMarshal(start, 'the end of a dict where a value was expected');
        if (container.items.length % 2 === 1) throw brokenMarshal(start, 'a dict ends after a key without a value');
      } else {
        container.items.push(value);
        container.afterItem?.(container.items);
        if (container.items.length !== container.wanted) return undefined;
      }
      this.#open.pop();
      value = this.#filled(container.slot, container.close(container.items));
    }
  }

  #filled(slot: number, value: MarshalValue): MarshalValue {
    if (slot !== -1) this.#remembered[slot] = value;
    return value;
  }

  #container(type: string, slot: number): OpenValue | undefined {
    switch (type) {
      case '(':
        return { wanted: this.#length(1), items: [], slot, close: (items) => ({ type: 'tuple', items }) };
      case ')':
        return { wanted: this.#enough(this.#byte(), 1), items: [], slot, close: (items) => ({ type: 'tuple', items }) };
      case '[':
        return { wanted: this.#length(1), items: [], slot, close: (items) => ({ type: 'list', items }) };
      case '<':
      case '>':
        return { wanted: this.#length(1), items: [], slot, close: (items) => ({ type: 'set', items }) };
      case '{':
        return { wanted: null, items: [], slot, close: dict };
      case 'c':
        return this.#code(slot);
      default:
        return undefined;
    }
  }

  /** A code object: its first line stands among the objects as four bare bytes, read when its turn comes. */
  #code(slot: number): OpenValue {
    const { integers, file, name, trailing } = this.#layout;
    this.#skip(4 * integers);
    return {
      wanted: CODE_OBJECTS + 1 + trailing,
      items: [],
      slot,
      afterItem: (items) => {
        if (items.length === CODE_OBJECTS) items.push(this.#int32());
      },
      close: (items) => ({
        type: 'code',
        file: text(items[file]),
        name: text(items[name]),
        line: Number(items[CODE_OBJECTS]),
      }),
    };
  }

  #scalar(type: string, start: number): MarshalValue {
    switch (type) {
      case 'N':
      case 'S':
      case '.':
        return null;
      case 'T':
        return true;
      case 'F':
        return false;
      case 'i':
        return this.#int32();
      case 'I':
        return narrow(this.#view.getBigInt64(this.#skip(8), true));
      case 'l':
        return this.#bigInteger();
      case 'g':
        return this.#view.getFloat64(this.#skip(8), true);
      case 'f':
        return this.#textFloat(start);
      case 'x':
        return this.#complex(() => this.#textFloat(start));
      case 'y':
        return this.#complex(() => this.#skip(8));
      case 'z':
      case 'Z':
        return latin1(this.#take(this.#byte()));
      case 'a':
      case 'A':
        return latin1(this.#take(this.#length(1)));
      case 'u':
        return unicode(this.#take(this.#length(1)), start);
      case 's':
        return byteString(this.#take(this.#length(1)));
      case 't':
        return this.#internedString();
      case 'R':
        return this.#recall(this.#interned, start);
      case 'r':
        return this.#recall(this.#remembered, start);
      default:
        throw brokenMarshal(start, `${describeByte(this.#bytes[start])} begins no value that a profile can hold`);
    }
  }

  #internedString(): string {
    const bytes = this.#take(this.#length(1));
    // Python 3's text or Python 2's bytes: the type is the same.
    const value = python3Text(bytes) ?? latin1(bytes);
    this.#interned.push(value);
    return value;
  }

  #recall(among: readonly (MarshalValue | typeof UNFILLED)[], start: number): MarshalValue {
    const index = this.#int32();
    const value = among[index];
    if (value === undefined) throw brokenMarshal(start, `refers to value ${index} of ${among.length}`);
    if (value === UNFILLED) throw brokenMarshal(start, 'a value that holds itself');
    return value;
  }

  /** Digits of 15 bits, least significant first; the sign of their number is the sign of the value. */
  #bigInteger(): Count {
    const size = this.#int32();
    const digits = this.#enough(Math.abs(size), 2);
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
      // Sixteen digits are sixty hexadecimal ones; shifting one ever-growing number instead would be quadratic.
      if (bits === 240n || i === digits - 1) {
        hex = carry.toString(16).padStart(i === digits - 1 ? 1 : 60, '0') + hex;
        carry = 0n;
        bits = 0n;
      }
    }
    const value = BigInt(`0x${hex === '' ? '0' : hex}`);
    return narrow(size < 0 ? -value : value);
  }

  /** Among the constants of a code object: two parts, and nothing that a profile needs. */
  #complex(readPart: () => number): null {
    readPart();
    readPart();
    return null;
  }

  #textFloat(start: number): number {
    const digits = latin1(this.#take(this.#byte()));
    const special = PYTHON_FLOATS.get(digits);
    if (special !== undefined) return special;
    if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(digits)) {
      throw brokenMarshal(start, 'a float whose text is no number');
    }
    return Number(digits);
  }

  /** A length that the file states, checked against the bytes that are left. */
  #length(bytesEach: number): number {
    const at = this.#at;
    const length = this.#int32();
    if (length < 0) throw brokenMarshal(at, `a length of ${length}`);
    return this.#enough(length, bytesEach);
  }

  #enough(count: number, bytesEach: number): number {
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

  /** Moves on and returns where it stood, having made sure that the bytes are there. */
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

function dict(items: readonly MarshalValue[]): MarshalDict {
  const entries: [MarshalValue, MarshalValue][] = [];
  for (let i = 0; i + 1 < items.length; i += 2) entries.push([items[i] ?? null, items[i + 1] ?? null]);
  return { type: 'dict', entries };
}

function text(value: MarshalValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** Python 2's strings are bytes: UTF-8 where they are, else Latin-1. */
function byteString(bytes: Uint8Array): string {
  return strictUtf8(bytes) ?? latin1(bytes);
}

function unicode(bytes: Uint8Array, start: number): string {
  const value = python3Text(bytes);
  if (value === null) throw brokenMarshal(start, 'text that is not UTF-8');
  return value;
}

/** UTF-8 in which lone surrogates may stand, three bytes each, as JavaScript's strings hold them too; null for others. */
function python3Text(bytes: Uint8Array): string | null {
  const whole = strictUtf8(bytes);
  if (whole !== null) return whole;
  const parts = latin1(bytes)
    .split(/(\xed[\xa0-\xbf][\x80-\xbf])/)
    .map((part, i) => {
      const raw = Buffer.from(part, 'latin1');
      return i % 2 === 1 ? surrogate(raw) : strictUtf8(raw);
    });
  return parts.includes(null) ? null : parts.join('');
}

function surrogate([, high = 0, low = 0]: Uint8Array): string {
  return String.fromCharCode(0xd000 | ((high & 0x3f) << 6) | (low & 0x3f));
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function strictUtf8(bytes: Uint8Array): string | null {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}

function describeByte(byte: number | undefined): string {
  return `byte 0x${(byte ?? 0).toString(16).padStart(2, '0')}`;
}
