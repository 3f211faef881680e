/**
 * Splits the samples of a thread by request: on drawn threads, and compared with a slow implementation on random ones.
 */

import type { Profiler } from 'node:inspector';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Batch, EndedRequest, WrittenRequestFacts } from '../../../src/record/request/messages.ts';
import {
  FIRST_REQUEST,
  PROFILER,
  type RequestId,
  UNATTRIBUTED,
  UNPROFILED_REQUEST,
} from '../../../src/record/request/request-id.ts';
import { SampleSplitter } from '../../../src/record/request/sample-splitter.ts';
import type { Facts } from '../../support/program.ts';

const A = FIRST_REQUEST;
const B = FIRST_REQUEST + 1;

/** A tick of the sampler. */
interface Tick {
  readonly time: number;
  /** Outermost function first; `idle` if nothing runs. */
  readonly stack: readonly string[];
}

/** From this time on the thread runs for the owner. */
type Switch = readonly [time: number, owner: RequestId];

const PSTAT_ROOT = new URL('../../../src/', import.meta.url).href;

/** Draws a profile as V8 returns it, with arbitrary ids. Names in capitals are the profiler's functions. */
function v8Profile(startTime: number, ticks: readonly Tick[]): Profiler.Profile {
  const nodes: (Profiler.ProfileNode & { children: number[] })[] = [node(1, '(root)', '', 0)];
  const samples = ticks.map(({ stack }) => {
    let at = nodes[0];
    for (const name of stack) {
      const present = nodes.find((child) => at?.children.includes(child.id) && child.callFrame.functionName === name);
      const url =
        name === '(idle)' ? '' : name === name.toUpperCase() ? `${PSTAT_ROOT}record/x.ts` : 'file:///srv/app.js';
      const next = present ?? node(nodes.length * 7 + 1, name, url, name === '(idle)' ? 0 : 5);
      if (present === undefined) {
        at?.children.push(next.id);
        nodes.push(next);
      }
      at = next;
    }
    return at?.id ?? 0;
  });
  const times = ticks.map(({ time }) => time);
  const timeDeltas = times.map((time, i) => time - (times[i - 1] ?? startTime));
  return { nodes, startTime, endTime: (times.at(-1) ?? startTime) + 50_000, samples, timeDeltas };
}

function node(id: number, functionName: string, url: string, script: number) {
  const callFrame = { functionName, scriptId: String(script), url, lineNumber: 1, columnNumber: 1 };
  return { id, callFrame, hitCount: 0, children: [] };
}

const FACTS: WrittenRequestFacts = {
  method: 'GET',
  url: '/',
  route: null,
  status: 200,
  aborted: false,
  cut: false,
  start: '2026-01-02T03:04:05.000Z',
  elapsed: 1000,
  skipped: 0,
  interval: 1000,
  pid: 1,
  thread: 0,
  number: 1,
  run: null,
};

const ended = (id: RequestId, end: number): EndedRequest => ({ id, end, file: { name: `${id}`, facts: FACTS } });

function batch(given: Partial<Batch> & { switches?: readonly Switch[] }): Batch {
  const { switches = [], ...rest } = given;
  const marks = {
    times: Float64Array.from(switches, ([time]) => time),
    owners: Float64Array.from(switches, ([, owner]) => owner),
  };
  return { chunks: [], offset: 0, begun: [], ended: [], scripts: null, last: false, marks, ...rest };
}

interface Document extends Profiler.Profile {
  readonly samples: number[];
  readonly timeDeltas: number[];
  readonly pstat: Facts;
}

/** Splits the batches and returns name -> parsed file. */
function splitToDocuments(splitter: SampleSplitter, batches: readonly Batch[]): Map<string, Document> {
  const files = batches.flatMap((one) => splitter.split(one).files);
  return new Map(files.map((file) => [file.name, JSON.parse(file.serialize())]));
}

/** Returns the samples of a file, each as `time stack`. */
function samplesOf({ nodes, samples, timeDeltas, startTime }: Document): string[] {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const names = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.functionName]));
  let time = startTime;
  return samples.map((id, i) => {
    time += timeDeltas[i] ?? 0;
    const stack: string[] = [];
    for (let at: number | undefined = id; at !== undefined && at !== 1; at = parents.get(at))
      stack.unshift(names.get(at) ?? '?');
    return `${time} ${stack.join('>')}`;
  });
}

const idle: readonly string[] = ['(idle)'];

