/** Samples of one thread, dealt to the requests that it served: as drawn, and against the slow way on random threads. */

import type { Profiler } from 'node:inspector';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Batch, EndedRequest, RequestFacts } from '../../../src/record/request/messages.ts';
import { FIRST_REQUEST, NOBODY, type Owner, PASSING, PROFILER } from '../../../src/record/request/owners.ts';
import { Dealer } from '../../../src/record/request/sample-splitter.ts';
import type { Facts } from '../../support/program.ts';

const A = FIRST_REQUEST;
const B = FIRST_REQUEST + 1;

/** A tick of the sampler: when, on which stack (outermost first, `idle` alone for none). */
interface Tick {
  readonly time: number;
  readonly stack: readonly string[];
}

/** From when on it is whose turn. */
type Turn = readonly [time: number, owner: Owner];

const HOME = new URL('../../../src/', import.meta.url).href;

/** As V8 writes it, with ids that say nothing. Names in capitals are the profiler's own functions. */
function v8Profile(startTime: number, ticks: readonly Tick[]): Profiler.Profile {
  const nodes: (Profiler.ProfileNode & { children: number[] })[] = [node(1, '(root)', '', 0)];
  const samples = ticks.map(({ stack }) => {
    let at = nodes[0];
    for (const name of stack) {
      const present = nodes.find((child) => at?.children.includes(child.id) && child.callFrame.functionName === name);
      const url = name === '(idle)' ? '' : name === name.toUpperCase() ? `${HOME}record/x.ts` : 'file:///srv/app.js';
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

const FACTS: RequestFacts = {
  method: 'GET',
  url: '/',
  status: 200,
  aborted: false,
  cut: false,
  start: '2026-01-02T03:04:05.000Z',
  elapsed: 1,
  skipped: 0,
  interval: 1000,
  pid: 1,
  thread: 0,
  number: 1,
  run: null,
};

const ended = (owner: Owner, end: number): EndedRequest => ({ owner, end, file: { name: `${owner}`, facts: FACTS } });

function batch(given: Partial<Batch> & { turns?: readonly Turn[] }): Batch {
  const { turns = [], ...rest } = given;
  const marks = {
    times: Float64Array.from(turns, ([time]) => time),
    owners: Float64Array.from(turns, ([, owner]) => owner),
  };
  return { pieces: [], offset: 0, begun: [], ended: [], last: false, marks, ...rest };
}

interface Document extends Profiler.Profile {
  readonly samples: number[];
  readonly timeDeltas: number[];
  readonly pstat: Facts;
}

/** file's name -> what stands in it. */
function documents(dealer: Dealer, batches: readonly Batch[]): Map<string, Document> {
  const files = batches.flatMap((one) => dealer.deal(one).files);
  return new Map(files.map((file) => [file.name, JSON.parse(file.text())]));
}

/** Each sample as `time stack`, from the file alone. */
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

describe('two requests in turn', () => {
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
  const turns: Turn[] = [
    [1000, A],
    [1150, B],
    [1250, NOBODY],
    [1350, A],
    [1450, NOBODY],
    [1550, B],
    [1650, PROFILER],
  ];
  const told = batch({
    pieces: [v8Profile(800, ticks)],
    turns,
    begun: [
      { owner: A, start: 1000.5 },
      { owner: B, start: 1150.5 },
    ],
    ended: [ended(A, 1660.25), ended(B, 1800)],
    last: true,
  });
  const files = documents(new Dealer(), [told]);

  test('each has its own, and rests where others ran', () => {
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

  test('the clock is V8’s, in whole µs', () => {
    expect(files.get(`${A}`)).toMatchObject({ startTime: 1000, endTime: 1660 });
  });

  test('what was left out is counted, and what was worked is measured', () => {
    expect(files.get(`${A}`)?.pstat).toEqual({ ...FACTS, busy: 250, others: 2, unattributed: 1 });
    expect(files.get(`${B}`)?.pstat).toEqual({ ...FACTS, busy: 200, others: 1, unattributed: 1 });
  });

  test('hit counts are of the request', () => {
    const hits = files.get(`${B}`)?.nodes.map(({ callFrame, hitCount }) => [callFrame.functionName, hitCount]);
    expect(hits).toEqual([
      ['(root)', 0],
      ['serve', 0],
      ['b', 2],
      ['(idle)', 4],
    ]);
  });
});

test('the profiler’s functions between the program’s are left out, and its own work is not', () => {
  const ticks: Tick[] = [
    { time: 1100, stack: ['emit', 'CARRY', 'RUN', 'handler'] },
    { time: 1200, stack: ['emit', 'CARRY', 'hrtime'] },
    { time: 1300, stack: ['emit', 'CARRY'] },
    { time: 1400, stack: ['CARRY', 'handler'] },
  ];
  const pieces = [v8Profile(1000, ticks)];
  const [native] = pieces[0]?.nodes.filter(({ callFrame }) => callFrame.functionName === 'hrtime') ?? [];
  if (native !== undefined) native.callFrame.url = '';
  const told = batch({
    pieces,
    turns: [[1000, A]],
    begun: [{ owner: A, start: 1000 }],
    ended: [ended(A, 2000)],
    last: true,
  });
  expect(samplesOf(documents(new Dealer(), [told]).get(`${A}`) as Document)).toEqual([
    '1100 emit>handler',
    '1200 emit>CARRY>hrtime',
    '1300 emit>CARRY',
    '1400 handler',
  ]);
});

test('a clock of another origin is no matter', () => {
  const pieces = [v8Profile(1_000_000, [{ time: 1_001_100, stack: ['a'] }])];
  const told = batch({
    pieces,
    offset: 1_000_000,
    turns: [[1000, A]],
    begun: [{ owner: A, start: 1000 }],
    ended: [ended(A, 2000)],
    last: true,
  });
  const file = documents(new Dealer(), [told]).get(`${A}`);
  expect(samplesOf(file as Document)).toEqual(['1001100 a']);
  expect(file).toMatchObject({ startTime: 1_001_000, endTime: 1_002_000 });
});

test('a request too short for a sample has none', () => {
  const told = batch({ begun: [{ owner: A, start: 1000 }], ended: [ended(A, 1010)], last: true });
  expect(documents(new Dealer(), [told]).get(`${A}`)).toMatchObject({ samples: [], timeDeltas: [], endTime: 1010 });
});

test('one that is not wanted after all leaves no file and is done', () => {
  const unwanted = { owner: A, end: 1010, file: null };
  const dealt = new Dealer().deal(batch({ begun: [{ owner: A, start: 1000 }], ended: [unwanted], last: true }));
  expect(dealt).toEqual({ files: [], done: 1 });
});

// ---- the slow way ----------------------------------------------------------------------------------------------------

const stacks = fc.oneof(fc.constant(idle), fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }));
const owners = fc.constantFrom(NOBODY, PROFILER, PASSING, A, B, B + 1);

/** µs; quarters of a ms, so that turns and ticks often coincide. */
const moments = fc.nat(800).map((quarters) => 250 * quarters);

/** A thread of 100 to 200 ticks every ms, turns at any time, and three requests. */
const threads = fc.record({
  stacks: fc.array(stacks, { minLength: 100, maxLength: 200 }),
  turns: fc.array(fc.tuple(moments, owners), { maxLength: 60, size: 'max' }),
  windows: fc.tuple(...[A, B, B + 1].map(() => fc.tuple(moments, moments))),
  cuts: fc.array(fc.nat(200), { maxLength: 12, size: 'max' }),
  late: fc.nat(3),
});

test('on any thread, cut into any pieces, each request gets every sample of its own and nothing else', () => {
  fc.assert(
    fc.property(threads, ({ stacks, turns, windows, cuts, late }) => {
      const ticks = stacks.map((stack, i) => ({ time: 1000 * (i + 1), stack }));
      const ordered = turns.toSorted(([a], [b]) => a - b);
      const requests = windows.map(([x, y], i) => ({ owner: A + i, start: Math.min(x, y), end: Math.max(x, y) }));
      const files = documents(new Dealer(), batchesOf({ ticks, turns: ordered, requests, cuts, late }));
      for (const { owner, start, end } of requests) {
        const expected = ticks
          .filter(({ time }) => time >= start && time < end)
          .map(({ time, stack }) => `${time} ${ownerAt(ordered, time) === owner ? stack.join('>') : '(idle)'}`);
        expect(samplesOf(files.get(`${owner}`) as Document)).toEqual(expected);
      }
    }),
  );
});

function ownerAt(turns: readonly Turn[], time: number): Owner {
  return turns.findLast(([from]) => from <= time)?.[1] ?? NOBODY;
}

interface Thread {
  readonly ticks: readonly Tick[];
  readonly turns: readonly Turn[];
  readonly requests: readonly { owner: Owner; start: number; end: number }[];
  /** After which tick a piece is ended. */
  readonly cuts: readonly number[];
  /** How many ticks of each piece come with the next one. */
  readonly late: number;
}

/** Each piece as V8 gives it: its last ticks may be missing, and the next has them, and some that were there already. */
function batchesOf({ ticks, turns, requests, cuts, late }: Thread): Batch[] {
  const ends = [...new Set(cuts.filter((cut) => cut < ticks.length)), ticks.length].sort((a, b) => a - b);
  return ends.map((end, i) => {
    const first = Math.max(0, (ends[i - 1] ?? 0) - late - 1);
    const last = end === ticks.length;
    const seen = ticks.slice(first, last ? end : Math.max(0, end - late));
    const [from, to] = [(ends[i - 1] ?? 0) * 1000 + 500, last ? Infinity : end * 1000 + 500];
    const within = (time: number) => time < to && (i === 0 || time >= from);
    return batch({
      pieces: [{ ...v8Profile(1000 * first, seen), endTime: end * 1000 + 500 }],
      turns: turns.filter(([time]) => within(time)),
      begun: requests.filter(({ start }) => within(start)),
      ended: requests.filter((request) => within(request.end)).map(({ owner, end: at }) => ended(owner, at)),
      last,
    });
  });
}
