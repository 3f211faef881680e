/**
 * Scans a trace event by event. Most events have nothing to do with profiles and are skipped; of the others, the caller
 * gets the place and parses them as JSON. See ../README.md.
 */

import { skipWhitespace, byte } from './whitespace';
import { skipPlainKey, skipValue, CLOSE, CLOSE_LIST, COMMA, expectEnd, keyEnd, OPEN, OPEN_LIST, QUOTE } from './json';
import { FULL, advance, isPastEnd, openWindow, position, reason, stop, stopFor, WINDOW_TOP } from './window';

/** The capacity of EVENTS. */
const MAX_EVENTS: u32 = 1 << 12;

/** Kept events: start, end, and number in the file; four bytes each. */
export const EVENTS: u32 = WINDOW_TOP;

export let eventCount: u32 = 0;
/** Events read so far. */
let seen: u32 = 0;

/** Empties EVENTS, after the caller has parsed them. */
export function resetEvents(): void {
  eventCount = 0;
}

/** Reads the window up to `end`. Returns the reason why it stopped (window.ts). */
export function scanTrace(from: u32, end: u32): u32 {
  openWindow(from, end);
  while (advance(readUnit())) {}
  return reason;
}

const BEGINNING: u32 = 0;
const KEY: u32 = 1;
const EVENT: u32 = 2;
const AFTER_EVENT: u32 = 3;
const ENDED: u32 = 4;

let state: u32 = BEGINNING;
/** Whether the events are a member of an object; else the file is a list of events. */
let isMember: boolean = false;
let hasEvents: boolean = false;
let isUnclosable: boolean = false;
let hasMembers: boolean = false;
/** Whether the event read last is an object. */
let wasObject: boolean = false;

/**
 * Whether the file may end here, after an event: a killed program leaves the brackets open. The parsing reader closes
 * `traceEvents` only where it is the first member, so this does too.
 */
export function mayEnd(): boolean {
  return isUnclosable && wasObject && (state == EVENT || state == AFTER_EVENT);
}

function readUnit(): u32 {
  if (state == EVENT) return readEvent(position);
  if (state == AFTER_EVENT) return finishEvent(position);
  if (state == KEY) return readMember(position);
  return state == BEGINNING ? openDocument(position) : expectEnd(position);
}

function openDocument(start: u32): u32 {
  const at = skipWhitespace(start);
  isMember = byte(at) == OPEN;
  if (!isMember && byte(at) != OPEN_LIST) return stop(at);
  state = isMember ? KEY : EVENT;
  hasEvents = isUnclosable = !isMember;
  return at + 1;
}

function readMember(start: u32): u32 {
  const isFirst = !hasMembers;
  const key = skipWhitespace(start);
  const value = skipPlainKey(key);
  if (value == 0) return 0;
  if (isTraceEvents(key + 1, keyEnd - key - 1)) {
    if (hasEvents || byte(value) != OPEN_LIST) return stop(value);
    hasEvents = true;
    isUnclosable = isFirst;
    state = EVENT;
    return value + 1;
  }
  if (isOfOtherFormat(key + 1, keyEnd - key - 1)) return stop(key);
  const end = skipValue(value);
  const next = end == 0 ? 0 : finishMember(end);
  if (next != 0) hasMembers = true;
  return next;
}

/** Whether a key begins like one that identifies another format, or like a wrapper of a trace. */
function isOfOtherFormat(key: u32, length: u32): boolean {
  if (length < 4) return false;
  const word = load<u32>(key);
  const isProfile = word == 0x65646f6e /* node */ || word == 0x64616568 /* head */ || word == 0x63617473; /* stac */
  const isInside = word == 0x75736572 /* resu */ || word == 0x61726170 /* para */ || word == 0x6c796170; /* payl */
  return isProfile || isInside || word == 0x666f7270 /* prof */ || word == 0x50757063; /* cpuP */
}

/** Whether a key is `traceEvents`. */
function isTraceEvents(key: u32, length: u32): boolean {
  return length == 11 && load<u64>(key) == 0x6576456563617274 && load<u32>(key + 7) == 0x73746e65;
}

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

function readEvent(start: u32): u32 {
  if (eventCount == MAX_EVENTS) return stopFor(FULL);
  const at = skipWhitespace(start);
  if (isPastEnd(at)) return 0;
  if (byte(at) == CLOSE_LIST && seen == 0) return closeEvents(at);
  const isObject = byte(at) == OPEN;
  const end = isObject ? skipEvent(at) : skipValue(at);
  if (end == 0 || (!isObject && isPastEnd(end))) return 0;
  if (isObject && isRelevant) keep(at, end);
  seen++;
  wasObject = isObject;
  state = AFTER_EVENT;
  return end;
}

function keep(start: u32, end: u32): void {
  const entry = EVENTS + 12 * eventCount;
  store<u32>(entry, start);
  store<u32>(entry + 4, end);
  store<u32>(entry + 8, seen);
  eventCount++;
}

function finishEvent(start: u32): u32 {
  const at = skipWhitespace(start);
  if (byte(at) == CLOSE_LIST) return closeEvents(at);
  if (byte(at) != COMMA) return stop(at);
  state = EVENT;
  return at + 1;
}

function closeEvents(at: u32): u32 {
  if (isMember) return finishMember(at + 1);
  state = ENDED;
  return at + 1;
}

// ---- an event ------------------------------------------------------------------------------------------------------

/** Whether the event read last holds a part of a profile, or names a thread or process. */
let isRelevant: boolean = false;

function skipEvent(start: u32): u32 {
  isRelevant = false;
  let at = skipWhitespace(start + 1);
  if (byte(at) == CLOSE) return at + 1;
  while (true) {
    const key = at + 1;
    const value = skipPlainKey(at);
    if (value == 0) return 0;
    const isName = keyEnd - key == 4 && load<u32>(key) == 0x656d616e;
    const end = skipValue(value);
    if (end == 0) return 0;
    // The last of equal keys counts, as in JSON.parse.
    if (isName) isRelevant = byte(value) == QUOTE && isRelevantName(value + 1, end - value - 2);
    at = skipWhitespace(end);
    if (byte(at) == CLOSE) return at + 1;
    if (byte(at) != COMMA) return stop(at);
    at = skipWhitespace(at + 1);
  }
}

/** Whether a name may be `Profile`, `ProfileChunk`, `CpuProfile`, `process_name` or `thread_name`; the caller checks. */
function isRelevantName(name: u32, length: u32): boolean {
  for (let i: u32 = 0; i < length; i++) if (byte(name + i) == 0x5c /* \ */) return true;
  if (length == 11 || length == 12) {
    const isNamed = load<u32>(name + length - 4) == 0x656d616e;
    return isNamed || load<u32>(name) == 0x666f7250;
  }
  return (length == 7 && load<u32>(name) == 0x666f7250) || (length == 10 && load<u32>(name) == 0x50757043);
}
