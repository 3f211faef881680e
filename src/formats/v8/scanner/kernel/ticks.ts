/** A node's position ticks: its lines, each with the number of samples in it. */

import {
  CLOSE,
  CLOSE_LIST,
  COMMA,
  integer,
  keyEnd,
  OPEN,
  OPEN_LIST,
  readInteger,
  skipPlainKey,
  skipValue,
} from './json';
import { byte, skipWhitespace } from './whitespace';
import { stop, WINDOW_TOP } from './window';

/** The capacity of the columns. A node with more ticks is declined. */
const MAX_TICKS: u32 = 1 << 16;

/** lines with ticks, those of the first node first */
export const TICK_LINES: u32 = WINDOW_TOP;
/** their ticks */
export const TICKS: u32 = TICK_LINES + 4 * MAX_TICKS;
export const TICKS_TOP: u32 = TICKS + 4 * MAX_TICKS;

export let tickCount: u32 = 0;

/** Drops the ticks after the first `count`. */
export function dropTicks(count: u32): void {
  tickCount = count;
}

/** Whether there is room for the ticks of nearly any node. */
export function hasRoomForTicks(): boolean {
  return tickCount <= MAX_TICKS / 2;
}

/** Reads a list of ticks. */
export function readTicks(start: u32): u32 {
  if (byte(start) != OPEN_LIST) return stop(start);
  let at = skipWhitespace(start + 1);
  if (byte(at) == CLOSE_LIST) return at + 1;
  while (true) {
    at = readTick(at);
    if (at == 0) return 0;
    at = skipWhitespace(at);
    if (byte(at) == CLOSE_LIST) return at + 1;
    if (byte(at) != COMMA) return stop(at);
    if (tickCount == MAX_TICKS) return stop(start);
    at = skipWhitespace(at + 1);
  }
}

const LINE: u32 = 1;
const TICK_NUMBER: u32 = 2;

/** Reads a line and its ticks, in any order and with other fields. Keeps none without a line or ticks. */
function readTick(start: u32): u32 {
  if (byte(start) != OPEN) return stop(start);
  let line: u32 = 0;
  let ticks: u32 = 0;
  let fields: u32 = 0;
  let at = skipWhitespace(start + 1);
  while (true) {
    const key = at;
    let what: u32 = 0;
    const word = load<u64>(key);
    // {"line": and {"ticks": as V8 writes them
    if ((word & 0xffffffffffffff) == 0x3a22656e696c22) {
      what = LINE;
      at = skipWhitespace(key + 7);
    } else if (word == 0x3a22736b63697422) {
      what = TICK_NUMBER;
      at = skipWhitespace(key + 8);
    } else {
      at = skipPlainKey(key);
      if (at == 0) return 0;
      what = tickKeyOf(key + 1, keyEnd - key - 1);
    }
    if ((fields & what) != 0) return stop(key);
    fields |= what;
    if (what == 0) at = skipValue(at);
    else {
      at = readInteger(at);
      if (what == LINE) line = integer;
      else ticks = integer;
    }
    if (at == 0) return 0;
    at = skipWhitespace(at);
    if (byte(at) != COMMA) break;
    at = skipWhitespace(at + 1);
  }
  if (byte(at) != CLOSE || fields != (LINE | TICK_NUMBER)) return stop(at);
  if (line != 0 && ticks != 0) {
    store<u32>(TICK_LINES + 4 * tickCount, line);
    store<u32>(TICKS + 4 * tickCount, ticks);
    tickCount++;
  }
  return at + 1;
}

function tickKeyOf(key: u32, length: u32): u32 {
  if (length == 4) return load<u32>(key) == 0x656e696c ? LINE : 0;
  if (length == 5) return load<u32>(key) == 0x6b636974 && byte(key + 4) == 0x73 ? TICK_NUMBER : 0;
  return 0;
}
