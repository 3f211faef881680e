/** V8's profiles before Node 8: nested nodes, and time stamps in µs. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PstatError, readProfile, type StacksProfile } from '../../../src/index.ts';
import { json, type Node, plain, tree } from '../../support/documents.ts';
import { noteTexts } from '../../support/notes.ts';
import { attempt, edgesOf, examine, refusalOf, rowsOf, timesOf } from '../../support/reading.ts';
import { type AnyRecording, recordings } from '../../support/recordings.ts';
import { within } from '../../support/time.ts';

function read(document: unknown): StacksProfile {
  const profile = readProfile(json(document), 'old.cpuprofile');
  if (!('callTree' in profile)) throw new TypeError('an edges profile');
  examine(profile);
  return profile;
}

function hot(profile: StacksProfile): string[] {
  return timesOf(profile).filter((times) => !times.endsWith('/0'));
}

interface HeadNode {
  id: unknown;
  children?: unknown;
  [key: string]: unknown;
}

/** Current nodes as V8 nested them, with 1-based lines and columns. */
function nested(nodes: readonly Node[], id: unknown = 1): HeadNode {
  const { callFrame, children = [], hitCount = 0 } = nodes.find((node) => node.id === id) ?? expect.fail(`no ${id}`);
  const { functionName, scriptId, url, lineNumber, columnNumber } = callFrame;
  return {
    functionName,
    scriptId,
    url,
    lineNumber: Number(lineNumber) + 1,
    columnNumber: Number(columnNumber) + 1,
    hitCount,
    callUID: 815,
    deoptReason: '',
    id,
    children: (children as readonly unknown[]).map((child) => nested(nodes, child)),
  };
}

type Changes = Readonly<Record<string, unknown>>;

/** main, a, b, b at 0, 1, 2 and 4 ms. The interval is 1 ms, so the last sample lasts that long. */
function old(changes: Changes = {}): object {
  return {
    typeId: 'CPU',
    uid: '1',
    title: 'Profile 1',
    head: nested(tree()),
    startTime: 1000,
    endTime: 1001,
    samples: [5, 6, 8, 8],
    timestamps: [1_000_005_000, 1_000_006_000, 1_000_007_000, 1_000_009_000],
    ...changes,
  };
}

const OLD = ['main 1000/5000', 'a 1000/1000', 'b 3000/3000'];

describe('time', () => {
  test('begins with the first sample and ends one interval after the last', () => {
    const profile = read(old());
    expect(hot(profile)).toEqual(OLD);
    expect(profile).toMatchObject({
      beforeFirstSample: 0,
      afterLastSample: 0,
      duration: 5000,
      interval: 1000,
      notes: [],
    });
    expect(profile.format).toBe('V8 CPU profile (head generation)');
  });

  test.each<[string, Changes]>([
    ['missing', { startTime: undefined, endTime: undefined }],
    ['null', { startTime: null, endTime: null }],
    ['0', { startTime: 0, endTime: 0 }],
    ['the wrong way round', { startTime: 9, endTime: 1 }],
    ['hours apart', { startTime: 0, endTime: 7200 }],
    ['with fractions', { startTime: 1000.004, endTime: 1000.0097 }],
  ])('startTime and endTime, in rounded seconds, tell nothing: %s', (_, changes) => {
    const profile = read(old(changes));
    expect(hot(profile)).toEqual(OLD);
    expect(profile).toMatchObject({ beforeFirstSample: 0, afterLastSample: 0, duration: 5000, notes: [] });
  });

  test('may be of any clock and have fractions', () => {
    const timestamps = [0.5, 1000.5, 2000.5, 4000.5];
    expect(read(old({ timestamps }))).toMatchObject({ beforeFirstSample: 0, duration: 5000 });
    expect(hot(read(old({ timestamps: [-4000, -3000, -2000, 0] })))).toEqual(OLD);
  });

  test('stamps out of order are sorted, with a note', () => {
    const profile = read(old({ samples: [5, 8, 6, 8], timestamps: [5000, 7000, 6000, 9000] }));
    expect(hot(profile)).toEqual(OLD);
    expect(noteTexts(profile)).toEqual([expect.stringMatching(/^1 sample was out of order/)]);
  });

  test('the earliest sample begins the recording, at any index', () => {
    const profile = read(old({ samples: [6, 5, 8, 8], timestamps: [6000, 5000, 7000, 9000] }));
    expect(hot(profile)).toEqual(OLD);
    expect(profile).toMatchObject({ beforeFirstSample: 0, afterLastSample: 0, duration: 5000 });
  });

  test('a single sample has no interval and no time', () => {
    expect(read(old({ samples: [8], timestamps: [5000] }))).toMatchObject({
      beforeFirstSample: 0,
      afterLastSample: 0,
      duration: 0,
      interval: null,
    });
  });

  test.each<[string, Changes]>([
    ['without time stamps', { timestamps: undefined }],
    ['without samples', { samples: undefined, timestamps: undefined }],
  ])('%s times are estimated, and that is said', (_, changes) => {
    const profile = read(old(changes));
    expect(noteTexts(profile).join()).toMatch(/estimated/);
    expect(hot(profile)).toEqual(['main 250000/1000000', 'a 250000/250000', 'b 500000/500000']);
  });

  test('what the note misses is what this generation has', () => {
    expect(noteTexts(read(old({ timestamps: undefined }))).join()).toMatch(/timestamps/);
  });

  test.each<[string, Changes]>([
    ['a stamp too many', { timestamps: [5000, 6000, 7000, 9000, 9500] }],
    ['a stamp too few', { samples: [5, 6, 8, 8, 8] }],
  ])('%s is left out, and that is said', (_, changes) => {
    const profile = read(old(changes));
    expect(hot(profile)).toEqual(OLD);
    expect(noteTexts(profile)).toHaveLength(1);
  });

  test('a sample of an unknown node belongs to no function', () => {
    const profile = read(old({ samples: [5, 6, 99, 8] }));
    expect(hot(profile)).toEqual(['main 1000/3000', 'a 1000/1000', 'b 1000/1000']);
    expect(profile.afterLastSample).toBe(2000);
  });
});

