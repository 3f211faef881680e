/** Profiles of Hermes, React Native's engine: stack frames refer to their parents, samples to frames. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PstatError, readProfile, type StacksProfile } from '../../../src/index.ts';
import { json } from '../../support/documents.ts';
import { noteTexts } from '../../support/notes.ts';
import { edgesOf, examine, known, refusalOf, rowsOf, timesOf } from '../../support/reading.ts';
import { recordings } from '../../support/recordings.ts';
import { within } from '../../support/time.ts';

const BUNDLE = 'http://localhost:8081/index.bundle?platform=android';

const FRAMES: Readonly<Record<string, object>> = {
  '1': { name: '[root]', category: 'root' },
  '2': { name: `main(${BUNDLE}:1:1)`, category: 'JavaScript', line: '3', column: '5', parent: 1 },
  '3': { name: `a(${BUNDLE}:10:20)`, category: 'JavaScript', parent: '2' },
  '4': { name: `b(${BUNDLE}:30:1)`, category: 'JavaScript', parent: 2 },
  '5': { name: '[Native] log', category: 'Native', parent: 4 },
};

interface Sample {
  readonly ts?: unknown;
  readonly sf?: unknown;
  readonly pid?: unknown;
  readonly tid?: unknown;
}

function sample({ ts, sf, pid = 41, tid = '42' }: Sample): object {
  return { cpu: '-1', name: '', ts, pid, tid, weight: '1', sf };
}

function file(samples: unknown, stackFrames: unknown = FRAMES): object {
  return {
    traceEvents: [{ name: 'process_name', ph: 'M', pid: 41, tid: '42', ts: '0', args: {} }],
    samples,
    stackFrames,
  };
}

/** main, a, b, b at 0, 10, 20 and 40 ms. */
const SAMPLES = [
  sample({ ts: '5000', sf: 2 }),
  sample({ ts: '15000', sf: 3 }),
  sample({ ts: '25000', sf: 4 }),
  sample({ ts: '45000', sf: 4 }),
];

const HOT = ['main 10000/50000', 'a 10000/10000', 'b 30000/30000'];

function read(document: unknown, thread: string | null = null): StacksProfile {
  const profile = readProfile(json(document), 'app.cpuprofile', { thread });
  if (!('callTree' in profile)) throw new TypeError('an edges profile');
  examine(profile);
  return profile;
}

function hot(profile: StacksProfile): string[] {
  return timesOf(profile).filter((times) => !times.endsWith('/0'));
}

describe('time', () => {
  test('goes from each sample to the next; the last one lasts one interval, for there is no end', () => {
    const profile = read(file(SAMPLES));
    expect(hot(profile)).toEqual(HOT);
    expect(profile).toMatchObject({
      beforeFirstSample: 0,
      afterLastSample: 0,
      duration: 50_000,
      interval: 10_000,
      notes: [],
    });
    expect(profile.format).toBe('Hermes profile, thread 41/42');
  });

  test('is read from numbers and from texts', () => {
    const asNumbers = SAMPLES.map((each) => ({ ...each, ts: Number((each as Sample).ts), tid: 42, pid: '41' }));
    expect(hot(read(file(asNumbers)))).toEqual(HOT);
  });

  test('is not the weight', () => {
    expect(hot(read(file(SAMPLES.map((each, i) => ({ ...each, weight: `${i * 7}` })))))).toEqual(HOT);
  });

  test('samples out of order are sorted, with a note', () => {
    const [first, second, third, last] = SAMPLES;
    const profile = read(file([second, first, third, last]));
    expect(hot(profile)).toEqual(HOT);
    expect(profile).toMatchObject({ beforeFirstSample: 0, duration: 50_000 });
    expect(noteTexts(profile)).toEqual([expect.stringMatching(/out of order/)]);
  });

  test('a sample of an unknown frame belongs to no function, with a note', () => {
    const profile = read(file([...SAMPLES.slice(0, 2), sample({ ts: '25000', sf: 99 }), ...SAMPLES.slice(3)]));
    expect(hot(profile)).toEqual(['main 10000/30000', 'a 10000/10000', 'b 10000/10000']);
    expect(profile.afterLastSample).toBe(20_000);
    expect(noteTexts(profile).join()).toMatch(/not in the file/);
  });

  test('a single sample has no interval and no time', () => {
    expect(read(file([sample({ ts: '5', sf: 4 })]))).toMatchObject({
      duration: 0,
      interval: null,
      beforeFirstSample: 0,
      afterLastSample: 0,
    });
  });

  test('without samples, a note says that nothing was recorded', () => {
    const profile = read(file([]));
    expect(hot(profile)).toEqual([]);
    expect(profile.duration).toBe(0);
    expect(noteTexts(profile)).toHaveLength(1);
  });
});

