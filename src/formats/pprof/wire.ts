/**
 * Reads untrusted protocol buffers. pbf does not check lengths and reads zeros behind the end, so this does:
 * https://protobuf.dev/programming-guides/encoding/
 */

import { PbfReader } from 'pbf';
import { brokenPprof, tooMany } from '../errors.ts';

/** Numbers in one field, such as the locations of a stack. */
const MAX_NUMBERS = 2 ** 22;

/** A message inside the bytes. */
export class WireMessage {
  readonly #reader: PbfReader;
  readonly #end: number;

  private constructor(reader: PbfReader, end: number) {
    this.#reader = reader;
    this.#end = end;
  }

  /** Reads a whole file. Throws PstatError (`malformed`) for bytes that are no protocol buffer. */
  static read<Result>(bytes: Uint8Array, read: (message: WireMessage) => Result): Result {
    const reader = new PbfReader(bytes);
    try {
      return read(new WireMessage(reader, bytes.length));
    } catch (error) {
      // pbf's errors: a wire type that does not exist, a number of more than ten bytes.
      if (error instanceof Error && /^(?:Unimplemented type|Expected varint)/.test(error.message)) {
        throw brokenPprof(reader.pos, 'not a field of a protocol buffer');
      }
      throw error;
    }
  }

  /** Calls back with each field number. What the callback does not read is skipped. */
  fields(read: (field: number) => void): void {
    for (let field = this.#next(); field !== 0; field = this.#next()) read(field);
  }

  #next(): number {
    const field = this.#reader.nextField(this.#end);
    this.#requireInside();
    if (field === 0 && this.#reader.pos < this.#end) throw brokenPprof(this.#reader.pos, 'a field has the number 0');
    return field;
  }

  /** A number; those of 2^53 and more are rounded. */
  number(): number {
    const value = this.#reader.readVarint(true);
    this.#requireInside();
    return value;
  }

  /** Adds the numbers of a repeated field to a list. Throws PstatError (`unreadable`) for more than fit into memory. */
  numbers(into: number[]): void {
    const { start, end } = this.#reader.type === LENGTH_DELIMITED ? this.#requireLength() : { start: 0, end: 1 };
    // A number takes at least a byte.
    if (into.length + end - start > 10 * MAX_NUMBERS) throw tooMany('locations of one sample', MAX_NUMBERS);
    this.#reader.readPackedVarint(into, true);
    if (into.length > MAX_NUMBERS) throw tooMany('locations of one sample', MAX_NUMBERS);
    this.#requireInside();
  }

  text(): string {
    this.#requireMessage();
    this.#requireLength();
    return this.#reader.readString();
  }

  /** A message in a field. Read it before the next field. */
  message(): WireMessage {
    this.#requireMessage();
    const end = this.#requireLength();
    this.#reader.pos = end.start;
    return new WireMessage(this.#reader, end.end);
  }

  /** Checks that the length in front of a value ends inside this message. Stays in front of the length. */
  #requireLength(): { readonly start: number; readonly end: number } {
    const before = this.#reader.pos;
    const length = this.#reader.readVarint();
    const start = this.#reader.pos;
    if (start + length > this.#end) throw brokenPprof(before, 'the data ends inside a field');
    this.#reader.pos = before;
    return { start, end: start + length };
  }

  #requireMessage(): void {
    if (this.#reader.type !== LENGTH_DELIMITED) {
      throw brokenPprof(this.#reader.pos, 'a number stands where a message or a text belongs');
    }
  }

  #requireInside(): void {
    if (this.#reader.pos > this.#end) throw brokenPprof(this.#end, 'the data ends inside a field');
  }
}

const LENGTH_DELIMITED = 2;
