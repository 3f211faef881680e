import type { Recording } from '../../format.ts';

/** A reader that is handed a file piece by piece. */
export interface Scan {
  /** Where in the file it stands: where it stopped, if it did. Bytes. */
  readonly position: number;
  /** Reads on. False if the file is not to be read here. */
  push(bytes: Uint8Array): boolean;
  /** What was recorded, when all was pushed. Null if the file is not to be read here. Throws PstatError (`malformed`). */
  recordings(): readonly Recording[] | null;
}