describe('frames', () => {
  const frameNamed = (name: unknown) => {
    const rows = rowsOf(
      read(file([sample({ ts: 1, sf: 2 }), sample({ ts: 2, sf: 2 })], { 1: FRAMES['1'], 2: { name, parent: 1 } })),
    );
    expect(rows).toHaveLength(1);
    return known(rows[0]);
  };

  test.each<[string, object]>([
    [`render(${BUNDLE}:10:7)`, { name: 'render', file: BUNDLE, line: 10, column: 7, kind: 'js' }],
    [`anonymous(${BUNDLE}:10:7)`, { name: '', file: BUNDLE, line: 10, column: 7 }],
    ['f(/data/app/x (1)/main.jsbundle:1:2)', { name: 'f', file: '/data/app/x (1)/main.jsbundle', line: 1, column: 2 }],
    [
      'f(address at /data/app/main.jsbundle:1:4711)',
      { name: 'f', file: '/data/app/main.jsbundle', line: 1, column: 4711 },
    ],
    ['get x(a.js:1:2)', { name: 'get x', file: 'a.js', line: 1, column: 2 }],
    ['[HostFunction] nativeCall', { name: '[HostFunction] nativeCall', file: '', line: 0, kind: 'native' }],
    ['[GC Young Gen]', { name: '[GC Young Gen]', file: '', kind: 'native' }],
    ['f(x)', { name: 'f(x)', file: '' }],
    ['', { name: '', file: '' }],
    ['two\nlines(a.js:1:2)', { name: 'two\nlines', file: 'a.js' }],
  ])('%j', (written, row) => {
    expect(frameNamed(written)).toMatchObject({ ...row, self: 2 });
  });

  test('one without a name is anonymous', () => {
    expect(frameNamed(undefined)).toMatchObject({ name: '', file: '' });
  });

  test('[root] is no row, and a sample of it is (no stack)', () => {
    const profile = read(file([sample({ ts: 0, sf: 1 }), sample({ ts: 10, sf: 4 })]));
    expect(rowsOf(profile).map(({ name }) => name)).not.toContain('[root]');
    expect(rowsOf(profile).find(({ kind }) => kind === 'none')).toMatchObject({ self: 10 });
  });

  test('may be in any order, children before their parents', () => {
    const turned = Object.fromEntries(
      Object.entries(FRAMES).map(([id, frame]) => [`${100 - Number(id)}`, moved(frame)]),
    );
    const samples = SAMPLES.map((each) => ({ ...each, sf: 100 - Number((each as Sample).sf) }));
    expect(hot(read(file(samples, turned))).sort()).toEqual([...HOT].sort());
  });

  const moved = (frame: object) =>
    'parent' in frame && frame.parent !== undefined ? { ...frame, parent: 100 - Number(frame.parent) } : frame;

  test('may be nested 100,000 deep', () => {
    const frames = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, i) => [i + 1, { name: 'f(a.js:1:1)', ...(i === 0 ? {} : { parent: i }) }]),
    );
    const samples = [sample({ ts: 0, sf: 100_000 }), sample({ ts: 10, sf: 100_000 })];
    expect(timesOf(within(20_000, () => read(file(samples, frames))))).toEqual(['f 20/20']);
  });
});