describe('two alternating requests', () => {
  const ticks: Tick[] = [
    { time: 900, stack: ['serve'] },
    { time: 1100, stack: ['serve', 'a'] },
    { time: 1200, stack: ['serve', 'b'] },
    { time: 1300, stack: idle },
    { time: 1400, stack: ['serve', 'a'] },
    { time: 1500, stack: ['timer'] },
    { time: 1600, stack: ['serve', 'b'] },
    { time: 1700, stack: ['TAKE'] },
  ];
  const switches: Switch[] = [
    [1000, A],
    [1150, B],
    [1250, UNATTRIBUTED],
    [1350, A],
    [1450, UNATTRIBUTED],
    [1550, B],
    [1650, PROFILER],
  ];
  const input = batch({
    chunks: [v8Profile(800, ticks)],
    switches,
    begun: [
      { id: A, start: 1000.5 },
      { id: B, start: 1150.5 },
    ],
    ended: [ended(A, 1660.25), ended(B, 1800)],
    last: true,
  });
  const files = splitToDocuments(new SampleSplitter(), [input]);

  test('get their own samples each, and (idle) for samples of other work', () => {
    expect(samplesOf(files.get(`${A}`) as Document)).toEqual([
      '1100 serve>a',
      '1200 (idle)',
      '1300 (idle)',
      '1400 serve>a',
      '1500 (idle)',
      '1600 (idle)',
    ]);
    expect(samplesOf(files.get(`${B}`) as Document)).toEqual([
      '1200 serve>b',
      '1300 (idle)',
      '1400 (idle)',
      '1500 (idle)',
      '1600 serve>b',
      '1700 (idle)',
    ]);
  });

  test('start and end by V8’s clock, in whole µs', () => {
    expect(files.get(`${A}`)).toMatchObject({ startTime: 1000, endTime: 1660 });
  });

  test('get the counts of samples of other work, and their busy time', () => {
    expect(files.get(`${A}`)?.pstat).toEqual({ ...FACTS, busy: 250, profiler: 0, others: 2, unattributed: 1 });
    expect(files.get(`${B}`)?.pstat).toEqual({ ...FACTS, busy: 200, profiler: 0, others: 1, unattributed: 1 });
  });

  test('get hit counts of their own samples', () => {
    const hits = files.get(`${B}`)?.nodes.map(({ callFrame, hitCount }) => [callFrame.functionName, hitCount]);
    expect(hits).toEqual([
      ['(root)', 0],
      ['serve', 0],
      ['b', 2],
      ['(idle)', 4],
    ]);
  });
});

test('removes the profiler’s functions, and says how long they ran', () => {
  const ticks: Tick[] = [
    { time: 1100, stack: ['emit', 'BIND', 'RUN', 'handler'] },
    { time: 1200, stack: ['emit', 'BIND', 'hrtime'] },
    { time: 1300, stack: ['emit', 'BIND'] },
    { time: 1400, stack: ['BIND', 'run', 'RUN', 'handler'] },
    { time: 1550, stack: ['BIND', 'run'] },
  ];
  const chunks = [v8Profile(1000, ticks)];
  const [native] = chunks[0]?.nodes.filter(({ callFrame }) => callFrame.functionName === 'hrtime') ?? [];
  if (native !== undefined) native.callFrame.url = '';
  for (const { callFrame } of chunks[0]?.nodes ?? [])
    if (callFrame.functionName === 'run') callFrame.url = 'node:internal/async_local_storage/async_hooks';
  const input = batch({
    chunks,
    switches: [[1000, A]],
    begun: [{ id: A, start: 1000 }],
    ended: [ended(A, 2000)],
    last: true,
  });
  const file = splitToDocuments(new SampleSplitter(), [input]).get(`${A}`) as Document;
  expect(samplesOf(file)).toEqual(['1100 emit>handler', '1200 (idle)', '1300 (idle)', '1400 handler', '1550 (idle)']);
  // 1200 to 1400, and 1550 to the end.
  expect(file.pstat).toMatchObject({ profiler: 200 + 450, others: 0, unattributed: 0 });
});

test('counts as busy time only work between the start and the end of a request', () => {
  const input = batch({
    switches: [
      [900, A], // as a connection that another request opened
      [1100, UNATTRIBUTED],
      [1190, A],
      [5000, UNATTRIBUTED], // works on after its response
    ],
    begun: [{ id: A, start: 1000.25 }],
    ended: [{ id: A, end: 1200.75, file: { name: `${A}`, facts: { ...FACTS, elapsed: 201 } } }],
    last: true,
  });
  const file = splitToDocuments(new SampleSplitter(), [input]).get(`${A}`);
  expect(file?.pstat).toMatchObject({ busy: Math.round(1100 - 1000.25 + (1200.75 - 1190)), elapsed: 201 });
});

test('converts between clocks of different origins', () => {
  const chunks = [v8Profile(1_000_000, [{ time: 1_001_100, stack: ['a'] }])];
  const input = batch({
    chunks,
    offset: 1_000_000,
    switches: [[1000, A]],
    begun: [{ id: A, start: 1000 }],
    ended: [ended(A, 2000)],
    last: true,
  });
  const file = splitToDocuments(new SampleSplitter(), [input]).get(`${A}`);
  expect(samplesOf(file as Document)).toEqual(['1001100 a']);
  expect(file).toMatchObject({ startTime: 1_001_000, endTime: 1_002_000 });
});

test('writes a file without samples for a request that is too short for one', () => {
  const input = batch({ begun: [{ id: A, start: 1000 }], ended: [ended(A, 1010)], last: true });
  expect(splitToDocuments(new SampleSplitter(), [input]).get(`${A}`)).toMatchObject({
    samples: [],
    timeDeltas: [],
    endTime: 1010,
  });
});

