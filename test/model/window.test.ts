/** Tests windows, and the breakdown under every filter. */

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadProfile, PstatError } from '../../src/index.ts';
import { buildCallGraph } from '../../src/model/call-graph.ts';
import { merge } from '../../src/model/merge.ts';
import { normalize } from '../../src/model/normalize/normalize.ts';
import type { Profile, StacksProfile } from '../../src/model/profile.ts';
import { applyWindow, type Window } from '../../src/model/window.ts';
import { Stats } from '../../src/query/stats.ts';
import type { Document } from '../support/documents.ts';
import { draw } from '../support/draw.ts';
import { known, timesOf } from '../support/reading.ts';
import { type AnyRecording, labelOf, recordings, type Timeline, timelineOf } from '../support/recordings.ts';
import {
  countEdges,
  countFunctions,
  edgeTable,
  type FigureTable,
  functionTable,
  withoutZeros,
} from '../support/stacks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { traceOf } from '../support/trace.ts';
import { traced } from '../support/traced.ts';
import { accountedFor, readJson, record, summaryOf } from '../support/v8.ts';

/** Applies a window to a stacks profile. */
function within(profile: Profile, window: Window): StacksProfile {
  const part = applyWindow(profile, window);
  if (!('callTree' in part)) throw new TypeError('pairs');
  return part;
}

function tables(profile: StacksProfile) {
  const graph = buildCallGraph(profile);
  return { functions: withoutZeros(functionTable(graph, labelOf)), edges: withoutZeros(edgeTable(graph, labelOf)) };
}

/** Rows with time. */
function hot(profile: StacksProfile): string[] {
  return timesOf(profile).filter((times) => !times.endsWith('/0'));
}

describe('examples', () => {
  // main 5–6 ms, a 6–7, b 7–9.7; 5 ms before the first sample
  const plain = record({ samples: 'main a b b', deltas: [5000, 1000, 1000, 2000], duration: 9700 });

  test.each<
    [Window, string[], { beforeFirstSample: number; afterLastSample: number; excluded: number; samples: number }]
  >([
    [
      {},
      ['main 1000/4700', 'a 1000/1000', 'b 2700/2700'],
      { beforeFirstSample: 5000, afterLastSample: 0, excluded: 0, samples: 4 },
    ],
    [
      { from: 0 },
      ['main 1000/4700', 'a 1000/1000', 'b 2700/2700'],
      { beforeFirstSample: 5000, afterLastSample: 0, excluded: 0, samples: 4 },
    ],
    [
      { from: 5000 },
      ['main 1000/4700', 'a 1000/1000', 'b 2700/2700'],
      { beforeFirstSample: 0, afterLastSample: 0, excluded: 5000, samples: 4 },
    ],
    [
      { from: 5001 },
      ['main 999/4699', 'a 1000/1000', 'b 2700/2700'],
      { beforeFirstSample: 0, afterLastSample: 0, excluded: 5001, samples: 3 },
    ],
    [
      { from: 6500 },
      ['main 0/3200', 'a 500/500', 'b 2700/2700'],
      { beforeFirstSample: 0, afterLastSample: 0, excluded: 6500, samples: 2 },
    ],
    [
      { to: 6500 },
      ['main 1000/1500', 'a 500/500'],
      { beforeFirstSample: 5000, afterLastSample: 0, excluded: 3200, samples: 2 },
    ],
    [
      { to: 7000 },
      ['main 1000/2000', 'a 1000/1000'],
      { beforeFirstSample: 5000, afterLastSample: 0, excluded: 2700, samples: 2 },
    ],
    [
      { to: 7001 },
      ['main 1000/2001', 'a 1000/1000', 'b 1/1'],
      { beforeFirstSample: 5000, afterLastSample: 0, excluded: 2699, samples: 3 },
    ],
    [
      { from: 6200, to: 6300 },
      ['main 0/100', 'a 100/100'],
      { beforeFirstSample: 0, afterLastSample: 0, excluded: 9600, samples: 0 },
    ],
    [{ from: 1000, to: 2000 }, [], { beforeFirstSample: 1000, afterLastSample: 0, excluded: 8700, samples: 0 }],
    [{ from: 9700 }, [], { beforeFirstSample: 0, afterLastSample: 0, excluded: 9700, samples: 0 }],
    [{ from: 99_000, to: 99_001 }, [], { beforeFirstSample: 0, afterLastSample: 0, excluded: 9700, samples: 0 }],
    [
      { to: 99_000 },
      ['main 1000/4700', 'a 1000/1000', 'b 2700/2700'],
      { beforeFirstSample: 5000, afterLastSample: 0, excluded: 0, samples: 4 },
    ],
  ])('%j', (window, metrics, { samples, ...rest }) => {
    const part = within(plain, window);
    expect(hot(part)).toEqual(metrics);
    expect(part).toMatchObject({ ...rest, duration: 9700 });
    expect(summaryOf(part)).toMatchObject({ samples });
  });

  test('a window without samples has no rows', () => {
    expect(buildCallGraph(within(plain, { from: 9700 })).rows).toHaveLength(0);
    expect(buildCallGraph(within(plain, { from: 6200, to: 6300 })).rows).toHaveLength(2);
  });

  test('an over-long rest is clipped', () => {
    const long = record({ samples: 'main a b b', deltas: [1000, 1000, 1000, 1000], duration: 904_000 });
    expect(within(long, { from: 800_000 })).toMatchObject({
      beforeFirstSample: 0,
      afterLastSample: 104_000,
      excluded: 800_000,
    });
    expect(within(long, { to: 100_000 })).toMatchObject({
      beforeFirstSample: 1000,
      afterLastSample: 95_000,
      excluded: 804_000,
    });
  });

  test('time of unresolved samples inside the window is in afterLastSample', () => {
    const lost = record({ samples: 'main lost a b', deltas: [1000, 1000, 1000, 1000], duration: 5000 });
    expect(within(lost, { to: 2500 })).toMatchObject({ beforeFirstSample: 1000, afterLastSample: 500, excluded: 2500 });
    expect(within(lost, { from: 3000 })).toMatchObject({ beforeFirstSample: 0, afterLastSample: 0, excluded: 3000 });
    // Also in a window of a window.
    expect(within(within(lost, { from: 500 }), { to: 2500 })).toMatchObject({ afterLastSample: 500 });
  });

  test('garbage collection stays attached to the same stack', () => {
    const collected = record({ samples: 'a gc gc b', deltas: [0, 1000, 1000, 1000], duration: 4000 });
    expect(hot(within(collected, { from: 1500, to: 2500 }))).toEqual([
      '(garbage collector) 1000/1000',
      'main 0/1000',
      'a 0/1000',
    ]);
  });

  test('interval and duration do not change', () => {
    expect(within(plain, { from: 6000, to: 7000 })).toMatchObject({ interval: plain.interval, duration: 9700 });
  });

  test('the input profile does not change', () => {
    const before = hot(plain);
    within(plain, { from: 6000, to: 6500 });
    expect(hot(plain)).toEqual(before);
    expect(plain.excluded).toBe(0);
  });
});

