import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Profile, PstatError, readProfile, type StacksProfile } from '../../../src/index.ts';
import {
  APP,
  code,
  type Document,
  type Frame,
  json,
  type Node,
  native,
  plain,
  tree,
  withFrames,
} from '../../support/documents.ts';
import { linesOf } from '../../support/lines.ts';
import { noteTexts } from '../../support/notes.ts';
import { attempt, examine, hasControl, known, refusalOf, rowsOf, timesOf } from '../../support/reading.ts';
import { within } from '../../support/time.ts';

function read(document: unknown): StacksProfile {
  return sampled(readProfile(json(document), 'file'));
}

function sampled(profile: Profile): StacksProfile {
  if (!('callTree' in profile)) throw new TypeError('traced');
  examine(profile);
  return profile;
}

/** Rows with time: `main 1000/4700`. */
function hot(profile: Profile): string[] {
  return timesOf(profile).filter((times) => !times.endsWith('/0'));
}

/** The rows of frames below (root), one for each. */
function frames(...all: readonly Frame[]) {
  return rowsOf(read(withFrames(...all))).filter(({ selfCount }) => selfCount !== 0);
}

/** The only row of a frame below (root). */
function frame(changes: Frame) {
  const rows = frames(changes);
  expect(rows).toHaveLength(1);
  return known(rows[0]);
}

/** `plain` with one node changed; undefined removes a field, as in JSON. */
function withNode(id: number, changes: Partial<Node>): Document {
  return plain({ nodes: tree().map((node) => (node.id === id ? { ...node, ...changes } : node)) });
}

const PLAIN = ['main 1000/4700', 'a 1000/1000', 'b 2700/2700'];

test('assigns each function its time', () => {
  const profile = read(plain());
  expect(hot(profile)).toEqual(PLAIN);
  expect(profile).toMatchObject({
    beforeFirstSample: 5000,
    afterLastSample: 0,
    duration: 9700,
    interval: 1000,
    notes: [],
  });
});

describe('reads the tree from', () => {
  const parentOf = new Map(
    tree().flatMap(({ id, children }) => ((children ?? []) as number[]).map((child) => [child, id])),
  );
  const withParents = (nodes: Node[]) => nodes.map((node) => ({ ...node, parent: parentOf.get(node.id as number) }));

  test('children', () => {
    expect(hot(read(plain()))).toEqual(PLAIN);
  });

  test('parent instead of children', () => {
    const nodes = withParents(tree()).map((node) => ({ ...node, children: undefined }));
    expect(hot(read(plain({ nodes })))).toEqual(PLAIN);
  });

  test('parent and children that agree', () => {
    expect(hot(read(plain({ nodes: withParents(tree()) })))).toEqual(PLAIN);
  });

  test('children of some nodes and parent of the others', () => {
    const nodes = withParents(tree()).map((node) =>
      node.id === 1 ? { ...node, children: undefined } : { ...node, parent: node.id === 6 ? undefined : node.parent },
    );
    expect(hot(read(plain({ nodes })))).toEqual(PLAIN);
  });

  test('empty lists of children at the leaves', () => {
    expect(hot(read(plain({ nodes: tree().map((node) => ({ children: [], ...node })) })))).toEqual(PLAIN);
  });

  test('ids that begin with 0', () => {
    const less = (id: unknown) => (id as number) - 1;
    const children = tree().map((node) => ({
      ...node,
      id: less(node.id),
      children: (node.children as number[] | undefined)?.map(less),
    }));
    const samples = [4, 5, 7, 7];
    expect(hot(read(plain({ nodes: children, samples })))).toEqual(PLAIN);
    const parents = withParents(tree()).map((node) => ({
      ...node,
      id: less(node.id),
      children: undefined,
      parent: node.parent === undefined ? undefined : less(node.parent),
    }));
    expect(hot(read(plain({ nodes: parents, samples })))).toEqual(PLAIN);
  });

  test('ids in no order, far apart', () => {
    const id = (old: unknown) => ((old as number) * 7919) % 104_729;
    const nodes = tree().map((node) => ({
      ...node,
      id: id(node.id),
      children: (node.children as number[] | undefined)?.map(id),
    }));
    expect(hot(read(plain({ nodes, samples: [5, 6, 8, 8].map(id) })))).toEqual(PLAIN);
  });

  test('ids up to 2^53', () => {
    const id = (old: unknown) => Number.MAX_SAFE_INTEGER - (old as number);
    const nodes = tree().map((node) => ({
      ...node,
      id: id(node.id),
      children: (node.children as number[] | undefined)?.map(id),
    }));
    expect(hot(read(plain({ nodes, samples: [5, 6, 8, 8].map(id) })))).toEqual(PLAIN);
  });

  test('nodes in an order that is not depth-first, children before their parents', () => {
    const [root, ...others] = tree();
    const rows = rowsOf(read(plain({ nodes: [root as Node, ...others.reverse()] })));
    expect(
      rows
        .filter(({ total }) => total > 0)
        .map(({ name, self, total }) => `${name} ${self}/${total}`)
        .sort(),
    ).toEqual([...PLAIN].sort());
  });

  test('counts recursion once', () => {
    expect(
      hot(read(plain({ samples: [6, 7, 7, 8], timeDeltas: [1000, 1000, 1000, 1000], endTime: 1_005_000 }))),
    ).toEqual(['main 0/4000', 'a 3000/3000', 'b 1000/1000']);
  });

  test.each([20_000, 200_000])('a stack of %d frames', (depth) => {
    const nodes: Node[] = [{ id: 1, callFrame: native('(root)'), children: [2] }];
    for (let id = 2; id <= depth; id++) {
      nodes.push({ id, callFrame: code(id % 2 === 0 ? 'ping' : 'pong'), children: id === depth ? [] : [id + 1] });
    }
    const document = { nodes, startTime: 0, endTime: 2000, samples: [depth], timeDeltas: [1000] };
    const profile = within(20_000, () => read(document));
    expect(timesOf(profile)).toEqual(
      depth % 2 === 0 ? ['ping 1000/1000', 'pong 0/1000'] : ['ping 0/1000', 'pong 1000/1000'],
    );
  });
});

