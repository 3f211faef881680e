/** Profiles in chunks among the events of a trace. */

import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PstatError, readProfile, type StacksProfile } from '../../../src/index.ts';
import { code, type Document, json, plain, tree, withFrames } from '../../support/documents.ts';
import { linesOf } from '../../support/lines.ts';
import { noteTexts } from '../../support/notes.ts';
import { edgesOf, examine, hasControl, known, refusalOf, rowsOf, timesOf } from '../../support/reading.ts';
import { applyTimeRule, label, recordings } from '../../support/recordings.ts';
import { event, named, type TraceEvent, traceOf } from '../../support/trace.ts';

const PLAIN = ['main 1000/4700', 'a 1000/1000', 'b 2700/2700'];

function readBytes(bytes: Uint8Array, thread: string | null = null): StacksProfile {
  const profile = readProfile(bytes, 'trace.json', { thread });
  if (!('callTree' in profile)) throw new TypeError('an edges profile');
  examine(profile);
  return profile;
}

function read(trace: unknown, thread: string | null = null): StacksProfile {
  return readBytes(json(trace), thread);
}

/** Rows with time. */
function hot(profile: StacksProfile): string[] {
  return timesOf(profile).filter((times) => !times.endsWith('/0'));
}

/** The figures of a profile. */
function contents(profile: StacksProfile) {
  const { beforeFirstSample: head, afterLastSample: tail, duration, interval } = profile;
  return { head, tail, duration, interval, rows: rowsOf(profile), edges: edgesOf(profile) };
}

describe('the container', () => {
  const events = [named('thread_name', 'CrRendererMain'), ...traceOf(plain())];
  const text = JSON.stringify(events);
  const opened = text.slice(0, -1);

  test.each<[string, Uint8Array]>([
    ['a list of events', json(events)],
    ['an object', json({ traceEvents: events })],
    ['an object with metadata, as since Chrome 114', json({ metadata: { source: 'DevTools' }, traceEvents: events })],
    [
      'a payload, as Edge wraps it',
      json({ meta: { fileDocumentType: 'x-msedge-session-log' }, payload: { traceEvents: events } }),
    ],
    ['packed', gzipSync(text)],
    ['packed twice', gzipSync(gzipSync(text))],
    ['a list without its closing bracket', Buffer.from(opened)],
    ['a list that ends in a comma', Buffer.from(`${opened},`)],
    ['a list that ends in a comma and a line end', Buffer.from(`${opened},\r\n`)],
    ['a list without its closing bracket, packed', gzipSync(opened)],
    ['a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['an event a line', Buffer.from(`[\n${events.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`)],
    ['UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le')],
  ])('%s', (_, bytes) => {
    const profile = readBytes(bytes);
    expect(hot(profile)).toEqual(PLAIN);
    expect(profile).toMatchObject({ beforeFirstSample: 5000, afterLastSample: 0, duration: 9700, notes: [] });
  });

  // Node writes the two closing brackets last: a killed one leaves a file without them.
  test.each(['', ',', ',\n'])('an object that a killed Node left open: …}%j', (end) => {
    expect(hot(readBytes(Buffer.from(`{"traceEvents":${opened}${end}`)))).toEqual(PLAIN);
  });

  test('is malformed if it is cut inside any event', () => {
    for (const whole of [text, JSON.stringify({ traceEvents: events })]) {
      for (let end = 90; end < whole.length - 2; end += 7) {
        if (/\}(?:,|\])?$/.test(whole.slice(0, end))) continue;
        expect(refusalOf(Buffer.from(whole.slice(0, end)), `cut at ${end}`).kind).toBe('malformed');
      }
    }
  });

  test('is not mistaken for Hermes if it has empty stackFrames', () => {
    expect(hot(read({ traceEvents: events, samples: [] }))).toEqual(PLAIN);
  });

  // The trace format has a field for stacks, and Chrome's tracing page writes it empty.
  test.each<[string, object]>([
    ['stackFrames and samples', { stackFrames: {}, samples: [] }],
    ['stackFrames', { stackFrames: {} }],
  ])('%s that are empty do not make it Hermes', (_, added) => {
    expect(hot(read({ traceEvents: events, ...added }))).toEqual(PLAIN);
  });
});