describe('nodes', () => {
  test('lines and columns are 1-based; 0 is none', () => {
    const rows = rowsOf(read(old()));
    expect(rows.find(({ name }) => name === 'b')).toMatchObject({ line: 20, column: 1, kind: 'js' });
    expect(rows.find(({ name }) => name === '(program)')).toMatchObject({ line: 0, column: 0, kind: 'program' });
  });

  test('a callFrame that a converter added is 0-based', () => {
    const inside = (node: HeadNode): HeadNode => ({
      id: node.id,
      callFrame: tree().find(({ id }) => id === node.id)?.callFrame,
      children: (node.children as HeadNode[]).map(inside),
    });
    const profile = read(old({ head: inside(nested(tree())) }));
    expect(hot(profile)).toEqual(OLD);
    expect(rowsOf(profile).find(({ name }) => name === 'b')).toMatchObject({ line: 20, column: 1 });
  });

  test("V8's own nodes are recognized below (root)", () => {
    const profile = read(old({ samples: [6, 3, 4, 2] }));
    expect(
      rowsOf(profile)
        .filter(({ selfCount }) => selfCount !== 0)
        .map(({ kind, self }) => `${kind} ${self}`)
        .sort(),
    ).toEqual(['gc 1000', 'idle 2000', 'js 1000', 'program 1000']);
    expect(edgesOf(profile)).toContainEqual(expect.objectContaining({ pair: 'a -> (garbage collector)', self: 1000 }));
  });

  test('lists of children that are missing or null are empty', () => {
    const bare = (node: HeadNode): HeadNode => {
      const children = (node.children as HeadNode[]).map(bare);
      return { ...node, children: children.length > 0 ? children : node.id === 6 ? null : undefined };
    };
    expect(hot(read(old({ head: bare(nested(tree())) })))).toEqual(OLD);
  });

  test('may be nested 100,000 deep', () => {
    const depth = 100_000;
    const opening = (i: number) => `{"functionName":"f","url":"x.js","lineNumber":1,"id":${i},"children":[`;
    const head = Array.from({ length: depth }, (_, i) => opening(i + 2)).join('');
    const text = `{"head":{"functionName":"(root)","id":1,"children":[${head}${']}'.repeat(depth)}]},"samples":[${depth + 1},${depth + 1}],"timestamps":[0,10]}`;
    const profile = within(20_000, () => readProfile(Buffer.from(text), 'deep'));
    expect(timesOf(profile)).toEqual(['f 20/20']);
  });
});

describe('detection', () => {
  test.each<[string, unknown]>([
    ['wrapped as an answer', { result: { profile: old() } }],
    ['wrapped as {profile}', { profile: old() }],
    ['without title, uid and typeId', old({ typeId: undefined, uid: undefined, title: undefined })],
    ['with words that nobody knows', old({ extra: [1, 2], lines: {} })],
  ])('%s', (_, document) => {
    expect(hot(read(document))).toEqual(OLD);
  });

  test('does not take a heap profile, which has a head too', () => {
    const head = { functionName: '(root)', selfSize: 0, id: 1, children: [] };
    expect(refusalOf(json({ head })).message).toMatch(/heap profile/);
  });

  test('prefers nodes beside a head, as converters leave both', () => {
    expect(hot(read({ ...old(), ...plain() }))).toEqual(['main 1000/4700', 'a 1000/1000', 'b 2700/2700']);
  });
});