describe('frames', () => {
  test('lines and columns are 1-based, and -1 is unknown', () => {
    expect(frame(code('f', 0, 0))).toMatchObject({ line: 1, column: 1 });
    expect(frame(code('f', 41, 9))).toMatchObject({ line: 42, column: 10 });
    expect(frame(code('f', -1, -1))).toMatchObject({ line: 0, column: 0, file: APP });
  });

  test('line and column are independent of each other and of the url', () => {
    expect(frame(code('f', 3, -1))).toMatchObject({ line: 4, column: 0 });
    expect(frame({ functionName: 'f', scriptId: '7', url: '', lineNumber: 3, columnNumber: 4 })).toMatchObject({
      file: '',
      line: 4,
    });
  });

  test.each([
    ['url', { file: '' }],
    ['lineNumber', { line: 0 }],
    ['columnNumber', { column: 0 }],
    ['functionName', { name: '' }],
    ['scriptId', {}],
  ])('a frame without %s', (field, unknown) => {
    const { [field]: _, ...rest } = code('f', 3, 4);
    expect(frame(rest)).toMatchObject({ ...{ name: 'f', file: APP, line: 4, column: 5 }, ...unknown });
  });

  test('an empty frame is an anonymous function without a place', () => {
    expect(frame({})).toMatchObject({ name: '', file: '', line: 0, column: 0, self: 1000 });
  });

  test.each([7, ':12', 'file:///srv/app/main.js', '', null])('scriptId %j is accepted', (scriptId) => {
    expect(frame({ ...code('f', 3, 4), scriptId })).toMatchObject({ kind: 'js', name: 'f', file: APP, line: 4 });
  });

  test('scriptId does not distinguish functions', () => {
    expect(frames({ ...code('f'), scriptId: '7' }, { ...code('f'), scriptId: '8' })).toMatchObject([{ self: 2000 }]);
  });

  test('name, url, line and column distinguish functions', () => {
    const others = [
      code('f'),
      code('g'),
      code('f', 1),
      code('f', 0, 1),
      { ...code('f'), url: 'file:///srv/app/other.js' },
    ];
    expect(frames(...others)).toHaveLength(5);
  });

  test('names are kept as they are written', () => {
    const names = [
      '__proto__',
      'constructor',
      '\u001b[31mred',
      'two\nlines',
      '\ud800',
      'e\u0301',
      'é',
      ' ',
      'x'.repeat(100_000),
    ];
    expect(frames(...names.map((name) => code(name))).map(({ name }) => name)).toEqual(names);
    expect(frames(...names.map((url) => ({ ...code('f'), url }))).map(({ file }) => file)).toEqual(names);
  });
});

