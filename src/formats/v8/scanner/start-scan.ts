/** The fast way to read: what the scanners take, or null for what the plain readers are to read, or to refuse. */

import type { Recording } from '../../format.ts';
import { ProfileScanner } from './cpuprofile-scanner.ts';
import type { Scan } from './scan.ts';
import { TraceScanner } from './trace-scanner.ts';

/**
 * The scan that suits a file of which these are the first bytes; null for none, or where there is no memory for it.
 *
 * @param bytes how long the file is; 0 if nobody knows
 */
export function startScan(head: Uint8Array, bytes: number): Scan | null {
  const start = head.findIndex((byte) => !BLANKS.includes(byte));
  const first = head[start];
  const isTrace = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, HEAD)).includes(TRACE_KEY);
  if (first === OPEN_LIST || (first === OPEN_OBJECT && isTrace)) return TraceScanner.start();
  return first === OPEN_OBJECT ? ProfileScanner.start(bytes) : null;
}

/** Space, tab, newline, carriage return. */
const BLANKS: readonly number[] = [0x20, 0x09, 0x0a, 0x0d];
const OPEN_LIST = 0x5b;
const OPEN_OBJECT = 0x7b;
const TRACE_KEY = '"traceEvents"';

/** Bytes. What stands before the events of a trace is shorter. */
const HEAD = 2 ** 16;

/** What the bytes hold, handed over in pieces. Null as `Scan`. Throws PstatError (`malformed`). */
export function scan(pieces: readonly Uint8Array[]): readonly Recording[] | null {
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  let underway: Scan | null = null;
  for (const piece of pieces) {
    underway ??= startScan(piece, bytes);
    if (underway === null || !underway.push(piece)) return null;
  }
  return underway?.recordings() ?? null;
}