describe('a recording without samples', () => {
  const empty = (duration?: number) =>
    record({ samples: '', deltas: [], ...(duration === undefined ? {} : { duration }) });

  test('has its time in afterLastSample and excluded', () => {
    const part = within(empty(8000), { from: 1000, to: 3000 });
    expect(part).toMatchObject({ beforeFirstSample: 0, afterLastSample: 2000, excluded: 6000, duration: 8000 });
    expect(buildCallGraph(part).rows).toHaveLength(0);
    expect(within(empty(8000), { from: 9000 })).toMatchObject({ afterLastSample: 0, excluded: 8000 });
  });

  test('excludes nothing if its duration is unknown', () => {
    expect(within(empty(), { from: 1000 })).toMatchObject({
      beforeFirstSample: 0,
      afterLastSample: 0,
      excluded: 0,
      duration: Number.NaN,
    });
  });

  test('adds only its duration when merged', async () => {
    const [first, second] = ['samples/odd/nodes-empty.cpuprofile', 'samples/odd/plain.cpuprofile'];
    const summaryFrom = async (files: string[]) =>
      summaryOf((await loadProfile(files, { from: 1000 })) as StacksProfile);
    const [alone, beside] = [await summaryFrom([second]), await summaryFrom([first, second])];
    expect(beside).toMatchObject({
      counted: alone.counted,
      duration: 9700 + 8000,
      excluded: 1000 + 1000,
      afterLastSample: 7000,
    });
  });
});

describe('a profile without sample times is rejected', () => {
  const merged = normalize(draw('main'), 'one');
  test.each<[string, Profile]>([
    ['calls', traced({ 'a.py:1(f)': [1, 1, 1, 1, {}] })],
    ['without timeDeltas', record({ samples: 'a b', duration: 10 })],
    ['without samples', record({ hits: { a: 1 }, duration: 10 })],
    ['merged', merge([merged, merged])],
  ])('%s', (_, profile) => {
    for (const window of [{ from: 1 }, { to: 1 }, { from: 1, to: 2 }]) {
      expect(() => applyWindow(profile, window)).toThrow(PstatError);
      expect(() => applyWindow(profile, window)).toThrow(/read it without a time window/);
    }
    expect(applyWindow(profile, {})).toBe(profile);
  });
});