describe('the kind of a frame', () => {
  test.each<[string, Frame]>([
    ['js', code('serve')],
    ['js', code('')],
    ['js', { ...code('readFileSync', 440, 20), url: 'node:fs' }],
    ['js', { ...code('load', 3, 2), url: 'node:internal/modules/cjs/loader' }],
    ['native', native('writev')],
    ['native', native('consoleCall')],
    ['native', native('')],
    ['native', { ...native('writev'), scriptId: 0 }],
    ['native', { functionName: 'writev', scriptId: 0 }],
    ['regexp', native('RegExp: ^(a+)+$')],
    ['eval', { functionName: 'f', scriptId: '90', url: '', lineNumber: 0, columnNumber: 8 }],
    ['eval', { functionName: '', scriptId: '90', url: '', lineNumber: 0, columnNumber: 8 }],
    ['eval', { functionName: 'f', scriptId: 90, lineNumber: 0, columnNumber: 8 }],
    [
      'wasm',
      { functionName: 'wasm-function[0]', scriptId: '91', url: 'wasm://wasm/7a1c', lineNumber: 0, columnNumber: 4711 },
    ],
    ['wasm', { functionName: 'fib', scriptId: '91', url: 'wasm://wasm/7a1c', lineNumber: 0, columnNumber: 4711 }],
  ])('%s: %j', (kind, changes) => {
    expect(frame(changes).kind).toBe(kind);
  });

  test('a regular expression may have thousands of characters', () => {
    const name = `RegExp: ${'(a|b)*'.repeat(2000)}`;
    expect(frame(native(name))).toMatchObject({ kind: 'regexp', name });
  });

  // Only scriptId distinguishes native code from anonymous eval code: V8's trace writer omits lines of 0.
  test.each<[string, Frame]>([
    ['eval', { functionName: 'f', scriptId: 90 }],
    ['eval', { functionName: 'f', scriptId: '90', url: '', lineNumber: -1, columnNumber: -1 }],
    ['native', { functionName: 'f', scriptId: '0', url: '', lineNumber: 0, columnNumber: 0 }],
  ])('%s, by the scriptId alone: %j', (kind, changes) => {
    expect(frame(changes).kind).toBe(kind);
  });

  test('a function of a file may be called RegExp: x', () => {
    expect(frame(code('RegExp: x')).kind).toBe('js');
  });

  test.each([
    ['(program)', 'program'],
    ['(idle)', 'idle'],
    ['(garbage collector)', 'gc'],
  ])('%s below (root), without a url, is V8', (name, kind) => {
    expect(frame(native(name))).toMatchObject({ kind, name, self: 1000 });
    expect(frame({ functionName: name })).toMatchObject({ kind });
    expect(frame({ functionName: name, scriptId: 0 })).toMatchObject({ kind });
  });

  test.each(['(program)', '(idle)', '(garbage collector)', '(root)'])('%s with a url is code', (name) => {
    expect(frame(code(name))).toMatchObject({ kind: 'js', name, file: APP, self: 1000 });
  });

  test.each(['(program)', '(idle)', '(garbage collector)', '(root)'])('%s deeper in the tree is code', (name) => {
    const nodes = [...tree(), { id: 9, callFrame: native(name) }];
    known(nodes[7]).children = [9];
    const profile = read(plain({ nodes, samples: [5, 6, 8, 9] }));
    expect(rowsOf(profile).filter((row) => row.name === name && row.selfCount !== 0)).toMatchObject([
      { kind: 'native', self: 700 },
    ]);
    expect(hot(profile)).toContain('b 2000/2700');
  });

  test('(root) is no row, and samples on it are (no stack)', () => {
    const profile = read(plain({ samples: [5, 1, 8, 8] }));
    expect(rowsOf(profile).map(({ kind }) => kind)).not.toContain('root');
    expect(rowsOf(profile).filter(({ kind }) => kind === 'none')).toMatchObject([{ self: 1000, total: 1000 }]);
  });

  test('GC is a row of its own under the stack before it', () => {
    const gc = { samples: [6, 3, 3, 6, 8], timeDeltas: [1000, 1000, 1000, 1000, 1000], endTime: 1_006_000 };
    expect(hot(read(plain(gc))).sort()).toEqual([
      '(garbage collector) 2000/2000',
      'a 2000/4000',
      'b 1000/1000',
      'main 0/5000',
    ]);
    const afterIdle = { samples: [6, 4, 3, 8], timeDeltas: [1000, 1000, 1000, 1000], endTime: 1_005_000 };
    expect(hot(read(plain(afterIdle))).sort()).toEqual([
      '(garbage collector) 1000/1000',
      '(idle) 1000/1000',
      'a 1000/1000',
      'b 1000/1000',
      'main 0/2000',
    ]);
  });
});