describe('chunks', () => {
  test.each([1, 2, 3, 4, 8])('a profile in %d chunks is read', (chunks) => {
    expect(contents(read(traceOf(plain(), { chunks })))).toEqual(contents(read(traceOf(plain(), { chunks: 1 }))));
    expect(hot(read(traceOf(plain(), { chunks })))).toEqual(PLAIN);
  });

  test('are ordered by time stamp, whatever their order in the file', () => {
    const events = traceOf(plain(), { chunks: 4 });
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        expect(contents(read(shuffled))).toEqual(contents(read(events)));
      }),
    );
  });

  test('with equal or no time stamps stay in file order', () => {
    for (const ts of [5, undefined]) {
      const events = traceOf(plain(), { chunks: 4 }).map((each) => ({ ...each, ts }));
      expect(hot(read(events))).toEqual(PLAIN);
    }
  });

  test('give the same profile as a .cpuprofile of the recording', () => {
    fc.assert(
      fc.property(recordings(), fc.integer({ min: 1, max: 5 }), ({ document }, chunks) => {
        const expected = readProfile(json(document), 'file.cpuprofile');
        if (!('callTree' in expected)) throw new TypeError('an edges profile');
        expect(contents(read(traceOf(document as Document, { chunks })))).toEqual(contents(expected));
      }),
      { numRuns: 100 },
    );
  });

  test('belong to the profile of their process and id, and to the thread of its opening event', () => {
    const events = traceOf(plain(), { tid: 42, sampler: 99 });
    expect(read(events).format).toBe('V8 trace, thread 41/42');
    expect(hot(read(events, '42'))).toEqual(PLAIN);
  });

  test('of two processes with one id are two profiles', () => {
    const events = [
      ...traceOf(plain(), { pid: 1, tid: 10, id: '0x1' }),
      ...traceOf(other(), { pid: 2, tid: 10, id: '0x1' }),
    ];
    expect(hot(read(events, '1/10'))).toEqual(PLAIN);
    expect(hot(read(events, '2/10'))).toEqual(['main 0/400', 'b 400/400']);
  });

  test('of two ids in one process are two profiles, even where one sampler writes both', () => {
    const events = [
      ...traceOf(plain(), { tid: 10, id: '0x1', sampler: 77 }),
      ...traceOf(other(), { tid: 20, id: '0x2', sampler: 77 }),
    ];
    expect(hot(read(events, '10'))).toEqual(PLAIN);
    expect(hot(read(events, '20'))).toEqual(['main 0/400', 'b 400/400']);
  });

  test.each<[string, unknown]>([
    ['no data', undefined],
    ['empty data', {}],
    ['no cpuProfile', { timeDeltas: [], lines: [] }],
    ['cpuProfile that is null', { cpuProfile: null }],
    ['an empty cpuProfile', { cpuProfile: {} }],
    ['empty lists', { cpuProfile: { nodes: [], samples: [] }, timeDeltas: [] }],
    ['lists that are null', { cpuProfile: { nodes: null, samples: null }, timeDeltas: null }],
  ])('with %s add nothing', (_, data) => {
    const events = traceOf(plain());
    expect(contents(read(events.toSpliced(2, 0, event('ProfileChunk', 1_000_101, data))))).toEqual(
      contents(read(events)),
    );
  });

  test('may hold their deltas beside the samples', () => {
    const { nodes, samples, timeDeltas, startTime, endTime } = plain();
    const events = [
      event('Profile', 1, { startTime }),
      event('ProfileChunk', 2, { cpuProfile: { nodes, samples, timeDeltas, endTime } }),
    ];
    expect(hot(read(events))).toEqual(PLAIN);
  });

  test('may hold more samples than a function takes arguments', () => {
    const samples = Array.from({ length: 300_000 }, () => 8);
    const timeDeltas = samples.map(() => 10);
    const profile = read(traceOf(plain({ samples, timeDeltas, endTime: 4_000_000 + 1_000_000 }), { chunks: 1 }));
    expect(hot(profile)).toEqual(['main 0/3000000', 'b 3000000/3000000']);
  });
});

/** Another recording of the same tree: 0.4 ms of `b`. */
function other(): Document {
  return plain({ samples: [8, 8], timeDeltas: [100, 200], endTime: 1_000_500 });
}

