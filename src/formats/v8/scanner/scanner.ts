import type { Recording } from '../../format.ts';

/** A reader that takes a file in chunks. It declines files that it does not read; a parsing reader reads those. */
export interface Scanner {
  /** Bytes read so far; where the scanner declined the file, the byte that made it do so. */
  readonly position: number;
  /** Reads the next chunk. Returns false if the scanner declines the file. */
  push(chunk: Uint8Array): boolean;
  /** Returns the recordings after the last chunk, or null if the scanner declines the file. Throws PstatError (`malformed`). */
  recordings(): readonly Recording[] | null;
}
