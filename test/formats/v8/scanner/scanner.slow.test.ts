/** The scanner returns what the parsing reader returns, or declines the file. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PstatError } from '../../../../src/base/errors.ts';
import type { Recording } from '../../../../src/formats/format.ts';
import { parseJson } from '../../../../src/formats/json.ts';
import { chromeTrace } from '../../../../src/formats/v8/chrome-trace.ts';
import { cpuprofile } from '../../../../src/formats/v8/cpuprofile.ts';
import { hermes } from '../../../../src/formats/v8/hermes.ts';
import { legacyCpuprofile } from '../../../../src/formats/v8/legacy-cpuprofile.ts';
import { createScanner } from '../../../../src/formats/v8/scanner/create-scanner.ts';
import { code, type Document, native, plain } from '../../../support/documents.ts';
import { named, traceOf } from '../../../support/trace.ts';

const encoder = new TextEncoder();

type Outcome = readonly Recording[] | string | null;

/** The readers have hit counts in columns of different types. */
function withHits({ profile, ...rest }: Recording): Recording {
  if (!('nodes' in profile)) throw new TypeError('an edges profile');
  const hitCount = profile.nodes.hitCount && Float64Array.from(profile.nodes.hitCount);
  return { ...rest, profile: { ...profile, nodes: { ...profile.nodes, hitCount } } };
}

/** Returns a reader's recordings, or the message of its error. */
function outcomeOf(read: () => readonly Recording[] | null): Outcome {
  try {
    return read()?.map(withHits) ?? null;
  } catch (error) {
    if (error instanceof PstatError) return error.message;
    throw error;
  }
}

/** The outcome of the parsing reader; null if the file is of another format. */
function parse(bytes: Uint8Array): Outcome {
  return outcomeOf(() => {
    let document: ReturnType<typeof parseJson>;
    const content = {
      bytes,
      json() {
        document ??= parseJson(bytes);
        return document;
      },
    };
    const formats = [cpuprofile, legacyCpuprofile, hermes, chromeTrace];
    const format = formats.find(({ reader }) => reader?.detect(content));
    return format?.reader?.read(content, {}) ?? null;
  });
}

