/** The fast way to read: what the scanners take, or null for what the plain readers are to read, or to refuse. */

import { PROFILE_EVENTS, recordingsOf } from '../chrome-trace.ts';
import { scannedProfile } from '../cpuprofile.ts';
import type { Recording } from '../format.ts';
import { ProfileScanner } from './profile-scanner.ts';
import { TraceScanner } from './trace-scanner.ts';

/** A reader that is handed a file piece by piece. */
export interface Scan {
  /** Where in the file it stands: where it stopped, if it did. Bytes. */
  readonly position: number;
  /** Reads on. False if the file is not to be read here. */
  push(bytes: Uint8Array): boolean;
  /** What was recorded, when all was pushed. Null if the file is not to be read here. Throws PstatError (`malformed`). */
  recordings(): readonly Recording[] | null;
}

/** The scan that suits a file of which these are the first bytes; null for none, or where there is no memory for it. */
export function startScan(head: Uint8Array): Scan | null {
  const start = head.findIndex((byte) => !BLANKS.includes(byte));
  const first = head[start];
  const isTrace = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, HEAD)).includes(TRACE_KEY);
  if (first === OPEN_LIST || (first === OPEN_OBJECT && isTrace)) return traceScan();
  return first === OPEN_OBJECT ? profileScan() : null;
}

/** Space, tab, newline, carriage return. */
const BLANKS: readonly number[] = [0x20, 0x09, 0x0a, 0x0d];
const OPEN_LIST = 0x5b;
const OPEN_OBJECT = 0x7b;
const TRACE_KEY = '"traceEvents"';

/** Bytes. What stands before the events of a trace is shorter. */
const HEAD = 2 ** 16;

function profileScan(): Scan | null {
  const scanner = ProfileScanner.start();
  return (
    scanner && {
      get position() {
        return scanner.position;
      },
      push: (bytes) => scanner.push(bytes),
      recordings() {
        const scanned = scanner.finish();
        const profile = scanned && scannedProfile(scanned);
        return profile && [{ thread: null, profile }];
      },
    }
  );
}

/** What holds no profile is left to the plain readers as well: it may be of another format. */
function traceScan(): Scan | null {
  const scanner = TraceScanner.start();
  return (
    scanner && {
      get position() {
        return scanner.position;
      },
      push: (bytes) => scanner.push(bytes),
      recordings() {
        const events = scanner.finish();
        const isProfile = events?.some(({ event }) => PROFILE_EVENTS.has(String(event['name']))) ?? false;
        return isProfile && events !== null ? recordingsOf(events) : null;
      },
    }
  );
}

/** What the bytes hold, handed over in pieces. Null as `Scan`. Throws PstatError (`malformed`). */
export function scan(pieces: Iterable<Uint8Array>): readonly Recording[] | null {
  let underway: Scan | null = null;
  for (const piece of pieces) {
    underway ??= startScan(piece);
    if (underway === null || !underway.push(piece)) return null;
  }
  return underway?.recordings() ?? null;
}
