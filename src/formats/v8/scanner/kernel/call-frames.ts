/**
 * Call frames, compared by their bytes: of 420,000 in a file of 100 MB about 5,000 differ. The first of equal frames is
 * kept, and the caller parses it as JSON; the others get its number.
 */

import { byte } from './whitespace';
import { skipDigits, CLOSE, MINUS, OPEN, QUOTE, findStringEnd } from './json';
import { NO_MEMORY, stop, stopFor } from './window';

/** The first frame that was kept; 0 if none. */
export let firstFrame: u32 = 0;
export let frameCount: u32 = 0;
/** The number of the frame read last. */
export let frameNumber: u32 = 0;

/** A frame's record: fields of four bytes, at these offsets. */
const NEXT: u32 = 0;
const HASH: u32 = 4;
export const FRAME_LENGTH: u32 = 8;
const NUMBER: u32 = 12;
/** The record of the frame that followed this one last time. */
const FOLLOWER: u32 = 16;
/** The frame's bytes follow. */
export const FRAME_BYTES: u32 = 20;

/** The record of the frame read last; 0 if none. */
let current: u32 = 0;
let heapTop: u32 = 0;
let lastFrame: u32 = 0;
let table: u32 = 0;
let tableSize: u32 = 0;
let seed: u64 = 0;

/** Returns false if there is no memory. @param random seeds the hash, against files made of colliding frames */
export function beginFrames(heap: u32, random: f64): boolean {
  heapTop = heap;
  seed = reinterpret<u64>(random) | 1;
  return growTable(1 << 13);
}

/** Reads a call frame into `frameNumber`. The caller finds out whether it is JSON when it parses the first of its kind. */
export function readFrame(start: u32): u32 {
  const follower = current == 0 ? 0 : load<u32>(current + FOLLOWER);
  // Half of all frames follow the frame before as they did last time. Equal bytes have an equal end.
  // After a node that was cut and is read again, the guess starts from its own frame: it is wrong, and nothing else.
  if (follower != 0 && areEqual(follower + FRAME_BYTES, start, load<u32>(follower + FRAME_LENGTH))) {
    current = follower;
    frameNumber = load<u32>(follower + NUMBER);
    return start + load<u32>(follower + FRAME_LENGTH);
  }
  return readOtherFrame(start);
}

function readOtherFrame(start: u32): u32 {
  if (byte(start) != OPEN) return stop(start);
  let end = skipV8Frame(start);
  if (end == 0) end = skipAnyFrame(start);
  if (end == 0) return 0;
  const record = frameRecord(start, end - start);
  if (record == 0) return stopFor(NO_MEMORY);
  if (current != 0) store<u32>(current + FOLLOWER, record);
  current = record;
  frameNumber = load<u32>(record + NUMBER);
  return end;
}

/** Skips a call frame as V8 writes it, without white space: only the ends of three strings are searched. 0 for any other. */
function skipV8Frame(start: u32): u32 {
  // {"functionName":"
  if (load<u64>(start) != 0x6974636e7566227b || load<u64>(start + 8) != 0x3a22656d614e6e6f || byte(start + 16) != QUOTE)
    return 0;
  const name = findStringEnd(start + 17);
  // ,"scriptId":"
  if (
    name == 0 ||
    load<u64>(name + 1) != 0x747069726373222c ||
    load<u32>(name + 9) != 0x3a226449 ||
    byte(name + 13) != QUOTE
  )
    return 0;
  const script = findStringEnd(name + 14);
  // ,"url":"
  if (script == 0 || load<u64>(script + 1) != 0x223a226c7275222c) return 0;
  const url = findStringEnd(script + 9);
  // ,"lineNumber":
  if (
    url == 0 ||
    load<u64>(url + 1) != 0x754e656e696c222c ||
    load<u32>(url + 9) != 0x7265626d ||
    load<u16>(url + 13) != 0x3a22
  )
    return 0;
  const line = skipSignedDigits(url + 15);
  // ,"columnNumber":
  if (load<u64>(line) != 0x6e6d756c6f63222c || load<u64>(line + 8) != 0x3a227265626d754e) return 0;
  const column = skipSignedDigits(line + 16);
  return byte(column) == CLOSE ? column + 1 : 0;
}

/** Skips a minus and digits. The caller's JSON.parse checks that they are a number. */
function skipSignedDigits(start: u32): u32 {
  return skipDigits(byte(start) == MINUS ? start + 1 : start);
}

function skipAnyFrame(start: u32): u32 {
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
    at = findStringEnd(at + 1);
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

/** Bounds probing against hash flooding. With a load factor of ½, normal files need a few probes. */
const MAX_PROBES: u32 = 1000;

/** Returns the record of the bytes, a new one for new bytes; 0 if there is no memory or MAX_PROBES is reached. */
function frameRecord(start: u32, length: u32): u32 {
  const hash = hashOf(start, length);
  let slot = hash & (tableSize - 1);
  for (let probes: u32 = 0; ; probes++) {
    const record = load<u32>(table + 4 * slot);
    if (record == 0) break;
    const isCandidate = load<u32>(record + HASH) == hash && load<u32>(record + FRAME_LENGTH) == length;
    if (isCandidate && areEqual(record + FRAME_BYTES, start, length)) return record;
    if (probes == MAX_PROBES) return 0;
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

/** May read past the chunk's end: the zeros there equal no byte of a frame. */
function areEqual(a: u32, b: u32, length: u32): boolean {
  let i: u32 = 0;
  for (; i + 16 <= length; i += 16) {
    if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false;
  }
  for (; i < length; i++) if (byte(a + i) != byte(b + i)) return false;
  return true;
}

/** Makes a larger table of the same records. Old tables are not freed: together they are smaller than the newest. */
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
  // A quarter more than needed, so that memory grows rarely.
  if (end > have && memory.grow(<i32>(((end - have) >> 16) + 1 + (have >> 18))) < 0) return 0;
  heapTop = <u32>end - 16;
  return start;
}
