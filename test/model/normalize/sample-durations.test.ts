/** Tests the time rule. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildCallGraph } from '../../../src/model/call-graph.ts';
import type { StacksProfile } from '../../../src/model/profile.ts';
import { plain } from '../../support/documents.ts';
import { noteTexts } from '../../support/notes.ts';
import { applyTimeRule, labelOf, recordings } from '../../support/recordings.ts';
import { accountedFor, figuresOf, type Recording, readJson, record, START, summaryOf } from '../../support/v8.ts';

const EVERY_MS = [1000, 1000, 1000, 1000];

describe('golden vectors', () => {
  const vectors: [
    name: string,
    recording: Recording,
    metrics: string,
    beforeFirstSample: number,
    afterLastSample: number,
  ][] = [
    [
      'plain',
      { samples: 'main a b b', deltas: [5000, 1000, 1000, 2000], duration: 9700 },
      'main 1000/4700, a 1000/1000, b 2700/2700',
      5000,
      0,
    ],
    [
      'recursion',
      { samples: 'a aa aa b', deltas: EVERY_MS, duration: 5000 },
      'main 0/4000, a 3000/3000, b 1000/1000',
      1000,
      0,
    ],
    [
      'GC after a',
      { samples: 'a gc gc a b', deltas: [...EVERY_MS, 1000], duration: 6000 },
      'main 0/5000, a 2000/4000, b 1000/1000, gc 2000/2000',
      1000,
      0,
    ],
    [
      'GC after idle',
      { samples: 'a idle gc b', deltas: EVERY_MS, duration: 5000 },
      'main 0/2000, a 1000/1000, b 1000/1000, gc 1000/1000, idle 1000/1000',
      1000,
      0,
    ],
    [
      'lone program',
      { samples: 'a program b b', deltas: EVERY_MS, duration: 5000 },
      'main 0/3000, a 1000/1000, b 2000/2000, program 1000/1000',
      1000,
      0,
    ],
    [
      'negative',
      { samples: 'main a b main', deltas: [1000, 1000, -400, 1400], duration: 4000 },
      'main 1600/3000, a 1000/1000, b 400/400',
      1000,
      0,
    ],
    [
      'huge gap',
      { samples: 'main a a b', deltas: [1000, 1000, 500_000, 1000], duration: 504_000 },
      'main 1000/503000, a 501000/501000, b 1000/1000',
      1000,
      0,
    ],
    [
      'long afterLastSample',
      { samples: 'main a b b', deltas: EVERY_MS, duration: 904_000 },
      'main 1000/4000, a 1000/1000, b 2000/2000',
      1000,
      899_000,
    ],
    [
      'endTime 0',
      { samples: 'main a b b', deltas: EVERY_MS, endTime: 0 },
      'main 1000/4000, a 1000/1000, b 2000/2000',
      1000,
      0,
    ],
  ];

  test.each(vectors)('%s', (_, recording, metrics, beforeFirstSample, afterLastSample) => {
    const profile = record(recording);
    expect({
      metrics: figuresOf(profile),
      beforeFirstSample: profile.beforeFirstSample,
      afterLastSample: profile.afterLastSample,
    }).toEqual({
      metrics,
      beforeFirstSample,
      afterLastSample,
    });
    expect(accountedFor(summaryOf(profile))).toBe(profile.duration);
  });

  test('the duration is endTime − startTime if that is valid', () => {
    for (const [, recording] of vectors) {
      if (recording.duration !== undefined) expect(record(recording).duration).toBe(recording.duration);
    }
  });
});

describe('the interval', () => {
  const intervalOf = (...gaps: number[]) =>
    record({ samples: 'a '.repeat(gaps.length + 1).trim(), deltas: [5000, ...gaps] }).interval;

  test('is the middle one of an odd number', () => expect(intervalOf(1000, 9000, 1100)).toBe(1100));
  test('is the mean of the middle two of an even number', () => expect(intervalOf(1000, 9000, 1100, 1)).toBe(1050));
  test('compares numbers, not text', () => expect(intervalOf(999, 1000, 1001, 85, 1100)).toBe(1000));
  test('excludes zero', () => expect(intervalOf(0, 0, 0, 700)).toBe(700));
  test('is at least 1 µs', () => expect(intervalOf(0.25, 0.5, 0.25)).toBe(1));
  test('excludes the time before the first sample', () => expect(intervalOf(100)).toBe(100));
  test('is measured after sorting by time', () => expect(intervalOf(1000, 2000, -1000)).toBe(1000));
  test('is null if no interval is positive', () => expect(intervalOf(0, 0)).toBeNull());
});

describe('the last sample', () => {
  const end = (rest: number) => record({ samples: 'a a b', deltas: [1000, 1000, 1000], duration: 3000 + rest });

  test('owns a rest of up to 2.5 intervals', () => {
    expect(figuresOf(end(2500))).toBe('main 0/4500, a 2000/2000, b 2500/2500');
    expect(end(2500).afterLastSample).toBe(0);
  });

  test('owns one interval of a longer rest; the remainder is afterLastSample', () => {
    expect(figuresOf(end(2501))).toBe('main 0/3000, a 2000/2000, b 1000/1000');
    expect(end(2501).afterLastSample).toBe(1501);
  });

  test('owns nothing if the recording ends with it', () => {
    expect(figuresOf(end(0))).toBe('main 0/2000, a 2000/2000, b 0/0');
    expect(end(0).afterLastSample).toBe(0);
  });

  test.each([
    ['missing', undefined],
    ['before the last sample', START + 2999],
    ['before the start', START - 1],
  ])('owns one interval if endTime is %s, with a note', (_, endTime) => {
    const profile = record({
      samples: 'a a b',
      deltas: [1000, 1000, 1000],
      ...(endTime === undefined ? {} : { endTime }),
    });
    expect(figuresOf(profile)).toBe('main 0/3000, a 2000/2000, b 1000/1000');
    expect(profile.afterLastSample).toBe(0);
    expect(noteTexts(profile).join()).toMatch(/endTime/);
  });
});

describe('a single sample', () => {
  test('owns the rest of the recording, however long', () => {
    const profile = record({ samples: 'a', deltas: [4000], duration: 1_004_000 });
    expect(figuresOf(profile)).toBe('main 0/1000000, a 1000000/1000000');
    expect(profile).toMatchObject({ beforeFirstSample: 4000, afterLastSample: 0, interval: null });
  });

  test('owns nothing if the end is unknown', () => {
    const profile = record({ samples: 'a', deltas: [4000] });
    expect(figuresOf(profile)).toBe('main 0/0, a 0/0');
    expect(profile).toMatchObject({ beforeFirstSample: 4000, afterLastSample: 0, interval: null });
  });

  test('and several at the same time behave alike', () => {
    const profile = record({ samples: 'a b', deltas: [4000, 0], duration: 104_000 });
    expect(figuresOf(profile)).toBe('main 0/100000, a 0/0, b 100000/100000');
    expect(profile).toMatchObject({ afterLastSample: 0, interval: null });
  });
});

describe('samples without timeDeltas', () => {
  const profile = record({ samples: 'a a b idle', duration: 8000 });

  test('share the duration equally', () => {
    expect(figuresOf(profile)).toBe('main 0/6000, a 4000/4000, b 2000/2000, idle 2000/2000');
    expect(profile).toMatchObject({ beforeFirstSample: 0, afterLastSample: 0, duration: 8000 });
  });

  test('have a note that times are estimated', () => expect(noteTexts(profile).join()).toMatch(/estimated/));

  test('still attach garbage collection to the stack before it', () => {
    expect(figuresOf(record({ samples: 'a gc', duration: 8000 }))).toBe('main 0/8000, a 4000/8000, gc 4000/4000');
  });

  test('have unknown times and known counts without endTime', () => {
    const { metrics, functions } = buildCallGraph(record({ samples: 'a a b' }));
    expect(metrics.total[functions.name.indexOf('a')]).toBeNaN();
    expect(metrics.selfCount[functions.name.indexOf('a')]).toBe(2);
  });
});

describe('a file without samples', () => {
  const profile = record({ hits: { main: 1, a: 2, aa: 1, idle: 4 }, duration: 8000 });

  test('divides the duration by hitCount', () => {
    expect(figuresOf(profile)).toBe('main 1000/4000, a 3000/3000, idle 4000/4000');
    expect(profile).toMatchObject({ beforeFirstSample: 0, afterLastSample: 0, duration: 8000 });
  });

  test('has a note that times are estimated', () => expect(noteTexts(profile).join()).toMatch(/estimated/));

  test('leaves garbage collection under the root, because the stack before it is unknown', () => {
    const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 0, columnNumber: 0 });
    const collected = readJson({
      nodes: [
        { id: 1, callFrame: frame('(root)', ''), children: [2, 3] },
        { id: 2, callFrame: frame('a', 'app.js'), hitCount: 1 },
        { id: 3, callFrame: frame('(garbage collector)', ''), hitCount: 1 },
      ],
      startTime: START,
      endTime: START + 2000,
    });
    expect(figuresOf(collected)).toBe('a 1000/1000, gc 1000/1000');
  });

  test('may have an empty list of samples', () => {
    const empty = record({ samples: '', deltas: [], hits: { a: 1, b: 3 }, duration: 8000 });
    expect(figuresOf(empty)).toBe('main 0/8000, a 2000/2000, b 6000/6000');
  });

  test('has a breakdown that holds without hits', () => {
    const nothing = record({ duration: 8000 });
    expect(accountedFor(summaryOf(nothing))).toBe(8000);
  });
});

describe('the garbage collector', () => {
  /** The times of samples taken every millisecond. */
  const everyMs = (samples: string) => {
    const deltas = samples.split(' ').map(() => 1000);
    return figuresOf(record({ samples, deltas, duration: 1000 * (deltas.length + 1) }));
  };

  test('is attached to the stack of code before it', () =>
    expect(everyMs('b gc')).toBe('main 0/2000, b 1000/2000, gc 1000/1000'));

  test('is attached to a native function', () =>
    expect(everyMs('native gc')).toBe('main 0/2000, native 1000/2000, gc 1000/1000'));

  test('is attached to the same stack several times in a row', () =>
    expect(everyMs('a gc gc gc')).toBe('main 0/4000, a 1000/4000, gc 3000/3000'));

  test('is attached to each stack that it interrupted', () =>
    expect(everyMs('a gc b gc')).toBe('main 0/4000, a 1000/2000, b 1000/2000, gc 2000/2000'));

  test('counts once for a recursive function', () =>
    expect(everyMs('aa gc')).toBe('main 0/2000, a 1000/2000, gc 1000/1000'));

  test('stays under the root after (idle), also the second time', () =>
    expect(everyMs('a idle gc gc')).toBe('main 0/1000, a 1000/1000, gc 2000/2000, idle 1000/1000'));

  test('stays under the root after (program)', () =>
    expect(everyMs('a program gc')).toBe('main 0/1000, a 1000/1000, gc 1000/1000, program 1000/1000'));

  test('stays under the root after an empty stack', () =>
    expect(everyMs('a root gc')).toBe('main 0/1000, a 1000/1000, gc 1000/1000, none 1000/1000'));

  test('stays under the root at the start', () =>
    expect(everyMs('gc a')).toBe('main 0/1000, a 1000/1000, gc 1000/1000'));

  test('follows the order of time, not of the file', () => {
    const profile = record({ samples: 'a gc idle', deltas: [2000, 2000, -1000], duration: 5000 });
    expect(figuresOf(profile)).toBe('main 0/1000, a 1000/1000, gc 1000/1000, idle 1000/1000');
  });

  test('is not idle time', () =>
    expect(summaryOf(record({ samples: 'a gc', deltas: [0, 10], duration: 20 }))).toMatchObject({
      counted: 20,
      idle: 0,
    }));
});

