import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRunMetadata } from '../../../src/formats/v8/run-metadata.ts';
import { record } from '../../support/v8.ts';

const RUN = {
  id: '0b1c2d3e',
  pid: 4711,
  node: 'v20.19.0',
  start: '2026-11-26T12:30:00.500Z',
  interval: 200,
  elapsed: 1_275_700,
  cpu: { user: 600_000, system: 50_000 },
  thread: { cpu: 627_000, queued: 648_700 },
  profiler: 42_000,
  block: 3,
  root: '/srv/app',
};

const KNOWN = {
  ...RUN,
  start: Date.UTC(2026, 10, 26, 12, 30, 0, 500),
  cpu: 650_000,
};

const UNKNOWN = {
  id: null,
  pid: null,
  node: null,
  start: null,
  interval: null,
  elapsed: null,
  cpu: null,
  thread: null,
  profiler: null,
  block: null,
  root: null,
};

const read = (run: unknown) => readRunMetadata({ run });

test('the metadata that pstat writes is in the profile', () => {
  expect(read(RUN)).toEqual(KNOWN);
  expect(record({ samples: 'a', deltas: [0], duration: 1000, run: RUN }).run).toEqual(KNOWN);
});

test('an empty run has null fields', () => {
  expect(read({})).toEqual(UNKNOWN);
});

test.each([null, undefined, 1, 'run', [], true])('%j is not a run', (run) => {
  expect(read(run)).toBeNull();
  expect(readRunMetadata(run)).toBeNull();
});

describe('a wrong field is null, and the others are read', () => {
  test.each<[string, unknown]>([
    ['id', ''],
    ['id', 7],
    ['id', 'x'.repeat(101)],
    ['pid', '4711'],
    ['pid', -1],
    ['pid', Number.NaN],
    ['block', 1.5],
    ['block', '3'],
    ['root', ''],
    ['root', 7],
    ['root', 'x'.repeat(4097)],
    ['node', 20],
    ['node', 'v'.repeat(101)],
    ['start', 'yesterday'],
    ['start', 1_795_696_200_500],
    ['interval', -200],
    ['elapsed', Number.POSITIVE_INFINITY],
    ['elapsed', 1e16],
    ['cpu', { user: 600_000 }],
    ['cpu', { user: 600_000, system: -1 }],
    ['cpu', [600_000, 50_000]],
    ['thread', null],
    ['thread', { cpu: 627_000 }],
    ['thread', { cpu: 627_000, queued: '648700' }],
    ['thread', { cpu: 627_000, queued: 1e16 }],
  ])('%s: %j', (field, value) => {
    expect(read({ ...RUN, [field]: value })).toEqual({ ...KNOWN, [field]: null });
  });
});

test('zeros are kept', () => {
  const zeros = { cpu: { user: 0, system: 0 }, thread: { cpu: 0, queued: 0 }, elapsed: 0 };
  expect(read(zeros)).toEqual({ ...UNKNOWN, cpu: 0, thread: { cpu: 0, queued: 0 }, elapsed: 0 });
});

test('any JSON gives finite numbers that are not negative, or null', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...Object.keys(RUN)), fc.jsonValue()), (run) => {
      const metadata = read(run);
      const { pid = null, interval = null, elapsed = null, cpu = null, thread = null } = metadata ?? {};
      for (const amount of [pid, interval, elapsed, cpu, thread?.cpu ?? null, thread?.queued ?? null]) {
        if (amount !== null) expect(Number.isFinite(amount) && amount >= 0).toBe(true);
      }
    }),
  );
});