describe('malformed', () => {
  const changed = (id: number, changes: object): HeadNode => {
    const walk = (node: HeadNode): HeadNode => ({
      ...node,
      children: (node.children as HeadNode[]).map(walk),
      ...(node.id === id ? changes : {}),
    });
    return walk(nested(tree()));
  };

  /** The error of node 8, which is `b`. */
  const at8 = (fact: string) => new RegExp(`^${`head.children[3].children[1]${fact}`.replaceAll(/[[\].]/g, '\\$&')}$`);

  test.each<[string, object, RegExp]>([
    [
      'children that are an object',
      old({ head: changed(5, { children: {} }) }),
      /^head\.children\[3\]\.children is an object, not a list$/,
    ],
    [
      'a child that is null',
      old({ head: changed(5, { children: [null] }) }),
      /^head\.children\[3\]\.children\[0\] is null, not an object$/,
    ],
    [
      'a child that is an id',
      old({ head: changed(1, { children: [2, 3] }) }),
      /^head\.children\[1\] is 3, not an object$/,
    ],
    ['an id that is missing', old({ head: changed(8, { id: undefined }) }), at8('.id is missing, not a number')],
    [
      'an id that stands twice',
      old({ head: changed(8, { id: 6 }) }),
      at8('.id is 6, which head.children[3].children[0] has already'),
    ],
    ['a name that is a number', old({ head: changed(8, { functionName: 4 }) }), at8('.functionName is 4, not a text')],
    [
      'a line that is a text',
      old({ head: changed(8, { lineNumber: '4' }) }),
      at8(".lineNumber is the text '4', not a number"),
    ],
    [
      'a line that is a fraction, as it stands in the file',
      old({ head: changed(8, { lineNumber: 4.5 }) }),
      at8('.lineNumber is 4.5, not a whole number'),
    ],
    [
      'a callFrame that is null',
      old({ head: changed(8, { callFrame: null }) }),
      at8('.callFrame is null, not an object'),
    ],
    [
      'a name inside the callFrame of a converter',
      old({ head: changed(8, { callFrame: { functionName: 4 } }) }),
      at8('.callFrame.functionName is 4, not a text'),
    ],
    ['a hitCount below zero', old({ head: changed(8, { hitCount: -1 }) }), at8('.hitCount is -1, not a count')],
    ['a root without an id', old({ head: changed(1, { id: null }) }), /^head\.id is null, not a number$/],
    ['samples that are a text', old({ samples: '5' }), /^samples is the text '5', not a list$/],
    ['timestamps that are an object', old({ timestamps: {} }), /^timestamps is an object, not a list$/],
    ['a stamp that is null', old({ timestamps: [5000, null, 7000, 9000] }), /^timestamps\[1\] is null, not a number$/],
    [
      'a first stamp that is a text',
      old({ timestamps: ['5', 6, 7, 8] }),
      /^timestamps\[0\] is the text '5', not a number$/,
    ],
  ])('%s', (_, document, fact) => {
    const error = refusalOf(json(document), 'old.cpuprofile');
    expect(error).toMatchObject({ kind: 'malformed', source: 'old.cpuprofile' });
    expect(error.fact).toMatch(fact);
  });

  test('numbers that doubles cannot hold', () => {
    const text = JSON.stringify(old()).replace('1000006000', '1e999');
    const outcome = attempt(Buffer.from(text));
    expect(outcome).toBeInstanceOf(PstatError);
  });
});

// ---- one recording, two formats ------------------------------------------------------------------------------------

/** The recording in the legacy and the current format, both without an end. */
function generations({
  parent,
  names,
  urls,
  samples,
  deltas,
}: AnyRecording): readonly [before: unknown, since: unknown] {
  let now = 0;
  const stamps = deltas.map((delta) => {
    now += delta;
    return now;
  });
  const frame = (node: number, none: number) => ({
    functionName: names[node],
    url: urls[node],
    lineNumber: urls[node] === '' ? none : node + none + 1,
    columnNumber: none,
  });
  const childrenOf = (node: number) => [...parent.keys()].filter((child) => parent[child] === node);
  const inside = (node: number): object => ({ id: node, ...frame(node, 0), children: childrenOf(node).map(inside) });
  const nodes = [...parent.keys()].map((id) => ({ id, callFrame: frame(id, -1), children: childrenOf(id) }));
  const startTime = Math.min(...stamps);
  const timeDeltas = stamps.map((stamp, i) => stamp - (stamps[i - 1] ?? startTime));
  return [
    { head: inside(0), startTime: 17, endTime: 18, samples, timestamps: stamps },
    { nodes, startTime, samples, timeDeltas },
  ];
}

function inAnyOrder(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

test('a recording gives the same profile in both formats', () => {
  fc.assert(
    fc.property(recordings(), (recording) => {
      const [before, since] = generations(recording).map((document) => read(document));
      if (before === undefined || since === undefined) throw new Error('two were written');
      expect(inAnyOrder(rowsOf(before))).toEqual(inAnyOrder(rowsOf(since)));
      expect(inAnyOrder(edgesOf(before))).toEqual(inAnyOrder(edgesOf(since)));
      const { beforeFirstSample, afterLastSample, duration, interval } = since;
      expect(before).toMatchObject({ beforeFirstSample, afterLastSample, duration, interval });
      expect(beforeFirstSample).toBe(0);
    }),
    { numRuns: 150 },
  );
});
