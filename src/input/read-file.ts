/** A file or a stream → its profiles. Large ones are read in chunks, so that memory never holds all of them. */

import { promises, readFileSync, statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tooLarge } from '../formats/errors.ts';
import type { ReadFormatOptions, Recording } from '../formats/format.ts';
import { MAX_TEXT_MB } from '../formats/json.ts';
import { copyChunks, fileChunks } from './chunks.ts';
import { gunzipChunks, isGzipped } from './gzip.ts';
import { readErrorFor } from './read-errors.ts';
import { MIN_SCANNED_BYTES, readChunkedRecordings, readRecordings } from './read-recordings.ts';
import { type FileProfiles, selectProfiles } from './select-thread.ts';
import { collectBytes, firstChunks, iteratorOf, resumeChunks } from './streams.ts';

export interface ReadOptions extends ReadFormatOptions {
  /**
   * Which thread of a trace: its name, its id, or process and thread id as `12/34`. Where a thread has several
   * profiles, `12/34#2` is the second.
   * @default the busiest
   */
  readonly thread?: string | null;
  /** Called with the number of bytes of the file each time that some were read. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Reads the profiles in a file. Throws PstatError; any other error is a defect. */
export function readFile(file: string, options: ReadOptions): Promise<FileProfiles> {
  return readFrom(file, options, () => recordingsInFile(file, options));
}

/** Reads the profiles in a stream. Throws as `readFile`, and what the stream throws. */
export function readStream(stream: AsyncIterable<Uint8Array>, options: ReadOptions): Promise<FileProfiles> {
  return readFrom('standard input', options, () => recordingsInStream(iteratorOf(stream), options));
}

async function readFrom(
  source: string,
  { thread = null }: ReadOptions,
  read: () => Promise<readonly Recording[]>,
): Promise<FileProfiles> {
  try {
    return selectProfiles(await read(), source, thread);
  } catch (error) {
    throw readErrorFor(source, error);
  }
}

async function recordingsInFile(file: string, options: ReadOptions): Promise<readonly Recording[]> {
  // Synchronously: Node's queue would take longer than a small file.
  if (isSmallFile(file)) return readRecordings(readFileSync(file), options);
  const handle = await promises.open(file);
  try {
    return await recordingsBehind(handle, options);
  } finally {
    await handle.close();
  }
}

/** False for devices and pipes, which have no size. */
function isSmallFile(file: string): boolean {
  const stats = statSync(file);
  return stats.isFile() && stats.size > 0 && stats.size < MIN_SCANNED_BYTES;
}

async function recordingsBehind(handle: FileHandle, options: ReadOptions): Promise<readonly Recording[]> {
  const { size } = await handle.stat();
  // Devices and pipes cannot be read from a position.
  if (size === 0) {
    return readRecordings(await collectBytes(iteratorOf(handle.createReadStream({ autoClose: false }))), options);
  }
  const file = {
    chunks: gunzippedChunks(handle, options.onBytes),
    bytes: size,
    reread: () => collectBytes(copyChunks(fileChunks(handle))),
  };
  return readChunkedRecordings(file, options);
}

async function* gunzippedChunks(handle: FileHandle, onBytes: ReadOptions['onBytes']): AsyncGenerator<Uint8Array> {
  const head = Buffer.alloc(2);
  await handle.read(head, 0, 2, 0);
  if (isGzipped(head)) {
    yield* gunzipChunks(copyChunks(fileChunks(handle), onBytes));
    return;
  }
  for await (const chunk of fileChunks(handle)) {
    yield chunk;
    onBytes?.(chunk.length);
  }
}

/** A stream cannot be read again: it is kept for the parsing readers as long as they could take it. */
async function recordingsInStream(
  stream: AsyncIterator<Uint8Array>,
  options: ReadOptions,
): Promise<readonly Recording[]> {
  const first = await firstChunks(stream);
  if (first.isAll) return readRecordings(Buffer.concat(first.chunks), options);
  const file = {
    chunks: resumeChunks(first, stream),
    bytes: 0,
    reread: () => Promise.reject(tooLarge(MAX_TEXT_MB)),
  };
  return readChunkedRecordings(file, options);
}
