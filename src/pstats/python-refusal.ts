/** What Python's browser says of a file that it cannot read: its words, for those who wait for them. */

import { constants } from 'node:os';
import { PstatError } from '../errors.ts';
import { type MarshalValue, readMarshal } from '../formats/marshal.ts';
import { stringRepr } from './python-text.ts';

/** Why the operating system refused, in C's words and with its number: `2`, `No such file or directory`. */
export function systemReason(code: string): { readonly number: number; readonly text: string } {
  const number = Object.entries(constants.errno).find(([name]) => name === code)?.[1] ?? 0;
  return { number, text: SYSTEM_REASONS[code] ?? code };
}

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  EMFILE: 'Too many open files',
  ENAMETOOLONG: 'File name too long',
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  EPERM: 'Operation not permitted',
};

/** The lines that `read` prints for bytes that are no profile. @param header date and name, as above a list */
export function contentRefusal(bytes: Uint8Array, header: string): string[] {
  const value = unmarshalled(bytes);
  if (typeof value === 'string') return [value];
  const { type, held } = value;
  if (isFalse(held, type))
    return [`TypeError: Cannot create or construct a <class '__main__.Stats'> object from ${stringRepr(header)}`];
  const reason = type === 'dict' ? entryFault(held) : `AttributeError: '${type}' object has no attribute 'items'`;
  return [`Invalid timing data ${header}`, reason];
}

interface Unmarshalled {
  /** Python's name of its class. */
  readonly type: string;
  readonly held: MarshalValue;
}

/** The value, or the line that says why there is none. */
function unmarshalled(bytes: Uint8Array): Unmarshalled | string {
  if (bytes.length === 0) return 'EOFError: EOF read where object expected';
  try {
    const type = CLASSES[String.fromCharCode((bytes[0] ?? 0) & 0x7f)] ?? 'object';
    return { type, held: readMarshal(bytes).value };
  } catch (error) {
    if (!(error instanceof PstatError)) throw error;
    if (!error.fact.includes('cut short')) return 'ValueError: bad marshal data (unknown type code)';
    return `EOFError: EOF read where ${error.fact.includes('before a value') ? 'object' : 'not'} expected`;
  }
}

/** The byte that a value begins with -> its class. */
const CLASSES: Readonly<Record<string, string>> = {
  N: 'NoneType',
  T: 'bool',
  F: 'bool',
  '.': 'ellipsis',
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
  if (type === 'ellipsis' || type === 'complex') return false;
  if (typeof value !== 'object' || value === null) return !value;
  return ('items' in value && value.items.length === 0) || ('entries' in value && value.entries.length === 0);
}

/** What Python stumbles over first in a dict that is no profile. */
function entryFault(held: MarshalValue): string {
  const entries = typeof held === 'object' && held !== null && 'entries' in held ? held.entries : [];
  for (const [key, value] of entries) {
    const items = itemsOf(value);
    if (items === null) return `TypeError: cannot unpack non-iterable ${className(value)} object`;
    if (items.length < 5) return `ValueError: not enough values to unpack (expected 5, got ${items.length})`;
    if (items.length > 5) return 'ValueError: too many values to unpack (expected 5)';
    const [, , , , callers = null] = items;
    if (typeof callers !== 'object' || callers === null)
      return `TypeError: argument of type '${className(callers)}' is not iterable`;
    if (itemsOf(key) === null) return `TypeError: '${className(key)}' object is not subscriptable`;
  }
  return 'TypeError: the entries are not those of a profile';
}

function itemsOf(value: MarshalValue): readonly MarshalValue[] | null {
  return typeof value === 'object' && value !== null && 'items' in value ? value.items : null;
}

/** A whole float is taken for an int; nobody comes this far with one. */
function className(value: MarshalValue): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'object') return value.type;
  return typeof value === 'string' ? 'str' : Number.isInteger(Number(value)) ? 'int' : 'float';
}