// ---- any window of any recording -----------------------------------------------------------------------------------

/** Window edges on samples, between them, before the start and after the end, in halves of a µs. */
const edge = fc.oneof(
  fc.constant(undefined),
  fc.integer({ min: 0, max: 30_000 }),
  fc.integer({ min: 0, max: 60_000 }).map((halves) => halves / 2),
  fc.integer({ min: 0, max: 12_000_000 }),
  fc.constantFrom(0, 1e9),
);

const windows: fc.Arbitrary<Window> = fc.record({ from: edge, to: edge });

/** The part of [start, end) inside the window, in µs. */
function overlap(start: number, end: number, { from = 0, to = Number.POSITIVE_INFINITY }: Window): number {
  return Math.max(0, Math.min(end, to) - Math.max(start, from));
}

/** Clips every sample. */
function clipped({ beforeFirstSample, duration, stacks }: Timeline, window: Window) {
  const { from = 0, to = Number.POSITIVE_INFINITY } = window;
  const parts = stacks.map(({ start, weight, stack }) => ({
    stack,
    weight: overlap(start, start + weight, window),
    samples: start >= from && start < to ? 1 : 0,
  }));
  const last = known(stacks.at(-1));
  const strays = parts.filter(({ stack }) => stack === null).reduce((sum, { weight }) => sum + weight, 0);
  const counted = parts.flatMap(({ stack, ...rest }) => (stack === null ? [] : [{ stack, ...rest }]));
  return {
    beforeFirstSample: overlap(0, beforeFirstSample, window),
    afterLastSample: strays + overlap(last.start + last.weight, duration, window),
    functions: withoutZeros(countFunctions(counted)),
    edges: withoutZeros(countEdges(counted)),
  };
}

/** Recordings whose first sample is not before the start. */
const sound = recordings().filter((recording) => timelineOf(recording).beforeFirstSample >= 0);

test('every time is the overlap of samples with the window', () => {
  fc.assert(
    fc.property(sound, windows, (recording, window) => {
      const part = within(readJson(recording.document), window);
      const { beforeFirstSample, afterLastSample, functions, edges } = clipped(timelineOf(recording), window);
      expect(part).toMatchObject({ beforeFirstSample, afterLastSample });
      expect(tables(part)).toEqual({ functions, edges });
    }),
    { numRuns: 250 },
  );
});