describe('threads', () => {
  const ui = SAMPLES.map((each) => ({ ...each, tid: '7' })).slice(0, 2);
  const both = file([...ui, ...SAMPLES]);

  test('the busiest is shown, and a note names the other', () => {
    const profile = read(both);
    expect(profile.format).toBe('Hermes profile, thread 41/42');
    expect(hot(profile)).toEqual(HOT);
    expect(noteTexts(profile)).toEqual(['the trace has 1 other thread, select it by its id: thread 41/7']);
  });

  test.each(['7', '41/7'])('--thread %s', (thread) => {
    expect(hot(read(both, thread))).toEqual(['main 10000/20000', 'a 10000/10000']);
  });

  describe('names, as the trace gives them', () => {
    const named = (what: string, tid: unknown, name: unknown) => ({
      name: what,
      ph: 'M',
      pid: 41,
      tid,
      args: { name },
    });
    const withNames = {
      ...both,
      traceEvents: [named('process_name', '-1', 'hermes'), named('thread_name', '42', 'js')],
    };

    test('of the thread, or of its process', () => {
      const profile = read(withNames);
      expect(profile.format).toBe('Hermes profile, js 41/42');
      expect(noteTexts(profile)).toEqual(['the trace has 1 other thread, select it by its id: hermes 41/7']);
      expect(hot(read(withNames, 'js'))).toEqual(HOT);
    });

    test.each<[string, unknown]>([
      ['no events', undefined],
      ['events that are not a list', 'x'],
      ['an event that is null', [null, named('thread_name', {}, 'js'), named('thread_name', '42', 7)]],
    ])('%s: no names', (_, traceEvents) => {
      expect(read({ ...both, traceEvents }).format).toBe('Hermes profile, thread 41/42');
    });
  });

  test('--thread 9 is not there', () => {
    expect(() => read(both, '9')).toThrow("thread '9' is not in the trace; it has thread 41/7, thread 41/42");
  });
});

describe('malformed', () => {
  const withFrame = (id: string, frame: unknown) => file(SAMPLES, { ...FRAMES, [id]: frame });

  test.each<[string, unknown, RegExp]>([
    ['a sample that is null', file([null]), /^samples\[0\] is null, not an object$/],
    ['a sample that is a number', file([2]), /^samples\[0\] is 2, not an object$/],
    ['a sample without a time', file([sample({ sf: 2 })]), /^samples\[0\]\.ts is missing, not a number$/],
    [
      'a time that is a word',
      file([...SAMPLES, sample({ ts: 'soon', sf: 2 })]),
      /^samples\[4\]\.ts is the text 'soon', not a number$/,
    ],
    ['a time that is empty', file([sample({ ts: '', sf: 2 })]), /^samples\[0\]\.ts is the text '', not a number$/],
    ['a time that is blank', file([sample({ ts: ' ', sf: 2 })]), /^samples\[0\]\.ts is the text ' ', not a number$/],
    ['a time beyond 2^53', file([sample({ ts: '9e99', sf: 2 })]), /^samples\[0\]\.ts is .*, not a number below 2\^53$/],
    ['a frame that is missing', file([sample({ ts: 1 })]), /^samples\[0\]\.sf is missing, not a number$/],
    [
      'a thread that is a word',
      file([sample({ ts: 1, sf: 2, tid: 'main' })]),
      /^samples\[0\]\.tid is the text 'main', not a number$/,
    ],
    ['a stack frame that is null', withFrame('3', null), /^stackFrames\[3\] is null, not an object$/],
    ['a name that is a number', withFrame('3', { name: 3 }), /^stackFrames\[3\]\.name is 3, not a text$/],
    [
      'a parent that is a word',
      withFrame('3', { name: 'a', parent: 'x' }),
      /^stackFrames\[3\]\.parent is the text 'x', not a number$/,
    ],
    [
      'a frame that is its own parent',
      withFrame('3', { name: 'a', parent: 3 }),
      /^stackFrames\[3\] \(id 3\) is an ancestor of itself$/,
    ],
    [
      'a parent that is a fraction',
      withFrame('3', { name: 'a', parent: 1.5 }),
      /^stackFrames\[3\]\.parent is 1\.5, not a whole number$/,
    ],
    [
      'an id that is a fraction',
      withFrame('1.5', { name: 'a' }),
      /^stackFrames\[1\.5\].* is 1\.5, not a whole number$/,
    ],
    [
      'two ids that are one number',
      withFrame('03', { name: 'a' }),
      /^stackFrames\[03\]\.id is 3, which stackFrames\[3\] has already$/,
    ],
    [
      'a line beyond 2^53',
      withFrame('3', { name: 'a(a.js:9007199254740999:1)' }),
      /^the lineNumber in stackFrames\[3\]\.name is \d+, not a number below 2\^53$/,
    ],
    [
      'the frame of a sample that is a fraction, whichever thread it is of',
      file([...SAMPLES, sample({ ts: '5000', sf: 2.5, tid: '9' })]),
      /^samples\[4\]\.sf is 2\.5, not a whole number$/,
    ],
    [
      'an id that is a word',
      withFrame('main', { name: 'a' }),
      /^stackFrames\[main\] is the text 'main', not a number$/,
    ],
    [
      'an id called __proto__',
      JSON.parse(JSON.stringify(withFrame('@', { name: 'a' })).replace('@', '__proto__')),
      /^stackFrames\[__proto__\]/,
    ],
  ])('%s', (_, document, fact) => {
    const error = refusalOf(json(document), 'app.cpuprofile');
    expect(error).toMatchObject({ kind: 'malformed', source: 'app.cpuprofile' });
    expect(error.fact).toMatch(fact);
  });

  test.each<[string, unknown]>([
    ['stack frames that are a list', file(SAMPLES, [])],
    ['stack frames that are missing', { traceEvents: [], samples: SAMPLES }],
    ['samples that are an object', file({})],
  ])('%s: no Hermes, and no profile', (_, document) => {
    const error = refusalOf(json(document));
    examine(error);
    expect(error).toBeInstanceOf(PstatError);
    expect(error.kind).toBe('unknown-format');
  });
});

