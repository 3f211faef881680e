/** A file or a stream → Profile. What is large is scanned as it comes, so that nothing holds all of it. */

import { promises, readFileSync, statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { PstatError } from '../base/errors.ts';
import { systemErrorCode } from '../base/system-error.ts';
import { tooLarge } from '../formats/errors.ts';
import type { Recording } from '../formats/format.ts';
import { LONGEST_TEXT_MB } from '../formats/json.ts';
import type { Scan } from '../formats/v8/scanner/scan.ts';
import { startScan } from '../formats/v8/scanner/start-scan.ts';
import type { Profile } from '../model/profile.ts';
import { cannotRead, tooLargeForPlainReader } from './errors.ts';
import { zlib } from './gzip.ts';
import {
  isGzip,
  MOST_BYTES,
  mayBeProfile,
  normalizeRecording,
  type ReadOptions,
  readProfile,
  SCANNED_FROM,
} from './read-bytes.ts';

/** The profile in a file. Throws PstatError as `readProfile`, and `unreadable`. */
export async function readFile(file: string, options: ReadOptions): Promise<Profile> {
  try {
    // At once: by way of Node's queue a small file takes longer than its profile.
    if (isSmallFile(file)) return readProfile(readFileSync(file), file, options);
    const handle = await promises.open(file);
    try {
      return await readHandle(handle, file, options);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof PstatError ? error.in(file) : cannotRead(file, systemErrorCode(error));
  }
}

/** A device, or a pipe, has no size. */
function isSmallFile(file: string): boolean {
  const stats = statSync(file);
  return stats.isFile() && stats.size > 0 && stats.size < SCANNED_FROM;
}

async function readHandle(handle: FileHandle, file: string, options: ReadOptions): Promise<Profile> {
  const { size } = await handle.stat();
  // Nor a place to begin at.
  if (size === 0)
    return readProfile(await collected(chunksOf(handle.createReadStream({ autoClose: false }))), file, options);
  const scanned = await scannedChunks(unpackedChunks(handle, options), size);
  if (scanned.recordings !== null) return normalizeRecording(scanned.recordings, file, options);
  if (size > MOST_BYTES && scanned.error !== null) throw scanned.error;
  return readPlainly(handle, file, { options, error: scanned.error });
}

/** @param error what the scan had against the file, which says more than that it is too large; null if it had nothing */
async function readPlainly(
  handle: FileHandle,
  file: string,
  { options, error }: { readonly options: ReadOptions; readonly error: PstatError | null },
): Promise<Profile> {
  try {
    return readProfile(await collected(copies(plainChunks(handle))), file, options);
  } catch (refusal) {
    const isTooLarge = refusal instanceof PstatError && refusal.kind === 'unreadable';
    throw isTooLarge && error !== null ? error : refusal;
  }
}

/** The profile in a stream. Throws as `readFile`. */
export async function readStream(stream: AsyncIterable<Uint8Array>, options: ReadOptions): Promise<Profile> {
  try {
    return await readChunks(chunksOf(stream), options);
  } catch (error) {
    throw error instanceof PstatError ? error.in(STANDARD_INPUT) : cannotRead(STANDARD_INPUT, systemErrorCode(error));
  }
}

const STANDARD_INPUT = 'standard input';

/** A stream cannot be read twice: it is kept for the plain readers as long as they could take it. */
async function readChunks(stream: AsyncIterator<Uint8Array>, options: ReadOptions): Promise<Profile> {
  const { chunks, isAll } = await firstChunks(stream);
  if (isAll) return readProfile(Buffer.concat(chunks), STANDARD_INPUT, options);
  const scanned = await scannedChunks(chained(joinHead(chunks), stream), 0);
  if (scanned.recordings === null) throw scanned.error ?? tooLarge(LONGEST_TEXT_MB);
  return normalizeRecording(scanned.recordings, STANDARD_INPUT, options);
}

function chunksOf(stream: AsyncIterable<Uint8Array>): AsyncIterator<Uint8Array> {
  return stream[Symbol.asyncIterator]();
}

// ---- all at once ---------------------------------------------------------------------------------------------------

/** A stream's bytes. Throws PstatError (`unreadable`) for more than the plain readers take. */
async function collected(stream: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const { chunks, isAll } = await firstChunks(stream);
  if (isAll) return Buffer.concat(chunks);
  await stream.return?.();
  throw tooLarge(LONGEST_TEXT_MB);
}

interface FirstChunks {
  readonly chunks: Uint8Array[];
  /** False where there is more than can be kept. */
  readonly isAll: boolean;
}

/** A stream's chunks, or the first of them if they rule out that it is a profile. It may have no end. */
async function firstChunks(stream: AsyncIterator<Uint8Array>): Promise<FirstChunks> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isSniffed = false;
  for (let next = await stream.next(); next.done !== true; next = await stream.next()) {
    chunks.push(next.value);
    length += next.value.length;
    if (length > MOST_BYTES) return { chunks, isAll: false };
    if (isSniffed || length < SNIFFED_BYTES) continue;
    isSniffed = true;
    if (!mayBeProfile(Buffer.concat(chunks, length))) {
      await stream.return?.();
      break;
    }
  }
  return { chunks, isAll: true };
}

const SNIFFED_BYTES = 4096;
const HEAD_BYTES = 2 ** 16;

/** Makes the first chunk long enough to show what they are. */
function joinHead(chunks: Uint8Array[]): Uint8Array[] {
  let length = 0;
  const last = chunks.findIndex((chunk) => {
    length += chunk.length;
    return length >= HEAD_BYTES;
  });
  chunks.splice(0, last + 1, Buffer.concat(chunks.slice(0, last + 1)));
  return chunks;
}

/** What was used is let go. */
async function* chained(first: Uint8Array[], more: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let chunk = first.shift(); chunk !== undefined; chunk = first.shift()) yield chunk;
  for (let next = await more.next(); next.done !== true; next = await more.next()) yield next.value;
}

