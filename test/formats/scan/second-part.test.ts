/** A .cpuprofile in two parts, and by two threads: the same as in one, wherever it is parted. */

import { execFile } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Recording } from '../../../src/formats/format.ts';
import { PartScanner } from '../../../src/formats/scan/part-scanner.ts';
import { ProfileScanner } from '../../../src/formats/scan/profile-scanner.ts';
import { scan } from '../../../src/formats/scan/scan.ts';
import { code, type Document, native, plain } from '../../support/documents.ts';

const encoder = new TextEncoder();

/** The bytes that look like a node's beginning. */
function* looksLikeNode(text: string): Generator<number> {
  for (const { index } of text.matchAll(/\{\s*"id"\s*:/g)) yield encoder.encode(text.slice(0, index)).length;
}

/** What is read in two parts; undefined where the first does not come to a node at that byte. */
function inParts(bytes: Uint8Array, begin: number): readonly Recording[] | null | undefined {
  const first = ProfileScanner.start();
  if (!first?.push(bytes.subarray(0, begin + 1)) || !first.isAtNode(begin)) return undefined;
  const second = PartScanner.start('node');
  if (!second?.push(bytes.subarray(begin)) || !second.hasEnded) return null;
  const part = second.part();
  return part && first.recordingsWith(part);
}

function expectPartsAlike(document: unknown, space?: number): number {
  const text = JSON.stringify(document, null, space);
  const bytes = encoder.encode(text);
  const whole = scan([bytes]);
  expect(whole).not.toBeNull();
  const parted = [...looksLikeNode(text)].map((begin) => inParts(bytes, begin)).filter((read) => read !== undefined);
  for (const read of parted) expect(read).toEqual(whole);
  return parted.length;
}

describe('in two parts', () => {
  test('it is parted before any node, and nowhere else', () => {
    const nodes = plain().nodes.map((node) => ({ ...node, seen: [{ id: 1 }, { id: node.id }], in: { id: 7 } }));
    const document = { before: [{ id: 1 }], ...plain({ nodes }), behind: { id: 3 } };
    expect(expectPartsAlike(document)).toBe(nodes.length);
    expect(expectPartsAlike(document, 2)).toBe(nodes.length);
  });

  test('with samples and times before the nodes, behind them, or on either side', () => {
    const { nodes, samples, timeDeltas, startTime, endTime } = plain();
    for (const document of [
      { samples, timeDeltas, startTime, endTime, nodes },
      { nodes, startTime, endTime, samples, timeDeltas },
      { samples, startTime, nodes, timeDeltas, endTime },
    ])
      expect(expectPartsAlike(document)).toBe(nodes.length);
  });

  test('a list that stands on either side is left to the plain reader', () => {
    const { nodes, samples, timeDeltas, ...facts } = plain();
    const [list] = [JSON.stringify(samples)];
    const text = `{"samples":${list},"nodes":${JSON.stringify(nodes)},"samples":${list},"timeDeltas":${JSON.stringify(timeDeltas)},${JSON.stringify(facts).slice(1)}`;
    for (const begin of looksLikeNode(text)) expect(inParts(encoder.encode(text), begin)).toBeNull();
  });

  test('whatever the nodes are called', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('{"id":1', '},{"id":2,', '\\{"id":', '"', '\\'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.nat(3)), { minLength: 1, maxLength: 12 }), fc.nat(3), (names, space) => {
        const frames = names.map(([functionName, line], i) => ({ id: i + 2, callFrame: code(functionName, line) }));
        const root = { id: 1, callFrame: native('(root)'), children: frames.map(({ id }) => id) };
        const document = plain({ nodes: [root, ...frames], samples: frames.map(({ id }) => id) } as Partial<Document>);
        document.timeDeltas = frames.map((_, i) => 100 + i);
        if (scan([encoder.encode(JSON.stringify(document))]) === null) return;
        expect(expectPartsAlike(document, space)).toBe(frames.length + 1);
      }),
      { numRuns: 30 },
    );
  });
});

/** Threads run what was built. */
const MAIN = path.resolve('dist/cli/main.js');
/** Node 24 says `--permission`. Either way, threads are not among what is allowed. */
const NO_THREADS = [
  process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission',
  '--allow-fs-read=*',
  '--allow-fs-write=*',
  '--no-warnings',
];

