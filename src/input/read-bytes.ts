/** Bytes → Profile. The format is told by content, never by a name. */

import { constants } from 'node:buffer';
import { PstatError } from '../base/errors.ts';
import { tooLarge } from '../formats/errors.ts';
import type { Content, Format, Recording } from '../formats/format.ts';
import { LONGEST_TEXT_MB, parseJson } from '../formats/json.ts';
import { prof } from '../formats/python/prof.ts';
import { unsupportedFormat } from '../formats/unsupported-formats.ts';
import { chromeTrace } from '../formats/v8/chrome-trace.ts';
import { cpuprofile } from '../formats/v8/cpuprofile.ts';
import { hermes } from '../formats/v8/hermes.ts';
import { headProfile } from '../formats/v8/legacy-cpuprofile.ts';
import { scan } from '../formats/v8/scanner/start-scan.ts';
import { normalize } from '../model/normalize/normalize.ts';
import type { Profile } from '../model/profile.ts';
import { brokenGzip, emptyFile } from './errors.ts';
import { zlib } from './gzip.ts';
import { chooseRecording } from './select-thread.ts';

/** Asked in turn. The first that matches reads; when it finds the file malformed, no other is asked. */
const FORMATS: readonly Format[] = [prof, cpuprofile, headProfile, hermes, chromeTrace];

/** Files packed twice occur (a browser saves a .gz as .gz); deeper ones are made to annoy. */
const DEEPEST_GZIP = 3;

/** Bytes beyond this cannot be one text for V8, nor a profile that anyone recorded. */
export const MOST_BYTES = constants.MAX_STRING_LENGTH;

export interface ReadOptions {
  /**
   * Which thread of a trace: its name, its id, or process and thread id as `12/34`. Where a thread has several
   * profiles, `12/34#2` is the second.
   * @default the busiest
   */
  readonly thread?: string | null;
  /** Called with the number of bytes of the file each time that some were read. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * The profile in the bytes of a file, gzipped or not.
 *
 * @param source the file's name, for messages and the profile's `sources`
 * @throws PstatError `unknown-format` or `malformed`, with the source in its message
 */
export function readProfile(bytes: Uint8Array, source: string, options: ReadOptions = {}): Profile {
  return named(source, () => {
    const content = contentOf(unpacked(bytes));
    return normalizeRecording(scannedRecordings(content.bytes) ?? plainRecordings(content), source, options);
  });
}

/** What was recorded, as a profile. Throws PstatError (`missing-data`) for a thread that there is not. */
export function normalizeRecording(
  recordings: readonly Recording[],
  source: string,
  { thread = null }: Pick<ReadOptions, 'thread'>,
): Profile {
  return chooseRecording(
    recordings.map((recording) => ({ ...recording, profile: normalize(recording.profile, source) })),
    thread,
  );
}

/** What is done, with the source in the message of what goes wrong. */
export function named<Result>(source: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw error instanceof PstatError ? error.in(source) : error;
  }
}

function plainRecordings(content: Content): readonly Recording[] {
  const format = FORMATS.find((candidate) => candidate.matches(content));
  if (format === undefined) throw unsupportedFormat(content);
  return format.read(content);
}

/** Null where the plain readers are to read. */
function scannedRecordings(bytes: Uint8Array): readonly Recording[] | null {
  return bytes.length < SCANNED_FROM ? null : scan([bytes]);
}

/** Bytes. Of less, JSON.parse has made objects before the scanner is compiled. */
export const SCANNED_FROM = 2 ** 20;

/** Whether the first bytes of a file leave open that it is a profile. False spares reading the rest. */
export function mayBeProfile(head: Uint8Array): boolean {
  return isGzip(head) || prof.matches(contentOf(head)) || /^(?:\xef\xbb\xbf|\xff\xfe)?[\s\0]*[[{]/.test(latin1(head));
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

function unpacked(bytes: Uint8Array): Uint8Array {
  let inner = bytes;
  for (let depth = 0; depth < DEEPEST_GZIP && isGzip(inner); depth++) inner = gunzip(inner);
  return inner;
}

function gunzip(bytes: Uint8Array): Uint8Array {
  try {
    return zlib().gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(LONGEST_TEXT_MB);
    throw brokenGzip(code === 'Z_BUF_ERROR' ? 'cut short' : 'damaged');
  }
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
