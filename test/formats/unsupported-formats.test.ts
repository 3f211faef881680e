import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { PstatError, readProfile } from '../../src/index.ts';
import { json, native, plain } from '../support/documents.ts';
import { attempt, examine, refusalOf, timesOf } from '../support/reading.ts';

/** File of samples/broken → the words of its error, for valid files of other formats (samples/README.md). */
const NAMED: Readonly<Record<string, RegExp>> = {
  'heap-profile.heapprofile': /heap profile/,
  'heap-snapshot.heapsnapshot': /heap snapshot/,
  'node-prof-isolate.log': /V8 log .*--prof/,
  'callgrind.out': /callgrind/,
  'python-pickle.prof': /pickle/,
  'python-text-report.prof': /pstats report/,
  'png-image.prof': /PNG/,
  'elf-program.prof': /program/,
  'web-page.html': /web page/,
  'trace-without-profile.json': /a trace without CPU samples/,
  'list-not-dict.prof': /marshal/,
  'gperftools.prof': /gperftools/,
  'haskell-report.prof': /Haskell|GHC/,
  'git-lfs-pointer.cpuprofile': /Git LFS/i,
};

function broken(name: string): Uint8Array {
  return readFileSync(`samples/broken/${name}`);
}

describe('the error names the format', () => {
  test.each(Object.entries(NAMED))('%s: %s', (name, words) => {
    const error = refusalOf(broken(name), 'x');
    expect(error.kind).toBe('unknown-format');
    expect(error.message).toMatch(words);
    expect(error.message).toMatch(/^x: \w.*, which pstat does not read; \w/);
  });

  test('key-not-a-tuple.prof is malformed, not of another format', () => {
    expect(refusalOf(broken('key-not-a-tuple.prof')).message).not.toMatch(/no dict/);
  });

  test.each(Object.keys(NAMED))('%s is recognized by its content alone, gzipped or not', (name) => {
    const plainly = refusalOf(broken(name), 'x').message;
    expect(refusalOf(gzipSync(broken(name)), 'x').message).toBe(plainly);
    expect(refusalOf(gzipSync(gzipSync(broken(name))), 'x').message).toBe(plainly);
  });

  test.each(Object.keys(NAMED))('%s is recognized with other line ends and after a byte order mark', (name) => {
    const text = broken(name).toString();
    for (const variant of [text.replaceAll('\n', '\r\n'), `\ufeff${text}`]) examine(refusalOf(Buffer.from(variant)));
  });
});