describe('keys that other tools add', () => {
  test.each<[string, Partial<Document>]>([
    ['$vscode', { $vscode: { rootPath: '/srv', locations: [{}], cellData: null } }],
    ['lines and columns', { lines: [1, 2, 3, 4], columns: [1, 2, 3, 4] }],
    ['trace_ids', { trace_ids: { a: 1 } }],
    ['_type, title, uid', { _type: 'cpuprofile', title: '', uid: 0 }],
    ['__proto__', JSON.parse('{"__proto__": {"nodes": 1}}')],
    ['a head that is null', { head: null, typeId: 'CPU' }],
  ])('%s', (_, added) => {
    const profile = read(plain(added));
    expect(hot(profile)).toEqual(PLAIN);
    expect(noteTexts(profile)).toEqual([]);
  });

  test('to nodes and frames change nothing', () => {
    const nodes = tree().map((node) => ({
      ...node,
      callFrame: { ...node.callFrame, codeType: 'JS', lineOffset: 1 },
      locationId: 3,
      deoptReason: 'no reason',
      callUID: 5,
      positionTicks: [{ line: 3, ticks: 1, startLocationId: 2 }],
    }));
    expect(hot(read(plain({ nodes })))).toEqual(PLAIN);
  });

  test('null is a missing field', () => {
    const nodes = tree().map((node) => ({
      children: null,
      ...node,
      parent: null,
      positionTicks: null,
      deoptReason: null,
    }));
    expect(hot(read(plain({ nodes })))).toEqual(PLAIN);
  });
});

describe('position ticks', () => {
  const ticks = (positionTicks: unknown) =>
    plain({ nodes: tree().map((node) => (node.id === 8 ? { ...node, positionTicks } : node)) });

  test('divide the time of their node', () => {
    const document = ticks([
      { line: 21, ticks: 1 },
      { line: 24, ticks: 2, startLocationId: 2 },
    ]);
    expect(linesOf(read(document))).toEqual(['b:21 900/1', 'b:24 1800/1']);
  });

  test('without a line or ticks are skipped', () => {
    const document = ticks([
      { line: 0, ticks: 1 },
      { line: -1, ticks: 1 },
      { line: 2 ** 40, ticks: 1 },
      { line: 23, ticks: 0 },
      { line: 24, ticks: 1 },
    ]);
    expect(linesOf(read(document))).toEqual(['b:24 2700/2']);
  });

  test.each<[unknown, string]>([
    [7, 'nodes[7].positionTicks is 7, not a list'],
    [[7], 'nodes[7].positionTicks[0] is 7, not an object'],
    [[{ line: '3', ticks: 1 }], "nodes[7].positionTicks[0].line is the text '3', not a number"],
    [[{ line: 3.5, ticks: 1 }], 'nodes[7].positionTicks[0].line is 3.5, not a whole number'],
    [[{ line: 3, ticks: -1 }], 'nodes[7].positionTicks[0].ticks is -1, not a count'],
    [[{ line: 3 }], 'nodes[7].positionTicks[0].ticks is missing'],
  ])('%j are malformed', (positionTicks, message) => {
    expect(refusalOf(json(ticks(positionTicks))).message).toContain(message);
  });
});

describe('wrappers', () => {
  test.each<[string, unknown]>([
    ['{profile}', { profile: plain() }],
    ['{result: {profile}}', { result: { profile: plain() } }],
    ['an answer of the inspector', { id: 3, result: { profile: plain() } }],
    [
      'Profiler.consoleProfileFinished',
      { method: 'Profiler.consoleProfileFinished', params: { id: '1', location: {}, profile: plain(), title: 'x' } },
    ],
    ['its params alone', { id: '1', location: {}, profile: plain(), title: 'x' }],
    ['{cpuProfile}', { cpuProfile: plain() }],
  ])('%s', (_, document) => {
    expect(hot(read(document))).toEqual(PLAIN);
  });

  test('endless wrappers are not a profile', () => {
    let document: unknown = plain();
    for (let depth = 0; depth < 1000; depth++) document = { profile: document };
    expect(attempt(json(document))).toBeInstanceOf(PstatError);
  });
});