function* splitBytes(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

function scanChunks(bytes: Uint8Array, size: number): readonly Recording[] | null {
  const chunks = [...splitBytes(bytes, size)];
  const scanner = createScanner(chunks[0] ?? new Uint8Array(), bytes.length);
  const isRead = chunks.every((chunk) => scanner?.push(chunk));
  return isRead ? (scanner?.recordings() ?? null) : null;
}

function scanned(bytes: Uint8Array, size = bytes.length): Outcome {
  return outcomeOf(() => scanChunks(bytes, Math.max(1, size)));
}

/** The scanner may decline a file, but may not return or throw anything else than the parsing reader. */
function expectAgreement(bytes: Uint8Array, size?: number): Outcome {
  const ours = scanned(bytes, size);
  if (ours !== null) expect(ours).toEqual(parse(bytes));
  return ours;
}

function bytesOf(document: unknown, space?: number): Uint8Array {
  return encoder.encode(JSON.stringify(document, null, space));
}

function expectScanned(document: unknown): void {
  expect(expectAgreement(bytesOf(document))).toBeInstanceOf(Array);
  expect(expectAgreement(bytesOf(document, 2), 7)).toBeInstanceOf(Array);
}

function unpackedFile(file: string): Uint8Array {
  const bytes = readFileSync(file);
  try {
    return bytes[0] === 0x1f ? gunzipSync(bytes) : bytes;
  } catch {
    return bytes;
  }
}

const FILES = readdirSync('samples', { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(?:cpuprofile|json)(?:\.gz)?$/.test(entry.name))
  .map((entry) => path.join(entry.parentPath, entry.name));

describe('the scanner agrees with the parsing reader on', () => {
  test.each(FILES)('%s', (file) => {
    const bytes = unpackedFile(file);
    const whole = expectAgreement(bytes);
    if (bytes.length < 2_000_000) expect(scanned(bytes, 4000)).toEqual(whole);
  });

  test('takes most profiles that V8 wrote', () => {
    const recorded = FILES.filter((file) => file.startsWith('samples/before/') && file.endsWith('.cpuprofile'));
    const own = [...recorded, 'samples/resource-providers.cpuprofile', 'samples/odd/plain.cpuprofile'];
    for (const file of own) expect(scanned(unpackedFile(file)), file).toBeInstanceOf(Array);
  });
});

describe('takes a profile', () => {
  test('in chunks of any size', () => {
    const bytes = bytesOf(plain({ extra: { 'a\n"b': [1, -2.5, null, true, false, { c: '\\u00e9\t' }] } }), 1);
    const whole = expectAgreement(bytes);
    expect(whole).toBeInstanceOf(Array);
    for (let size = 1; size < bytes.length; size++) expect(scanned(bytes, size)).toEqual(whole);
  });

  test('with keys in any order', () => {
    const document = plain();
    expectScanned(Object.fromEntries(Object.entries(document).reverse()));
    const nodes = document.nodes.map((node) => Object.fromEntries(Object.entries(node).reverse()));
    expectScanned({ ...document, nodes });
  });

  test('with position ticks', () => {
    const ticks = [
      [],
      [{ line: 3, ticks: 1 }],
      [
        { ticks: 2, line: 12 },
        { line: 0, ticks: 9 },
        { line: 11, ticks: 0 },
        { line: 12, more: [{}], ticks: 7 },
      ],
    ];
    const nodes = plain().nodes.map((node, i) => ({ ...node, positionTicks: ticks[i % ticks.length] }));
    expectScanned(plain({ nodes }));
    expect(expectAgreement(bytesOf(plain({ nodes })), 1)).toBeInstanceOf(Array);
  });

  test('with more position ticks than its column holds', () => {
    const many = Array.from({ length: 30_000 }, (_, i) => ({ line: i + 1, ticks: 1 }));
    const nodes = plain().nodes.map((node) => ({ ...node, positionTicks: many }));
    expect(expectAgreement(bytesOf(plain({ nodes })))).toBeInstanceOf(Array);
    expect(
      expectAgreement(
        bytesOf(plain({ nodes: nodes.map((node) => ({ ...node, positionTicks: [...many, ...many, ...many] })) })),
      ),
    ).toBeNull();
  });

  test('with unknown keys', () => {
    const nodes = plain().nodes.map((node, i) => ({
      ...node,
      deoptReason: 'x'.repeat(i),
      positionTicks: [
        { line: i, ticks: 2 },
        { line: 5, ticks: i, more: [] },
      ].slice(0, 1 + (i % 2)),
    }));
    expectScanned(plain({ nodes, title: 'a', deep: [[[[{ a: {} }]]]] }));
  });

  test('with names in any script, escaped or not', () => {
    const frames = ['é', '🚀', '"\\\n\u2028', '\ud800', '{}[],:', ''].map((name, i) => ({
      id: i + 2,
      callFrame: code(name, i),
    }));
    const root = { id: 1, callFrame: native('(root)'), children: frames.map(({ id }) => id) };
    expectScanned(plain({ nodes: [root, ...frames], samples: [2, 3, 4, 5] }));
    const escaped = JSON.stringify(plain()).replaceAll('main', '\\u006d\\u0061in');
    expect(expectAgreement(encoder.encode(escaped))).toBeInstanceOf(Array);
  });

  test('with parents instead of children', () => {
    const nodes = [
      { id: 10, callFrame: native('(root)') },
      { id: 30, callFrame: code('b'), parent: 20 },
      { id: 20, callFrame: code('a'), parent: 10 },
    ];
    expectScanned(plain({ nodes, samples: [30, 20, 30, 30] }));
  });

  test('with fractions and negative deltas', () => {
    expectScanned(plain({ timeDeltas: [-1, 0.1, 12.00000000000001, 1e3], endTime: 1.5, startTime: 0 }));
    expectScanned(plain({ timeDeltas: [0.3, 1234567890.123, 0, -0.5], startTime: 1784900000000000 }));
  });

  test('with empty or missing lists', () => {
    expectScanned(plain({ samples: [], timeDeltas: [] }));
    const { samples, timeDeltas, ...rest } = plain();
    expectScanned(rest);
    expectScanned({ ...rest, nodes: [] });
  });

  test('with more nodes, samples and children than fit into the columns', () => {
    const children = Array.from({ length: 70_000 }, (_, i) => i + 2);
    const nodes = [
      { id: 1, callFrame: native('(root)'), children },
      ...children.map((id) => ({ id, callFrame: code(`f${id % 5000}`, id % 7), hitCount: id % 3 })),
    ];
    const samples = Array.from({ length: 300_000 }, (_, i) => (i % 70_000) + 2);
    const bytes = bytesOf(plain({ nodes, samples, timeDeltas: samples.map((id) => id % 11) }));
    expect(expectAgreement(bytes)).toBeInstanceOf(Array);
    expect(expectAgreement(bytes, 100_000)).toBeInstanceOf(Array);
  });

  test('with request metadata', () => {
    expectScanned(plain({ pstat: { method: 'GET', url: '/', status: 200, pid: 1, thread: 0 } }));
  });
});

describe('keeps only the relevant events of a trace', () => {
  const other = {
    ph: 'X',
    name: 'Other',
    ts: 1.5e3,
    dur: -0.25,
    args: { text: '"Profile"\\', list: [1e-7, 1e22] },
  };
  const names = [named('thread_name', 'main'), named('process_name', 'p\u00e9')];
  const events = [other, ...names, ...traceOf(plain(), { chunks: 3 }).flatMap((event) => [event, other])];

  test.each<[string, unknown]>([
    ['a list', events],
    ['an object', { traceEvents: events, metadata: { a: [{}] }, displayTimeUnit: 'ms' }],
    ['an object with its events last', { otherData: {}, traceEvents: events }],
    ['two threads', [...events, ...traceOf(plain(), { pid: 7, tid: 9 })]],
  ])('%s', (_, document) => {
    for (const [space, size] of [
      [0, 1e9],
      [0, 100],
      [2, 333],
    ] as const) {
      expect(expectAgreement(bytesOf(document, space), Math.max(size, 80))).toBeInstanceOf(Array);
    }
  });

  test.each([',', '', ' ,\n'])('that is unclosed and ends in %j', (end) => {
    const open = JSON.stringify(events).slice(0, -1) + end;
    expect(expectAgreement(encoder.encode(open))).toBeInstanceOf(Array);
    expect(expectAgreement(encoder.encode(`{"traceEvents":${open}`))).toBeInstanceOf(Array);
  });

  test.each([
    `{"metadata":{},"traceEvents":${JSON.stringify(events).slice(0, -1)}`,
    `${JSON.stringify(events).slice(0, -1)},[1] `,
    `${JSON.stringify(events).slice(0, -1)},1 `,
  ])('unclosed as no program leaves it, it is left', (text) => {
    expect(scanned(encoder.encode(text))).toBeNull();
  });

  test('that is cut anywhere else is declined or read as the parsing reader does', () => {
    const bytes = bytesOf({
      traceEvents: [...names, ...traceOf(plain({ samples: [5], timeDeltas: [1] }), { chunks: 1 })],
    });
    for (let length = 0; length < bytes.length; length += 3) expectAgreement(bytes.subarray(0, length));
  });

  test('with any byte changed is declined or read as the parsing reader does', () => {
    const bytes = bytesOf([...names, ...traceOf(plain(), { chunks: 1 })]);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.constantFrom(...'"\\{}[],:01-.eE n\n\0a'), (at, letter) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = letter.charCodeAt(0);
        expectAgreement(changed);
      }),
      { numRuns: 300 },
    );
  });

  test('declines a trace that is of another format too', () => {
    for (const key of ['nodes', 'head', 'result', 'stackFrames', 'payload', 'cpuProfile'])
      expect(scanned(bytesOf({ [key]: {}, traceEvents: events }))).toBeNull();
  });
});

