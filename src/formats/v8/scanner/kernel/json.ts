/** JSON's smallest parts: where a string, a number, any value ends. All of them return 0 where it cannot be told. */

import { afterBlanks, byte, isBlank } from './whitespace';
import { DONE, isBehind, moveTo, stop, stopFor } from './window';

export const QUOTE: u8 = 0x22;
export const COMMA: u8 = 0x2c;
export const MINUS: u8 = 0x2d;
const POINT: u8 = 0x2e;
const COLON: u8 = 0x3a;
export const OPEN_LIST: u8 = 0x5b;
const BACKSLASH: u8 = 0x5c;
export const CLOSE_LIST: u8 = 0x5d;
export const OPEN: u8 = 0x7b;
export const CLOSE: u8 = 0x7d;

/** Behind the document: nothing but white space may stand there. */
export function ending(start: u32): u32 {
  const at = afterBlanks(start);
  if (!isBehind(at)) return stop(at);
  moveTo(at);
  return stopFor(DONE);
}

/** Whether the string that was read last has one; its letters are not what they mean then. */
let hasEscape: boolean = false;

/** The quote that ends a string, whose first character is at `start`; 0 for none. */
export function stringEnd(start: u32): u32 {
  let at = start;
  while (true) {
    const sixteen = v128.load(at);
    const ends = v128.or(
      v128.or(i8x16.eq(sixteen, i8x16.splat(QUOTE)), i8x16.eq(sixteen, i8x16.splat(BACKSLASH))),
      i8x16.lt_u(sixteen, i8x16.splat(0x20)),
    );
    const marks = i8x16.bitmask(ends);
    if (marks == 0) {
      at += 16;
      continue;
    }
    at += ctz(marks);
    const character = byte(at);
    if (character == QUOTE) return at;
    if (character != BACKSLASH) return stop(at);
    hasEscape = true;
    at = afterEscape(at);
    if (at == 0) return 0;
  }
}

function afterEscape(backslash: u32): u32 {
  const letter = byte(backslash + 1);
  if (letter == 0x75 /* u */) {
    for (let i: u32 = 2; i < 6; i++) if (!isHex(byte(backslash + i))) return stop(backslash + i);
    return backslash + 6;
  }
  const isKnown =
    letter == QUOTE ||
    letter == BACKSLASH ||
    letter == 0x2f ||
    letter == 0x62 ||
    letter == 0x66 ||
    letter == 0x6e ||
    letter == 0x72 ||
    letter == 0x74;
  return isKnown ? backslash + 2 : stop(backslash + 1);
}

function isHex(character: u8): boolean {
  return isDigit(character) || (character | 0x20) - 0x61 < 6;
}

function isDigit(character: u8): boolean {
  return character - 0x30 < 10;
}

// ---- numbers -------------------------------------------------------------------------------------------------------

export let integer: u32 = 0;
export let number: f64 = 0;

/** A whole number of nine digits at most into `integer`, and the byte behind it; 0 for any other. */
export function afterInteger(start: u32): u32 {
  let at = start;
  let value: u32 = byte(at) - 0x30;
  if (value > 9) return stop(at);
  at++;
  while (true) {
    const digit: u32 = byte(at) - 0x30;
    if (digit > 9) break;
    value = value * 10 + digit;
    at++;
  }
  const length = at - start;
  // Ten digits may be too many for the sum above; V8 does not count so far.
  if (length > 9 || (length > 1 && byte(start) == 0x30)) return stop(start);
  if (!endsNumber(byte(at)) || isBehind(at)) return stop(at);
  integer = value;
  return at;
}

/** What may stand behind a number. */
function endsNumber(character: u8): boolean {
  return character == COMMA || character == CLOSE_LIST || character == CLOSE || isBlank(character);
}

/**
 * A number into `number`, and the byte behind it; 0 for none, and for one that takes more than a division to be read
 * right: whole numbers up to 2^53 and powers of ten up to 10^22 are exact, and so their quotient is rounded once.
 */
export function afterNumber(start: u32): u32 {
  let at = start;
  const isNegative = byte(at) == MINUS;
  if (isNegative) at++;
  const first = at;
  let value: u64 = 0;
  let point: u32 = 0;
  while (true) {
    const character = byte(at);
    if (isDigit(character)) value = value * 10 + (character - 0x30);
    else if (character == POINT && point == 0 && at > first) point = at;
    else break;
    at++;
  }
  const decimals: u32 = point == 0 ? 0 : at - point - 1;
  const digits: u32 = at - first - (point == 0 ? 0 : 1);
  if (isBehind(at)) return stop(at);
  if (digits == 0 || digits > 18 || value > 0x1fffffffffffff || !endsNumber(byte(at))) return stop(start);
  if (point != 0 && decimals == 0) return stop(start);
  if (byte(first) == 0x30 && (point == 0 ? at : point) - first > 1) return stop(start);
  let power: f64 = 1;
  for (let i: u32 = 0; i < decimals; i++) power *= 10;
  const result = <f64>value / power;
  number = isNegative ? -result : result;
  return at;
}