describe('lines of samples', () => {
  const chunk = (ts: number, samples: number[], lines: unknown, nodes: unknown[] = []) =>
    event('ProfileChunk', ts, { cpuProfile: { nodes, samples }, timeDeltas: samples.map(() => 1000), lines });
  const trace = (...lines: [unknown, unknown]) => [
    event('Profile', 0, { startTime: 0 }),
    chunk(1, [5, 6], lines[0], tree()),
    chunk(2, [8, 8, 3], lines[1]),
    event('ProfileChunk', 3, { endTime: 6000 }),
  ];

  test('are those of their chunk', () => {
    expect(linesOf(read(trace([1, 11], [21, 23, 7])))).toEqual([
      'main:1 1000/1',
      'a:11 1000/1',
      'b:21 1000/1',
      'b:23 1000/1',
    ]);
  });

  test('may be missing in a chunk, or be too few', () => {
    expect(linesOf(read(trace(undefined, [21])))).toEqual(['b:21 1000/1']);
  });

  test('that no file could have are unknown', () => {
    expect(linesOf(read(trace([0, -1], [2 ** 31, 23, 7])))).toEqual(['b:23 1000/1']);
  });

  test('that are no numbers are malformed', () => {
    expect(refusalOf(json(trace([1, 'x'], []))).message).toContain(
      "event 1.args.data.lines[1] is the text 'x', not a number",
    );
  });
});

describe('the start and the end', () => {
  const opening = (data: unknown, ts = 999_000) => event('Profile', ts, data);
  const [, ...chunks] = traceOf(plain());

  test('the start is in the data: the time stamp has another clock', () => {
    expect(read([opening({ startTime: 1_000_000 }), ...chunks])).toMatchObject({
      beforeFirstSample: 5000,
      duration: 9700,
      afterLastSample: 0,
    });
  });

  test.each<[string, unknown]>([
    ['no startTime', {}],
    ['no data', undefined],
    ['a startTime that is null', { startTime: null }],
  ])('an opening event with %s starts at its time stamp', (_, data) => {
    expect(read([opening(data, 999_700), ...chunks])).toMatchObject({
      beforeFirstSample: 5000,
      duration: 10_000,
      notes: [],
    });
  });

  test('a profile that is opened twice keeps its first start', () => {
    const events = [opening({ startTime: 1_000_000 }), opening({ startTime: 1_000_200 }), ...chunks];
    expect(read(events)).toMatchObject({ beforeFirstSample: 5000, duration: 9700 });
  });

  test('without an end, the last sample lasts one interval, with a note', () => {
    const profile = read([opening({ startTime: 1_000_000 }), ...chunks.slice(0, -1)]);
    expect(hot(profile)).toEqual(['main 1000/5000', 'a 1000/1000', 'b 3000/3000']);
    expect(profile).toMatchObject({ beforeFirstSample: 5000, afterLastSample: 0, duration: 10_000 });
    expect(noteTexts(profile)).toEqual([expect.stringMatching(/endTime is missing/)]);
  });

  test.each<[string, (end: number) => unknown]>([
    ['in the data', (endTime) => ({ endTime })],
    ['beside nodes and samples', (endTime) => ({ cpuProfile: { endTime } })],
  ])('the end may stand %s', (_, data) => {
    const events = [
      opening({ startTime: 1_000_000 }),
      ...chunks.slice(0, -1),
      event('ProfileChunk', 2e6, data(1_009_700)),
    ];
    expect(hot(read(events))).toEqual(PLAIN);
  });

  test('the end may be in any chunk', () => {
    const [first, second, last] = chunks;
    const events = [opening({ startTime: 1_000_000 }), { ...last, ts: 1 }, first, second];
    expect(hot(read(events))).toEqual(PLAIN);
  });

  test('chunks without an opening event are read, with a note on the unknown start', () => {
    const profile = read(chunks);
    expect(rowsOf(profile).find(({ name }) => name === 'a')).toMatchObject({ self: 1000, total: 1000 });
    expect(noteTexts(profile).join()).toMatch(/startTime is missing/);
    expect(profile.format).toBe('V8 trace, thread 41/?');
  });

  test('a profile without chunks is skipped if there is another', () => {
    const events = [event('Profile', 1, { startTime: 1 }, { pid: 9, tid: 9 }), ...traceOf(plain())];
    expect(hot(read(events))).toEqual(PLAIN);
    expect(noteTexts(read(events))).toEqual([]);
  });
});

