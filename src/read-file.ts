/** A file or a stream → Profile. */

import { type FileHandle, open } from 'node:fs/promises';
import { cannotRead, PstatError, tooLarge } from './errors.ts';
import { LONGEST_TEXT_MB } from './formats/json.ts';
import type { Profile } from './model/profile.ts';
import { MOST_BYTES, mayBeProfile, type ReadOptions, readProfile } from './read.ts';
import { systemCode } from './system-code.ts';

/** The profile in a file. Throws PstatError as `readProfile`, and `unreadable`. */
export async function readFile(file: string, options: ReadOptions): Promise<Profile> {
  return readProfile(await bytesOf(file), file, options);
}

/** The profile in a stream. Throws as `readFile`. */
export async function readStream(stream: AsyncIterable<Uint8Array>, options: ReadOptions): Promise<Profile> {
  return readProfile(await collected(stream, STANDARD_INPUT), STANDARD_INPUT, options);
}

const STANDARD_INPUT = 'standard input';

/** A stream's bytes, or the first of them if they rule out that it is a profile. It may have no end. */
async function collected(stream: AsyncIterable<Uint8Array>, source: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isSniffed = false;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MOST_BYTES) throw tooLarge(LONGEST_TEXT_MB);
      if (isSniffed || length < HEAD_BYTES) continue;
      isSniffed = true;
      if (!mayBeProfile(Buffer.concat(chunks, length))) break;
    }
  } catch (error) {
    throw error instanceof PstatError ? error.in(source) : cannotRead(source, systemCode(error));
  }
  return Buffer.concat(chunks, length);
}

const HEAD_BYTES = 4096;

async function bytesOf(file: string): Promise<Uint8Array> {
  let handle: FileHandle;
  try {
    handle = await open(file);
  } catch (error) {
    throw cannotRead(file, systemCode(error));
  }
  try {
    if ((await handle.stat()).size > MOST_BYTES) throw tooLarge(LONGEST_TEXT_MB).in(file);
    return await collected(handle.createReadStream({ autoClose: false }), file);
  } finally {
    await handle.close();
  }
}
