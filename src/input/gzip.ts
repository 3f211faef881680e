/** Gunzips files at once or in chunks. */

import { constants } from 'node:buffer';
import { createRequire } from 'node:module';
import { pipeline, Readable } from 'node:stream';
import { errorCodeOf } from '../base/system-error.ts';
import { tooLarge } from '../formats/errors.ts';
import { MAX_TEXT_MB } from '../formats/json.ts';
import { CHUNK_BYTES } from './chunks.ts';
import { brokenGzip, unpacksTooFar } from './errors.ts';

/** Browsers save a .gz file as .gz again. Deeper nesting does not occur. */
const MAX_GZIP_DEPTH = 3;

/** The parsing readers take no more: V8's longest string. */
export const MAX_PARSED_BYTES = constants.MAX_STRING_LENGTH;

export function isGzipped(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Gunzips bytes until they are not gzipped any more. Throws PstatError (`malformed`, `unreadable`). */
export function gunzipAll(bytes: Uint8Array): Uint8Array {
  let inner = bytes;
  for (let depth = 0; depth < MAX_GZIP_DEPTH && isGzipped(inner); depth++) inner = gunzip(inner);
  return inner;
}

function gunzip(bytes: Uint8Array): Uint8Array {
  try {
    return zlib().gunzipSync(bytes, { maxOutputLength: MAX_PARSED_BYTES });
  } catch (error) {
    if (errorCodeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(MAX_TEXT_MB);
    const code = zlibCodeOf(error);
    if (code === null) throw error;
    throw brokenGzip(code === 'Z_BUF_ERROR' ? 'cut short' : 'damaged');
  }
}

/** A gzipped file may grow a thousandfold, and no profile is as long as this. */
const MAX_UNPACKED_BYTES = 2 ** 33;

/** Thrown by `gunzipChunks` for truncated or damaged data. `gunzipAll` of the same file says which it is. */
export class GzipError extends Error {}

/** Gunzips a stream of chunks, which must not be reused by their source. Throws GzipError and PstatError (`unreadable`). */
export async function* gunzipChunks(gzipped: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzipStream = zlib().createGunzip({ chunkSize: CHUNK_BYTES });
  pipeline(Readable.from(gzipped), gunzipStream, () => {});
  try {
    let unpacked = 0;
    for await (const chunk of gunzipStream) {
      unpacked += chunk.length;
      if (unpacked > MAX_UNPACKED_BYTES) throw unpacksTooFar(MAX_UNPACKED_BYTES);
      yield chunk;
    }
  } catch (error) {
    throw zlibCodeOf(error) === null ? error : new GzipError();
  }
}

/** `Z_DATA_ERROR`, …; null for an error of another kind. https://nodejs.org/api/zlib.html#constants */
function zlibCodeOf(error: unknown): string | null {
  const code = errorCodeOf(error);
  return code?.startsWith('Z_') === true ? code : null;
}

/** Loads Node's zlib. It takes longer to load than a small profile takes to read, so it is loaded for gzipped files only. */
function zlib(): typeof import('node:zlib') {
  return createRequire(import.meta.url)('node:zlib');
}
