/** Tests queued time: its sum, its distribution, and the breakdown. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { merge } from '../../../src/model/merge.ts';
import { mergeLines } from '../../../src/model/merge-lines.ts';
import { subtractQueuedTime } from '../../../src/model/normalize/queued-time.ts';
import type { StacksProfile } from '../../../src/model/profile.ts';
import { applyWindow } from '../../../src/model/window.ts';
import { Stats } from '../../../src/query/stats.ts';
import { recordings } from '../../support/recordings.ts';
import { accountedFor, figuresOf, readJson, record, summaryOf } from '../../support/v8.ts';

interface Kernel {
  /** µs */
  readonly queued: number;
  readonly interval?: number | null;
}

/** Reads a recording with the kernel's times of its thread. */
function withThread(document: unknown, { queued, interval = 1000 }: Kernel): StacksProfile {
  const run = { interval: interval ?? undefined, thread: { cpu: 1, queued } };
  return readJson({ ...(document as object), pstat: { run } });
}

/** Five samples of 1, 3, 1, 1.1 and 2 ms; two exceed 1.1 ms by 1.9 and 0.9 ms. */
function late(queued: number, samples = 'a b a a b'): StacksProfile {
  const deltas = [0, 1000, 3000, 1000, 1100];
  const profile = record({ samples, deltas, duration: 8100, run: { interval: 1000, thread: { cpu: 1, queued } } });
  return profile;
}

function undisturbed(profile: StacksProfile): StacksProfile {
  const without = subtractQueuedTime(profile);
  if (without === null) throw new Error('the queued time is not known');
  return without;
}

describe('queued time', () => {
  test("is the kernel's value if samples exceed 1.1 intervals by as much", () => {
    expect(late(2800)).toMatchObject({ queued: 2800, isUndisturbed: false });
    expect(late(1400).queued).toBe(1400);
    expect(late(0).queued).toBe(0);
  });

  test('is 0 without late samples', () => {
    const punctual = record({
      samples: 'a b',
      deltas: [0, 1000],
      duration: 2000,
      run: { interval: 1000, thread: { cpu: 1, queued: 500 } },
    });
    expect(punctual.queued).toBe(0);
    expect(figuresOf(undisturbed(punctual))).toBe(figuresOf(punctual));
  });

  test('excludes idle samples', () => {
    expect(late(2800, 'a idle a a idle').queued).toBe(0);
    expect(late(2800, 'a idle a a b').queued).toBe(900);
  });

  test('excludes unresolved samples', () => {
    expect(late(2800, 'a lost a a b').queued).toBe(900);
  });

  test("is null without the kernel's value or without sample times", () => {
    expect(record({ samples: 'a', deltas: [0], duration: 1000 })).toMatchObject({ queued: null });
    expect(record({ samples: 'a', deltas: [0], duration: 1000, run: { interval: 1000 } }).queued).toBeNull();
    const untimed = record({ hits: { a: 2 }, duration: 8000, run: { thread: { cpu: 1, queued: 500 } } });
    expect(subtractQueuedTime(untimed)?.queued ?? 0).toBe(0);
    expect(subtractQueuedTime(record({ samples: 'a', deltas: [0], duration: 1000 }))).toBeNull();
  });

  test('assumes an interval of 1 ms if the file has none', () => {
    const deltas = [0, 3000, 3000];
    const run = { thread: { cpu: 1, queued: 5700 } };
    expect(record({ samples: 'a a a', deltas, duration: 9000, run }).queued).toBe(5700);
  });
});

describe('undisturbed time', () => {
  test('subtracts queued time from late samples in proportion to their excess', () => {
    const half = undisturbed(late(1400));
    expect(figuresOf(half)).toBe('main 0/6700, a 3100/3100, b 3600/3600');
    expect(half).toMatchObject({ queued: 1400, isUndisturbed: true, duration: 8100 });
    expect([...(half.timeline?.duration ?? [])]).toEqual([1000, 2050, 1000, 1100, 1550]);
  });

  test('subtracts at most the duration of a sample', () => {
    expect(undisturbed(late(1e9))).toMatchObject({ queued: 5000 });
    expect(figuresOf(undisturbed(late(1e9)))).toBe('main 0/3100, a 3100/3100, b 0/0');
  });

  test("subtracts more than the excess if the kernel's value is larger", () => {
    expect(undisturbed(late(3500)).queued).toBe(3500);
  });

  test('does not change samples, interval and the input profile', () => {
    const profile = late(1400);
    const before = figuresOf(profile);
    const { interval, callTree: paths } = undisturbed(profile);
    expect([interval, [...paths.samples]]).toEqual([profile.interval, [...profile.callTree.samples]]);
    expect(figuresOf(profile)).toBe(before);
  });

  test('is subtracted once', () => {
    expect(subtractQueuedTime(undisturbed(late(1400)))).toBeNull();
  });
});

const kernels = fc.record({
  queued: fc.oneof(fc.nat(5000), fc.nat(1_000_000), fc.constant(0)),
  interval: fc.constantFrom(1000, 200, 1, null),
});

