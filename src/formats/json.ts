/** Parses untrusted JSON, and checks its values with errors that name the place. */

import { asBuffer } from '../base/bytes.ts';
import { errorCodeOf } from '../base/system-error.ts';
import { brokenJson, textAfterJson, tooLarge, tooMany, truncatedJson, wrongType } from './errors.ts';

export type JsonObject = { readonly [key: string]: unknown };

/** A file's JSON without its wrappers. */
export interface JsonDocument {
  /** The value inside the wrappers. */
  readonly value: unknown;
}

/** V8's longest string in MB of one-byte text, slightly below 2^29: https://nodejs.org/api/buffer.html#bufferconstantsmax_string_length */
export const MAX_TEXT_MB = 512;

/**
 * Values in one document. In memory a value takes up to fifty times its bytes (`{},{},…`), so the size of a file says too
 * little about it. Profiles of half a gigabyte have about half as many.
 */
export const MAX_JSON_VALUES = 2 ** 25;

const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const OPEN_OBJECT = 0x7b;

/** The number of values in a text of JSON, or a little more: commas and brackets in strings count too. */
export function countJsonValues(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === COMMA || byte === OPEN_LIST || byte === OPEN_OBJECT) count++;
  return count;
}

/** Keys of DevTools protocol messages and exports: `{id, result: {profile: …}}`, `{method, params: …}`. */
const WRAPPERS = ['result', 'params', 'profile', 'cpuProfile'];

/**
 * Parses a file that begins like JSON, or like a string that holds JSON; returns undefined for others. Throws PstatError
 * (`malformed`, `unreadable`).
 */
export function parseJson(bytes: Uint8Array): JsonDocument | undefined {
  if (!beginsLikeJson(bytes)) return undefined;
  if (bytes.length > MAX_JSON_VALUES && countJsonValues(bytes) > MAX_JSON_VALUES)
    throw tooMany('values', MAX_JSON_VALUES);
  return { value: unwrap(parseInner(parse(decode(bytes), bytes.length))) };
}

/**
 * Parses JSON inside a string. Node's `worker.startCpuProfile` and `v8.startCpuProfile` resolve to JSON text, and
 * programs encode it once more: https://nodejs.org/api/worker_threads.html
 */
function parseInner(value: unknown): unknown {
  return isJsonText(value) ? parse(value, value.length) : value;
}

function isJsonText(value: unknown): value is string {
  return typeof value === 'string' && JSON_START.test(value.slice(0, 256));
}

function parse(text: string, bytes: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return parseUnclosed(text) ?? fail(jsonError(text, bytes, error));
  }
}