describe('nodes', () => {
  test('may lack fields that are empty or zero', () => {
    const f = rowsOf(read(traceOf(withFrames({ functionName: 'f', url: 'a.js', scriptId: '7' })))).find(
      ({ name }) => name === 'f',
    );
    expect(f).toMatchObject({ kind: 'js', file: 'a.js', line: 0, column: 0, self: 1000 });
  });

  test.each<[string, object]>([
    ['native', { functionName: 'writev', scriptId: 0, codeType: 'other' }],
    ['eval', { functionName: 'f', scriptId: 81, codeType: 'JS' }],
    ['regexp', { functionName: 'RegExp: a+', scriptId: 0 }],
    ['wasm', { functionName: 'wasm-function[0]', url: 'wasm://wasm/7a1c', scriptId: 91 }],
    ['program', { functionName: '(program)', scriptId: 0 }],
    ['idle', { functionName: '(idle)', scriptId: 0 }],
    ['gc', { functionName: '(garbage collector)', scriptId: 0 }],
  ])('%s: %j', (kind, callFrame) => {
    const nodes = [
      { id: 1, callFrame: { functionName: '(root)', scriptId: 0 } },
      { id: 2, parent: 1, callFrame },
    ];
    const events = [
      event('Profile', 1, { startTime: 0 }),
      event('ProfileChunk', 2, { cpuProfile: { nodes, samples: [2] }, timeDeltas: [10] }),
      event('ProfileChunk', 3, { endTime: 20 }),
    ];
    expect(rowsOf(read(events))).toMatchObject([{ kind, self: 10 }]);
  });

  test('with a url and without a line have no line', () => {
    const [row] = rowsOf(read(traceOf(withFrames({ ...code('f'), lineNumber: -1, columnNumber: -1 }))));
    expect(row).toMatchObject({ name: 'f', line: 0, column: 0 });
  });
});

describe('one CpuProfile event with the whole profile', () => {
  const whole = (document: unknown, thread = {}) => event('CpuProfile', 1, { cpuProfile: document }, thread);

  test('is read', () => {
    expect(hot(read([whole(plain())]))).toEqual(PLAIN);
    expect(read([whole(plain())]).format).toBe('V8 trace, thread 41/42');
  });

  test('two are two profiles', () => {
    const events = [named('thread_name', 'Worker', { tid: 43 }), whole(plain()), whole(other(), { tid: 43 })];
    expect(hot(read(events))).toEqual(PLAIN);
    expect(hot(read(events, 'Worker'))).toEqual(['main 0/400', 'b 400/400']);
  });

  test('is read beside profiles in chunks', () => {
    const events = [whole(other(), { tid: 43 }), ...traceOf(plain())];
    expect(hot(read(events, '42'))).toEqual(PLAIN);
    expect(hot(read(events, '43'))).toEqual(['main 0/400', 'b 400/400']);
  });

  test.each<[string, unknown, RegExp]>([
    ['no args', { name: 'CpuProfile', ts: 1 }, /event 0\.args is missing, not an object/],
    ['no data', whole(undefined), /event 0\.args\.data\.cpuProfile is missing/],
    ['a profile that is a list', whole([]), /event 0\.args\.data\.cpuProfile is a list, not an object/],
    ['a profile without nodes', whole({}), /nodes is missing, not a list/],
  ])('with %s is malformed', (_, broken, message) => {
    const error = refusalOf(json([broken]), 'trace.json');
    expect(error.kind).toBe('malformed');
    expect(error.message).toMatch(message);
  });
});

