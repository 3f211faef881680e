/** Files of programs that deviate from V8's inspector: Bun, Hermes, xprofiler, v8-profiler-next, Rspack, Business Central. */

import { describe, expect, test } from 'vitest';
import { CpuprofileScanner } from '../../../src/formats/v8/scanner/cpuprofile-scanner.ts';
import { readProfile, type StacksProfile, Stats } from '../../../src/index.ts';
import type { RawStacksProfile } from '../../../src/model/raw-profile.ts';
import { json } from '../../support/documents.ts';
import { noteTexts } from '../../support/notes.ts';
import { examine, known, refusalOf, rowsOf } from '../../support/reading.ts';

interface Frame {
  readonly functionName: string;
  readonly scriptId?: string | number;
  readonly url?: string;
  readonly lineNumber?: number;
  readonly columnNumber?: number;
  readonly bailoutReason?: string;
}

const ROOT: Frame = { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };

/** A file with the frames below (root), and a sample of each. */
function fileOf(frames: readonly Frame[], { file = {}, node = {} }: { file?: object; node?: object } = {}) {
  const ids = frames.map((_, i) => i + 2);
  return {
    nodes: [
      { id: 1, callFrame: ROOT, children: ids },
      ...frames.map((callFrame, i) => ({ id: i + 2, callFrame, hitCount: 1, ...node })),
    ],
    startTime: 0,
    endTime: 1000 * frames.length,
    samples: ids,
    timeDeltas: ids.map((_, i) => (i === 0 ? 0 : 1000)),
    ...file,
  };
}

function read(document: unknown): StacksProfile {
  const profile = readProfile(json(document), 'x.cpuprofile');
  if (!('callTree' in profile)) throw new TypeError('an edges profile');
  examine(profile);
  return profile;
}

/** `name file:line:column kind` of each row. */
function placesOf(document: unknown): string[] {
  return rowsOf(read(document)).map(
    ({ name, file, line, column, kind }) => `${name} ${file}:${line}:${column} ${kind}`,
  );
}

/** What the scanner reads; null where it declines the file. */
function scan(document: unknown): RawStacksProfile | null {
  const scanner = known(CpuprofileScanner.create(0) ?? undefined);
  const recordings = scanner.push(json(document)) ? scanner.recordings() : null;
  if (recordings === null) return null;
  const { profile } = known(recordings[0]);
  if (!('nodes' in profile)) throw new Error('no stacks');
  return profile;
}

/** What the scanner reads, in the form of `placesOf`. */
function scannedPlaces(document: unknown): string[] | null {
  const profile = scan(document);
  if (profile === null) return null;
  const { functions } = profile;
  return functions.name.flatMap((name, fn) =>
    functions.kind[fn] === 'root'
      ? []
      : [`${name} ${functions.file[fn]}:${functions.line[fn]}:${functions.column[fn]} ${functions.kind[fn]}`],
  );
}

describe('xprofiler and v8-profiler-next', () => {
  const frames = [
    {
      functionName: 'work',
      scriptId: 80,
      bailoutReason: '',
      url: 'file:///srv/a.js',
      lineNumber: 10,
      columnNumber: 18,
    },
    { functionName: 'stringify', scriptId: 0, bailoutReason: '', url: '', lineNumber: 0, columnNumber: 0 },
    { functionName: 'RegExp: a+', scriptId: 0, bailoutReason: '', url: '', lineNumber: 0, columnNumber: 0 },
    { functionName: '(program)', scriptId: 0, bailoutReason: '', url: '', lineNumber: 0, columnNumber: 0 },
  ];
  const places = [
    'work file:///srv/a.js:10:18 js',
    'stringify :0:0 native',
    'RegExp: a+ :0:0 regexp',
    '(program) :0:0 program',
  ];

  test.each([
    ['a typeId', fileOf(frames, { file: { typeId: 'xprofiler-cpu-profile' } })],
    ['a typeId of v8-profiler-next', fileOf(frames, { file: { typeId: 'CPU', uid: '1' } })],
  ])('count lines and columns from 1: %s', (_, document) => {
    expect(placesOf(document)).toEqual(places);
    expect(scannedPlaces(document)).toEqual(places);
  });

  test('count lines and columns from 1 where only the bailout reasons tell', () => {
    const document = fileOf(frames);
    const nodes = document.nodes.map((node, i) =>
      i === 0 ? { ...node, callFrame: { ...ROOT, bailoutReason: '' } } : node,
    );
    expect(placesOf({ ...document, nodes })).toEqual(places);
  });
});

