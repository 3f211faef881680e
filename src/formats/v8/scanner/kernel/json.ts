/** JSON tokens and values. The functions return the position after what they read; 0 if they stopped (window.ts). */

import { skipWhitespace, byte, isWhitespace } from './whitespace';
import { DONE, isPastEnd, moveTo, stop, stopFor } from './window';

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

/** Reads what follows the document: only white space is allowed. */
export function expectEnd(start: u32): u32 {
  const at = skipWhitespace(start);
  if (!isPastEnd(at)) return stop(at);
  moveTo(at);
  return stopFor(DONE);
}

/** Whether the string read last has an escape, so that its bytes are not its characters. */
let hasEscape: boolean = false;

/** Finds the quote that ends a string whose first character is at `start`. */
export function findStringEnd(start: u32): u32 {
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
    at = skipEscape(at);
    if (at == 0) return 0;
  }
}

function skipEscape(backslash: u32): u32 {
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

/** Reads a whole number of at most nine digits into `integer`. */
export function readInteger(start: u32): u32 {
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
  // Ten digits may overflow; V8's ids and counts are smaller.
  if (length > 9 || (length > 1 && byte(start) == 0x30)) return stop(start);
  if (!endsNumber(byte(at)) || isPastEnd(at)) return stop(at);
  integer = value;
  return at;
}

/** Whether the character may follow a number. */
function endsNumber(character: u8): boolean {
  return character == COMMA || character == CLOSE_LIST || character == CLOSE || isWhitespace(character);
}

/**
 * Reads a number into `number`. Stops at one that a single division does not read correctly: integers up to 2^53 and
 * powers of ten up to 10^22 are exact, so their quotient is rounded only once.
 */
export function readNumber(start: u32): u32 {
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
  if (isPastEnd(at)) return stop(at);
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

/** No tool nests values deeper beside a profile. */
const MAX_DEPTH: u32 = 64;

/** Skips any value and checks its grammar. `kinds` holds the open brackets as bits, 1 for objects. */
export function skipValue(start: u32): u32 {
  let at = start;
  let depth: u32 = 0;
  let kinds: u64 = 0;
  while (true) {
    // A value begins here.
    const character = byte(at);
    if (character == OPEN || character == OPEN_LIST) {
      if (depth == MAX_DEPTH) return stop(at);
      const isObject = character == OPEN;
      at = skipWhitespace(at + 1);
      if (byte(at) != (isObject ? CLOSE : CLOSE_LIST)) {
        depth++;
        kinds = (kinds << 1) | (isObject ? 1 : 0);
        if (isObject) {
          at = skipKey(at);
          if (at == 0) return 0;
        }
        continue;
      }
      at++;
    } else if (character == QUOTE) {
      at = findStringEnd(at + 1);
      if (at == 0) return 0;
      at++;
    } else {
      at = skipScalar(at);
      if (at == 0) return 0;
    }
    // A value has ended here.
    while (true) {
      if (depth == 0) return at;
      at = skipWhitespace(at);
      const isObject = (kinds & 1) != 0;
      const next = byte(at);
      if (next == COMMA) {
        at = skipWhitespace(at + 1);
        if (isObject) {
          at = skipKey(at);
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

/** The quote that ends the key read last. */
export let keyEnd: u32 = 0;

/** Skips a key and its colon. Stops at a key with escapes, whose bytes do not identify it. */
export function skipPlainKey(start: u32): u32 {
  const value = skipKey(start);
  return value != 0 && hasEscape ? stop(start) : value;
}

/** Skips a key and its colon. */
function skipKey(start: u32): u32 {
  if (byte(start) != QUOTE) return stop(start);
  hasEscape = false;
  const end = findStringEnd(start + 1);
  if (end == 0) return 0;
  keyEnd = end;
  const colon = skipWhitespace(end + 1);
  return byte(colon) == COLON ? skipWhitespace(colon + 1) : stop(colon);
}

function skipScalar(start: u32): u32 {
  const character = byte(start);
  if (character == 0x74 /* t */) return skipWord(start, 0x65757274, 4);
  if (character == 0x6e /* n */) return skipWord(start, 0x6c6c756e, 4);
  if (character == 0x66 /* f */) return byte(start + 4) == 0x65 ? skipWord(start, 0x736c6166, 5) : stop(start + 4);
  return skipAnyNumber(start);
}

/** Skips a number of any size. */
function skipAnyNumber(start: u32): u32 {
  let at = byte(start) == MINUS ? start + 1 : start;
  const whole = at;
  at = skipDigits(at);
  if (at == whole || (byte(whole) == 0x30 && at - whole > 1)) return stop(at);
  if (byte(at) == POINT) {
    const decimals = at + 1;
    at = skipDigits(decimals);
    if (at == decimals) return stop(at);
  }
  if ((byte(at) | 0x20) == 0x65 /* e */) {
    const sign = byte(at + 1);
    const exponent = sign == MINUS || sign == 0x2b /* + */ ? at + 2 : at + 1;
    at = skipDigits(exponent);
    if (at == exponent) return stop(at);
  }
  return isPastEnd(at) || !endsNumber(byte(at)) ? stop(at) : at;
}

export function skipDigits(start: u32): u32 {
  let at = start;
  while (isDigit(byte(at))) at++;
  return at;
}

function skipWord(start: u32, letters: u32, length: u32): u32 {
  return load<u32>(start) == letters ? start + length : stop(isPastEnd(start + length) ? start + length : start);
}
