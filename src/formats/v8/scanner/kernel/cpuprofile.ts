/**
 * The inner loop of the fast reader: the bytes of a .cpuprofile -> numbers.
 *
 * WebAssembly, for it can look at sixteen bytes at once: nearly all bytes of a profile stand in the names and paths of
 * call frames, and those are skipped, not read. A call frame is told by its bytes. Most were seen before; only the first
 * of each kind is kept, and read as JSON by the caller.
 *
 * The file comes in pieces (window.ts). The smallest things that are read whole are a node, a number of a list, and any
 * other value of the profile.
 *
 * It takes what V8 and its kin write, with any order of keys and any white space. Whatever else JSON may hold is
 * UNUSUAL: the caller has it read in the plain way. It never takes for sound what is not JSON, or means another thing.
 */

import { afterFrame, beginFrames, frameNumber } from './call-frames';
import { afterBlanks, byte } from './whitespace';
import {
  afterDigits,
  afterInteger,
  afterNumber,
  afterPlainKey,
  afterValue,
  CLOSE,
  CLOSE_LIST,
  COMMA,
  ending,
  integer,
  keyEnd,
  number,
  OPEN,
  OPEN_LIST,
  QUOTE,
} from './json';
import {
  FULL,
  wentOn,
  isBehind,
  moveTo,
  OTHER,
  openWindow,
  position,
  reason,
  stop,
  stopFor,
  WINDOW_TOP,
} from './window';

export { FRAME_BYTES, FRAME_LENGTH, firstFrame, frameCount } from './call-frames';
export { EVENTS, eventCount, eventsTaken, mayEnd, scanTrace } from './trace';
export { position, WINDOW, WINDOW_SIZE } from './window';

/** How much of each list fits before the caller must take it. A node takes a row; a child id takes two bytes of text. */
const MOST_NODES: u32 = 1 << 15;
const MOST_CHILDREN: u32 = 1 << 20;
const MOST_NUMBERS: u32 = 1 << 17;

/** node -> id */
export const IDS: u32 = WINDOW_TOP;
/** node -> id of its parent, or -1 where the node does not say */
export const PARENTS: u32 = IDS + 4 * MOST_NODES;
/** node -> number of its call frame, in order of their first */
export const FRAMES: u32 = PARENTS + 4 * MOST_NODES;
/** node -> hit count, 0 where the node does not say */
export const HITS: u32 = FRAMES + 4 * MOST_NODES;
/** node -> how many of the child ids are its */
export const CHILD_COUNTS: u32 = HITS + 4 * MOST_NODES;
/** child ids, node after node */
export const CHILDREN: u32 = CHILD_COUNTS + 4 * MOST_NODES;
/** ids of samples */
export const SAMPLES: u32 = CHILDREN + 4 * MOST_CHILDREN;
/** time deltas, as doubles */
export const DELTAS: u32 = SAMPLES + 4 * MOST_NUMBERS;
const HEAP: u32 = DELTAS + 8 * MOST_NUMBERS;

// ---- what the caller sees ------------------------------------------------------------------------------------------

export let nodeCount: u32 = 0;
export let childCount: u32 = 0;
export let sampleCount: u32 = 0;
export let deltaCount: u32 = 0;
export let keyStart: u32 = 0;
export let valueEnd: u32 = 0;
/** Numbers of the profile itself; NaN where it has none. */
export let startTime: f64 = NaN;
export let endTime: f64 = NaN;

/** The lists were taken. */
export function taken(): void {
  nodeCount = childCount = sampleCount = deltaCount = 0;
}

/** Before the first piece. False where there is no memory. @param random see frames.ts */
export function begin(random: f64): boolean {
  return beginFrames(HEAP, random);
}