describe('broken events', () => {
  const [open, first, second, last] = traceOf(plain()) as [TraceEvent, TraceEvent, TraceEvent, TraceEvent];
  const chunk = (data: unknown): TraceEvent => ({ ...first, args: { data } });

  test.each<[string, readonly unknown[], RegExp]>([
    ['args that are missing', [{ ...open, args: undefined }, first], /^event 0\.args is missing, not an object$/],
    ['args that are a list', [open, { ...first, args: [] }], /^event 1\.args is a list, not an object$/],
    ['args that are a text', [{ ...open, args: 'x' }, first], /^event 0\.args is the text 'x', not an object$/],
    ['data that is a number', [open, chunk(3)], /^event 1\.args\.data is 3, not an object$/],
    [
      'nodes that are an object',
      [open, chunk({ cpuProfile: { nodes: {} } })],
      /^event 1\.args\.data\.cpuProfile\.nodes is an object, not a list$/,
    ],
    [
      'samples that are a text',
      [open, chunk({ cpuProfile: { samples: '5' } })],
      /^event 1\.args\.data\.cpuProfile\.samples is the text '5', not a list$/,
    ],
    [
      'deltas that are a number',
      [open, chunk({ timeDeltas: 5 })],
      /^event 1\.args\.data\.timeDeltas is 5, not a list$/,
    ],
    [
      'a time stamp that is a text',
      [open, { ...first, ts: '5' }, second],
      /^event 1\.ts is the text '5', not a number$/,
    ],
    [
      'a node that is null',
      [open, chunk({ cpuProfile: { nodes: [null] } })],
      /^event 1\.args\.data\.cpuProfile\.nodes\[0\] is null, not an object$/,
    ],
    [
      'a node without a callFrame',
      [open, chunk({ cpuProfile: { nodes: [{ id: 1 }] } })],
      /^event 1\.args\.data\.cpuProfile\.nodes\[0\]\.callFrame is missing, not an object$/,
    ],
    [
      'nodes that come twice',
      [open, first, second, { ...first, ts: 5e6 }],
      /^event 3\.args\.data\.cpuProfile\.nodes\[0\]\.id is 1, which event 1\.args\.data\.cpuProfile\.nodes\[0\] has already$/,
    ],
    [
      'a sample that is a text',
      [open, first, second, chunk({ cpuProfile: { samples: ['5'] }, timeDeltas: [1] })],
      /^event 3\.args\.data\.cpuProfile\.samples\[0\] is the text '5', not a number$/,
    ],
    [
      'a sample that is a fraction',
      [open, first, second, chunk({ cpuProfile: { samples: [5, 5.5] }, timeDeltas: [1, 1] })],
      /^event 3\.args\.data\.cpuProfile\.samples\[1\] is 5\.5, not a whole number$/,
    ],
    [
      'a node of a profile that is one event',
      [event('CpuProfile', 1, { cpuProfile: { ...plain(), nodes: [null] } })],
      /^event 0\.args\.data\.cpuProfile\.nodes\[0\] is null, not an object$/,
    ],
    [
      'a delta that is null',
      [open, first, second, chunk({ cpuProfile: { samples: [5] }, timeDeltas: [null] })],
      /^event 3\.args\.data\.timeDeltas\[0\] is null, not a number$/,
    ],
    [
      'a start that is a text',
      [{ ...open, args: { data: { startTime: '1' } } }, first],
      /^event 0\.args\.data\.startTime is the text '1', not a number$/,
    ],
    [
      'an end that is an object',
      [open, first, second, chunk({ endTime: {} })],
      /^event 3\.args\.data\.endTime is an object, not a number$/,
    ],
  ])('%s: one error, and where', (_, events, fact) => {
    const error = refusalOf(json(events), 'trace.json');
    expect(error).toMatchObject({ kind: 'malformed', source: 'trace.json' });
    expect(error.fact).toMatch(fact);
    expect(error.message).not.toContain('\n');
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a number', 7],
    ['a list', [open]],
    ['an empty object', {}],
    ['an event of another kind whose args are a text', { name: 'RunTask', ph: 'X', ts: 'x', args: 'x' }],
    ['a name that is a number', { name: 7, args: null }],
    ['a thread whose name is a number', named('thread_name', 7)],
    ['a thread name without args', { ph: 'M', name: 'thread_name', pid: 41, tid: 42 }],
  ])('%s among them is nothing to a profile', (_, odd) => {
    for (const events of [
      [odd, open, first, second, last],
      [open, first, odd, second, last, odd],
    ]) {
      expect(hot(read(events))).toEqual(PLAIN);
      expect(read(events)).toMatchObject({ format: 'V8 trace, thread 41/42', notes: [] });
    }
  });

  test('process and thread ids that are not numbers are unknown', () => {
    const events = [open, first, second, last].map((each) => ({ ...each, pid: '41', tid: null }));
    expect(hot(read(events))).toEqual(PLAIN);
    expect(read(events).format).toBe('V8 trace, thread');
  });
});

describe('a trace without CPU samples', () => {
  test.each<[string, readonly TraceEvent[]]>([
    ['no event', []],
    ['events of other kinds', [named('thread_name', 'CrRendererMain'), { name: 'RunTask', ph: 'X', ts: 1, dur: 2 }]],
    ['an opening event without chunks', [event('Profile', 1, { startTime: 1 })]],
    ['chunks without nodes', [event('Profile', 1, { startTime: 1 }), event('ProfileChunk', 2, { timeDeltas: [] })]],
  ])('%s: rejected by name, with what to do', (_, events) => {
    for (const trace of [{ traceEvents: events }, ...(events.length === 0 ? [] : [events])]) {
      const error = refusalOf(json(trace));
      expect(error.kind).toBe('unknown-format');
      expect(error.fact).toMatch(
        /^a trace without CPU samples.*; record Node with `node --cpu-prof`, Chrome with the category disabled-by-default-v8\.cpu_profiler$/,
      );
    }
  });
});