describe('declines a profile', () => {
  const frame = JSON.stringify(code('f'));
  test.each([
    ['another kind of file', '{"traceEvents":[]}'],
    ['a list', '[1]'],
    ['nothing', ''],
    ['invalid JSON', '{"nodes":[{"id":1,}]}'],
    ['a comma too many', `{"nodes":[{"id":1,"callFrame":${frame}}],}`],
    ['a frame that is not JSON', '{"nodes":[{"id":1,"callFrame":{"functionName":}}],"startTime":1}'],
    ['a frame that is not an object', '{"nodes":[{"id":1,"callFrame":[]}],"startTime":1}'],
    ['two ids', `{"nodes":[{"id":1,"id":2,"callFrame":${frame}}],"startTime":1}`],
    ['an id that is text', `{"nodes":[{"id":"1","callFrame":${frame}}],"startTime":1}`],
    ['an id beyond counting', `{"nodes":[{"id":99999999999,"callFrame":${frame}}],"startTime":1}`],
    ['a number with a zero before it', '{"nodes":[],"startTime":01}'],
    [
      'a frame whose line is no number',
      '{"nodes":[{"id":1,"callFrame":{"functionName":"","scriptId":"","url":"","lineNumber":-,"columnNumber":1}}],"startTime":1}',
    ],
    [
      'ticks that are no numbers',
      `{"nodes":[{"id":1,"callFrame":${frame},"positionTicks":[{"line":01,"ticks":1}]}],"startTime":1}`,
    ],
    [
      'ticks without an end',
      `{"nodes":[{"id":1,"callFrame":${frame},"positionTicks":[{"line":1,"ticks":1},]}],"startTime":1}`,
    ],
    [
      'a tick with two lines',
      `{"nodes":[{"id":1,"callFrame":${frame},"positionTicks":[{"line":1,"line":2,"ticks":1}]}],"startTime":1}`,
    ],
    ['a tick without ticks', `{"nodes":[{"id":1,"callFrame":${frame},"positionTicks":[{"line":1}]}],"startTime":1}`],
    [
      'a tick before the first line',
      `{"nodes":[{"id":1,"callFrame":${frame},"positionTicks":[{"line":-1,"ticks":1}]}],"startTime":1}`,
    ],
    [
      'two lists of ticks',
      `{"nodes":[{"id":1,"callFrame":${frame},"positionTicks":[],"positionTicks":[]}],"startTime":1}`,
    ],
    ['two call frames', `{"nodes":[{"id":1,"callFrame":${frame},"callFrame":${frame}}],"startTime":1}`],
    ['two profiles', '{"nodes":[],"startTime":1}{"nodes":[],"startTime":1}'],
    ['an incomplete literal', '{"nodes":[],"startTime":1,"a":nul}'],
    ['an invalid escape', '{"nodes":[],"startTime":1,"a":"\\x"}'],
    ['a control character', '{"nodes":[],"startTime":1,"a":"\u0001"}'],
    ['an escaped key', '{"n\\u006fdes":[],"startTime":1}'],
    ['an escaped key behind its twin', '{"nodes":[],"startTime":1,"st\\u0061rtTime":2}'],
    ['an escaped key of a node', `{"nodes":[{"id":1,"callFrame":${frame},"hitC\\u006funt":3}],"startTime":1}`],
    ['an escaped key of an event', '[{"n\\u0061me":"Profile"},{"name":"ProfileChunk","args":{}}]'],
    ['what is nested deep', `{"nodes":[],"startTime":1,"a":${'['.repeat(100)}${']'.repeat(100)}}`],
    ['what was cut', JSON.stringify(plain()).slice(0, -1)],
  ])('%s', (_, text) => {
    expect(scanned(encoder.encode(text))).toBeNull();
  });

  test('with source-mapped places', () => {
    const $vscode = { locations: [{ callFrame: code('f'), locations: [] }] };
    expect(scanned(bytesOf(plain({ $vscode })))).toBeNull();
  });
});