test.each([
  ['-1', -1],
  ['0', 0],
])("V8's own nodes and native code have no place, also with line %s", (_, line) => {
  const at = { scriptId: '0', url: '', lineNumber: line, columnNumber: line };
  const document = fileOf([
    { functionName: '(garbage collector)', ...at },
    { functionName: 'parse', ...at },
  ]);
  expect(placesOf(document)).toEqual(['(garbage collector) :0:0 gc', 'parse :0:0 native']);
});

test('WebAssembly has the offset of a byte as its column', () => {
  const document = fileOf([
    { functionName: 'deref', scriptId: '12', url: 'wasm://wasm/0064f68a', lineNumber: 0, columnNumber: 1234 },
  ]);
  expect(placesOf(document)).toEqual(['deref wasm://wasm/0064f68a:1:1234 wasm']);
  expect(scannedPlaces(document)).toEqual(['deref wasm://wasm/0064f68a:1:1234 wasm']);
});

test("V8's runtime functions in Chromium's traces are native", () => {
  const document = fileOf([{ functionName: 'CompileLazy', scriptId: '0', url: 'native V8Runtime', lineNumber: -1 }]);
  expect(placesOf(document)).toEqual(['CompileLazy native V8Runtime:0:0 native']);
});

describe('Bun', () => {
  const DAY = { startTime: 1_795_666_416_112_698.8, endTime: 1_795_666_416_119_000 };
  // The scanner declines fractions of so large a number.
  const WHOLE = { startTime: 1_795_666_416_112_698, endTime: 1_795_666_416_119_000 };
  const MONOTONIC = { startTime: 254_268_772_137, endTime: 254_268_776_137 };
  const TWO_METHODS = [
    { functionName: 'render', scriptId: '2', url: 'file:///srv/two.ts', lineNumber: 1, columnNumber: 21 },
    { functionName: 'render', scriptId: '2', url: 'file:///srv/two.ts', lineNumber: 2, columnNumber: 21 },
  ];
  const ticks = { positionTicks: [{ line: 2, ticks: 1 }] };
  const NO_SCRIPT = { functionName: 'stringify', scriptId: '4294967295', url: '', lineNumber: -1, columnNumber: -1 };

  const notesOf = (document: unknown) => noteTexts(new Stats(read(document)).summary);

  test('of a version that writes position ticks writes definitions: two methods are two functions without a note', () => {
    const document = fileOf(TWO_METHODS, { file: DAY, node: ticks });
    expect(placesOf(document)).toEqual(['render file:///srv/two.ts:2:22 js', 'render file:///srv/two.ts:3:22 js']);
    expect(read(document).linesAreSampled).toBe(false);
    expect(notesOf(document).join()).not.toContain('executed line');
  });

  test('of an older version writes executing lines, and a note says so', () => {
    const document = fileOf(TWO_METHODS, { file: DAY });
    expect(read(document).linesAreSampled).toBe(true);
    expect(notesOf(document).join()).toContain('1 function has one row per executed line');
  });

  test('with a clock that counts from the start of the machine is recognized by the script number of native code', () => {
    const document = fileOf([...TWO_METHODS, NO_SCRIPT], { file: MONOTONIC });
    expect(placesOf(document)).toContain('stringify :0:0 native');
    expect(read(document).linesAreSampled).toBe(true);
  });

  test('has built-ins without a url, which are native, and eval', () => {
    const document = fileOf(
      [
        { functionName: 'reduce', scriptId: '5', url: '', lineNumber: 0, columnNumber: 10 },
        { functionName: 'gee', scriptId: '4', url: '', lineNumber: 0, columnNumber: 13 },
        { functionName: 'anonymous', scriptId: '3', url: '', lineNumber: 0, columnNumber: 18 },
        { functionName: '/\\d{3}/g', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 },
      ],
      { file: DAY, node: ticks },
    );
    expect(placesOf(document)).toEqual([
      'reduce :0:0 native',
      'gee :1:14 eval',
      'anonymous :1:19 eval',
      '/\\d{3}/g :0:0 regexp',
    ]);
  });

  test.each([
    ['with position ticks', fileOf(TWO_METHODS, { file: WHOLE, node: ticks })],
    ['with executing lines', fileOf(TWO_METHODS, { file: WHOLE })],
    ['with a clock of the machine', fileOf([...TWO_METHODS, NO_SCRIPT], { file: MONOTONIC })],
  ])('is read by the scanner in the same way, %s', (_, document) => {
    expect(scannedPlaces(document)).toEqual(placesOf(document));
    expect(scan(document)?.linesAreSampled).toBe(read(document).linesAreSampled);
  });
});

