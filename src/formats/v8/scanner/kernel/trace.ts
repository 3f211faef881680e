/**
 * A trace event by event. Most of them have nothing to do with profiles, and are passed over; where the others begin and
 * end is told, and the caller reads them as JSON.
 */

import { afterBlanks, byte } from './whitespace';
import { afterPlainKey, afterValue, CLOSE, CLOSE_LIST, COMMA, ending, keyEnd, OPEN, OPEN_LIST, QUOTE } from './json';
import { FULL, wentOn, isBehind, openWindow, position, reason, stop, stopFor, WINDOW_TOP } from './window';

/** How many events fit before the caller must take them. */
const MOST_EVENTS: u32 = 1 << 12;

/** Events that were kept: where one begins, where it ends, and its number in the file; four bytes each. */
export const EVENTS: u32 = WINDOW_TOP;

export let eventCount: u32 = 0;
/** How many events there were so far. */
let seen: u32 = 0;

/** The events were taken. */
export function eventsTaken(): void {
  eventCount = 0;
}

/** Reads the window up to `end`, and says why it stopped. */
export function scanTrace(from: u32, end: u32): u32 {
  openWindow(from, end);
  while (wentOn(afterUnit())) {}
  return reason;
}

const BEGINNING: u32 = 0;
const KEY: u32 = 1;
const EVENT: u32 = 2;
const BEHIND_EVENT: u32 = 3;
const ENDED: u32 = 4;

let state: u32 = BEGINNING;
/** Whether the events are a member of an object, or the whole of the file. */
let isMember: boolean = false;
let hasEvents: boolean = false;
let isUnclosable: boolean = false;
let hasMembers: boolean = false;
/** Whether the event that was read last is an object, as events are. */
let wasObject: boolean = false;

/**
 * Whether it may end here, behind an event: a program that was killed leaves the brackets open. Events that are a
 * member of an object must be the first then, as the plain reader has it.
 */
export function mayEnd(): boolean {
  return isUnclosable && wasObject && (state == EVENT || state == BEHIND_EVENT);
}

function afterUnit(): u32 {
  if (state == EVENT) return event(position);
  if (state == BEHIND_EVENT) return behindEvent(position);
  if (state == KEY) return member(position);
  return state == BEGINNING ? opening(position) : ending(position);
}

function opening(start: u32): u32 {
  const at = afterBlanks(start);
  isMember = byte(at) == OPEN;
  if (!isMember && byte(at) != OPEN_LIST) return stop(at);
  state = isMember ? KEY : EVENT;
  hasEvents = isUnclosable = !isMember;
  return at + 1;
}

function member(start: u32): u32 {
  const isFirst = !hasMembers;
  const key = afterBlanks(start);
  const value = afterPlainKey(key);
  if (value == 0) return 0;
  if (isTraceEvents(key + 1, keyEnd - key - 1)) {
    if (hasEvents || byte(value) != OPEN_LIST) return stop(value);
    hasEvents = true;
    isUnclosable = isFirst;
    state = EVENT;
    return value + 1;
  }
  if (isOfOtherFormat(key + 1, keyEnd - key - 1)) return stop(key);
  const end = afterValue(value);
  const next = end == 0 ? 0 : behindMember(end);
  if (next != 0) hasMembers = true;
  return next;
}

/** The beginnings of keys by which the plain readers know another format, or what a trace may be wrapped in. */
function isOfOtherFormat(key: u32, length: u32): boolean {
  if (length < 4) return false;
  const word = load<u32>(key);
  const isProfile = word == 0x65646f6e /* node */ || word == 0x64616568 /* head */ || word == 0x63617473; /* stac */
  const isInside = word == 0x75736572 /* resu */ || word == 0x61726170 /* para */ || word == 0x6c796170; /* payl */
  return isProfile || isInside || word == 0x666f7270 /* prof */ || word == 0x50757063; /* cpuP */
}

/** The letters of `traceEvents`. */
function isTraceEvents(key: u32, length: u32): boolean {
  return length == 11 && load<u64>(key) == 0x6576456563617274 && load<u32>(key + 7) == 0x73746e65;
}

function behindMember(end: u32): u32 {
  const at = afterBlanks(end);
  if (byte(at) == COMMA) {
    state = KEY;
    return at + 1;
  }
  if (byte(at) != CLOSE) return stop(at);
  state = ENDED;
  return at + 1;
}

function event(start: u32): u32 {
  if (eventCount == MOST_EVENTS) return stopFor(FULL);
  const at = afterBlanks(start);
  if (isBehind(at)) return 0;
  if (byte(at) == CLOSE_LIST && seen == 0) return closing(at);
  const isObject = byte(at) == OPEN;
  const end = isObject ? afterEvent(at) : afterValue(at);
  if (end == 0 || (!isObject && isBehind(end))) return 0;
  if (isObject && isTelling) keep(at, end);
  seen++;
  wasObject = isObject;
  state = BEHIND_EVENT;
  return end;
}

function keep(start: u32, end: u32): void {
  const entry = EVENTS + 12 * eventCount;
  store<u32>(entry, start);
  store<u32>(entry + 4, end);
  store<u32>(entry + 8, seen);
  eventCount++;
}

function behindEvent(start: u32): u32 {
  const at = afterBlanks(start);
  if (byte(at) == CLOSE_LIST) return closing(at);
  if (byte(at) != COMMA) return stop(at);
  state = EVENT;
  return at + 1;
}

function closing(at: u32): u32 {
  if (isMember) return behindMember(at + 1);
  state = ENDED;
  return at + 1;
}

// ---- an event ------------------------------------------------------------------------------------------------------

/** Whether the event that was read last holds a part of a profile, or names a thread. */
let isTelling: boolean = false;

function afterEvent(start: u32): u32 {
  isTelling = false;
  let at = afterBlanks(start + 1);
  if (byte(at) == CLOSE) return at + 1;
  while (true) {
    const key = at + 1;
    const value = afterPlainKey(at);
    if (value == 0) return 0;
    const isName = keyEnd - key == 4 && load<u32>(key) == 0x656d616e;
    const end = afterValue(value);
    if (end == 0) return 0;
    // Of a name that stands twice the last one counts.
    if (isName) isTelling = byte(value) == QUOTE && isTellingName(value + 1, end - value - 2);
    at = afterBlanks(end);
    if (byte(at) == CLOSE) return at + 1;
    if (byte(at) != COMMA) return stop(at);
    at = afterBlanks(at + 1);
  }
}

/** `Profile`, `ProfileChunk`, `CpuProfile`, `process_name`, `thread_name`; too many rather than too few. */
function isTellingName(name: u32, length: u32): boolean {
  for (let i: u32 = 0; i < length; i++) if (byte(name + i) == 0x5c /* \ */) return true;
  if (length == 11 || length == 12) {
    const isNamed = load<u32>(name + length - 4) == 0x656d616e;
    return isNamed || load<u32>(name) == 0x666f7250;
  }
  return (length == 7 && load<u32>(name) == 0x666f7250) || (length == 10 && load<u32>(name) == 0x50757043);
}