describe('throws the error of the parsing reader for', () => {
  const broken: readonly (readonly [string, Partial<Document>])[] = [
    ['the same id twice', { nodes: [...plain().nodes, { id: 2, callFrame: native('x') }] }],
    ['a child that is not there', { nodes: [{ id: 1, callFrame: native('(root)'), children: [7] }] }],
    ['a name that is a number', { nodes: [{ id: 1, callFrame: { ...code('f'), functionName: 5 } }] }],
    ['a node above itself', { nodes: [{ id: 1, callFrame: code('f'), children: [1] }] }],
  ];
  test.each(broken)('%s', (_, changes) => {
    expect(typeof expectAgreement(bytesOf(plain(changes)))).toBe('string');
  });
});

test('declines call frames with colliding hashes, quickly', () => {
  // In each sixteen bytes these differences cancel out, whatever the seed.
  const forms = [Buffer.alloc(16, 0x41), Buffer.alloc(16, 0x41)];
  const [, other = Buffer.alloc(0)] = forms;
  other[7] = 0xc1;
  other[12] = 0x45;
  other[15] = 0xc1;
  const frames = Array.from({ length: 4096 }, (_, number) =>
    Buffer.concat([
      Buffer.from(`{"id":${number + 1},"callFrame":{"functionName":"aaaaaaa`),
      ...Array.from({ length: 12 }, (_, bit) => forms[(number >> bit) & 1] ?? other),
      Buffer.from('"}}'),
    ]),
  );
  const comma = Buffer.from(',');
  const bytes = Buffer.concat([
    Buffer.from('{"startTime":1,"nodes":['),
    ...frames.flatMap((frame, i) => (i === 0 ? [frame] : [comma, frame])),
    Buffer.from(']}'),
  ]);
  const ours = scanned(bytes);
  if (ours !== null) expect(ours).toEqual(parse(bytes));
});