describe('Hermes', () => {
  const URL = 'http://localhost:8081/index.bundle?platform=ios';
  const hermesFile = (frames: readonly object[]) => ({
    traceEvents: [],
    samples: frames.map((_, i) => ({ ts: String(1000 * i), pid: 1, tid: '1', weight: '1', sf: i + 2 })),
    stackFrames: Object.fromEntries([
      ['1', { name: '[root]', category: 'root' }],
      ...frames.map((frame, i) => [String(i + 2), { category: 'JavaScript', parent: 1, ...frame }]),
    ]),
  });

  test('has the place of the function in funcLine and funcColumn', () => {
    const at = (line: string) => ({
      name: `render(${URL}:${line}:9)`,
      line,
      column: '9',
      funcLine: '100',
      funcColumn: '5',
    });
    const document = hermesFile([at('102'), at('105'), at('110')]);
    expect(placesOf(document)).toEqual([`render ${URL}:100:5 js`]);
    expect(read(document).linesAreSampled).toBe(false);
  });

  test('without funcLine has executing lines', () => {
    const document = hermesFile([{ name: `render(${URL}:102:9)`, line: '102', column: '9' }]);
    expect(read(document).linesAreSampled).toBe(true);
  });

  test('without debug information has addresses: functions with one name are distinguished', () => {
    const document = hermesFile([
      { name: 'r', funcVirtAddr: '5000', offset: '4' },
      { name: 'r', funcVirtAddr: '9000', offset: '4' },
      { name: '', funcVirtAddr: '7000', offset: '4' },
      { name: '[Native] 4471', category: 'Native' },
    ]);
    expect(placesOf(document)).toEqual([
      'r bytecode:1:5000 js',
      'r bytecode:1:9000 js',
      ' bytecode:1:7000 js',
      '[Native] 4471 :0:0 native',
    ]);
  });

  test('names of any length are read in time that grows with the length', () => {
    expect(placesOf(hermesFile([{ name: `f${'('.repeat(300_000)}:1` }]))).toHaveLength(1);
  });
});