const cases = fc.record({ recording: recordings(), kernel: kernels });

const read = ({ recording, kernel }: { recording: { document: unknown }; kernel: Kernel }) =>
  withThread(recording.document, kernel);

describe('the breakdown', () => {
  test('is exact: duration = beforeFirstSample + undisturbed + queued + idle + afterLastSample', () => {
    fc.assert(
      fc.property(cases, (each) => {
        const counted = read(each);
        const without = undisturbed(counted);
        const [whole, part] = [summaryOf(counted), summaryOf(without)];
        expect(accountedFor(part)).toBe(part.duration);
        expect(part.queued).toBe(whole.queued);
        expect((part.counted ?? 0) + (part.queued ?? 0)).toBe(whole.counted);
        expect([part.idle, part.beforeFirstSample, part.afterLastSample, part.samples]).toEqual([
          whole.idle,
          whole.beforeFirstSample,
          whole.afterLastSample,
          whole.samples,
        ]);
        expect(part.queued).toBeLessThanOrEqual(each.kernel.queued);
        expect(Math.min(0, ...without.callTree.self)).toBe(0);
        expect(Math.min(0, ...(without.timeline?.duration ?? []))).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  test('is exact in every window', () => {
    const bound = fc.option(fc.integer({ min: -1000, max: 20_000 }), { nil: undefined });
    fc.assert(
      fc.property(cases, bound, bound, (each, from, to) => {
        fc.pre(from === undefined || to === undefined || from < to);
        const summary = summaryOf(applyWindow(undisturbed(read(each)), { from, to }) as StacksProfile);
        expect(accountedFor(summary)).toBe(summary.duration);
      }),
      { numRuns: 150 },
    );
  });

  test('has no negative part in a window, and two windows that meet add up', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 0, max: 20_000 }), (each, moment) => {
        fc.pre((each.recording.deltas[0] ?? 0) >= 0);
        const whole = undisturbed(read(each));
        const parts = [{ to: moment }, { from: moment }].map((window) =>
          summaryOf(applyWindow(whole, window) as StacksProfile),
        );
        for (const { counted, idle, queued, excluded, afterLastSample } of parts) {
          for (const part of [counted, idle, queued, excluded, afterLastSample]) expect(part).toBeGreaterThanOrEqual(0);
        }
        expect(parts.reduce((sum, { queued }) => sum + (queued ?? 0), 0)).toBe(whole.queued);
      }),
      { numRuns: 150 },
    );
  });

  test('is not merged with counted time', () => {
    const counted = late(2800);
    expect(() => merge([counted, undisturbed(late(2800))])).toThrow(/undisturbed time/);
  });

  test('is exact after a focus or an ignore', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom('(a)', '(b)', ''), fc.boolean(), (each, pattern, isFocus) => {
        const { summary } = new Stats(undisturbed(read(each)), isFocus ? { focus: [pattern] } : { ignore: [pattern] });
        expect(accountedFor(summary)).toBe(summary.duration);
        expect(summary.queued).toBeLessThanOrEqual(read(each).queued ?? 0);
      }),
    );
  });

  test.each([
    ['(a)', 1900, 2800 - 1900],
    ['nosuch', 0, 2800],
  ])('after a focus on %s is of the stacks that are kept', (pattern, kept, excluded) => {
    const profile = undisturbed(late(2800, 'b a b b b'));
    const stacks = [profile, applyWindow(profile, { from: 0 }), merge([profile]), mergeLines(profile)];
    for (const each of stacks) {
      const { summary } = new Stats(each, { focus: [pattern] });
      expect(summary.queued).toBe(kept);
      expect(accountedFor(summary)).toBe(summary.duration);
      expect(new Stats(each, { ignore: [pattern] }).summary.queued).toBe(excluded);
    }
  });

  test('is exact after merging files, and lines of functions', () => {
    fc.assert(
      fc.property(cases, cases, (first, second) => {
        const both = [undisturbed(read(first)), undisturbed(read(second))] as const;
        const merged = summaryOf(merge([...both]) as StacksProfile);
        expect(accountedFor(merged)).toBe(merged.duration);
        expect(merged.queued).toBe((both[0].queued ?? 0) + (both[1].queued ?? 0));
        expect(merged.isUndisturbed).toBe(true);
        const lines = summaryOf(mergeLines(both[0]) as StacksProfile);
        expect(accountedFor(lines)).toBe(lines.duration);
      }),
    );
  });
});

describe('queued time is null', () => {
  test('for a part of the counted time', () => {
    expect(applyWindow(late(1400), { from: 1000 })).toMatchObject({ queued: null, isUndisturbed: false });
    expect(new Stats(late(1400), { focus: ['(b)'] }).summary.queued).toBeNull();
  });

  test('for merged files if one does not have it', () => {
    const unknown = record({ samples: 'a', deltas: [0], duration: 1000 });
    expect(merge([late(1400), late(2800)])).toMatchObject({ queued: 4200, isUndisturbed: false });
    expect(merge([late(1400), unknown])).toMatchObject({ queued: null });
  });
});
