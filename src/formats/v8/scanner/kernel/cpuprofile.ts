/**
 * The scanner's inner loop: the bytes of a .cpuprofile -> columns of numbers. See ../README.md.
 *
 * The file arrives in chunks (window.ts). The units are a node, a number of a list, and any other member of the profile:
 * each is read whole or again with the next chunk.
 */

import { readFrame, beginFrames, frameNumber } from './call-frames';
import { skipWhitespace, byte } from './whitespace';
import {
  readInteger,
  readNumber,
  skipPlainKey,
  skipValue,
  CLOSE,
  CLOSE_LIST,
  COMMA,
  expectEnd,
  integer,
  keyEnd,
  number,
  OPEN,
  OPEN_LIST,
  QUOTE,
} from './json';
import { dropTicks, hasRoomForTicks, readTicks, tickCount, TICKS_TOP } from './ticks';
import { FULL, advance, isPastEnd, moveTo, OTHER, openWindow, position, reason, stop, stopFor } from './window';

export { FRAME_BYTES, FRAME_LENGTH, firstFrame, frameCount } from './call-frames';
export { TICK_LINES, TICKS, tickCount } from './ticks';
export { EVENTS, eventCount, resetEvents, mayEnd, scanTrace } from './trace';
export { position, WINDOW, WINDOW_SIZE } from './window';

/** The capacity of the columns. When one is full, the caller copies all. A child id takes at least two bytes of text. */
const MAX_NODES: u32 = 1 << 15;
const MAX_CHILDREN: u32 = 1 << 20;
const MAX_NUMBERS: u32 = 1 << 17;

/** node -> id */
export const IDS: u32 = TICKS_TOP;
/** node -> id of its parent, or -1 where the node has none */
export const PARENTS: u32 = IDS + 4 * MAX_NODES;
/** node -> number of its call frame, numbered in order of first occurrence */
export const FRAMES: u32 = PARENTS + 4 * MAX_NODES;
/** node -> hit count, 0 where the node has none */
export const HITS: u32 = FRAMES + 4 * MAX_NODES;
/** node -> number of its child ids */
export const CHILD_COUNTS: u32 = HITS + 4 * MAX_NODES;
/** child ids, those of the first node first */
export const CHILDREN: u32 = CHILD_COUNTS + 4 * MAX_NODES;
/** ids of samples */
export const SAMPLES: u32 = CHILDREN + 4 * MAX_CHILDREN;
/** time deltas, as doubles */
export const DELTAS: u32 = SAMPLES + 4 * MAX_NUMBERS;
/** node -> number of its lines with ticks (ticks.ts) */
export const TICK_COUNTS: u32 = DELTAS + 8 * MAX_NUMBERS;
const HEAP: u32 = TICK_COUNTS + 4 * MAX_NODES;

// ---- what the caller reads -----------------------------------------------------------------------------------------

export let nodeCount: u32 = 0;
export let childCount: u32 = 0;
export let sampleCount: u32 = 0;
export let deltaCount: u32 = 0;
export let keyStart: u32 = 0;
export let valueEnd: u32 = 0;
/** NaN where the profile has none. */
export let startTime: f64 = NaN;
export let endTime: f64 = NaN;

/** Empties the columns, after the caller has copied them. */
export function resetColumns(): void {
  nodeCount = childCount = sampleCount = deltaCount = 0;
  dropTicks(0);
}

/** Must be called before the first chunk. Returns false if there is no memory. @param random see call-frames.ts */
export function begin(random: f64): boolean {
  return beginFrames(HEAP, random);
}

/** Reads the window up to `end`. Returns the reason why it stopped (window.ts). */
export function scan(from: u32, end: u32): u32 {
  openWindow(from, end);
  while (advance(readUnit())) {}
  return reason;
}

// ---- the profile ---------------------------------------------------------------------------------------------------

const BEGINNING: u32 = 0;
const KEY: u32 = 1;
const IN_NODES: u32 = 2;
const IN_SAMPLES: u32 = 3;
const IN_DELTAS: u32 = 4;
const ENDED: u32 = 5;

let state: u32 = BEGINNING;
/** The keys of the profile read so far. JSON.parse uses the last of equal keys, so a second one is declined. */
export let seenKeys: u32 = 0;

function readUnit(): u32 {
  if (state == IN_NODES) return readNode(position);
  if (state == IN_SAMPLES) return readSample(position);
  if (state == IN_DELTAS) return readDelta(position);
  if (state == KEY) return readMember(position);
  return state == BEGINNING ? openDocument(position) : expectEnd(position);
}