/** The beginning of a file -> the words of its error. */
const BEGINNINGS: readonly (readonly [what: string, content: string | Buffer, words: RegExp])[] = [
  ['callgrind with a long event name first', 'event: ns : Nanoseconds\nevents: ns\nfn=main\n1 100\n', /callgrind/],
  ['callgrind without a header', 'fl=a.py\nfn=main\n1 100\n', /callgrind/],
  ['node --prof-process', 'Statistical profiling result from isolate-0x1-1-v8.log, (1 ticks)\n', /--prof-process/],
  ['a file of zero bytes', Buffer.alloc(64), /zero bytes/],
  ['JSONXL', Buffer.from('00004a534f4e584c0900', 'hex'), /JSONXL/],
  ['Java HPROF in text', 'JAVA PROFILE 1.0.1, created Thu Jan  1 2015\n', /HPROF/],
  ['Java HPROF', 'JAVA PROFILE 1.0.2\0\0\0\0\x08', /HPROF/],
  ['line_profiler', Buffer.from('8004950000000000000000637d94288c0774696d696e6773947d94', 'hex'), /line_profiler/],
  ['perf.data', 'PERFILE2\0\0\0\0', /perf recording, .*`perf script /],
  ['a .NET trace', 'Nettrace\x14\0\0\0!FastSerialization.1', /\.NET trace/],
  ['MOJO', Buffer.from('4d4f4a0304', 'hex'), /MOJO/],
  ['W3C self-profiling', '{"resources":[],"frames":[],"stacks":[],"samples":[]}', /Self-Profiling/],
  [
    'Business Central',
    '{"nodes":[{"id":1,"callFrame":{"functionName":"OnRun","scriptId":"Codeunit_80"}}],"samples":[1],"timeDeltas":[1]}',
    /Business Central/,
  ],
];

test.each(BEGINNINGS)('%s is named', (_, content, words) => {
  const error = refusalOf(Buffer.from(content as string), 'x');
  expect(error.kind).toBe('unknown-format');
  expect(error.message).toMatch(words);
});

describe('recognizes other forms', () => {
  const event = { pid: 1, tid: 1, ts: 1, ph: 'P', cat: 'disabled-by-default-v8.cpu_profiler', name: 'CpuProfile' };
  const frame = native('(root)');

  test.each<[RegExp, unknown]>([
    [/trace/, [{ ...event, name: 'RunTask', ph: 'X' }]],
    [/trace/, { traceEvents: [], metadata: {} }],
    [/trace/, { metadata: {}, traceEvents: [{ ...event, name: 'RunTask' }] }],
    [/heap profile/, { head: { callFrame: frame, selfSize: 0, id: 1, children: [] }, samples: [] }],
    [/heap profile/, { head: { callFrame: frame, selfSize: 8, children: [] } }],
    [/heap profile/, { result: { profile: { head: { callFrame: frame, selfSize: 8, children: [] } } } }],
    [/heap snapshot/, { snapshot: { meta: {}, node_count: 0 }, nodes: [], edges: [], strings: [] }],
    [/Firefox/, { meta: { product: 'Firefox', interval: 1, version: 30 }, libs: [], threads: [] }],
  ])('%s: %j', (words, document) => {
    const error = refusalOf(json(document));
    expect(error.kind).toBe('unknown-format');
    expect(error.message).toMatch(words);
  });

  test.each(['\n\n<!DOCTYPE html><html></html>', '<html lang="en">', '<!doctype html>\n', '\ufeff<!DOCTYPE html>'])(
    'a web page: %j',
    (text) => {
      expect(refusalOf(Buffer.from(text)).message).toMatch(/web page/);
    },
  );

  test.each([2, 3, 4, 5])('a pickle of protocol %d', (protocol) => {
    expect(refusalOf(Buffer.concat([Buffer.from([0x80, protocol]), Buffer.from('}q\0.')])).message).toMatch(/pickle/);
  });
});

describe('does not misname other files', () => {
  test.each<[string, Uint8Array]>([
    ['a text', Buffer.from('hello\n')],
    ['one byte', Buffer.from('x')],
    ['an opening brace', Buffer.from('{')],
    ['an opening bracket', Buffer.from('[')],
    ['a zip', Buffer.from('504b0304140000000800', 'hex')],
    ['a JPEG', Buffer.from('ffd8ffe000104a464946', 'hex')],
    ['a Mach-O program', Buffer.from('cffaedfe0700000103000000', 'hex')],
    ['bzip2', Buffer.from('425a6839314159265359', 'hex')],
    ['xz', Buffer.from('fd377a585a000004e6d6b446', 'hex')],
    ['zstd', Buffer.from('28b52ffd0458', 'hex')],
    ['SQLite', Buffer.from('SQLite format 3\0')],
    ['a .pyc', Buffer.from('a70d0d0a00000000', 'hex')],
    ['zeros', new Uint8Array(4096)],
    ['ones', new Uint8Array(4096).fill(0xff)],
    ['a source file', Buffer.from("import x from 'y';\n\nx();\n")],
    ['a source map', json({ version: 3, sources: ['a.ts'], mappings: 'AAAA' })],
    ['package.json', json({ name: 'x', version: '1.0.0', profile: { a: 1 } })],
    ['a number', Buffer.from('42')],
    ['a JSON text', Buffer.from('"nodes"')],
    ['a list of numbers', json([1, 2, 3])],
    ['nodes of a graph', json({ nodes: [{ id: 'a' }, { id: 'b' }], links: [] })],
  ])('%s', (_, bytes) => {
    const error = refusalOf(bytes);
    examine(error);
    expect(error.message).toMatch(/^file: \S.{20}/);
  });
});

/** Detection may be wrong about broken files, never about valid ones. */
describe('reads a CPU profile whatever else is in it', () => {
  const hot = (bytes: Uint8Array) => timesOf(readProfile(bytes, 'file')).filter((times) => !times.endsWith('/0'));

  test.each<[string, object]>([
    ['traceEvents', { traceEvents: [] }],
    ['head', { head: {} }],
    ['$schema', { $schema: 'https://www.speedscope.app/file-format-schema.json', profiles: [], shared: {} }],
    ['meta, threads, libs', { meta: { product: 'Firefox' }, threads: [], libs: [] }],
    ['stackFrames', { stackFrames: {} }],
    ['profile', { profile: { nodes: [] } }],
    ['result', { result: { profile: { nodes: [] } } }],
  ])('%s', (_, added) => {
    const expected = ['main 1000/4700', 'a 1000/1000', 'b 2700/2700'];
    expect(hot(json({ ...plain(), ...added }))).toEqual(expected);
    expect(hot(json({ ...added, ...plain() }))).toEqual(expected);
  });

  test('does not mistake V8 profiles for Python, or the other way round', () => {
    expect(readProfile(json(plain()), 'x.prof').counts).toBe('samples');
    expect(readProfile(readFileSync('samples/odd/python2.prof'), 'x.cpuprofile').counts).toBe('calls');
    expect(attempt(Buffer.from('{0'))).not.toBeInstanceOf(PstatError);
  });
});