// ---- as it comes ---------------------------------------------------------------------------------------------------

/** What was recorded; or null, and what is to be said where no plain reader can take over, if there was anything to scan. */
type Scanned =
  | { readonly recordings: readonly Recording[] }
  | { readonly recordings: null; readonly error: PstatError | null };

/** Throws PstatError (`malformed`), and what the system says. @param bytes how many there are, about; 0 if nobody knows */
async function scannedChunks(chunks: AsyncIterable<Uint8Array>, bytes: number): Promise<Scanned> {
  let scan: Scan | null = null;
  try {
    for await (const chunk of chunks) {
      scan ??= startScan(chunk, bytes);
      if (scan === null) return NOTHING_SCANNED;
      if (!scan.push(chunk)) return unusual(scan);
    }
  } catch (error) {
    if (error instanceof BrokenPacking) return NOTHING_SCANNED;
    throw error;
  }
  const recordings = scan?.recordings() ?? null;
  if (recordings !== null) return { recordings };
  return scan === null ? NOTHING_SCANNED : unusual(scan);
}

const NOTHING_SCANNED: Scanned = { recordings: null, error: null };

function unusual({ position }: Scan): Scanned {
  return { recordings: null, error: tooLargeForPlainReader(LONGEST_TEXT_MB, position) };
}

/** A chunk is to be used before the next one is asked for. */
async function* unpackedChunks(handle: FileHandle, { onBytes }: ReadOptions): AsyncGenerator<Uint8Array> {
  const head = Buffer.alloc(2);
  await handle.read(head, 0, 2, 0);
  if (isGzip(head)) {
    yield* gunzippedChunks(handle, onBytes);
    return;
  }
  for await (const chunk of plainChunks(handle)) {
    yield chunk;
    onBytes?.(chunk.length);
  }
}

/** Gzip that is cut short or damaged: the plain way has words for what is wrong with it. */
class BrokenPacking extends Error {}

async function* gunzippedChunks(handle: FileHandle, onBytes: ReadOptions['onBytes']): AsyncGenerator<Uint8Array> {
  const gunzip = zlib().createGunzip({ chunkSize: CHUNK });
  const packed = Readable.from(copies(plainChunks(handle), onBytes));
  pipeline(packed, gunzip, () => {});
  try {
    yield* gunzip;
  } catch (error) {
    throw systemErrorCode(error).startsWith('Z_') ? new BrokenPacking() : error;
  }
}

/** For who keeps chunks, or uses them later. */
async function* copies(
  chunks: AsyncIterable<Uint8Array>,
  onBytes?: ReadOptions['onBytes'],
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onBytes?.(chunk.length);
    yield Uint8Array.from(chunk);
  }
}

/** The file in two buffers by turns: one is filled while the other is used. */
async function* plainChunks(handle: FileHandle): AsyncGenerator<Uint8Array> {
  let [used, filled] = [Buffer.allocUnsafeSlow(CHUNK), Buffer.allocUnsafeSlow(CHUNK)];
  let next = handle.read(used, 0, CHUNK, 0);
  try {
    for (let position = 0; ; ) {
      const { bytesRead } = await next;
      if (bytesRead === 0) return;
      position += bytesRead;
      next = handle.read(filled, 0, CHUNK, position);
      yield used.subarray(0, bytesRead);
      [used, filled] = [filled, used];
    }
  } finally {
    await next;
  }
}

/** Bytes. Small enough for the processor's cache. */
const CHUNK = 2 ** 19;