test('a recording gives the same profile as a .cpuprofile of it', () => {
  fc.assert(
    fc.property(recordings(), ({ parent, names, urls, samples, deltas }) => {
      // Hermes has no rows of its own, and its names hold no brackets.
      const nameOf = (node: number) => (names[node] ?? '').replaceAll(/[()]/g, '');
      const lineOf = (node: number) => (urls[node] === '' ? -1 : node);
      const written = (node: number) =>
        urls[node] === '' ? nameOf(node) : `${nameOf(node) || 'anonymous'}(${urls[node]}:${node + 1}:1)`;
      const nodes = parent.map((above, node) => ({
        id: node,
        callFrame: {
          functionName: node === 0 ? '(root)' : nameOf(node),
          url: urls[node],
          lineNumber: lineOf(node),
          columnNumber: urls[node] === '' ? -1 : 0,
        },
        ...(above === -1 ? {} : { parent: above }),
      }));
      const frames = Object.fromEntries(
        parent.map((above, node) => [
          node,
          node === 0 ? { name: '[root]' } : { name: written(node), parent: String(above) },
        ]),
      );
      let now = 0;
      const stamps = deltas.map((delta) => {
        now += delta;
        return now;
      });
      const hermes = read(
        file(
          samples.map((sf, i) => sample({ sf, ts: String(stamps[i]) })),
          frames,
        ),
      );
      const startTime = Math.min(...stamps);
      const timeDeltas = stamps.map((stamp, i) => stamp - (stamps[i - 1] ?? startTime));
      const v8 = readProfile(json({ nodes, samples, timeDeltas, startTime }), 'v8.cpuprofile');
      if (!('callTree' in v8)) throw new TypeError('an edges profile');
      expect(rowsOf(hermes)).toEqual(rowsOf(v8));
      expect(edgesOf(hermes)).toEqual(edgesOf(v8));
      const { beforeFirstSample, afterLastSample, duration, interval } = v8;
      expect(hermes).toMatchObject({ beforeFirstSample, afterLastSample, duration, interval });
    }),
    { numRuns: 100 },
  );
});
