/**
 * Bytes → recordings. This file alone decides which reader reads a file:
 *
 * - The scanner reads V8 profiles and traces from MIN_SCANNED_BYTES on, in chunks and of any length.
 * - The parsing readers (JSON.parse, marshal) read smaller files, other formats, and what the scanner declines.
 *
 * No file is scanned twice.
 */

import { emptyFile, PstatError, tooLargeForPlainReader } from '../base/errors.ts';
import type { Content, Readers, Recording } from '../formats/format.ts';
import { MAX_TEXT_MB, parseJson } from '../formats/json.ts';
import { loadReaders } from '../formats/registry.ts';
import { unsupportedFormat } from '../formats/unsupported-formats.ts';
import type { Scanner } from '../formats/v8/scanner/scanner.ts';
import { GzipError, gunzipAll, MAX_PARSED_BYTES } from './gzip.ts';

/** Below, JSON.parse is done before the scanner is compiled. */
export const MIN_SCANNED_BYTES = 2 ** 20;

/**
 * Returns the recordings in gunzipped bytes. Throws PstatError (`unknown-format`, `malformed`).
 *
 * @param readers those for files that begin so
 */
export function readRecordings(bytes: Uint8Array, readers: Readers): readonly Recording[] {
  const scanner = bytes.length < MIN_SCANNED_BYTES ? null : readers.createScanner(bytes, bytes.length);
  const scanned = scanner?.push(bytes) === true ? scanner.recordings() : null;
  return scanned ?? parseRecordings(bytes, readers);
}

/** As `readRecordings`, for bytes that may be gzipped. */
export async function gunzipAndRead(bytes: Uint8Array): Promise<readonly Recording[]> {
  const gunzipped = gunzipAll(bytes);
  return readRecordings(gunzipped, await loadReaders(gunzipped));
}

/** A large file or stream. */
export interface ChunkedFile {
  /** Its bytes, gunzipped once. A chunk is valid until the next one. Throws GzipError. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Its length on the disk; 0 if unknown. */
  readonly bytes: number;
  /** Reads all of it once more, without gunzipping. Throws PstatError (`unreadable`) if that is not possible. */
  reread(): Promise<Uint8Array>;
}

/** Returns the recordings in a large file. Throws PstatError, and errors of the operating system. */
export async function readChunkedRecordings(file: ChunkedFile): Promise<readonly Recording[]> {
  const scanned = await scanChunks(file);
  if (scanned === 'not scanned') return gunzipAndRead(await file.reread());
  return 'declinedAt' in scanned ? parseDeclined(file, scanned) : scanned.recordings;
}

interface Declined {
  /** The byte at which the scanner declined the file. */
  readonly declinedAt: number;
}

type Scanned = { readonly recordings: readonly Recording[] } | Declined | 'not scanned';

async function scanChunks({ chunks, bytes }: ChunkedFile): Promise<Scanned> {
  let scanner: Scanner | null = null;
  try {
    for await (const chunk of chunks) {
      scanner ??= (await loadReaders(chunk)).createScanner(chunk, bytes);
      if (scanner === null) return 'not scanned';
      if (!scanner.push(chunk)) return { declinedAt: scanner.position };
    }
  } catch (error) {
    // The parsing readers gunzip the file again and say what is wrong with it.
    if (error instanceof GzipError) return 'not scanned';
    throw error;
  }
  if (scanner === null) return 'not scanned';
  const recordings = scanner.recordings();
  return recordings === null ? { declinedAt: scanner.position } : { recordings };
}

/** Where the file is too large to be parsed, the byte that made the scanner decline it says more than its size. */
async function parseDeclined(file: ChunkedFile, { declinedAt }: Declined): Promise<readonly Recording[]> {
  const tooLargeError = tooLargeForPlainReader(MAX_TEXT_MB, declinedAt);
  if (file.bytes > MAX_PARSED_BYTES) throw tooLargeError;
  try {
    const bytes = gunzipAll(await file.reread());
    return parseRecordings(bytes, await loadReaders(bytes));
  } catch (error) {
    throw error instanceof PstatError && error.kind === 'unreadable' ? tooLargeError : error;
  }
}

function parseRecordings(bytes: Uint8Array, { formats }: Readers): readonly Recording[] {
  const content = contentOf(bytes);
  const reader = formats.flatMap((format) => format.reader ?? []).find((candidate) => candidate.detect(content));
  if (reader === undefined) throw unsupportedFormat(content);
  return reader.read(content);
}

function contentOf(bytes: Uint8Array): Content {
  if (bytes.length === 0) throw emptyFile();
  let parsed: { document: ReturnType<typeof parseJson> } | undefined;
  return {
    bytes,
    json() {
      parsed ??= { document: parseJson(bytes) };
      return parsed.document;
    },
  };
}