describe('samples out of order', () => {
  test('are sorted by time, with a note', () => {
    const profile = record({ samples: 'a b a', deltas: [1000, 500, -100], duration: 2000 });
    expect([...(profile.timeline?.time ?? [])]).toEqual([1000, 1400, 1500]);
    expect(noteTexts(profile).join()).toMatch(/1 sample .*order/);
  });

  test('keep the order of the file for equal times', () => {
    // main 1000, a 2000, b 1000, main 2000: in order of time main, b, a, main.
    const profile = record({ samples: 'main a b main', deltas: [1000, 1000, -1000, 1000], duration: 3000 });
    expect(figuresOf(profile)).toBe('main 1000/2000, a 0/0, b 1000/1000');
  });

  test('give no function a negative time', () => {
    fc.assert(
      fc.property(recordings(), ({ document }) => {
        expect(Math.min(...(readJson(document).timeline?.duration ?? []))).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('a gap between samples', () => {
  const gap = (length: number) =>
    record({ samples: 'a a a b', deltas: [1000, 1000, 1000, length], duration: 4000 + length });

  test('of over ten intervals keeps its time and has a note', () => {
    expect(figuresOf(gap(10_001))).toBe('main 0/13001, a 12001/12001, b 1000/1000');
    expect(noteTexts(gap(10_001)).join()).toMatch(/10\.0 ms.*1 gap/);
  });

  test('of ten intervals has no note', () => expect(noteTexts(gap(10_000))).toEqual([]));

  test('does not include beforeFirstSample and afterLastSample', () =>
    expect(noteTexts(record({ samples: 'a a', deltas: [50_000, 1000], duration: 900_000 }))).toEqual([]));
});

describe('samples of unknown nodes', () => {
  const profile = record({ samples: 'a lost lost b', deltas: [1000, 1000, 2000, 3000], duration: 8000 });

  test('add their time to afterLastSample', () => {
    expect(figuresOf(profile)).toBe('main 0/2000, a 1000/1000, b 1000/1000');
    expect(profile.afterLastSample).toBe(5000);
  });

  test('have a note with their time', () => expect(noteTexts(profile).join()).toMatch(/2 samples.*5.*ms/));

  test('add their time to afterLastSample without timeDeltas, too', () =>
    expect(record({ samples: 'a lost', duration: 8000 }).afterLastSample).toBe(4000));
});

describe("V8's meta nodes", () => {
  const top = (functionName: string, url: string, lineNumber = -1) =>
    readJson({
      nodes: [
        { id: 1, callFrame: { functionName: '(root)', url: '' }, children: [2] },
        { id: 2, callFrame: { functionName: 'main', url: 'app.js', lineNumber: 0 }, children: [3] },
        { id: 3, callFrame: { functionName: '(idle)', url: '' } },
        { id: 4, callFrame: { functionName, url, lineNumber }, parent: 1 },
      ],
      samples: [4, 3],
      timeDeltas: [0, 10],
      startTime: 0,
      endTime: 20,
    });

  test('are recognized by name, empty url and position', () => {
    expect(summaryOf(top('(idle)', ''))).toMatchObject({ counted: 10, idle: 10 });
    expect(summaryOf(top('(idle)', 'app.js', 3))).toMatchObject({ counted: 20, idle: 0 });
  });

  test('an empty stack is the row (no stack), and (root) has no row', () => {
    const profile = record({ samples: 'a root root b', deltas: EVERY_MS, duration: 5000 });
    const { rows, functions, metrics } = buildCallGraph(profile);
    const names = [...rows].map((fn) => functions.name[fn]);
    const noStack = functions.name.indexOf('(no stack)');
    expect(names).not.toContain('(root)');
    expect(names.filter((name) => name === '(no stack)')).toHaveLength(1);
    expect([metrics.self[noStack], metrics.total[noStack], metrics.selfCount[noStack]]).toEqual([2000, 2000, 2]);
    expect(summaryOf(profile).counted).toBe(4000);
  });
});

describe("stacks at V8's limit", () => {
  const deep = (frames: number) =>
    readJson({
      nodes: Array.from({ length: frames + 1 }, (_, i) => ({
        id: i + 1,
        callFrame: { functionName: i === 0 ? '(root)' : 'f', url: i === 0 ? '' : 'app.js', lineNumber: i },
        children: i === frames ? [] : [i + 2],
      })),
      samples: [frames + 1, 2, 2, 2],
      timeDeltas: EVERY_MS,
      startTime: 0,
      endTime: 5000,
    });

  test('of 255 frames are counted in a note', () =>
    expect(noteTexts(deep(255)).join()).toMatch(/1 sample \(25(\.0)?\s?%\)/));
  test('of 254 frames have no note', () => expect(noteTexts(deep(254))).toEqual([]));
});

describe('the breakdown', () => {
  test('duration = beforeFirstSample + counted + idle + excluded + afterLastSample, exactly, for whole µs', () => {
    fc.assert(
      fc.property(recordings(), ({ document, startTime, endTime, deltas }) => {
        const profile = readJson(document);
        const summary = summaryOf(profile);
        expect(accountedFor(summary)).toBe(summary.duration);
        if (endTime !== undefined && endTime >= lastOf(startTime, deltas)) {
          expect(summary.duration).toBe(endTime - startTime);
        }
      }),
      { numRuns: 250 },
    );
  });

  test('holds to a relative 1e-12 for fractional µs', () => {
    const fractional = fc.double({ min: 0, max: 3000, noNaN: true });
    fc.assert(
      fc.property(recordings(fractional), ({ document }) => {
        const summary = summaryOf(readJson(document));
        const duration = summary.duration ?? Number.NaN;
        expect(Math.abs(accountedFor(summary) - duration)).toBeLessThanOrEqual(1e-12 * Math.abs(duration));
      }),
      { numRuns: 150 },
    );
  });

  test('holds to a relative 1e-12 without timeDeltas', () => {
    fc.assert(
      fc.property(recordings(), ({ document, startTime, endTime }) => {
        fc.pre(endTime !== undefined && endTime >= startTime);
        const summary = summaryOf(readJson({ ...(document as object), timeDeltas: undefined }));
        const duration = summary.duration ?? Number.NaN;
        expect(Math.abs(accountedFor(summary) - duration)).toBeLessThanOrEqual(1e-12 * duration);
      }),
    );
  });

  function lastOf(startTime: number, deltas: readonly number[]): number {
    let now = startTime;
    return Math.max(
      ...deltas.map((delta) => {
        now += delta;
        return now;
      }),
    );
  }
});

test('no time is negative: samples before startTime count from it', () => {
  const early = { ...plain(), startTime: 1000, endTime: 5000, samples: [5, 6, 8], timeDeltas: [-1500, 1000, 1000] };
  const profile = readJson(early);
  expect(profile).toMatchObject({ beforeFirstSample: 0, afterLastSample: 2500, duration: 4000, interval: 1000 });
  expect(noteTexts(profile)).toContain('2 samples are before startTime in the file; taken to be at startTime');
});

test('a recording of 4e15 µs adds up', () => {
  const profile = readJson({ ...plain(), startTime: 0, endTime: 4e15, timeDeltas: [1e15, 1e15, 1e15, 1e15 - 3] });
  const summary = summaryOf(profile);
  expect(accountedFor(summary)).toBe(4e15);
});

test('the time rule holds for random files', () => {
  fc.assert(
    fc.property(recordings(), (recording) => {
      const profile = readJson(recording.document);
      const { beforeFirstSample, afterLastSample, interval, metrics } = applyTimeRule(recording);
      expect({
        beforeFirstSample: profile.beforeFirstSample,
        afterLastSample: profile.afterLastSample,
        interval: profile.interval,
      }).toEqual({
        beforeFirstSample,
        afterLastSample,
        interval,
      });
      expect(labelledFigures(profile)).toEqual(metrics);
    }),
    { numRuns: 250 },
  );
});

test('sample durations add up to the times of call nodes', () => {
  fc.assert(
    fc.property(recordings(), ({ document }) => {
      const { timeline, callTree: paths } = readJson(document);
      const { node, time, duration: weight } = timeline ?? expect.fail('a file with times has a timeline');
      const self = new Float64Array(paths.length);
      const samples = new Float64Array(paths.length);
      node.forEach((row, i) => {
        if (row === -1) return;
        self[row] = (self[row] ?? 0) + (weight[i] ?? 0);
        samples[row] = (samples[row] ?? 0) + 1;
      });
      expect([self, samples]).toEqual([paths.self, paths.samples]);
      expect([...time]).toEqual([...time].sort((a, b) => a - b));
    }),
  );
});

/** Functions on any sampled stack, by their label. */
function labelledFigures(profile: StacksProfile) {
  const { metrics, functions, rows } = buildCallGraph(profile);
  return Object.fromEntries(
    [...rows]
      .filter((fn) => metrics.totalCount[fn] !== 0)
      .map((fn) => [labelOf(functions, fn), [metrics.self[fn], metrics.total[fn]]]),
  );
}
