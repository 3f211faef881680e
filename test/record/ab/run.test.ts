import { afterEach, expect, test, vi } from 'vitest';
import { describeUnknown } from '../../../src/record/ab/run.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each([
  ['darwin', 'the CPU time of Python runs is known on Linux alone; they are compared by other times'],
  ['linux', null],
])('what is not known of Python runs on %s', (platform, text) => {
  vi.stubGlobal('process', { ...process, platform });
  expect(describeUnknown({ kind: 'cprofile' })).toBe(text);
  expect(describeUnknown({ kind: 'threads' })).toBeNull();
});
