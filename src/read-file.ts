/** A file or a stream → Profile. What is large is scanned as it comes, so that nothing holds all of it. */

import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { cannotRead, PstatError, tooLarge, tooLargeToBeUnusual } from './errors.ts';
import type { Recording } from './formats/format.ts';
import { LONGEST_TEXT_MB } from './formats/json.ts';
import { startScan } from './formats/scan/scan.ts';
import type { Scan } from './formats/scan/scanning.ts';
import type { Profile } from './model/profile.ts';
import { isGzip, MOST_BYTES, mayBeProfile, type ReadOptions, readProfile, SCANNED_FROM, settled } from './read.ts';
import { systemCode } from './system-code.ts';
import { zlib } from './unzip.ts';

/** The profile in a file. Throws PstatError as `readProfile`, and `unreadable`. */
export async function readFile(file: string, options: ReadOptions): Promise<Profile> {
  try {
    const handle = await open(file);
    try {
      return await readHandle(handle, file, options);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof PstatError ? error.in(file) : cannotRead(file, systemCode(error));
  }
}

async function readHandle(handle: FileHandle, file: string, options: ReadOptions): Promise<Profile> {
  const { size } = await handle.stat();
  // A device, or a pipe, has no size.
  if (size > 0 && size < SCANNED_FROM) return readProfile(await handle.readFile(), file, options);
  if (size >= SCANNED_FROM) {
    const scanned = await scannedChunks(unpackedChunks(handle, options));
    if (scanned.recordings !== null) return settled(scanned.recordings, file, options);
    if (size > MOST_BYTES && scanned.error !== null) throw scanned.error;
  }
  return readProfile(await collected(streamOf(handle)[Symbol.asyncIterator]()), file, options);
}

/** The profile in a stream. Throws as `readFile`. */
export async function readStream(stream: AsyncIterable<Uint8Array>, options: ReadOptions): Promise<Profile> {
  try {
    return await readChunks(stream[Symbol.asyncIterator](), options);
  } catch (error) {
    throw error instanceof PstatError ? error.in(STANDARD_INPUT) : cannotRead(STANDARD_INPUT, systemCode(error));
  }
}

const STANDARD_INPUT = 'standard input';

/** A stream cannot be read twice: it is kept for the plain readers as long as they could take it. */
async function readChunks(stream: AsyncIterator<Uint8Array>, options: ReadOptions): Promise<Profile> {
  const { chunks, isAll } = await firstChunks(stream);
  if (isAll) return readProfile(Buffer.concat(chunks), STANDARD_INPUT, options);
  const scanned = await scannedChunks(chained(chunks, stream));
  if (scanned.recordings === null) throw scanned.error ?? tooLarge(LONGEST_TEXT_MB);
  return settled(scanned.recordings, STANDARD_INPUT, options);
}

function streamOf(handle: FileHandle) {
  return handle.createReadStream({ start: 0, autoClose: false });
}

// ---- all at once ---------------------------------------------------------------------------------------------------

/** A stream's bytes. Throws PstatError (`unreadable`) for more than the plain readers take. */
async function collected(stream: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const { chunks, isAll } = await firstChunks(stream);
  if (!isAll) throw tooLarge(LONGEST_TEXT_MB);
  return Buffer.concat(chunks);
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
    if (isSniffed || length < HEAD_BYTES) continue;
    isSniffed = true;
    if (!mayBeProfile(Buffer.concat(chunks, length))) {
      await stream.return?.();
      break;
    }
  }
  return { chunks, isAll: true };
}

const HEAD_BYTES = 4096;

async function* chained(first: Uint8Array[], more: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let chunk = first.shift(); chunk !== undefined; chunk = first.shift()) yield chunk;
  for (let next = await more.next(); next.done !== true; next = await more.next()) yield next.value;
}

// ---- as it comes ---------------------------------------------------------------------------------------------------

/** What was recorded; or null, and what is to be said where no plain reader can take over, if there was anything to scan. */
type Scanned =
  | { readonly recordings: readonly Recording[] }
  | { readonly recordings: null; readonly error: PstatError | null };

/** Throws PstatError (`malformed`), and what the system says. */
async function scannedChunks(chunks: AsyncIterable<Uint8Array>): Promise<Scanned> {
  let scan: Scan | null = null;
  for await (const chunk of chunks) {
    scan ??= startScan(chunk);
    if (scan === null) return { recordings: null, error: null };
    if (!scan.push(chunk)) return unusual(scan);
  }
  const recordings = scan?.recordings() ?? null;
  if (recordings !== null) return { recordings };
  return scan === null ? { recordings, error: null } : unusual(scan);
}

function unusual({ position }: Scan): Scanned {
  return { recordings: null, error: tooLargeToBeUnusual(LONGEST_TEXT_MB, position) };
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

/** Of gzip that is broken what comes before the fault: the plain way has words for what is wrong with it. */
async function* gunzippedChunks(handle: FileHandle, onBytes: ReadOptions['onBytes']): AsyncGenerator<Uint8Array> {
  const gunzip = zlib().createGunzip({ chunkSize: CHUNK });
  const packed = streamOf(handle);
  pipeline(packed, gunzip, () => {});
  packed.on('data', ({ length }) => onBytes?.(length));
  try {
    yield* gunzip;
  } catch {}
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
