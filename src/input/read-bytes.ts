/** Bytes → Profile. The content decides the format, never a name. */

import { PstatError } from '../base/errors.ts';
import type { ReadFormatOptions } from '../formats/format.ts';
import { normalize } from '../model/normalize/normalize.ts';
import type { Profile } from '../model/profile.ts';
import type { ReadOptions } from './read-file.ts';
import { readRecordings } from './read-recordings.ts';
import { selectProfile } from './select-thread.ts';

/**
 * Reads the profile in the bytes of a file, gzipped or not.
 *
 * @param source the file's name, for messages and the profile's `sources`
 * @throws PstatError `unknown-format` or `malformed`, with the source in its message
 */
export function readProfile(bytes: Uint8Array, source: string, options: ReadOptions = {}): Profile {
  try {
    return selectProfile(readRecordings(bytes, options), source, options.thread ?? null);
  } catch (error) {
    throw error instanceof PstatError ? error.in(source) : error;
  }
}

/** As `readProfile`, but returns the profiles of all threads. */
export function readProfiles(bytes: Uint8Array, source: string, options: ReadFormatOptions): Profile[] {
  return readRecordings(bytes, options).map(({ profile }) => normalize(profile, source));
}