describe('a node whose parent is not in the file', () => {
  const NODES = [
    { id: 1, callFrame: ROOT },
    { id: 2, parent: 1, callFrame: { functionName: 'f', scriptId: 5, url: 'a.js', lineNumber: 1 } },
    { id: 9, parent: 7, callFrame: { functionName: 'g', scriptId: 5, url: 'a.js', lineNumber: 9 } },
    { id: 10, parent: 9, callFrame: { functionName: 'h', scriptId: 5, url: 'a.js', lineNumber: 12 } },
  ];
  const document = { nodes: NODES, samples: [2, 9, 10], timeDeltas: [0, 1000, 1000], startTime: 0, endTime: 3000 };

  test('stands under the root with what it calls, and a note says so', () => {
    const profile = read(document);
    expect(rowsOf(profile).map(({ name, self, total }) => [name, self, total])).toEqual([
      ['f', 1000, 1000],
      ['g', 1000, 2000],
      ['h', 1000, 1000],
    ]);
    expect(noteTexts(profile)).toContain('1 node names a parent that is not in the file, and stands under the root');
  });

  test('is read by the scanner too', () => {
    expect(scannedPlaces(document)).toEqual(placesOf(document));
  });

  test('becomes a root where the file has none', () => {
    expect(rowsOf(read({ ...document, nodes: NODES.slice(2), samples: [9, 10], timeDeltas: [0, 1000] }))).toHaveLength(
      2,
    );
  });
});

describe("Rspack's trace", () => {
  const SECOND = 1_000_000;
  const event = (name: string, data: object) => ({ name, ph: 'P', pid: 1, tid: 1, id: '0x1', ts: 5, args: { data } });
  const cpuProfile = {
    nodes: [
      { id: 1, callFrame: ROOT, children: [2] },
      { id: 2, callFrame: { functionName: 'f', scriptId: '5', url: 'a.js', lineNumber: 1, columnNumber: 1 } },
    ],
    startTime: 470_030 * SECOND,
    endTime: 470_030 * SECOND + 5000,
    samples: [2, 2, 2],
    timeDeltas: [1000, 1000, 1000],
  };

  test('opens at 0 and has a whole profile on a clock of its own: the duration is that of the profile', () => {
    const chunk = event('ProfileChunk', { cpuProfile, timeDeltas: cpuProfile.timeDeltas });
    const profile = read([event('Profile', { startTime: 0 }), chunk]);
    expect(profile).toMatchObject({ duration: 5000, beforeFirstSample: 1000 });
  });
});

describe('a JSON text inside a JSON text', () => {
  const document = fileOf([{ functionName: 'f', scriptId: '1', url: 'a.js', lineNumber: 1, columnNumber: 1 }]);
  const once = JSON.stringify(document);

  test.each([
    ['once more', JSON.stringify(once)],
    ['of indented JSON', JSON.stringify(JSON.stringify(document, null, 2))],
    ['in a wrapper', JSON.stringify({ profile: once })],
  ])('is read: %s', (_, text) => {
    expect(rowsOf(readProfile(Buffer.from(text), 'x'))).toEqual(rowsOf(read(document)));
  });

  test('that is a list of words is not taken for one', () => {
    expect(refusalOf(Buffer.from('"{a}","b"\n1,2\n')).message).toMatch(/not a profile pstat knows/);
  });
});

test('UTF-16 is read in either order of bytes', () => {
  const document = fileOf([{ functionName: 'é', scriptId: '1', url: 'a.js', lineNumber: 1, columnNumber: 1 }]);
  const little = Buffer.from(`\ufeff${JSON.stringify(document)}`, 'utf16le');
  const big = Buffer.from(little).swap16();
  for (const bytes of [little, big]) expect(rowsOf(readProfile(bytes, 'x'))).toEqual(rowsOf(read(document)));
});

test('a whole profile before the tail of a longer one: the error says where it ends', () => {
  const whole = JSON.stringify(fileOf([{ functionName: 'é', scriptId: '1', url: 'a.js', lineNumber: 1 }]));
  const error = refusalOf(Buffer.from(`${whole},4475],"x":1}`), 'x.cpuprofile');
  const end = Buffer.byteLength(whole);
  expect(error.kind).toBe('malformed');
  expect(error.fact).toMatch(
    new RegExp(`a whole JSON document ends at byte ${end}, and 13 bytes follow it.*head -c ${end}`),
  );
});