// ---- any other value -----------------------------------------------------------------------------------------------

/** Deeper than what any tool puts beside a profile. */
const DEEPEST: u32 = 64;

/** Behind a value of any kind, whose grammar is checked; 0 for none. Open brackets are bits, 1 for objects. */
export function afterValue(start: u32): u32 {
  let at = start;
  let depth: u32 = 0;
  let kinds: u64 = 0;
  while (true) {
    // A value is to begin here.
    const character = byte(at);
    if (character == OPEN || character == OPEN_LIST) {
      if (depth == DEEPEST) return stop(at);
      const isObject = character == OPEN;
      at = afterBlanks(at + 1);
      if (byte(at) != (isObject ? CLOSE : CLOSE_LIST)) {
        depth++;
        kinds = (kinds << 1) | (isObject ? 1 : 0);
        if (isObject) {
          at = afterKey(at);
          if (at == 0) return 0;
        }
        continue;
      }
      at++;
    } else if (character == QUOTE) {
      at = stringEnd(at + 1);
      if (at == 0) return 0;
      at++;
    } else {
      at = afterScalar(at);
      if (at == 0) return 0;
    }
    // A value has ended here.
    while (true) {
      if (depth == 0) return at;
      at = afterBlanks(at);
      const isObject = (kinds & 1) != 0;
      const next = byte(at);
      if (next == COMMA) {
        at = afterBlanks(at + 1);
        if (isObject) {
          at = afterKey(at);
          if (at == 0) return 0;
        }
        break;
      }
      if (next != (isObject ? CLOSE : CLOSE_LIST)) return stop(at);
      at++;
      depth--;
      kinds >>= 1;
    }
  }
}

/** The quote that ends the key that was read last. */
export let keyEnd: u32 = 0;

/** Where the value of the key at `start` begins, if the key is told by its bytes: one with escapes in it could be any. */
export function afterPlainKey(start: u32): u32 {
  const value = afterKey(start);
  return value != 0 && hasEscape ? stop(start) : value;
}

/** Where the value of the key at `start` begins. */
function afterKey(start: u32): u32 {
  if (byte(start) != QUOTE) return stop(start);
  hasEscape = false;
  const end = stringEnd(start + 1);
  if (end == 0) return 0;
  keyEnd = end;
  const colon = afterBlanks(end + 1);
  return byte(colon) == COLON ? afterBlanks(colon + 1) : stop(colon);
}

function afterScalar(start: u32): u32 {
  const character = byte(start);
  if (character == 0x74 /* t */) return afterWord(start, 0x65757274, 4);
  if (character == 0x6e /* n */) return afterWord(start, 0x6c6c756e, 4);
  if (character == 0x66 /* f */) return byte(start + 4) == 0x65 ? afterWord(start, 0x736c6166, 5) : stop(start + 4);
  return afterSomeNumber(start);
}

/** Behind a number of any size, which nobody needs. */
function afterSomeNumber(start: u32): u32 {
  let at = byte(start) == MINUS ? start + 1 : start;
  const whole = at;
  at = afterDigits(at);
  if (at == whole || (byte(whole) == 0x30 && at - whole > 1)) return stop(at);
  if (byte(at) == POINT) {
    const decimals = at + 1;
    at = afterDigits(decimals);
    if (at == decimals) return stop(at);
  }
  if ((byte(at) | 0x20) == 0x65 /* e */) {
    const sign = byte(at + 1);
    const exponent = sign == MINUS || sign == 0x2b /* + */ ? at + 2 : at + 1;
    at = afterDigits(exponent);
    if (at == exponent) return stop(at);
  }
  return isBehind(at) || !endsNumber(byte(at)) ? stop(at) : at;
}

export function afterDigits(start: u32): u32 {
  let at = start;
  while (isDigit(byte(at))) at++;
  return at;
}

function afterWord(start: u32, letters: u32, length: u32): u32 {
  return load<u32>(start) == letters ? start + length : stop(isBehind(start + length) ? start + length : start);
}