describe('other encodings of the same text', () => {
  const text = JSON.stringify(plain());
  const pretty = JSON.stringify(plain(), null, 2);
  const withName = JSON.stringify(withNode(5, { callFrame: code('資源🚀') }));

  test.each<[string, Uint8Array]>([
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16, little-endian, as PowerShell redirects', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['pretty-printed', Buffer.from(pretty)],
    ['pretty-printed with tabs', Buffer.from(JSON.stringify(plain(), null, '\t'))],
    ['CRLF', Buffer.from(pretty.replaceAll('\n', '\r\n'))],
    ['CRLF in UTF-16', Buffer.from(`\ufeff${pretty.replaceAll('\n', '\r\n')}`, 'utf16le')],
    ['a line end after it', Buffer.from(`${text}\r\n\n`)],
    ['white space before it', Buffer.from(`\n\n  \t${text}`)],
    ['keys in another order', json(Object.fromEntries(Object.entries(plain()).reverse()))],
    ['a view into a larger buffer', Buffer.from(`xx${text}yy`).subarray(2, -2)],
    ['numbers with exponents', Buffer.from(text.replace('1000000', '1e6').replace('1009700', '1009.7E+3'))],
  ])('%s', (_, bytes) => {
    expect(hot(sampled(readProfile(bytes, 'file')))).toEqual(PLAIN);
  });

  test('may have white space of any length before it', () => {
    expect(hot(sampled(readProfile(Buffer.from(`${' '.repeat(256)}${text}`), 'file')))).toEqual(PLAIN);
  });

  test('letters beyond ASCII, in UTF-8, UTF-16 and escapes', () => {
    const escaped = withName.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
    for (const bytes of [Buffer.from(withName), Buffer.from(`\ufeff${withName}`, 'utf16le'), Buffer.from(escaped)]) {
      expect(hot(sampled(readProfile(bytes, 'file')))[0]).toBe('資源🚀 1000/4700');
    }
  });

  test('invalid UTF-8 in a name is read', () => {
    const bytes = Buffer.from(text.replace('"main"', '"ma\u00ffin"'), 'latin1');
    examine(attempt(bytes));
  });
});

