/**
 * A small marshal writer. Each function returns the bytes of one value and is named for its type byte; none has
 * FLAG_REF. CPython 2.7 to 3.13 load the result.
 *
 *     dict([tuple(u('a.py'), i(1), u('f')), tuple(i(1), i(1), g(0.5), g(0.5), dict())])
 */

export type Bytes = Uint8Array;

/** Bytes from hex digits; ignores white space: `e9 05000000`. */
export function hex(digits: string): Bytes {
  return Buffer.from(digits.replace(/\s+/g, ''), 'hex');
}

export function join(...parts: readonly Bytes[]): Bytes {
  return Buffer.concat(parts);
}

/** A type byte and an int32, the beginning of most types. */
export function typed(type: string, int32: number): Bytes {
  const bytes = Buffer.alloc(5);
  bytes.write(type, 'latin1');
  bytes.writeInt32LE(int32, 1);
  return bytes;
}

export function i(value: number): Bytes {
  return typed('i', value);
}

/** An integer of any size: int32 n with the sign, then |n| digits in base 2^15. */
export function l(value: bigint): Bytes {
  const digits: number[] = [];
  for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 15n) digits.push(Number(rest & 0x7fffn));
  return longOf(value < 0n ? -digits.length : digits.length, digits);
}

/** `l` with the given parts, valid or not. */
export function longOf(n: number, digits: readonly number[]): Bytes {
  const body = Buffer.alloc(digits.length * 2);
  digits.forEach((digit, at) => {
    body.writeUInt16LE(digit, at * 2);
  });
  return join(typed('l', n), body);
}

/** `i`, or `l` for larger integers. */
export function int(value: number | bigint): Bytes {
  return BigInt(value) === BigInt.asIntN(32, BigInt(value)) ? i(Number(value)) : l(BigInt(value));
}

export function g(value: number): Bytes {
  const bytes = Buffer.alloc(9);
  bytes.write('g', 'latin1');
  bytes.writeDoubleLE(value, 1);
  return bytes;
}

/** A text in UTF-8; a lone surrogate becomes three bytes, as CPython writes it. */
export function u(text: string): Bytes {
  const body = Buffer.concat(Array.from(text, utf8));
  return join(typed('u', body.length), body);
}

function utf8(character: string): Bytes {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0xd800 || code > 0xdfff) return Buffer.from(character);
  return Uint8Array.of(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
}

export function tuple(...items: readonly Bytes[]): Bytes {
  return join(typed('(', items.length), ...items);
}

export function list(...items: readonly Bytes[]): Bytes {
  return join(typed('[', items.length), ...items);
}

export function dict(...entries: readonly (readonly [Bytes, Bytes])[]): Bytes {
  return join(Buffer.from('{'), ...entries.flat(), Buffer.from('0'));
}

/** A reference to the value that the n-th type byte with FLAG_REF began. */
export function r(index: number): Bytes {
  return typed('r', index);
}

/** The same value with FLAG_REF. */
export function flagged(value: Bytes): Bytes {
  const copy = Uint8Array.from(value);
  copy[0] = (copy[0] ?? 0) | 0x80;
  return copy;
}

// ---- profiles ----

export type Key = readonly [file: string, line: number, name: string];

/** An edge as cProfile writes it, or a bare count, as `profile` does. */
export type Edge = readonly [nc: number | bigint, cc: number | bigint, tt: number, ct: number] | number;

export interface Entry {
  readonly key: Key;
  readonly cc: number | bigint;
  readonly nc: number | bigint;
  readonly tt: number;
  readonly ct: number;
  readonly callers?: readonly (readonly [Key, Edge])[];
}

export function key([file, line, name]: Key): Bytes {
  return tuple(u(file), int(line), u(name));
}

export function edge(value: Edge): Bytes {
  if (typeof value === 'number') return int(value);
  const [nc, cc, tt, ct] = value;
  return tuple(int(nc), int(cc), g(tt), g(ct));
}

/** The value of an entry: its callers are bytes, so that they can be wrong. */
export function value(entry: Omit<Entry, 'key' | 'callers'>, callers: Bytes): Bytes {
  return tuple(int(entry.cc), int(entry.nc), g(entry.tt), g(entry.ct), callers);
}

/** A .prof file. */
export function prof(...entries: readonly Entry[]): Bytes {
  return dict(
    ...entries.map((entry): readonly [Bytes, Bytes] => [
      key(entry.key),
      value(entry, dict(...(entry.callers ?? []).map(([from, metrics]) => [key(from), edge(metrics)] as const))),
    ]),
  );
}
