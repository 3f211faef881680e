/** The fast way to read: what the scanner takes, or null for what the plain readers are to read, or to refuse. */

import { scannedProfile } from '../cpuprofile.ts';
import type { Recording } from '../format.ts';
import { ProfileScanner } from './profile-scanner.ts';

/** Whether the first bytes are those of an object in UTF-8: of any other nothing is to be scanned. */
export function mayBeScanned(head: Uint8Array): boolean {
  const start = head.findIndex((byte) => !BLANKS.includes(byte));
  return head[start] === OPEN_BRACE;
}

/** Space, tab, newline, carriage return. */
const BLANKS: readonly number[] = [0x20, 0x09, 0x0a, 0x0d];
const OPEN_BRACE = 0x7b;

/** What bytes hold that are there already. Throws PstatError (`malformed`). */
export function scan(pieces: Iterable<Uint8Array>): readonly Recording[] | null {
  const scanner = ProfileScanner.start();
  if (scanner === null) return null;
  for (const piece of pieces) if (!scanner.push(piece)) return null;
  return recordingsOf(scanner);
}

/** What was pushed, all of it. Null as `scan`. */
export function recordingsOf(scanner: ProfileScanner): readonly Recording[] | null {
  const scanned = scanner.finish();
  const profile = scanned && scannedProfile(scanned);
  return profile && [{ thread: null, profile }];
}