describe('times', () => {
  test('samples out of order are sorted, with a note', () => {
    const profile = read(plain({ samples: [5, 6, 8, 5], timeDeltas: [1000, 1000, -400, 1400], endTime: 1_004_000 }));
    expect(hot(profile)).toEqual(['main 1600/3000', 'a 1000/1000', 'b 400/400']);
    expect(noteTexts(profile).join()).toMatch(/order/);
  });

  test.each<[string, unknown, number]>([
    ['missing', undefined, Number.NaN],
    ['null', null, Number.NaN],
    ['0', 0, Number.NaN],
    ['before the last sample', 1_003_999, Number.NaN],
  ])('endTime %s: the last sample lasts one interval', (_, endTime) => {
    const profile = read(plain({ timeDeltas: [1000, 1000, 1000, 1000], endTime }));
    expect(hot(profile)).toEqual(['main 1000/4000', 'a 1000/1000', 'b 2000/2000']);
    expect(profile).toMatchObject({ beforeFirstSample: 1000, afterLastSample: 0 });
    expect(noteTexts(profile).join()).toMatch(/endTime/);
  });

  test('endTime at the last sample is an end', () => {
    expect(hot(read(plain({ timeDeltas: [1000, 1000, 1000, 1000], endTime: 1_004_000 })))).toEqual([
      'main 1000/3000',
      'a 1000/1000',
      'b 1000/1000',
    ]);
  });

  test('a rest of over 2.5 intervals is after the last sample', () => {
    const profile = read(plain({ timeDeltas: [1000, 1000, 1000, 1000], endTime: 1_904_000 }));
    expect(hot(profile)).toEqual(['main 1000/4000', 'a 1000/1000', 'b 2000/2000']);
    expect(profile).toMatchObject({ beforeFirstSample: 1000, afterLastSample: 899_000, duration: 904_000 });
  });

  test('a rest of exactly 2.5 intervals belongs to the last sample', () => {
    const profile = read(plain({ timeDeltas: [1000, 1000, 1000, 1000], endTime: 1_006_500 }));
    expect(profile).toMatchObject({ afterLastSample: 0 });
    expect(hot(profile)).toContain('b 3500/3500');
    expect(read(plain({ timeDeltas: [1000, 1000, 1000, 1000], endTime: 1_006_501 }))).toMatchObject({
      afterLastSample: 1501,
    });
  });

  test('startTime of 0 is a start', () => {
    expect(hot(read(plain({ startTime: 0, endTime: 9700 })))).toEqual(PLAIN);
    expect(read(plain({ startTime: 0, endTime: 9700 }))).toMatchObject({ beforeFirstSample: 5000, duration: 9700 });
  });

  test('fractions of microseconds, as Bun writes them', () => {
    const deltas = [0.1, 1000.7, 999.3, 1000.4];
    const profile = read(plain({ startTime: 1.7e15 + 0.25, endTime: 1.7e15 + 3000.75, timeDeltas: deltas }));
    expect(profile.beforeFirstSample).toBeCloseTo(0.1, 9);
  });

  test('samples without times have equal durations, with a note', () => {
    const profile = read(plain({ timeDeltas: undefined, endTime: 1_004_000 }));
    expect(hot(profile)).toEqual(['main 1000/4000', 'a 1000/1000', 'b 2000/2000']);
    expect(profile).toMatchObject({ beforeFirstSample: 0, afterLastSample: 0 });
    expect(noteTexts(profile).join()).toMatch(/estimated/);
  });

  test.each<[string, Partial<Document>]>([
    ['no samples and no times', { samples: undefined, timeDeltas: undefined }],
    ['null for both', { samples: null, timeDeltas: null }],
    ['times of no samples', { samples: undefined }],
  ])('%s: times follow hitCount, and that is said', (_, changes) => {
    const profile = read(plain({ ...changes, endTime: 1_004_000 }));
    expect(hot(profile)).toEqual(['main 1000/4000', 'a 1000/1000', 'b 2000/2000']);
    expect(profile).toMatchObject({ beforeFirstSample: 0, afterLastSample: 0 });
    expect(noteTexts(profile).join()).toMatch(/estimated/);
  });

  test('a sample of an unknown node belongs to no function: its time is after the last sample, with a note', () => {
    const profile = read(plain({ samples: [5, 6, 99, 8], timeDeltas: [1000, 1000, 1000, 1000], endTime: 1_005_000 }));
    expect(hot(profile)).toEqual(['main 1000/3000', 'a 1000/1000', 'b 1000/1000']);
    expect(profile).toMatchObject({ beforeFirstSample: 1000, afterLastSample: 1000, duration: 5000 });
    expect(noteTexts(profile).join()).toMatch(/not in the file/);
  });

  test('samples of unknown nodes only: no function has time, and the duration adds up', () => {
    const profile = read(plain({ samples: [91, 92, 93, 94] }));
    expect(hot(profile)).toEqual([]);
    expect(profile.beforeFirstSample + profile.afterLastSample).toBe(9700);
  });

  test('the interval of an even number of gaps is the mean of the middle two', () => {
    expect(read(plain({ timeDeltas: [0, 1000, 2000, 4000], endTime: 1_007_000 })).interval).toBe(2000);
    expect(read(plain({ samples: [5, 6, 8], timeDeltas: [0, 1000, 2001], endTime: 1_003_001 })).interval).toBe(1500.5);
    expect(read(plain({ samples: [5, 6, 8], timeDeltas: [0, 100, 85], endTime: 1_000_185 })).interval).toBe(92.5);
  });

  test('a single sample has no interval and gets the rest', () => {
    const profile = read(plain({ samples: [8], timeDeltas: [1000], endTime: 1_900_000 }));
    expect(profile).toMatchObject({ interval: null, beforeFirstSample: 1000, afterLastSample: 0 });
    expect(hot(profile)).toEqual(['main 0/899000', 'b 899000/899000']);
    expect(hot(read(plain({ samples: [8], timeDeltas: [1000], endTime: undefined })))).toEqual([]);
  });
});

describe('hitCount', () => {
  const without = tree().map(({ hitCount: _, ...node }) => node);

  test('is not needed if there are samples', () => {
    expect(hot(read(plain({ nodes: without })))).toEqual(PLAIN);
  });

  test('need not agree with the samples, as V8 often does not', () => {
    expect(hot(read(withNode(5, { hitCount: 4711 })))).toEqual(PLAIN);
  });

  test('missing without samples gives no figures and loses no time', () => {
    const profile = read(plain({ nodes: without, samples: undefined, timeDeltas: undefined }));
    for (const { self, total } of rowsOf(profile)) expect([self, total]).toEqual([0, 0]);
    expect(profile.beforeFirstSample + profile.afterLastSample).toBe(9700);
  });

  test('missing without samples gives a note that no time is known', () => {
    expect(noteTexts(read(plain({ nodes: without, samples: undefined, timeDeltas: undefined })))).not.toEqual([]);
  });

  test('is 0 where a node has none', () => {
    const nodes = tree().map((node) => (node.id === 6 ? { ...node, hitCount: undefined } : node));
    const profile = read(plain({ nodes, samples: undefined, timeDeltas: undefined, endTime: 1_003_000 }));
    expect(hot(profile)).toEqual(['main 1000/3000', 'b 2000/2000']);
  });
});

