/**
 * Call frames, told by their bytes: of 420,000 in a file of 100 MB about 5,000 differ. The first of each kind is kept,
 * for the caller to read as JSON; the others get its number.
 */

import { byte } from './whitespace';
import { afterDigits, CLOSE, MINUS, OPEN, QUOTE, stringEnd } from './json';
import { NO_MEMORY, stop, stopFor } from './window';

/** The first that was kept. 0 for none. */
export let firstFrame: u32 = 0;
export let frameCount: u32 = 0;
/** The number of the call frame that was read last. */
export let frameNumber: u32 = 0;

/** Of what is kept of a frame, four bytes each: */
const NEXT: u32 = 0;
const HASH: u32 = 4;
export const FRAME_LENGTH: u32 = 8;
const NUMBER: u32 = 12;
/** The frame that came after it the last time. */
const FOLLOWER: u32 = 16;
/** Then its bytes. */
export const FRAME_BYTES: u32 = 20;

/** The frame that was read last; 0 for none. */
let current: u32 = 0;
let heapTop: u32 = 0;
let lastFrame: u32 = 0;
let table: u32 = 0;
let tableSize: u32 = 0;
let seed: u64 = 0;

/** False where there is no memory. @param random what nobody can guess, so that it is hard to make equal hashes */
export function beginFrames(heap: u32, random: f64): boolean {
  heapTop = heap;
  seed = reinterpret<u64>(random) | 1;
  return growTable(1 << 13);
}

/** Behind a call frame, whose number is then known. Whether it is JSON is seen when the first of its kind is read. */
export function afterFrame(start: u32): u32 {
  const follower = current == 0 ? 0 : load<u32>(current + FOLLOWER);
  // Half of all frames follow the one before as they did the last time. What has the bytes of a frame ends as it does.
  // After a node that was cut off, the one before is that node's own, read once already: the guess is wrong then, no more.
  if (follower != 0 && areEqual(follower + FRAME_BYTES, start, load<u32>(follower + FRAME_LENGTH))) {
    current = follower;
    frameNumber = load<u32>(follower + NUMBER);
    return start + load<u32>(follower + FRAME_LENGTH);
  }
  return afterUnexpectedFrame(start);
}

function afterUnexpectedFrame(start: u32): u32 {
  if (byte(start) != OPEN) return stop(start);
  let end = afterV8Frame(start);
  if (end == 0) end = afterAnyFrame(start);
  if (end == 0) return 0;
  const record = frameRecord(start, end - start);
  if (record == 0) return stopFor(NO_MEMORY);
  if (current != 0) store<u32>(current + FOLLOWER, record);
  current = record;
  frameNumber = load<u32>(record + NUMBER);
  return end;
}

/**
 * Behind a call frame in the form that V8 writes without white space, of which only the ends of three strings have to be
 * looked for; 0 for any other.
 */
function afterV8Frame(start: u32): u32 {
  // {"functionName":"
  if (load<u64>(start) != 0x6974636e7566227b || load<u64>(start + 8) != 0x3a22656d614e6e6f || byte(start + 16) != QUOTE)
    return 0;
  const name = stringEnd(start + 17);
  // ,"scriptId":"
  if (
    name == 0 ||
    load<u64>(name + 1) != 0x747069726373222c ||
    load<u32>(name + 9) != 0x3a226449 ||
    byte(name + 13) != QUOTE
  )
    return 0;
  const script = stringEnd(name + 14);
  // ,"url":"
  if (script == 0 || load<u64>(script + 1) != 0x223a226c7275222c) return 0;
  const url = stringEnd(script + 9);
  // ,"lineNumber":
  if (
    url == 0 ||
    load<u64>(url + 1) != 0x754e656e696c222c ||
    load<u32>(url + 9) != 0x7265626d ||
    load<u16>(url + 13) != 0x3a22
  )
    return 0;
  const line = afterSign(url + 15);
  // ,"columnNumber":
  if (load<u64>(line) != 0x6e6d756c6f63222c || load<u64>(line + 8) != 0x3a227265626d754e) return 0;
  const column = afterSign(line + 16);
  return byte(column) == CLOSE ? column + 1 : 0;
}