describe('threads', () => {
  const RENDERER = { pid: 1, tid: 11, id: '0x1' };
  const WORKER = { pid: 1, tid: 12, id: '0x2' };
  const BROWSER = { pid: 2, tid: 21, id: '0x1' };
  /** `a` for this many ms, and 100 ms of V8's own rows, which are not activity. */
  const busy = (ms: number): Document =>
    plain({
      samples: [6, 4, 2, 6],
      timeDeltas: [0, ms * 1000, 60_000, 40_000],
      startTime: 0,
      endTime: ms * 1000 + 100_000,
    });
  const EVENTS = [
    named('process_name', 'Renderer', RENDERER),
    named('process_name', 'Browser', BROWSER),
    named('thread_name', 'CrRendererMain', RENDERER),
    named('thread_name', 'DedicatedWorker', WORKER),
    ...traceOf(busy(5), BROWSER),
    ...traceOf(busy(9), RENDERER),
    ...traceOf(busy(2), WORKER),
  ];
  const timeOfA = (profile: StacksProfile) => rowsOf(profile).find(({ name }) => name === 'a')?.self;

  test('the default is the busiest, and the others are named in a note', () => {
    const profile = read(EVENTS);
    expect(timeOfA(profile)).toBe(9000);
    expect(profile.format).toBe('V8 trace, CrRendererMain 1/11');
    expect(noteTexts(profile)).toContain(
      'the trace has 2 other threads, select one by its id: Browser 2/21, DedicatedWorker 1/12',
    );
  });

  test('time in (idle) and (program) is not activity', () => {
    const idle = plain({ samples: [4, 2, 4, 2], timeDeltas: [0, 1e6, 1e6, 1e6], startTime: 0, endTime: 4e6 });
    const events = [...traceOf(idle, { tid: 1, id: '0x1' }), ...traceOf(other(), { tid: 2, id: '0x2' })];
    expect(read(events).format).toBe('V8 trace, thread 41/2');
  });

  test.each([
    ['CrRendererMain', 9000],
    ['11', 9000],
    ['1/11', 9000],
    ['DedicatedWorker', 2000],
    ['12', 2000],
    ['2/21', 5000],
    ['21', 5000],
  ])('--thread %s', (asked, time) => {
    expect(timeOfA(read(EVENTS, asked))).toBe(time);
    expect(noteTexts(read(EVENTS, asked)).join()).toMatch(/2 other threads/);
  });

  test.each(['Browser', 'Browser 2/21', 'CrRendererMain 1/11'])('--thread %s, as the note names it', (asked) => {
    expect(read(EVENTS, asked)).toBeDefined();
  });

  test.each(['CrRenderer', 'crrenderermain', '1', '2/11', '', '11/1', ' 11'])(
    '--thread %j is none of them: the error lists those there are',
    (asked) => {
      const error = threadError(EVENTS, asked);
      expect(error.kind).toBe('missing-data');
      expect(error.fact).toBe(
        `thread '${asked}' is not in the trace; it has Browser 2/21, CrRendererMain 1/11, DedicatedWorker 1/12`,
      );
    },
  );

  test('a name that several threads have selects the busiest of them, a number each', () => {
    const events = EVENTS.map((each) =>
      each['name'] === 'thread_name' ? { ...each, args: { name: 'ThreadPool' } } : each,
    );
    expect(timeOfA(read(events, 'ThreadPool'))).toBe(9000);
    expect(timeOfA(read(events, '12'))).toBe(2000);
  });

  describe('several profiles of one thread', () => {
    const FIRST = { ...WORKER, id: '0x2' };
    const SECOND = { ...WORKER, id: '0x3' };
    const named2 = named('thread_name', 'DedicatedWorker', WORKER);
    const twice: TraceEvent[] = [
      named2,
      ...traceOf(busy(2), FIRST),
      ...traceOf(busy(7), SECOND),
      ...traceOf(busy(1), RENDERER),
    ];

    test('are numbered in order of time, and the note names the others', () => {
      const later = twice.map((each) => (each['id'] === FIRST.id ? { ...each, ts: 1e6 + Number(each['ts']) } : each));
      for (const [trace, shown, other] of [
        [twice, 2, 1],
        [later, 1, 2],
      ] as const) {
        const profile = read(trace);
        expect(timeOfA(profile)).toBe(7000);
        expect(profile.format).toBe(`V8 trace, DedicatedWorker 1/12#${shown}`);
        expect(noteTexts(profile)).toContain(
          `the trace has 2 other profiles, select one by its id: DedicatedWorker 1/12#${other}, thread 1/11`,
        );
      }
    });

    test.each(['12#', '1/12#', 'DedicatedWorker#', 'DedicatedWorker 1/12#'])('--thread %sN', (name) => {
      expect(timeOfA(read(twice, `${name}1`))).toBe(2000);
      expect(timeOfA(read(twice, `${name}2`))).toBe(7000);
      expect(() => read(twice, `${name}3`)).toThrow(
        'it has DedicatedWorker 1/12#1, DedicatedWorker 1/12#2, thread 1/11',
      );
    });

    test('without a number, the busiest of them is shown', () => {
      for (const name of ['12', '1/12', 'DedicatedWorker']) expect(timeOfA(read(twice, name))).toBe(7000);
    });

    test('each is found by its name in the note, whatever the thread is called', () => {
      const named = twice.map((each) => (each === named2 ? { ...each, args: { name: '1/11' } } : each));
      expect(read(named, '1/11 1/12#1').format).toBe('V8 trace, 1/11 1/12#1');
    });

    test('a thread with one profile has no number', () => {
      expect(() => read(twice, '11#1')).toThrow('is not in the trace');
    });

    /** The same, and whose profile each is. */
    const from = (first: string, second: string) =>
      twice.map((each) =>
        each['name'] === 'Profile' && each['tid'] === 12
          ? { ...each, args: { data: { startTime: 0, source: each['id'] === FIRST.id ? first : second } } }
          : each,
      );

    test.each([
      ['Internal', 'Inspector', 2000],
      ['Inspector', 'Internal', 7000],
      ['Inspector', 'SelfProfiling', 2000],
      ['SelfProfiling', 'Inspector', 7000],
      ['SelfProfiling', 'constructor', 7000],
      ['Internal', 'Internal', 7000],
    ])('the tracing is preferred, then the inspector: %s, %s', (first, second, time) => {
      expect(timeOfA(read(from(first, second), '12'))).toBe(time);
      expect(timeOfA(read(from(first, second), '12#1'))).toBe(2000);
    });

    test('a preferred recording does not win over a busier thread', () => {
      const busier = [...from('Inspector', 'Internal'), ...traceOf(busy(9), { ...RENDERER, id: '0x9' })];
      expect(timeOfA(read(busier))).toBe(9000);
    });
  });

  test('an unknown number is not a name', () => {
    const nameless = traceOf(plain()).map(({ tid, ...each }) => ({ ...each, tid: 'main' }));
    expect(() => read(nameless, 'null')).toThrow('is not in the trace');
    expect(read(nameless, '41/?').format).toBe('V8 trace, thread 41/?');
  });

  test('one thread alone needs no note', () => {
    expect(noteTexts(read(traceOf(plain())))).toEqual([]);
  });

  test('the note names five other threads and counts the rest', () => {
    const events = Array.from({ length: 9 }, (_, i) => traceOf(busy(i + 1), { tid: i, id: `0x${i}` })).flat();
    expect(read(events).format).toBe('V8 trace, thread 41/8');
    const [note = ''] = noteTexts(read(events)).filter((each) => each.includes('other threads'));
    expect(note).toMatch(
      /^the trace has 8 other threads, select one by its id: (?:thread 41\/\d, ){4}thread 41\/\d and 3 more$/,
    );
  });

  test('a thread with unknown times is not the busiest', () => {
    const untimed = { nodes: plain().nodes, samples: [5, 6, 8] };
    const events = [
      event('CpuProfile', 1, { cpuProfile: untimed }, { tid: 1 }),
      event('CpuProfile', 1, { cpuProfile: plain() }, { tid: 2 }),
    ];
    for (const order of [events, events.toReversed()]) expect(read(order).format).toBe('V8 trace, thread 41/2');
  });

  test('a name is made visible in an error', () => {
    const hostile = '\u001b[31mred\n\u202e';
    const events = [
      named('thread_name', hostile, { tid: 1 }),
      ...traceOf(plain(), { tid: 1, id: '0x1' }),
      ...traceOf(other(), { tid: 2, id: '0x2' }),
    ];
    expect(timesOf(read(events, hostile))).toEqual(timesOf(read(events, '1')));
    expect(hasControl(threadError(events, 'x').message)).toBe(false);
    expect(hasControl(threadError(events, hostile.repeat(2)).message)).toBe(false);
  });

  test('a name is made visible in the note', () => {
    const events = [
      named('thread_name', '\u001b[31mred', { tid: 1 }),
      ...traceOf(plain(), { tid: 1, id: '0x1' }),
      ...traceOf(other(), { tid: 2, id: '0x2' }),
    ];
    expect(hasControl(noteTexts(readProfile(json(events), 'trace.json', { thread: '2' })).join())).toBe(false);
  });

  test('a file without threads has an error that says so', () => {
    const error = threadError(plain(), 'main');
    expect(error).toMatchObject({ kind: 'missing-data', source: 'trace.json' });
    expect(error.fact).toBe("has no threads, so no thread 'main'; read it without a thread");
  });

  function threadError(trace: unknown, thread: string) {
    try {
      readProfile(json(trace), 'trace.json', { thread });
    } catch (error) {
      if (error instanceof PstatError) return error;
      throw error;
    }
    throw new Error('it was found');
  }
});

