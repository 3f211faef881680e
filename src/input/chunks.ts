/** Files in chunks. */

import type { FileHandle } from 'node:fs/promises';

/** Small enough for the processor's cache. */
export const CHUNK_BYTES = 2 ** 19;

/** Reads a file into two buffers in turn: one is filled while the other is used. A chunk is valid until the next one. */
export async function* fileChunks(handle: FileHandle): AsyncGenerator<Uint8Array> {
  let [used, filled] = [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)];
  let next = handle.read(used, 0, CHUNK_BYTES, 0);
  try {
    for (let position = 0; ; ) {
      const { bytesRead } = await next;
      if (bytesRead === 0) return;
      position += bytesRead;
      next = handle.read(filled, 0, CHUNK_BYTES, position);
      yield used.subarray(0, bytesRead);
      [used, filled] = [filled, used];
    }
  } finally {
    await next;
  }
}

/** Copies of chunks, for callers that keep them. */
export async function* copyChunks(
  chunks: AsyncIterable<Uint8Array>,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onBytes?.(chunk.length);
    yield Uint8Array.from(chunk);
  }
}
