/** Streams, which can be read only once. */

import { asBuffer } from '../base/bytes.ts';
import { tooLarge } from '../formats/errors.ts';
import { MAX_TEXT_MB } from '../formats/json.ts';
import { FORMATS } from '../formats/registry.ts';
import { isGzipped, MAX_PARSED_BYTES } from './gzip.ts';

export function iteratorOf(stream: AsyncIterable<Uint8Array>): AsyncIterator<Uint8Array> {
  return stream[Symbol.asyncIterator]();
}

/** Returns a stream that can be read again: keeps what was read of it, which takes as much memory. */
export function keepChunks(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let source: AsyncIterator<Uint8Array> | null = null;
  return {
    async *[Symbol.asyncIterator]() {
      yield* chunks;
      source ??= iteratorOf(stream);
      let isDone = false;
      try {
        for (let next = await source.next(); next.done !== true; next = await source.next()) {
          chunks.push(next.value);
          yield next.value;
        }
        isDone = true;
      } finally {
        // The reader stopped: the stream may have no end.
        if (!isDone) await source.return?.();
      }
    },
  };
}

/** Returns a stream's bytes. Throws PstatError (`unreadable`) for more than the parsing readers take. */
export async function collectBytes(stream: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const { chunks, isAll } = await firstChunks(stream);
  if (isAll) return Buffer.concat(chunks);
  await stream.return?.();
  throw tooLarge(MAX_TEXT_MB);
}

export interface FirstChunks {
  readonly chunks: Uint8Array[];
  /** False if the stream has more than the parsing readers take. */
  readonly isAll: boolean;
}

/** Enough to rule out that a file is a profile: more than any reader looks at in what is not JSON. */
const SNIFFED_BYTES = 2 ** 17;

/** Returns a stream's chunks, or only the first ones if they are not of a profile: the stream may have no end. */
export async function firstChunks(stream: AsyncIterator<Uint8Array>): Promise<FirstChunks> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isSniffed = false;
  for (let next = await stream.next(); next.done !== true; next = await stream.next()) {
    chunks.push(next.value);
    length += next.value.length;
    if (length > MAX_PARSED_BYTES) return { chunks, isAll: false };
    if (isSniffed || length < SNIFFED_BYTES) continue;
    isSniffed = true;
    if (!mayBeProfile(Buffer.concat(chunks, length))) {
      await stream.return?.();
      break;
    }
  }
  return { chunks, isAll: true };
}

/** Whether a file that begins with these bytes may be a profile: JSON, or what a reader of other files knows by its head. */
function mayBeProfile(head: Uint8Array): boolean {
  const text = asBuffer(head).toString('latin1');
  if (isGzipped(head) || /^(?:\xef\xbb\xbf|\xff\xfe)?[\s\0]*[[{]/.test(text)) return true;
  return FORMATS.some(({ reader }) => reader?.detect({ bytes: head, json: () => undefined }));
}

/** Enough for the scanner to tell a trace from a profile. */
const HEAD_BYTES = 2 ** 16;

/** Continues a stream after the chunks read from it, which are released as they are used. The first is a long one. */
export async function* resumeChunks(
  { chunks }: FirstChunks,
  more: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  joinHead(chunks);
  for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) yield chunk;
  for (let next = await more.next(); next.done !== true; next = await more.next()) yield next.value;
}

/** Joins the first chunks into one of at least HEAD_BYTES. */
function joinHead(chunks: Uint8Array[]): void {
  let length = 0;
  const last = chunks.findIndex((chunk) => {
    length += chunk.length;
    return length >= HEAD_BYTES;
  });
  chunks.splice(0, last + 1, Buffer.concat(chunks.slice(0, last + 1)));
}
