/**
 * The window: the part of the file that is in memory. Zeros follow it. No byte of JSON is zero, so a search ends there
 * without a bounds check per byte. What the window's end cuts stays and is read again, whole, with the next chunk.
 */

/** The maximum length of a node, event or value. */
export const WINDOW_SIZE: u32 = 1 << 24;
const PADDING: u32 = 64;

export const WINDOW: u32 = 1024;
export const WINDOW_TOP: u32 = WINDOW + WINDOW_SIZE + PADDING;

/** All was read but what the window's end cuts. */
export const MORE: u32 = 0;
/** A column is full: the caller copies all columns and continues. */
export const FULL: u32 = 1;
/** Another member of the profile, from `keyStart` to `valueEnd`. The caller copies it and continues. */
export const OTHER: u32 = 2;
/** The document has ended. */
export const DONE: u32 = 3;
/** The scanner declines the file because of the byte at `position`. */
export const DECLINED: u32 = 4;
/** There is no more memory. */
export const NO_MEMORY: u32 = 5;

/** The address of the next byte to read. */
export let position: u32 = 0;
/** Why reading stops; MORE while it does not. */
export let reason: u32 = MORE;
let end: u32 = 0;

export function openWindow(from: u32, to: u32): void {
  end = to;
  memory.fill(to, 0, PADDING);
  position = from;
  reason = MORE;
}

export function isPastEnd(at: u32): boolean {
  return at >= end;
}

export function moveTo(at: u32): void {
  position = at;
}

/** Moves to `next`. Returns false if reading stops. */
export function advance(next: u32): boolean {
  if (next == 0) return false;
  position = next;
  return reason == MORE;
}

/** Declines the file because of the byte at `at`, unless that is past the window's end and comes with the next chunk. Returns 0. */
export function stop(at: u32): u32 {
  if (at < end) {
    reason = DECLINED;
    position = at;
  }
  return 0;
}

/** Stops for a reason. Returns 0. */
export function stopFor(why: u32): u32 {
  reason = why;
  return 0;
}