/** Behind a minus and digits; whether they make a number is seen when the frame is read. */
function afterSign(start: u32): u32 {
  return afterDigits(byte(start) == MINUS ? start + 1 : start);
}

function afterAnyFrame(start: u32): u32 {
  let at = start + 1;
  while (true) {
    const sixteen = v128.load(at);
    const ends = v128.or(
      v128.or(i8x16.eq(sixteen, i8x16.splat(QUOTE)), i8x16.eq(sixteen, i8x16.splat(CLOSE))),
      i8x16.eq(sixteen, i8x16.splat(0)),
    );
    const marks = i8x16.bitmask(ends);
    if (marks == 0) {
      at += 16;
      continue;
    }
    at += ctz(marks);
    const character = byte(at);
    if (character == CLOSE) break;
    if (character != QUOTE) return stop(at);
    at = stringEnd(at + 1);
    if (at == 0) return 0;
    at++;
  }
  return at + 1;
}

function hashOf(start: u32, length: u32): u32 {
  let hash: u64 = seed ^ <u64>length;
  const end = start + length;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    hash = (hash ^ load<u64>(at)) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 29;
  }
  for (; at < end; at++) hash = (hash ^ <u64>byte(at)) * 0x9e3779b97f4a7c15;
  return <u32>(hash >> 32);
}

/**
 * Who made frames whose hashes are equal would have each compared with all before it. Frames that nobody made so stand a
 * few places from where they belong, for half of the table is empty.
 */
const MOST_PROBES: u32 = 1000;

/** The record of the bytes, a new one if they are new; 0 where there is no memory for it, or no place to be found. */
function frameRecord(start: u32, length: u32): u32 {
  const hash = hashOf(start, length);
  let slot = hash & (tableSize - 1);
  for (let probes: u32 = 0; ; probes++) {
    const record = load<u32>(table + 4 * slot);
    if (record == 0) break;
    const isAlike = load<u32>(record + HASH) == hash && load<u32>(record + FRAME_LENGTH) == length;
    if (isAlike && areEqual(record + FRAME_BYTES, start, length)) return record;
    if (probes == MOST_PROBES) return 0;
    slot = (slot + 1) & (tableSize - 1);
  }
  const record = allocate(FRAME_BYTES + length);
  if (record == 0) return 0;
  store<u32>(record + NEXT, 0);
  store<u32>(record + HASH, hash);
  store<u32>(record + FRAME_LENGTH, length);
  store<u32>(record + NUMBER, frameCount);
  store<u32>(record + FOLLOWER, 0);
  memory.copy(record + FRAME_BYTES, start, length);
  if (lastFrame == 0) firstFrame = record;
  else store<u32>(lastFrame + NEXT, record);
  lastFrame = record;
  store<u32>(table + 4 * slot, record);
  frameCount++;
  if (frameCount * 2 > tableSize && !growTable(tableSize * 4)) return 0;
  return record;
}

/** It may read on behind the piece: a zero stands there, which no frame holds, so that nothing is equal beyond it. */
function areEqual(a: u32, b: u32, length: u32): boolean {
  let i: u32 = 0;
  for (; i + 16 <= length; i += 16) {
    if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false;
  }
  for (; i < length; i++) if (byte(a + i) != byte(b + i)) return false;
  return true;
}

/** A larger table of the same records. The one before is not freed: all of them together are smaller than the last. */
function growTable(size: u32): boolean {
  const larger = allocate(4 * size);
  if (larger == 0) return false;
  memory.fill(larger, 0, 4 * size);
  for (let record = firstFrame; record != 0; record = load<u32>(record + NEXT)) {
    let slot = load<u32>(record + HASH) & (size - 1);
    while (load<u32>(larger + 4 * slot) != 0) slot = (slot + 1) & (size - 1);
    store<u32>(larger + 4 * slot, record);
  }
  table = larger;
  tableSize = size;
  return true;
}

function allocate(bytes: u32): u32 {
  const start = (heapTop + 15) & ~15;
  const end = <u64>start + bytes + 16;
  const have = (<u64>memory.size()) << 16;
  // A quarter more than is needed, so that it is seldom asked.
  if (end > have && memory.grow(<i32>(((end - have) >> 16) + 1 + (have >> 18))) < 0) return 0;
  heapTop = <u32>end - 16;
  return start;
}
