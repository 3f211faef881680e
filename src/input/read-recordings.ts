/**
 * Bytes → recordings. This file alone decides which reader reads a file:
 *
 * - The scanner reads V8 profiles and traces from MIN_SCANNED_BYTES on, in chunks and of any length.
 * - The parsing readers (JSON.parse, marshal) read smaller files, other formats, and what the scanner declines.
 *
 * No file is scanned twice.
 */

import { PstatError } from '../base/errors.ts';
import type { Content, FormatReader, ReadFormatOptions, Recording } from '../formats/format.ts';
import { MAX_TEXT_MB, parseJson } from '../formats/json.ts';
import { beginsLikeMarshal } from '../formats/python/marshal-head.ts';
import { FORMATS } from '../formats/registry.ts';
import { unsupportedFormat } from '../formats/unsupported-formats.ts';
import { createScanner } from '../formats/v8/scanner/create-scanner.ts';
import type { Scanner } from '../formats/v8/scanner/scanner.ts';
import { emptyFile, noValues, tooLargeForPlainReader } from './errors.ts';
import { GzipError, gunzipAll, MAX_PARSED_BYTES } from './gzip.ts';

/** Below, JSON.parse is done before the scanner is compiled. */
export const MIN_SCANNED_BYTES = 2 ** 20;

/** Returns the recordings in the bytes of a file, gzipped or not. Throws PstatError (`unknown-format`, `malformed`). */
export function readRecordings(fileBytes: Uint8Array, options: ReadFormatOptions): readonly Recording[] {
  const bytes = gunzipAll(fileBytes);
  const scanner = bytes.length < MIN_SCANNED_BYTES ? null : scannerFor(bytes, bytes.length);
  const scanned = scanner?.push(bytes) === true ? scanner.recordings() : null;
  return scanned === null ? parseRecordings(bytes, options) : withoutValue(scanned, options);
}

/** The scanner's formats have one value a sample. Throws PstatError (`missing-data`) if one is named. */
function withoutValue(recordings: readonly Recording[], { value = null }: ReadFormatOptions): readonly Recording[] {
  if (value !== null) throw noValues(value);
  return recordings;
}

/** As `readRecordings`, of a file whose format is known. */
export function readRecordingsAs(
  reader: FormatReader,
  bytes: Uint8Array,
  options: ReadFormatOptions,
): readonly Recording[] {
  return reader.read(contentOf(gunzipAll(bytes)), options);
}

/** Marshal may begin with a brace, as JSON does. */
function scannerFor(head: Uint8Array, bytes: number): Scanner | null {
  return beginsLikeMarshal(head) ? null : createScanner(head, bytes);
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
export async function readChunkedRecordings(
  file: ChunkedFile,
  options: ReadFormatOptions,
): Promise<readonly Recording[]> {
  const scanned = await scanChunks(file);
  if (scanned === 'not scanned') return readRecordings(await file.reread(), options);
  return 'declinedAt' in scanned ? parseDeclined(file, scanned, options) : withoutValue(scanned.recordings, options);
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
      scanner ??= scannerFor(chunk, bytes);
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
async function parseDeclined(
  file: ChunkedFile,
  { declinedAt }: Declined,
  options: ReadFormatOptions,
): Promise<readonly Recording[]> {
  const tooLargeError = tooLargeForPlainReader(MAX_TEXT_MB, declinedAt);
  if (file.bytes > MAX_PARSED_BYTES) throw tooLargeError;
  try {
    return parseRecordings(gunzipAll(await file.reread()), options);
  } catch (error) {
    throw error instanceof PstatError && error.kind === 'unreadable' ? tooLargeError : error;
  }
}

function parseRecordings(bytes: Uint8Array, options: ReadFormatOptions): readonly Recording[] {
  const content = contentOf(bytes);
  const reader = FORMATS.flatMap((format) => format.reader ?? []).find((candidate) => candidate.detect(content));
  if (reader === undefined) throw unsupportedFormat(content);
  const { value = null } = options;
  if (value !== null && reader.hasValues !== true) throw noValues(value);
  return reader.read(content, options);
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