describe('samples and timeDeltas of different length', () => {
  test.each<[string, Partial<Document>]>([
    ['a delta too many', { timeDeltas: [5000, 1000, 1000, 2000, 400] }],
    ['a delta too few', { timeDeltas: [5000, 1000, 1000] }],
    ['no delta at all', { timeDeltas: [] }],
    ['no sample at all', { samples: [] }],
  ])('%s: an error, or a note and a profile that adds up', (_, changes) => {
    const outcome = attempt(json(plain(changes)));
    examine(outcome);
    if (!(outcome instanceof PstatError)) expect(noteTexts(outcome)).not.toEqual([]);
  });

  test('empty lists are as no lists', () => {
    const profile = read(plain({ samples: [], timeDeltas: [], endTime: 1_004_000 }));
    expect(hot(profile)).toEqual(['main 1000/4000', 'a 1000/1000', 'b 2000/2000']);
    expect(noteTexts(profile).join()).toMatch(/estimated/);
  });

  test('without samples, deltas and hits no function has time', () => {
    const nodes = tree().map((node) => ({ ...node, hitCount: 0 }));
    const profile = read(plain({ nodes, samples: [], timeDeltas: [] }));
    expect(hot(profile)).toEqual([]);
    expect(profile.duration).toBe(9700);
  });
});

describe('an empty profile', () => {
  test('may have no nodes and no samples', () => {
    const profile = read({ nodes: [], startTime: 0, endTime: 8000, samples: [], timeDeltas: [] });
    expect(rowsOf(profile)).toEqual([]);
    expect(profile.duration).toBe(8000);
  });

  test('may have (root) alone', () => {
    const profile = read({
      nodes: [{ id: 1, callFrame: native('(root)') }],
      startTime: 0,
      endTime: 8000,
      samples: [],
      timeDeltas: [],
    });
    expect(hot(profile)).toEqual([]);
    expect(profile.duration).toBe(8000);
  });
});

// ---- malformed -----------------------------------------------------------------------------------------------------

