/**
 * The piece of the file that is being read. It stands in a window with zeros behind it: no byte of JSON is zero, so that
 * a loop which looks for something ends there without asking at every byte. What the end of a piece cuts off is left,
 * and comes again, whole, with the next piece.
 */

/** Bytes of a piece with what is left of the one before: as long as one node, event or value may be. Zeros stand behind. */
export const WINDOW_SIZE: u32 = 1 << 24;
const PADDING: u32 = 64;

export const WINDOW: u32 = 1024;
export const WINDOW_TOP: u32 = WINDOW + WINDOW_SIZE + PADDING;

/** All of the piece was read but for what its end cuts off. */
export const MORE: u32 = 0;
/** A list is full: take all of them, and go on. */
export const FULL: u32 = 1;
/** A key that means nothing here: `keyStart` to `valueEnd` hold it with its value. */
export const OTHER: u32 = 2;
/** The profile has ended. */
export const DONE: u32 = 3;
/** Not to be read here; `position` is where. */
export const UNUSUAL: u32 = 4;
/** The machine gives no more memory. */
export const NO_MEMORY: u32 = 5;

/** Where in the window the next byte to be read stands. */
export let position: u32 = 0;
/** Why reading stops. MORE as long as it does not, and where the piece ends. */
export let reason: u32 = MORE;
let end: u32 = 0;

export function openWindow(from: u32, to: u32): void {
  end = to;
  memory.fill(to, 0, PADDING);
  position = from;
  reason = MORE;
}

export function isBehind(at: u32): boolean {
  return at >= end;
}

export function moveTo(at: u32): void {
  position = at;
}

/** Moves on to what comes next, if it is told and nothing speaks against it. */
export function wentOn(next: u32): boolean {
  if (next == 0) return false;
  position = next;
  return reason == MORE;
}

/** 0, for who returns where to go on: what stands at `at` cannot be read here, or is not there yet. */
export function stop(at: u32): u32 {
  if (at < end) {
    reason = UNUSUAL;
    position = at;
  }
  return 0;
}

/** 0, as `stop`. */
export function stopFor(why: u32): u32 {
  reason = why;
  return 0;
}
