import { describe, expect, test } from 'vitest';
import { keepChunks } from '../../src/input/streams.ts';

/** A stream without an end, and whether it was stopped. */
function endless() {
  const state = { read: 0, isStopped: false };
  const stream = (async function* () {
    try {
      for (;;) yield Uint8Array.of(state.read++);
    } finally {
      state.isStopped = true;
    }
  })();
  return { state, stream };
}

async function firstOf(stream: AsyncIterable<Uint8Array>, count: number): Promise<number[]> {
  const read: number[] = [];
  for await (const [byte = -1] of stream) {
    read.push(byte);
    if (read.length === count) break;
  }
  return read;
}

describe('a stream that is kept', () => {
  test('can be read again from its start', async () => {
    const kept = keepChunks(
      (async function* () {
        yield Uint8Array.of(1);
        yield Uint8Array.of(2);
      })(),
    );
    expect([await firstOf(kept, 9), await firstOf(kept, 9)]).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  test('is stopped when its reader stops: it may have no end', async () => {
    const { state, stream } = endless();
    expect(await firstOf(keepChunks(stream), 2)).toEqual([0, 1]);
    expect(state).toEqual({ read: 2, isStopped: true });
  });
});