describe('malformed, with the place', () => {
  const infinite = (document: unknown) => Buffer.from(JSON.stringify(document).replace('4711', '1e999'));

  test.each<[string, string, unknown]>([
    ['nodes that are an object', 'nodes', plain({ nodes: {} as Node[] })],
    ['nodes that are null', 'nodes', plain({ nodes: null as unknown as Node[] })],
    ['a node that is null', 'nodes[3]', plain({ nodes: tree().with(3, null as unknown as Node) })],
    ['a node that is a list', 'nodes[3]', plain({ nodes: tree().with(3, [] as unknown as Node) })],
    ['an id that is missing', 'nodes[4].id', withNode(5, { id: undefined })],
    ['an id that is a text', 'nodes[4].id', withNode(5, { id: '5' })],
    ['an id that is 5.5', 'nodes[4].id', withNode(5, { id: 5.5 })],
    ['an id that stands twice', 'nodes[4]', withNode(5, { id: 4 })],
    ['no callFrame', 'nodes[4].callFrame', withNode(5, { callFrame: undefined as unknown as Frame })],
    ['a callFrame that is a text', 'nodes[4].callFrame', withNode(5, { callFrame: 'main' as unknown as Frame })],
    [
      'a name that is a number',
      'nodes[4].callFrame.functionName',
      withNode(5, { callFrame: { ...code('x'), functionName: 1 } }),
    ],
    ['a url that is a list', 'nodes[4].callFrame.url', withNode(5, { callFrame: { ...code('x'), url: [] } })],
    [
      'a line that is a text',
      'nodes[4].callFrame.lineNumber',
      withNode(5, { callFrame: { ...code('x'), lineNumber: '3' } }),
    ],
    [
      'a column that is a text',
      'nodes[4].callFrame.columnNumber',
      withNode(5, { callFrame: { ...code('x'), columnNumber: '3' } }),
    ],
    ['children that are a number', 'nodes[4].children', withNode(5, { children: 6 })],
    ['a child that is a text', 'nodes[4].children[0]', withNode(5, { children: ['6', 8] })],
    ['a child that is not there', 'nodes[4].children[1]', withNode(5, { children: [6, 88] })],
    ['a child that stands twice', 'nodes[4].children', withNode(5, { children: [6, 8, 6] })],
    ['a child of two nodes', 'nodes[7].children[0]', withNode(8, { children: [7] })],
    ['a parent that is a text', 'nodes[5].parent', withNode(6, { parent: '5' })],
    ['a parent other than the one that has it as a child', 'nodes[5].parent', withNode(6, { parent: 1 })],
    ['a node that is its own parent', 'nodes[', withNode(1, { parent: 1 })],
    ['a node that is its own child', 'nodes[7]', withNode(8, { children: [8] })],
    ['a circle below (root)', 'nodes[', withNode(8, { children: [5] })],
    ['(root) as a child', 'nodes[', withNode(8, { children: [1] })],
    ['a hitCount that is a text', 'nodes[4].hitCount', withNode(5, { hitCount: '1' })],
    ['samples that are an object', 'samples', plain({ samples: {} })],
    ['a sample that is a text', 'samples[1]', plain({ samples: [5, '6', 8, 8] })],
    ['a sample that is null', 'samples[1]', plain({ samples: [5, null, 8, 8] })],
    ['timeDeltas that are an object', 'timeDeltas', plain({ timeDeltas: {} })],
    ['a delta that is a text', 'timeDeltas[2]', plain({ timeDeltas: [1, 1, '1', 1] })],
    ['a delta that is null', 'timeDeltas[2]', plain({ timeDeltas: [1, 1, null, 1] })],
    ['a startTime that is a text', 'startTime', plain({ startTime: '0' })],
    ['an endTime that is a text', 'endTime', plain({ endTime: '0' })],
    ['an endTime that is true', 'endTime', plain({ endTime: true })],
  ])('%s', (_, place, document) => {
    const error = refusalOf(json(document), 'bad.cpuprofile');
    expect(error).toMatchObject({ kind: 'malformed', source: 'bad.cpuprofile' });
    expect(error.message.startsWith(`bad.cpuprofile: ${place}`), error.message).toBe(true);
  });

  test.each<[string, string, unknown]>([
    ['an infinite delta', 'timeDeltas[2]', plain({ timeDeltas: [1, 1, 4711, 1] })],
    ['an infinite startTime', 'startTime', plain({ startTime: 4711 })],
    ['an infinite endTime', 'endTime', plain({ endTime: 4711 })],
    ['an infinite line', 'nodes[4].callFrame.lineNumber', withNode(5, { callFrame: code('x', 4711) })],
    ['an infinite hitCount', 'nodes[4].hitCount', withNode(5, { hitCount: 4711 })],
    ['an infinite id', 'nodes[4].id', withNode(5, { id: 4711 })],
  ])('%s', (_, place, document) => {
    expect(refusalOf(infinite(document)).message).toContain(`: ${place} `);
  });

  test('a hitCount of 0.5 is no defect', () => {
    const document = { ...withNode(5, { hitCount: 0.5 }), samples: undefined, timeDeltas: undefined };
    examine(attempt(json(document)));
  });

  test('a hitCount below zero is named', () => {
    const document = { ...withNode(5, { hitCount: -1 }), samples: undefined, timeDeltas: undefined };
    expect(refusalOf(json(document)).message).toContain('nodes[4].hitCount');
  });

  test('a value in a message is short and visible', () => {
    for (const wrong of [
      '\u001b[31m',
      'x'.repeat(1e6),
      '\u202e',
      'two\nlines',
      { a: ['x'.repeat(1e6)] },
      Array(1e5).fill('\u0007'),
    ]) {
      const { message } = refusalOf(json(plain({ endTime: wrong })));
      expect(hasControl(message), JSON.stringify(message)).toBe(false);
      expect(message.length).toBeLessThan(500);
    }
  });

  test('JSON that is not valid is named with its line and column', () => {
    const broken = JSON.stringify(plain(), null, 2).replace('"startTime": 1000000,', '"startTime": 1000000;');
    const line = broken.split('\n').findIndex((each) => each.includes(';')) + 1;
    expect(refusalOf(Buffer.from(broken))).toMatchObject({ kind: 'malformed' });
    expect(refusalOf(Buffer.from(broken)).message).toContain(
      `line ${line}, column ${'  "startTime": 1000000;'.length}`,
    );
  });

  test('two documents in one file are malformed', () => {
    expect(refusalOf(Buffer.from(JSON.stringify(plain()).repeat(2)))).toMatchObject({ kind: 'malformed' });
  });
});

/** Name → error of every file in samples/broken, one per line. */
test('every file of samples/broken gives the error of the golden', async () => {
  const names = readdirSync('samples/broken').filter((name) => name !== 'make.py');
  const lines = names.sort().map((name) => {
    const error = refusalOf(readFileSync(`samples/broken/${name}`), name);
    expect(['malformed', 'unknown-format']).toContain(error.kind);
    expect(error.source).toBe(name);
    expect(error.message).toBe(`${name}: ${error.fact}`);
    expect(hasControl(error.message), JSON.stringify(error.message)).toBe(false);
    return `${name}\n    ${error.kind}: ${error.fact}\n`;
  });
  await expect(lines.join('')).toMatchFileSnapshot('goldens/broken.txt');
});