/** Reads the window up to `end`, and says why it stopped. */
export function scan(from: u32, end: u32): u32 {
  openWindow(from, end);
  while (wentOn(afterUnit())) {}
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
/** Lists and times that were met: a second one would take the place of the first. */
export let met: u32 = 0;

function afterUnit(): u32 {
  if (state == IN_NODES) return node(position);
  if (state == IN_SAMPLES) return sample(position);
  if (state == IN_DELTAS) return delta(position);
  if (state == KEY) return member(position);
  return state == BEGINNING ? opening(position) : ending(position);
}

function opening(start: u32): u32 {
  const at = afterBlanks(start);
  if (byte(at) != OPEN) return stop(at);
  state = KEY;
  return at + 1;
}

const NODES: u32 = 1;
const SAMPLE_LIST: u32 = 2;
const DELTA_LIST: u32 = 4;
const START: u32 = 8;
const END: u32 = 16;

/** A key and its value; of a list, its bracket. */
function member(start: u32): u32 {
  const key = afterBlanks(start);
  const value = afterPlainKey(key);
  if (value == 0) return 0;
  const what = keyOf(key + 1, keyEnd - key - 1);
  if (what == 0) return otherMember(key, value);
  if ((met & what) != 0) return stop(key);
  if (what == START || what == END) return timeMember(what, value);
  if (byte(value) != OPEN_LIST) return stop(value);
  const first = afterBlanks(value + 1);
  if (isBehind(first)) return 0;
  met |= what;
  if (byte(first) == CLOSE_LIST) {
    const next = afterMember(first + 1);
    if (next == 0) met &= ~what;
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

function timeMember(what: u32, value: u32): u32 {
  const end = afterNumber(value);
  if (end == 0) return 0;
  const time = number;
  const next = afterMember(end);
  if (next == 0) return 0;
  if (what == START) startTime = time;
  else endTime = time;
  met |= what;
  return next;
}

function otherMember(key: u32, value: u32): u32 {
  const end = afterValue(value);
  if (end == 0) return 0;
  const next = afterMember(end);
  if (next == 0) return 0;
  keyStart = key;
  valueEnd = end;
  moveTo(next);
  return stopFor(OTHER);
}

/** Behind a member: the next key, or the end of the profile. */
function afterMember(end: u32): u32 {
  const at = afterBlanks(end);
  if (byte(at) == COMMA) {
    state = KEY;
    return at + 1;
  }
  if (byte(at) != CLOSE) return stop(at);
  state = ENDED;
  return at + 1;
}

/** Behind an entry of a list: the next one, or what follows the list. */
function afterEntry(end: u32): u32 {
  const at = afterBlanks(end);
  if (byte(at) == COMMA) {
    const next = afterBlanks(at + 1);
    return isBehind(next) ? stop(next) : next;
  }
  if (byte(at) != CLOSE_LIST) return stop(at);
  return afterMember(at + 1);
}

function sample(start: u32): u32 {
  if (sampleCount == MOST_NUMBERS) return stopFor(FULL);
  const end = afterInteger(start);
  if (end == 0) return 0;
  const value = integer;
  const next = afterEntry(end);
  if (next == 0) return 0;
  store<u32>(SAMPLES + 4 * sampleCount, value);
  sampleCount++;
  return next;
}

function delta(start: u32): u32 {
  if (deltaCount == MOST_NUMBERS) return stopFor(FULL);
  const end = afterNumber(start);
  if (end == 0) return 0;
  const value = number;
  const next = afterEntry(end);
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

/** What the node that was read last says, and what any of them says. */
let has: u32 = 0;
export let said: u32 = 0;

/** A node that is cut off leaves nothing behind, for it comes again. */
function node(start: u32): u32 {
  if (nodeCount == MOST_NODES || childCount > MOST_CHILDREN / 2) return stopFor(FULL);
  const childrenBefore = childCount;
  const row = 4 * nodeCount;
  const end = afterNode(start, row);
  const next = end == 0 ? 0 : afterEntry(end);
  if (next == 0) {
    childCount = childrenBefore;
    return 0;
  }
  store<u32>(CHILD_COUNTS + row, childCount - childrenBefore);
  said |= has;
  nodeCount++;
  return next;
}

function afterNode(start: u32, row: u32): u32 {
  if (byte(start) != OPEN) return stop(start);
  store<i32>(PARENTS + row, -1);
  store<i32>(HITS + row, 0);
  has = 0;
  let at = afterBlanks(start + 1);
  while (true) {
    const key = at;
    let what: u32 = 0;
    // The keys that V8 writes, with their quotes and colon.
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
    } else {
      at = afterPlainKey(key);
      if (at == 0) return 0;
      what = nodeKeyOf(key + 1, keyEnd - key - 1);
    }
    const value = afterBlanks(at);
    if ((has & what) != 0) return stop(key);
    has |= what;
    at = afterNodeValue(what, value, row);
    if (at == 0) return 0;
    at = afterBlanks(at);
    if (byte(at) != COMMA) break;
    at = afterBlanks(at + 1);
  }
  const isWhole = byte(at) == CLOSE && (has & (ID | FRAME)) == (ID | FRAME);
  return isWhole ? at + 1 : stop(at);
}

function afterNodeValue(what: u32, value: u32, row: u32): u32 {
  if (what == 0) {
    const end = afterTicks(value);
    return end != 0 ? end : afterValue(value);
  }
  if (what == CHILD_LIST) return children(value);
  if (what == FRAME) {
    const end = afterFrame(value);
    store<u32>(FRAMES + row, frameNumber);
    return end;
  }
  const end = afterInteger(value);
  store<u32>((what == ID ? IDS : what == PARENT ? PARENTS : HITS) + row, integer);
  return end;
}

/** Behind a list of position ticks as V8 writes it without white space, which nobody needs; 0 for anything else. */
function afterTicks(start: u32): u32 {
  let at = start;
  if (byte(at) != OPEN_LIST) return 0;
  do {
    // {"line":
    if (load<u64>(at + 1) != 0x3a22656e696c227b) return 0;
    const line = afterCount(at + 9);
    // ,"ticks":
    if (line == 0 || load<u64>(line) != 0x22736b636974222c || byte(line + 8) != 0x3a) return 0;
    const ticks = afterCount(line + 9);
    if (ticks == 0 || byte(ticks) != CLOSE) return 0;
    at = ticks + 1;
  } while (byte(at) == COMMA);
  return byte(at) == CLOSE_LIST ? at + 1 : 0;
}

/** Behind digits that are a whole number; 0 for none. */
function afterCount(start: u32): u32 {
  const end = afterDigits(start);
  return end == start || (byte(start) == 0x30 && end - start > 1) ? 0 : end;
}

function nodeKeyOf(key: u32, length: u32): u32 {
  if (length == 2) return load<u16>(key) == 0x6469 ? ID : 0;
  if (length == 8) {
    const word = load<u64>(key);
    return word == 0x746e756f43746968 ? HIT_COUNT : word == 0x6e6572646c696863 ? CHILD_LIST : 0;
  }
  if (length == 9) return load<u64>(key) == 0x6d6172466c6c6163 && byte(key + 8) == 0x65 ? FRAME : 0;
  if (length == 6) return load<u32>(key) == 0x65726170 && load<u16>(key + 4) == 0x746e ? PARENT : 0;
  return 0;
}

function children(start: u32): u32 {
  if (byte(start) != OPEN_LIST) return stop(start);
  let at = afterBlanks(start + 1);
  if (byte(at) == CLOSE_LIST) return at + 1;
  while (true) {
    at = afterInteger(at);
    if (at == 0) return 0;
    store<u32>(CHILDREN + 4 * childCount, integer);
    childCount++;
    at = afterBlanks(at);
    if (byte(at) == CLOSE_LIST) return at + 1;
    if (byte(at) != COMMA) return stop(at);
    if (childCount == MOST_CHILDREN) return stop(start);
    at = afterBlanks(at + 1);
  }
}