test('reports the byte at which it declined the file', () => {
  const text = JSON.stringify(plain({ title: 'x'.repeat(3000) }));
  for (const at of [1, 700, text.length - 1]) {
    const scanner = createScanner(encoder.encode('{'), 0);
    const broken = encoder.encode(`${text.slice(0, at)}\u0001${text.slice(at + 1)}`);
    const isRead = [...splitBytes(broken, 64)].every((chunk) => scanner?.push(chunk));
    expect(isRead).toBe(false);
    expect(scanner?.position).toBe(at);
  }
});

describe('a damaged file', () => {
  const bytes = bytesOf(plain({ note: 'a "b" \\ é', nodes: plain().nodes.slice(0, 5), samples: [5, 5] }));

  test('is declined if it is cut anywhere', () => {
    for (let length = 0; length < bytes.length; length++) expect(scanned(bytes.subarray(0, length))).toBeNull();
  });

  test('with any byte changed is declined or read as the parsing reader does', () => {
    fc.assert(
      fc.property(
        fc.nat(bytes.length - 1),
        fc.constantFrom(...'"\\{}[],:0123456789-.eE nt\n\0\u0001ab'),
        (at, letter) => {
          const changed = Uint8Array.from(bytes);
          changed[at] = letter.charCodeAt(0);
          expectAgreement(changed);
        },
      ),
      { numRuns: 750 },
    );
  });

  test('with a byte removed or added is declined or read as the parsing reader does', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.constantFrom('', '"', ',', '0', ' ', '\\', '}', ']'), (at, letter) => {
        const text = Buffer.from(bytes).toString('latin1');
        expectAgreement(Buffer.from(text.slice(0, at) + letter + text.slice(at + 1), 'latin1'));
      }),
      { numRuns: 500 },
    );
  });
});

test('agrees with the parsing reader on generated profiles, however they are written', () => {
  const names = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('(root)', '(idle)', 'a', ''));
  const frames = fc.record({
    functionName: names,
    scriptId: fc.constantFrom('0', '5'),
    url: fc.constantFrom('', 'file:///srv/app/a.js', 'node:fs', 'wasm://wasm/1'),
    lineNumber: fc.integer({ min: -1, max: 9999 }),
    columnNumber: fc.integer({ min: -1, max: 9999 }),
  });
  const documents = fc.array(fc.tuple(frames, fc.nat(), fc.nat(5)), { minLength: 1, maxLength: 12 }).chain((rows) =>
    fc.record({
      document: fc.record(
        {
          nodes: fc.constant(
            rows.map(([callFrame, above, hitCount], i) => ({
              id: i + 1,
              callFrame,
              ...(hitCount === 5 ? {} : { hitCount }),
              ...(i === 0 ? {} : { parent: (above % i) + 1 }),
            })),
          ),
          samples: fc.array(fc.integer({ min: 0, max: rows.length + 2 }), { maxLength: 20 }),
          timeDeltas: fc.array(
            fc.integer({ min: -99, max: 99_999 }).map((delta) => delta / 8),
            { maxLength: 20 },
          ),
          startTime: fc.integer({ min: 0, max: 1e9 }),
          endTime: fc.integer({ min: 0, max: 2e9 }),
          other: fc.jsonValue(),
        },
        { requiredKeys: ['nodes', 'startTime'] },
      ),
      space: fc.nat(4),
      size: fc.integer({ min: 1, max: 5000 }),
    }),
  );
  let read = 0;
  fc.assert(
    fc.property(documents, ({ document, space, size }) => {
      if (expectAgreement(bytesOf(document, space), size) !== null) read++;
    }),
    { numRuns: 300 },
  );
  expect(read).toBeGreaterThan(200);
});