test('writes the maps of the scripts that have samples, from the batch with the scripts on', () => {
  const map = { version: 3, sources: ['app.ts'], names: [], mappings: 'AAAA' };
  const sourceMapURL = `data:application/json,${encodeURIComponent(JSON.stringify(map))}`;
  const scripts = [
    { url: 'file:///srv/app.js', sourceMapURL },
    { url: 'file:///srv/other.js', sourceMapURL },
  ];
  const request = (id: RequestId, time: number): Parameters<typeof batch>[0] => ({
    chunks: [v8Profile(time, [{ time: time + 10, stack: ['a'] }])],
    switches: [[time, id]],
    begun: [{ id, start: time }],
    ended: [ended(id, time + 100)],
  });
  const batches = [batch(request(A, 1000)), batch({ ...request(B, 60_000), scripts, last: true })];
  const files = splitToDocuments(new SampleSplitter(), batches);
  expect(files.get(`${A}`)?.pstat).not.toHaveProperty('scripts');
  expect(files.get(`${B}`)?.pstat).toMatchObject({ scripts: [{ url: 'file:///srv/app.js', sourceMap: map }] });
});

test('counts a request without a file as finished', () => {
  const withoutFile = { id: A, end: 1010, file: null };
  const result = new SampleSplitter().split(
    batch({ begun: [{ id: A, start: 1000 }], ended: [withoutFile], last: true }),
  );
  expect(result).toEqual({ files: [], finishedRequests: 1 });
});

const stacks = fc.oneof(fc.constant(idle), fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }));
const owners = fc.constantFrom(UNATTRIBUTED, PROFILER, UNPROFILED_REQUEST, A, B, B + 1);

/** µs. Quarters of a ms, so that switches and ticks often coincide. */
const moments = fc.nat(800).map((quarters) => 250 * quarters);

/** A thread with 100 to 200 ticks, one every ms, random switches, and three requests. */
const threads = fc.record({
  stacks: fc.array(stacks, { minLength: 100, maxLength: 200 }),
  switches: fc.array(fc.tuple(moments, owners), { maxLength: 60, size: 'max' }),
  windows: fc.tuple(...[A, B, B + 1].map(() => fc.tuple(moments, moments))),
  cuts: fc.array(fc.nat(200), { maxLength: 12, size: 'max' }),
  late: fc.nat(3),
});

test('gives each request exactly its own samples, for any thread and any chunks', () => {
  fc.assert(
    fc.property(threads, ({ stacks, switches, windows, cuts, late }) => {
      const ticks = stacks.map((stack, i) => ({ time: 1000 * (i + 1), stack }));
      const ordered = switches.toSorted(([a], [b]) => a - b);
      const requests = windows.map(([x, y], i) => ({ id: A + i, start: Math.min(x, y), end: Math.max(x, y) }));
      const files = splitToDocuments(
        new SampleSplitter(),
        batchesOf({ ticks, switches: ordered, requests, cuts, late }),
      );
      for (const { id, start, end } of requests) {
        const expected = ticks
          .filter(({ time }) => time >= start && time < end)
          .map(({ time, stack }) => `${time} ${ownerAt(ordered, time) === id ? stack.join('>') : '(idle)'}`);
        expect(samplesOf(files.get(`${id}`) as Document)).toEqual(expected);
      }
    }),
  );
});

function ownerAt(switches: readonly Switch[], time: number): RequestId {
  return switches.findLast(([from]) => from <= time)?.[1] ?? UNATTRIBUTED;
}

interface Thread {
  readonly ticks: readonly Tick[];
  readonly switches: readonly Switch[];
  readonly requests: readonly { id: RequestId; start: number; end: number }[];
  /** The ticks after which a chunk ends. */
  readonly cuts: readonly number[];
  /** The number of ticks of each chunk that come with the next one. */
  readonly late: number;
}

/** Cuts chunks as V8 does: the last ticks may be missing, and the next chunk holds them and some that came before. */
function batchesOf({ ticks, switches, requests, cuts, late }: Thread): Batch[] {
  const ends = [...new Set(cuts.filter((cut) => cut < ticks.length)), ticks.length].sort((a, b) => a - b);
  return ends.map((end, i) => {
    const first = Math.max(0, (ends[i - 1] ?? 0) - late - 1);
    const last = end === ticks.length;
    const present = ticks.slice(first, last ? end : Math.max(0, end - late));
    const [from, to] = [(ends[i - 1] ?? 0) * 1000 + 500, last ? Infinity : end * 1000 + 500];
    const within = (time: number) => time < to && (i === 0 || time >= from);
    return batch({
      chunks: [{ ...v8Profile(1000 * first, present), endTime: end * 1000 + 500 }],
      switches: switches.filter(([time]) => within(time)),
      begun: requests.filter(({ start }) => within(start)),
      ended: requests.filter((request) => within(request.end)).map(({ id, end: at }) => ended(id, at)),
      last,
    });
  });
}
