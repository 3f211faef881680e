/** The progress line, on a clock that the test moves. */

import { describe, expect, test } from 'vitest';
import { formatBytes, formatWholePercent } from '../../src/base/units.ts';
import { withProgress } from '../../src/cli/progress.ts';

/** Returns what is written when reading makes this progress at these times. */
async function written(
  steps: readonly (readonly [ms: number, read: number])[],
  { isTTY = true, env = {}, total = 1000, fails = false } = {},
): Promise<string[]> {
  const lines: string[] = [];
  const stderr = {
    isTTY,
    columns: 80,
    isOpen: true,
    opensLinks: async () => false,
    write: (data: string | Uint8Array) => lines.push(String(data)),
  };
  let time = 50_000;
  const reading = withProgress(
    { stderr, env },
    async (onProgress) => {
      for (const [ms, read] of steps) {
        time = 50_000 + ms;
        onProgress(read, total);
      }
      if (fails) throw new Error('broken');
      return 'the answer';
    },
    () => time,
  );
  if (fails) await expect(reading).rejects.toThrow('broken');
  else expect(await reading).toBe('the answer');
  return lines;
}

const GONE = '\r\x1b[K';
const line = (text: string) => `\r${text}\x1b[K`;

describe('the progress line', () => {
  test('appears after a second and is erased at the end', async () => {
    expect(
      await written([
        [0, 1],
        [999, 400],
        [1000, 430],
      ]),
    ).toEqual([line('reading 43% of 1.0 kB'), GONE]);
  });

  test('is updated ten times a second at most', async () => {
    const steps = Array.from({ length: 200 }, (_, i) => [1000 + i * 10, i] as const);
    expect(await written(steps)).toHaveLength(20 + 1);
  });

  test('is erased before an error is reported', async () => {
    expect((await written([[2000, 1]], { fails: true })).at(-1)).toBe(GONE);
  });

  test('does not appear again if a file is still read after the end', async () => {
    let late: (read: number, total: number) => void = () => {};
    const lines: unknown[] = [];
    const stderr = {
      isTTY: true,
      columns: 80,
      isOpen: true,
      opensLinks: async () => false,
      write: (data: unknown) => lines.push(data),
    };
    let time = 0;
    await withProgress(
      { stderr, env: {} },
      async (onProgress) => (late = onProgress),
      () => time,
    );
    time = 5000;
    late(1, 2);
    expect(lines).toEqual([]);
  });

  test('does not appear if reading takes less than a second', async () => {
    expect(
      await written([
        [10, 500],
        [900, 1000],
      ]),
    ).toEqual([]);
  });

  test.each([
    ['a pipe', { isTTY: false }],
    ['a terminal that cannot erase', { env: { TERM: 'dumb' } }],
    ['files of no size', { total: 0 }],
  ])('does not appear on %s', async (_, world) => {
    expect(await written([[5000, 500]], world)).toEqual([]);
  });
});

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [84_218, '84.2 kB'],
  [1e6, '1.0 MB'],
  [1.24e9, '1.2 GB'],
  [5e12, '5,000.0 GB'],
])('formats %d bytes as %s', (size, text) => expect(formatBytes(size)).toBe(text));

test('rounds percent down, so that 100 means all', () => {
  expect([0, 5, 999, 1000].map((part) => formatWholePercent(part, 1000))).toEqual(['0', '0', '99', '100']);
});