describe.skipIf(availableParallelism() < 2)('by two threads', () => {
  let folder: string;

  beforeAll(() => {
    expect(existsSync(MAIN), 'npm run build comes first').toBe(true);
    folder = mkdtempSync(path.join(tmpdir(), 'pstat-parts-'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  /** Large enough for two; `behind` stands behind the last node. */
  function large(
    name: string,
    { written = (node) => JSON.stringify(node), behind = RECORDED }: Partial<Shape> = {},
  ): string {
    const file = path.join(folder, name);
    const descriptor = openSync(file, 'w');
    writeSync(descriptor, '{"nodes":[');
    for (let id = 1; id <= NODES; id += 1000) {
      const ids = Array.from({ length: 1000 }, (_, i) => id + i);
      writeSync(descriptor, `${id === 1 ? '' : ','}${ids.map((each) => written(nodeOf(each))).join(',')}`);
    }
    writeSync(descriptor, behind);
    closeSync(descriptor);
    return file;
  }

  interface Shape {
    readonly written: (node: object) => string;
    readonly behind: string;
  }

  const NODES = 300_000;
  const RECORDED =
    '],"startTime":0,"endTime":4000,"samples":[299999,7,150000,300000],"timeDeltas":[1000,1000,1000,900]}';

  /** A tree of ten children each. */
  function nodeOf(id: number): object {
    const children = Array.from({ length: 10 }, (_, i) => 10 * (id - 1) + 2 + i).filter((child) => child <= NODES);
    const url = `file:///srv/app/node_modules/some-package-with-a-long-name/lib/parts/number-${id % 999}.js`;
    const callFrame = { functionName: `work${id % 777}`, scriptId: '9', url, lineNumber: id % 50, columnNumber: 3 };
    return { id, callFrame: id === 1 ? native('(root)') : callFrame, hitCount: 0, children };
  }

  interface Texts {
    readonly stdout: string;
    readonly stderr: string;
    readonly code: unknown;
  }

  /** With what the process says of the threads that it starts. */
  function top(file: string, nodeOptions: readonly string[] = []): Promise<Texts> {
    return new Promise((resolve) => {
      const command = [...nodeOptions, MAIN, '--json', file];
      execFile(process.execPath, command, { maxBuffer: 2 ** 28 }, (error, stdout, stderr) =>
        resolve({ stdout, stderr, code: error === null ? 0 : error.code }),
      );
    });
  }

  const TELL = `data:text/javascript,${encodeURIComponent(`
    import { subscribe } from 'node:diagnostics_channel';
    subscribe('worker_threads', ({ worker }) =>
      worker.on('message', (word) => 'part' in word && console.error(word.part === null ? 'nothing' : 'a part')));
  `)}`;

  async function expectAlike(file: string, told: string): Promise<Texts> {
    const { stderr, ...answer } = await top(file, ['--import', TELL]);
    const alone = await top(file, NO_THREADS);
    expect(answer).toEqual({ stdout: alone.stdout, code: alone.code });
    expect(stderr).toBe(told + alone.stderr);
    return alone;
  }

  test('an ordinary file', async () => {
    const { code: ending } = await expectAlike(large('plain.cpuprofile'), 'a part\n');
    expect(ending).toBe(0);
  });

  test('a guess that is wrong: what looks like a node stands within one', async () => {
    const inner = JSON.stringify(Array.from({ length: 12 }, () => ({ id: 1, of: 'what nobody knows' })));
    // So many of them that bytes taken at random hardly hit a node first.
    const written = (node: object) => JSON.stringify(node).replace(/\}$/, `,"inner":${inner}}`);
    await expectAlike(large('nested.cpuprofile', { written }), 'nothing\n');
  });

  test('what is broken in the second part is told as ever', async () => {
    const behind = RECORDED.replace('"samples":[299999', '"samples":["x"');
    const { code: ending, stderr } = await expectAlike(large('broken.cpuprofile', { behind }), 'nothing\n');
    expect(ending).toBe(2);
    expect(stderr).toContain('samples[0]');
  });

  test('a file cut short', async () => {
    const { code: ending } = await expectAlike(large('short.cpuprofile', { behind: '' }), 'nothing\n');
    expect(ending).toBe(2);
  });

  test('the files were large enough', () => {
    for (const name of ['plain', 'nested', 'broken', 'short'])
      expect(readFileSync(path.join(folder, `${name}.cpuprofile`)).length).toBeGreaterThan(64e6);
  });
});
