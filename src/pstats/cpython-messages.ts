/** What Python's browser says of a file that it cannot read: its words, for those who wait for them. */

import { constants } from 'node:os';
import { PstatError } from '../base/errors.ts';
import { type MarshalDict, type MarshalValue, readMarshal } from '../formats/python/marshal.ts';
import { stringRepr } from './python-text.ts';

/** Why the operating system refused, in C's words and with its number: `2`, `No such file or directory`. */
export function systemReason(code: string): { readonly number: number; readonly text: string } {
  const number = Object.entries(constants.errno).find(([name]) => name === code)?.[1] ?? 0;
  return { number, text: SYSTEM_REASONS[code] ?? code };
}

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EIO: 'Input/output error',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  EMFILE: 'Too many open files',
  ENAMETOOLONG: 'File name too long',
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  ENXIO: 'No such device or address',
  EPERM: 'Operation not permitted',
};

/** The lines that `read` prints for bytes that are no profile. @param header date and name, as above a list */
export function contentRefusal(bytes: Uint8Array, header: string): string[] {
  const value = unmarshalled(bytes);
  if (typeof value === 'string') return [value];
  const { type, held } = value;
  if (isFalse(held, type))
    return [`TypeError: Cannot create or construct a <class '__main__.Stats'> object from ${stringRepr(header)}`];
  const reason = isDict(held) ? entryFault(held) : `AttributeError: ${ownerOf(type)} has no attribute 'items'`;
  return [`Invalid timing data ${header}`, reason];
}

/** What Python calls a value without attributes. Text that begins with S, as on Sundays, is read as a class. */
function ownerOf(type: string): string {
  return type === STOP_ITERATION ? `type object '${type}'` : `'${type}' object`;
}

const STOP_ITERATION = 'StopIteration';

interface Unmarshalled {
  /** Python's name of its class. */
  readonly type: string;
  readonly held: MarshalValue;
}

/** The value, or the line that says why there is none. */
function unmarshalled(bytes: Uint8Array): Unmarshalled | string {
  const first = String.fromCharCode((bytes[0] ?? 0) & 0x7f);
  if (bytes.length === 0) return 'EOFError: EOF read where object expected';
  // Python 2's, which Python 3 does not know.
  if (first === 'R') return UNKNOWN_TYPE;
  if (first === '0') return 'TypeError: NULL object in marshal data for object';
  try {
    return { type: CLASSES[first] ?? 'object', held: readMarshal(bytes).value };
  } catch (error) {
    if (!(error instanceof PstatError)) throw error;
    const { fact } = error;
    return READING_FAULTS.find(([pattern]) => pattern.test(fact))?.[1] ?? UNKNOWN_TYPE;
  }
}

const UNKNOWN_TYPE = 'ValueError: bad marshal data (unknown type code)';

/** What pstat's reader of marshal says -> what CPython's says. */
const READING_FAULTS: readonly (readonly [fact: RegExp, line: string])[] = [
  [/before a value|bytes should follow/, 'EOFError: EOF read where object expected'],
  [/cut short/, 'EOFError: EOF read where not expected'],
  [/refers to value/, 'ValueError: bad marshal data (invalid reference)'],
  [/a length of -/, 'ValueError: bad marshal data (string size out of range)'],
  [/nested over/, 'ValueError: recursion limit exceeded'],
];

/** The byte that a value begins with -> its class. */
const CLASSES: Readonly<Record<string, string>> = {
  N: 'NoneType',
  T: 'bool',
  F: 'bool',
  '.': 'ellipsis',
  S: STOP_ITERATION,
  i: 'int',
  I: 'int',
  l: 'int',
  f: 'float',
  g: 'float',
  x: 'complex',
  y: 'complex',
  z: 'str',
  Z: 'str',
  a: 'str',
  A: 'str',
  u: 'str',
  t: 'str',
  s: 'bytes',
  '(': 'tuple',
  ')': 'tuple',
  '[': 'list',
  '<': 'set',
  '>': 'frozenset',
  '{': 'dict',
  c: 'code',
};

/** What Python takes for nothing. */
function isFalse(value: MarshalValue, type: string): boolean {
  if (type === 'ellipsis' || type === 'complex' || type === STOP_ITERATION) return false;
  if (typeof value !== 'object' || value === null) return !value;
  return (itemsOf(value) ?? (isDict(value) ? value.entries : [0])).length === 0;
}

/** What Python stumbles over first in a dict that is no profile: it adds the figures up, then looks at the names. */
function entryFault({ entries }: MarshalDict): string {
  for (const [key, value] of entries) {
    const items = itemsOf(value);
    const fault = items === null ? `cannot unpack non-iterable ${className(value)} object` : figuresFault(items);
    const line = fault ?? keyFault(key);
    if (line !== null) return line.startsWith('ValueError') ? line : `TypeError: ${line}`;
  }
  return 'TypeError: the entries are not those of a profile';
}

function figuresFault(items: readonly MarshalValue[]): string | null {
  if (items.length < 5) return `ValueError: not enough values to unpack (expected 5, got ${items.length})`;
  if (items.length > 5) return 'ValueError: too many values to unpack (expected 5)';
  const [primitive = 0, calls = 0, own = 0, , callers = null] = items;
  const wrong = [calls, primitive].find((count) => !isNumber(count));
  if (wrong !== undefined) return `unsupported operand type(s) for +=: 'int' and '${className(wrong)}'`;
  if (!isNumber(own)) return `unsupported operand type(s) for +=: 'int' and '${className(own)}'`;
  if (typeof callers !== 'object' || callers === null)
    return `argument of type '${className(callers)}' is not iterable`;
  return null;
}

function keyFault(key: MarshalValue): string | null {
  const items = itemsOf(key);
  if (items === null) {
    if (typeof key === 'string') return 'not enough arguments for format string';
    return `'${className(key)}' object is not subscriptable`;
  }
  if (items.length < 3) return 'not enough arguments for format string';
  if (items.length > 3) return 'not all arguments converted during string formatting';
  const [, line = null] = items;
  return isNumber(line) ? null : `%d format: a real number is required, not ${className(line)}`;
}

function isDict(value: MarshalValue): value is MarshalDict {
  return typeof value === 'object' && value !== null && value.type === 'dict';
}

function itemsOf(value: MarshalValue): readonly MarshalValue[] | null {
  return typeof value === 'object' && value !== null && 'items' in value ? value.items : null;
}

function isNumber(value: MarshalValue): boolean {
  return ['number', 'bigint', 'boolean'].includes(typeof value);
}

/** A whole float is taken for an int; nobody comes this far with one. */
function className(value: MarshalValue): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'object') return value.type;
  return typeof value === 'string' ? 'str' : Number.isInteger(Number(value)) ? 'int' : 'float';
}
