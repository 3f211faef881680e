/** Bytes → Profile. The content decides the format, never a name. */

import { PstatError } from '../base/errors.ts';
import type { ReadFormatOptions } from '../formats/format.ts';
import type { WritableFormat } from '../formats/registry.ts';
import { normalize } from '../model/normalize/normalize.ts';
import type { Profile } from '../model/profile.ts';
import type { ReadOptions } from './read-file.ts';
import { readRecordings, readRecordingsAs } from './read-recordings.ts';
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

/** Reads what a writer of pstat wrote, all threads, by the reader of the format: a short file may look like another's. */
export function readWritten(bytes: Uint8Array, format: WritableFormat, options: ReadFormatOptions = {}): Profile[] {
  const { name, reader, writer } = format;
  if (reader === undefined) return [];
  return readRecordingsAs(reader, bytes, { ...writer.readBack, ...options }).map(({ profile }) =>
    normalize(profile, name),
  );
}