describe('samples/node-trace.json.gz, by Node itself', () => {
  const FILE = 'samples/node-trace.json.gz';
  const bytes = readFileSync(FILE);
  const events = JSON.parse(gunzipSync(bytes).toString()).traceEvents as readonly NodeEvent[];
  const profile = readBytes(bytes);

  interface NodeEvent {
    readonly name: string;
    readonly pid: number;
    readonly tid: number;
    readonly ts: number;
    readonly args: {
      readonly name?: string;
      readonly data?: {
        readonly startTime?: number;
        readonly endTime?: number;
        readonly timeDeltas?: readonly number[];
        readonly cpuProfile?: { readonly nodes?: readonly NodeOfTrace[]; readonly samples?: readonly number[] };
      };
    };
  }

  interface NodeOfTrace {
    readonly id: number;
    readonly parent?: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url?: string;
      readonly lineNumber?: number;
      readonly columnNumber?: number;
    };
  }

  const opening = known(events.find(({ name }) => name === 'Profile'));
  const data = events
    .filter(({ name }) => name === 'ProfileChunk')
    .sort((a, b) => a.ts - b.ts)
    .map(({ args }) => known(args.data));
  const nodes = data.flatMap(({ cpuProfile }) => cpuProfile?.nodes ?? []);
  const rowOf = new Map(nodes.map(({ id }, row) => [id, row]));

  /** Distinguished by place, as functions of one name and file are. */
  const nameOf = ({ callFrame: { functionName, url = '', lineNumber = -1, columnNumber = -1 } }: NodeOfTrace) =>
    url === '' ? functionName : `${functionName}@${lineNumber + 1}:${columnNumber + 1}`;

  test('is as long as the program says, and holds none of its sampler', () => {
    expect(bytes.length).toBeLessThan(200_000);
    expect(new Set(events.filter(({ name }) => name === 'ProfileChunk').map(({ tid }) => tid)).size).toBe(2);
    expect(profile.format).toBe(`V8 trace, JavaScriptMainThread ${opening.pid}/${opening.tid}`);
  });

  test('has the figures that the time rule gives, sample by sample', () => {
    const reckoned = applyTimeRule({
      parent: nodes.map(({ parent }) => (parent === undefined ? -1 : known(rowOf.get(parent)))),
      names: nodes.map(nameOf),
      urls: nodes.map(({ callFrame }) => callFrame.url ?? ''),
      samples: data.flatMap(({ cpuProfile }) => cpuProfile?.samples ?? []).map((id) => known(rowOf.get(id))),
      deltas: data.flatMap(({ timeDeltas }) => timeDeltas ?? []),
      startTime: known(opening.args.data?.startTime),
      endTime: data.find(({ endTime }) => endTime !== undefined)?.endTime,
      document: null,
    });
    const metrics = Object.fromEntries(
      rowsOf(profile)
        .filter(({ totalCount }) => totalCount !== 0)
        .map(({ kind, name, file, line, column, self, total }) => [
          label(
            ['gc', 'idle', 'program', 'none'].includes(kind),
            file === '' ? name : `${name}@${line}:${column}`,
            file,
          ),
          [self, total],
        ]),
    );
    expect(metrics).toEqual(reckoned.metrics);
    expect(profile).toMatchObject({
      beforeFirstSample: reckoned.beforeFirstSample,
      afterLastSample: reckoned.afterLastSample,
      interval: reckoned.interval,
    });
  });

  test('shows that countWords is hot and mergeSort calls itself', () => {
    const [hottest] = rowsOf(profile).toSorted((a, b) => b.self - a.self);
    expect(hottest).toMatchObject({ name: 'countWords', file: '/srv/app/words.js', kind: 'js' });
    expect(edgesOf(profile).map(({ pair }) => pair)).toContain('mergeSort -> mergeSort');
  });

  test.each(['JavaScriptMainThread', String(opening.tid), `${opening.pid}/${opening.tid}`])('--thread %s', (thread) => {
    expect(contents(readBytes(bytes, thread))).toEqual(contents(profile));
  });

  test('a thread with a name and no samples cannot be selected', () => {
    expect(events.some(({ args }) => args.name === '[worker 1]')).toBe(true);
    expect(() => readBytes(bytes, '[worker 1]')).toThrow(/is not in the trace; it has JavaScriptMainThread/);
  });
});
