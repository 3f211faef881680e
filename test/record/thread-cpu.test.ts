/** The kernel's CPU times of a thread: which texts are accepted, and what happens to the descriptor. */

import { closeSync, existsSync, openSync, readdirSync, readlinkSync, readSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { parseSchedstat, ThreadCpuClock, threadCpuClock } from '../../src/record/thread-cpu.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('parseSchedstat', () => {
  test('returns µs', () => {
    expect(parseSchedstat('589093 99518 2\n')).toEqual({ cpu: 589.093, queued: 99.518 });
    expect(parseSchedstat('1000 0 1')).toEqual({ cpu: 1, queued: 0 });
  });

  test.each([
    '',
    '\n',
    '1 2',
    '1 2 3 4',
    '1 2 3\n\n',
    '1 2 3\n4 5 6\n',
    ' 1 2 3',
    '1  2 3',
    '1\t2\t3',
    '-1 2 3',
    '1.5 2 3',
    '1e3 2 3',
    '1 2 x',
    'NaN NaN NaN',
    `${'9'.repeat(21)} 2 3`,
  ])('returns null for %j', (text) => {
    expect(parseSchedstat(text)).toBeNull();
  });

  test('returns null for the zeros of a kernel without the counters', () => {
    expect(parseSchedstat('0 0 0\n')).toBeNull();
  });
});

describe('ThreadCpuClock', () => {
  let file: string;
  beforeEach(() => {
    file = path.join(temporaryFolder('schedstat'), 'schedstat');
  });

  test('reads the file again at each call', () => {
    const clock = new ThreadCpuClock(file);
    writeFileSync(file, '1000 2000 3\n');
    expect(clock.read()).toEqual({ cpu: 1, queued: 2 });
    writeFileSync(file, '5000 7000 4\n');
    expect(clock.read()).toEqual({ cpu: 5, queued: 7 });
  });

  test('reads the file again after it was closed', () => {
    const clock = new ThreadCpuClock(file);
    writeFileSync(file, '1000 2000 3\n');
    clock.close();
    expect(clock.read()).not.toBeNull();
    clock.close();
    clock.close();
    expect(clock.read()).toEqual({ cpu: 1, queued: 2 });
  });

  test('returns null for a missing file and for a folder', () => {
    for (const absent of [file, path.dirname(file)]) {
      const clock = new ThreadCpuClock(absent);
      expect([clock.read(), clock.read()]).toEqual([null, null]);
      clock.close();
    }
  });

  test('returns null for a text longer than the buffer', () => {
    writeFileSync(file, `1000 2000 ${'3'.repeat(1000)}`);
    expect(new ThreadCpuClock(file).read()).toBeNull();
  });

  test('returns null permanently after an invalid text', () => {
    const clock = new ThreadCpuClock(file);
    for (const text of ['1000 2000 3\n', 'something else', '1000 2000 3\n']) {
      writeFileSync(file, text);
      clock.read();
    }
    expect(clock.read()).toBeNull();
  });

  const hasDescriptors = existsSync('/proc/self/fd');

  test.skipIf(!hasDescriptors)('holds one descriptor, and none of an unusable file', () => {
    const clock = new ThreadCpuClock(file);
    writeFileSync(file, '1000 2000 3\n');
    for (let i = 0; i < 5; i++) clock.read();
    expect(descriptorsOf(file)).toHaveLength(1);
    clock.close();
    expect(descriptorsOf(file)).toEqual([]);
    writeFileSync(file, 'something else');
    new ThreadCpuClock(file).read();
    expect(descriptorsOf(file)).toEqual([]);
  });

  test.skipIf(!hasDescriptors)('neither reads nor closes another file that got its descriptor', () => {
    const clock = new ThreadCpuClock(file);
    writeFileSync(file, '1000 2000 3\n');
    clock.read();
    const [descriptor = -1] = descriptorsOf(file);
    const other = replaceDescriptor(descriptor, `${file}.other`);
    expect(clock.read()).toBeNull();
    clock.close();
    expect(readSync(other, Buffer.alloc(8), 0, 8, 0)).toBe(5);
    closeSync(other);
  });

  test('reads times of this thread that do not decrease', () => {
    const [first, last] = [threadCpuClock.read(), threadCpuClock.read()];
    if (!existsSync('/proc/thread-self/schedstat')) expect(first).toBeNull();
    if (first === null || last === null) return;
    expect(first.cpu).toBeGreaterThan(0);
    expect(first.queued).toBeGreaterThanOrEqual(0);
    expect(last.cpu).toBeGreaterThanOrEqual(first.cpu);
    expect(last.queued).toBeGreaterThanOrEqual(first.queued);
  });
});

function descriptorsOf(file: string): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((descriptor) => linkOf(descriptor) === file);
}

function linkOf(descriptor: number): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return null; // closed in the meantime
  }
}

/** Closes a descriptor and opens a file of five bytes until it gets the same number. */
function replaceDescriptor(descriptor: number, file: string): number {
  writeFileSync(file, 'other');
  closeSync(descriptor);
  const opened: number[] = [];
  while (opened.at(-1) !== descriptor && opened.length < 100) opened.push(openSync(file, 'r'));
  for (const extra of opened.slice(0, -1)) closeSync(extra);
  expect(opened.at(-1)).toBe(descriptor);
  return descriptor;
}