/** Parses a trace without its closing brackets, as a killed program leaves it. Returns undefined if more is missing. */
function parseUnclosed(text: string): unknown {
  const end = text.trimEnd();
  const events = end.endsWith(',') ? end.slice(0, -1).trimEnd() : end;
  const [opening] = /^\s*(?:\[|\{\s*"traceEvents"\s*:\s*\[)/.exec(text) ?? [];
  if (opening === undefined || !events.endsWith('}')) return undefined;
  try {
    return JSON.parse(opening.includes('{') ? `${events}]}` : `${events}]`);
  } catch {
    return undefined;
  }
}

function fail(error: Error): never {
  throw error;
}

/** White space, byte order marks, and the zero bytes of UTF-16. */
const WHITESPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf, 0xff, 0xfe, 0]);

/** Whether the first character is an opening bracket, followed by one that JSON allows there. */
function beginsLikeJson(bytes: Uint8Array): boolean {
  const start = bytes.findIndex((byte) => !WHITESPACE.has(byte));
  const head = decode(bytes.subarray(0, start === -1 ? 0 : start + 256));
  return JSON_START.test(head) || ENCODED_START.test(head);
}

/** A string whose text begins like an object or a list of objects. */
const ENCODED_START = /^\s*"(?:\\[nrt]|\s)*(?:\{(?:\\[nrt]|\s)*\\"|\[(?:\\[nrt]|\s)*\{)/;

const JSON_START = /^\s*(?:\{\s*(?:["}]|$)|\[\s*(?:[[{"\]\d-]|[tfn]|$))/;

/** Decodes UTF-8, or UTF-16 as Windows shells write it; drops a byte order mark. */
function decode(bytes: Uint8Array): string {
  try {
    return textOf(asBuffer(bytes)).replace(/^\ufeff/, '');
  } catch (error) {
    throw errorCodeOf(error) === 'ERR_STRING_TOO_LONG' ? tooLarge(MAX_TEXT_MB) : error;
  }
}

/** UTF-16 has a byte order mark. */
function textOf(buffer: Buffer): string {
  const [first, second] = buffer;
  if (first === 0xff && second === 0xfe) return buffer.toString('utf16le');
  if (first !== 0xfe || second !== 0xff) return buffer.toString('utf8');
  return Buffer.from(buffer.subarray(0, buffer.length & ~1))
    .swap16()
    .toString('utf16le');
}

function unwrap(outer: unknown): unknown {
  let value = outer;
  for (let depth = 0; depth < WRAPPERS.length; depth++) {
    if (!isObject(value) || 'nodes' in value) return value;
    const inside: JsonObject = value;
    const key = WRAPPERS.find((wrapper) => isObject(inside[wrapper]) || isJsonText(inside[wrapper]));
    if (key === undefined) return value;
    value = parseInner(inside[key]);
  }
  return value;
}

/** Broken JSON without any of these keys is not a profile: folders may hold such files. */
const PROFILE_KEYS = /"(?:nodes|callFrame|timeDeltas|traceEvents|head|ph)"/;

/** V8's message has the position, or says that the text ended. */
function jsonError(text: string, bytes: number, error: unknown) {
  const message = error instanceof Error ? error.message : '';
  const position = /at position (\d+)/.exec(message)?.[1];
  const errorAt = position === undefined ? text.length : Number(position);
  const kind = PROFILE_KEYS.test(text.slice(0, 4096)) ? 'malformed' : 'unknown-format';
  if (text.slice(errorAt).trim() === '' || /unterminated string/i.test(message)) return truncatedJson(bytes, kind);
  const before = text.slice(0, errorAt);
  if (kind === 'malformed' && isWholeObject(before)) return textAfterJson(Buffer.byteLength(before.trimEnd()), bytes);
  const line = before.split('\n').length;
  return brokenJson(`line ${line}, column ${errorAt - before.lastIndexOf('\n')}`, kind);
}

function isWholeObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectAt(value: unknown, place: string): JsonObject {
  if (!isObject(value)) throw wrongType(place, 'an object', value);
  return value;
}

export function listAt(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongType(place, 'a list', value);
  return value;
}

/** Returns a list; null if the file has none. */
export function optionalList(value: unknown, place: string): readonly unknown[] | null {
  return value === undefined || value === null ? null : listAt(value, place);
}

/** Returns a string; the substitute if the file has none. */
export function optionalString(value: unknown, substitute: string, place: string): string {
  if (value === undefined || value === null) return substitute;
  if (typeof value !== 'string') throw wrongType(place, 'a text', value);
  return value;
}

/** Returns an id, which V8 writes as text or as a number; null if the file has none. */
export function optionalId(value: unknown, place: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' && typeof value !== 'number') throw wrongType(place, 'a text or a number', value);
  return `${value}`;
}

/** Returns a number, as `numberAt`; null if the file has none. */
export function optionalNumber(value: unknown, place: string): number | null {
  return value === undefined || value === null ? null : numberAt(value, place);
}

/** Returns a number up to 2^53, so that sums stay exact to the unit. Throws PstatError (`malformed`). */
export function numberAt(value: unknown, place: string): number {
  if (typeof value !== 'number') throw wrongType(place, 'a number', value);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw wrongType(place, 'a number below 2^53', value);
  return value;
}

/** `integerAt` for the entries of a long list: makes the place's text only for an error. */
export function integerIn(list: ArrayLike<unknown>, i: number, name: string): number {
  const value = list[i];
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : integerAt(value, `${name}[${i}]`);
}

/** `numberAt` for the entries of a long list. */
export function numberIn(list: ArrayLike<unknown>, i: number, name: string): number {
  const value = list[i];
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : numberAt(value, `${name}[${i}]`);
}

export function integerAt(value: unknown, place: string): number {
  const number = numberAt(value, place);
  if (!Number.isInteger(number)) throw wrongType(place, 'a whole number', value);
  return number;
}