function openDocument(start: u32): u32 {
  const at = skipWhitespace(start);
  if (byte(at) != OPEN) return stop(at);
  state = KEY;
  return at + 1;
}

const NODES: u32 = 1;
const SAMPLE_LIST: u32 = 2;
const DELTA_LIST: u32 = 4;
const START: u32 = 8;
const END: u32 = 16;

/** Reads a key and its value; of a list, only its bracket. */
function readMember(start: u32): u32 {
  const key = skipWhitespace(start);
  const value = skipPlainKey(key);
  if (value == 0) return 0;
  const what = keyOf(key + 1, keyEnd - key - 1);
  if (what == 0) return skipOtherMember(key, value);
  if ((seenKeys & what) != 0) return stop(key);
  if (what == START || what == END) return readTime(what, value);
  if (byte(value) != OPEN_LIST) return stop(value);
  const first = skipWhitespace(value + 1);
  if (isPastEnd(first)) return 0;
  seenKeys |= what;
  if (byte(first) == CLOSE_LIST) {
    const next = finishMember(first + 1);
    if (next == 0) seenKeys &= ~what;
    return next;
  }
  state = what == NODES ? IN_NODES : what == SAMPLE_LIST ? IN_SAMPLES : IN_DELTAS;
  return first;
}

function keyOf(key: u32, length: u32): u32 {
  if (length == 5 && load<u32>(key) == 0x65646f6e && byte(key + 4) == 0x73) return NODES;
  if (length == 7 && load<u32>(key) == 0x706d6173 && load<u32>(key + 3) == 0x73656c70) return SAMPLE_LIST;
  if (length == 10 && load<u64>(key) == 0x746c6544656d6974 && load<u16>(key + 8) == 0x7361) return DELTA_LIST;
  if (length == 9 && load<u64>(key) == 0x6d69547472617473 && byte(key + 8) == 0x65) return START;
  if (length == 7 && load<u32>(key) == 0x54646e65 && load<u32>(key + 3) == 0x656d6954) return END;
  return 0;
}

function readTime(what: u32, value: u32): u32 {
  const end = readNumber(value);
  if (end == 0) return 0;
  const time = number;
  const next = finishMember(end);
  if (next == 0) return 0;
  if (what == START) startTime = time;
  else endTime = time;
  seenKeys |= what;
  return next;
}

function skipOtherMember(key: u32, value: u32): u32 {
  const end = skipValue(value);
  if (end == 0) return 0;
  const next = finishMember(end);
  if (next == 0) return 0;
  keyStart = key;
  valueEnd = end;
  moveTo(next);
  return stopFor(OTHER);
}

/** Reads what follows a member: a comma, or the end of the profile. */
function finishMember(end: u32): u32 {
  const at = skipWhitespace(end);
  if (byte(at) == COMMA) {
    state = KEY;
    return at + 1;
  }
  if (byte(at) != CLOSE) return stop(at);
  state = ENDED;
  return at + 1;
}

/** Reads what follows an entry of a list: a comma, or the end of the list. */
function finishEntry(end: u32): u32 {
  const at = skipWhitespace(end);
  if (byte(at) == COMMA) {
    const next = skipWhitespace(at + 1);
    return isPastEnd(next) ? stop(next) : next;
  }
  if (byte(at) != CLOSE_LIST) return stop(at);
  return finishMember(at + 1);
}

function readSample(start: u32): u32 {
  if (sampleCount == MAX_NUMBERS) return stopFor(FULL);
  const end = readInteger(start);
  if (end == 0) return 0;
  const value = integer;
  const next = finishEntry(end);
  if (next == 0) return 0;
  store<u32>(SAMPLES + 4 * sampleCount, value);
  sampleCount++;
  return next;
}

function readDelta(start: u32): u32 {
  if (deltaCount == MAX_NUMBERS) return stopFor(FULL);
  const end = readNumber(start);
  if (end == 0) return 0;
  const value = number;
  const next = finishEntry(end);
  if (next == 0) return 0;
  store<f64>(DELTAS + 8 * deltaCount, value);
  deltaCount++;
  return next;
}

// ---- a node --------------------------------------------------------------------------------------------------------

const ID: u32 = 1;
const FRAME: u32 = 2;
const HIT_COUNT: u32 = 4;
const CHILD_LIST: u32 = 8;
const PARENT: u32 = 16;
const TICK_LIST: u32 = 32;

/** The fields of the node read last, and the fields that any node has. */
let nodeFields: u32 = 0;
export let presentFields: u32 = 0;