test('the breakdown holds exactly in every window', () => {
  fc.assert(
    fc.property(sound, windows, ({ document }, window) => {
      const whole = readJson(document);
      const summary = summaryOf(within(whole, window));
      expect(accountedFor(summary)).toBe(summary.duration);
      expect(summary.duration).toBe(whole.duration);
      for (const part of [summary.counted, summary.idle, summary.excluded, summary.afterLastSample])
        expect(part).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 250 },
  );
});

function sumOf(first: FigureTable, second: FigureTable): FigureTable {
  const sums: Record<string, FigureTable[string]> = { ...first };
  for (const [name, [self, total, count, totalCount]] of Object.entries(second)) {
    const [a, b, c, d] = first[name] ?? [0, 0, 0, 0];
    sums[name] = [self + a, total + b, Number(count) + Number(c), Number(totalCount) + Number(d)];
  }
  return sums;
}

test('the windows before and after a moment add up to the recording', () => {
  fc.assert(
    fc.property(sound, fc.integer({ min: 1, max: 2_000_000 }), ({ document }, moment) => {
      const whole = readJson(document);
      const [before, since] = [within(whole, { to: moment }), within(whole, { from: moment })];
      const expected = tables(whole);
      expect(sumOf(tables(before).functions, tables(since).functions)).toEqual(expected.functions);
      expect(sumOf(tables(before).edges, tables(since).edges)).toEqual(expected.edges);
      expect([
        before.beforeFirstSample + since.beforeFirstSample,
        before.afterLastSample + since.afterLastSample,
      ]).toEqual([whole.beforeFirstSample, whole.afterLastSample]);
      expect(before.excluded + since.excluded).toBe(whole.duration);
    }),
    { numRuns: 150 },
  );
});

test('the windows add up with a sample before startTime', () => {
  const early = record({ samples: 'main a b', deltas: [-500, 1000, 1000], duration: 3000 });
  const [before, since] = [within(early, { to: 1000 }), within(early, { from: 1000 })];
  expect(sumOf(tables(before).functions, tables(since).functions)).toEqual(tables(early).functions);
});

test('a wider window has at least the times of a narrower one', () => {
  fc.assert(
    fc.property(sound, fc.nat(20_000), fc.nat(20_000), fc.nat(20_000), ({ document }, start, gap, length) => {
      const narrow = { from: start + gap, to: start + gap + length };
      const whole = readJson(document);
      const part = tables(within(whole, narrow)).functions;
      const wide = tables(within(whole, { from: start, to: start + 2 * gap + length })).functions;
      for (const [name, [self, total]] of Object.entries(part)) {
        expect(self).toBeLessThanOrEqual(known(wide[name])[0]);
        expect(total).toBeLessThanOrEqual(known(wide[name])[1]);
      }
    }),
  );
});

test('the breakdown of fractional times holds to a relative 1e-12', () => {
  const delta = fc.double({ min: 0, max: 3000, noNaN: true });
  fc.assert(
    fc.property(recordings(delta), windows, ({ document }, window) => {
      const summary = summaryOf(within(readJson(document), window));
      const duration = summary.duration ?? Number.NaN;
      expect(Math.abs(accountedFor(summary) - duration)).toBeLessThanOrEqual(1e-12 * Math.abs(duration));
    }),
  );
});

// ---- everything at once --------------------------------------------------------------------------------------------

describe('files with every option that excludes time', () => {
  let folder = '';

  beforeAll(() => {
    folder = temporaryFolder('window');
  });

  /** Recordings as files, or two of them as threads of a trace. */
  function write(all: readonly AnyRecording[], asTrace: boolean): string[] {
    return all.map(({ document }, i) => {
      const file = path.join(folder, `${i}.json`);
      const other = known(all[(i + 1) % all.length]).document;
      const threads = [
        ...traceOf(document as Document, { tid: 1, id: '0x1' }),
        ...traceOf(other as Document, { tid: 2, id: '0x2' }),
      ];
      writeFileSync(file, JSON.stringify(asTrace ? threads : document));
      return file;
    });
  }

  const pattern = fc.constantFrom(
    'a',
    'b(',
    'x.js',
    '(idle)',
    '(program)',
    '/^:0\\(a\\)/',
    '/c/i',
    '(garbage',
    '(no',
    'zz',
    '',
  );
  const patterns = fc.oneof(fc.constant([]), fc.array(pattern, { minLength: 1, maxLength: 2 }));

  const questions = fc.record({
    from: edge,
    to: edge,
    mergeLines: fc.boolean(),
    thread: fc.constantFrom(undefined, null, '1', '2', '41/2'),
    focus: patterns,
    ignore: patterns,
    idle: fc.boolean(),
    by: fc.constantFrom('function', 'file', 'package', 'category'),
  });

  test('duration = beforeFirstSample + counted + idle + excluded + afterLastSample, exactly; rows add up to counted, and none exceeds it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(recordings(), { minLength: 1, maxLength: 3 }), questions, async (all, question) => {
        const { from, to, mergeLines, thread, focus, ignore, idle, by } = question;
        const files = write(all, thread !== undefined);
        const profile = await loadProfile(files, { from, to, mergeLines, thread: thread ?? null });
        const stats = new Stats(profile, { focus, ignore, idle });
        const { summary } = stats;
        expect(accountedFor(summary)).toBe(summary.duration);

        const shares = known(summary.shareOf ?? undefined);
        expect(shares).toBe((summary.counted ?? 0) + (idle ? (summary.idle ?? 0) : 0));
        const { rows } = by === 'function' ? stats.functions() : stats.groups(by);
        expect(rows.reduce((sum, { self }) => sum + (self ?? Number.NaN), 0)).toBe(shares);
        for (const { self, total } of rows) {
          expect(self).toBeGreaterThanOrEqual(0);
          expect(self).toBeLessThanOrEqual(total ?? Number.NaN);
          expect(total).toBeLessThanOrEqual(shares);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('duration, interval and metadata do not change', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(recordings(), { minLength: 1, maxLength: 2 }), questions, async (all, question) => {
        const files = write(all, false);
        const { focus, ignore, idle, from, to, mergeLines } = question;
        const plain = new Stats(await loadProfile(files)).summary;
        const asked = new Stats(await loadProfile(files, { from, to, mergeLines }), { focus, ignore, idle }).summary;
        const { duration, interval, sources, format } = plain;
        expect(asked).toMatchObject({ duration, interval, sources, format });
      }),
      { numRuns: 100 },
    );
  });

  test('a window of two files is applied to each before merging', async () => {
    await fc.assert(
      fc.asyncProperty(sound, sound, windows, async (one, other, window) => {
        const files = write([one, other], false);
        const both = await loadProfile(files, window);
        const parts = await Promise.all(files.map((file) => loadProfile(file, window)));
        const [first, second] = parts.map((part) => withoutZeros(functionTable(buildCallGraph(part), labelOf)));
        expect(withoutZeros(functionTable(buildCallGraph(both), labelOf))).toEqual(sumOf(known(first), known(second)));
      }),
      { numRuns: 100 },
    );
  });
});