/** A node that the window's end cuts leaves no trace in the columns: it is read again with the next chunk. */
function readNode(start: u32): u32 {
  if (nodeCount == MAX_NODES || childCount > MAX_CHILDREN / 2 || !hasRoomForTicks()) return stopFor(FULL);
  const childrenBefore = childCount;
  const ticksBefore = tickCount;
  const row = 4 * nodeCount;
  const end = readNodeFields(start, row);
  const next = end == 0 ? 0 : finishEntry(end);
  if (next == 0) {
    childCount = childrenBefore;
    dropTicks(ticksBefore);
    return 0;
  }
  store<u32>(CHILD_COUNTS + row, childCount - childrenBefore);
  store<u32>(TICK_COUNTS + row, tickCount - ticksBefore);
  presentFields |= nodeFields;
  nodeCount++;
  return next;
}

function readNodeFields(start: u32, row: u32): u32 {
  if (byte(start) != OPEN) return stop(start);
  store<i32>(PARENTS + row, -1);
  store<i32>(HITS + row, 0);
  nodeFields = 0;
  let at = skipWhitespace(start + 1);
  while (true) {
    const key = at;
    let what: u32 = 0;
    // First the keys as V8 writes them, compared as words with their quotes and colon.
    const word = load<u64>(key);
    if ((word & 0xffffffffff) == 0x3a22646922) {
      what = ID;
      at = key + 5;
    } else if (word == 0x6172466c6c616322 && load<u32>(key + 8) == 0x3a22656d) {
      what = FRAME;
      at = key + 12;
    } else if (word == 0x6e756f4374696822 && (load<u32>(key + 8) & 0xffffff) == 0x3a2274) {
      what = HIT_COUNT;
      at = key + 11;
    } else if (word == 0x6572646c69686322 && (load<u32>(key + 8) & 0xffffff) == 0x3a226e) {
      what = CHILD_LIST;
      at = key + 11;
    } else if (word == 0x6f697469736f7022 && load<u64>(key + 8) == 0x3a22736b6369546e) {
      what = TICK_LIST;
      at = key + 16;
    } else {
      at = skipPlainKey(key);
      if (at == 0) return 0;
      what = nodeKeyOf(key + 1, keyEnd - key - 1);
    }
    const value = skipWhitespace(at);
    if ((nodeFields & what) != 0) return stop(key);
    nodeFields |= what;
    at = readNodeField(what, value, row);
    if (at == 0) return 0;
    at = skipWhitespace(at);
    if (byte(at) != COMMA) break;
    at = skipWhitespace(at + 1);
  }
  const isWhole = byte(at) == CLOSE && (nodeFields & (ID | FRAME)) == (ID | FRAME);
  return isWhole ? at + 1 : stop(at);
}

function readNodeField(what: u32, value: u32, row: u32): u32 {
  if (what == 0) return skipValue(value);
  if (what == TICK_LIST) return readTicks(value);
  if (what == CHILD_LIST) return readChildren(value);
  if (what == FRAME) {
    const end = readFrame(value);
    store<u32>(FRAMES + row, frameNumber);
    return end;
  }
  const end = readInteger(value);
  store<u32>((what == ID ? IDS : what == PARENT ? PARENTS : HITS) + row, integer);
  return end;
}

function nodeKeyOf(key: u32, length: u32): u32 {
  if (length == 2) return load<u16>(key) == 0x6469 ? ID : 0;
  if (length == 8) {
    const word = load<u64>(key);
    return word == 0x746e756f43746968 ? HIT_COUNT : word == 0x6e6572646c696863 ? CHILD_LIST : 0;
  }
  if (length == 9) return load<u64>(key) == 0x6d6172466c6c6163 && byte(key + 8) == 0x65 ? FRAME : 0;
  if (length == 6) return load<u32>(key) == 0x65726170 && load<u16>(key + 4) == 0x746e ? PARENT : 0;
  if (length == 13)
    return load<u64>(key) == 0x6e6f697469736f70 && load<u64>(key + 5) == 0x736b6369546e6f69 ? TICK_LIST : 0;
  return 0;
}

function readChildren(start: u32): u32 {
  if (byte(start) != OPEN_LIST) return stop(start);
  let at = skipWhitespace(start + 1);
  if (byte(at) == CLOSE_LIST) return at + 1;
  while (true) {
    at = readInteger(at);
    if (at == 0) return 0;
    store<u32>(CHILDREN + 4 * childCount, integer);
    childCount++;
    at = skipWhitespace(at);
    if (byte(at) == CLOSE_LIST) return at + 1;
    if (byte(at) != COMMA) return stop(at);
    if (childCount == MAX_CHILDREN) return stop(start);
    at = skipWhitespace(at + 1);
  }
}
