import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { WRITABLE_FORMATS } from '../../src/formats/registry.ts';
import { writeReport } from '../../src/formats/report/write-report.ts';
import { type LoadOptions, loadProfile, loadProfiles, type Profile, PstatError, readProfile } from '../../src/index.ts';
import { Stats } from '../../src/query/stats.ts';
import { pageView } from '../../src/view/page-view.ts';
import { code, json, native, plain, withFrames } from '../support/documents.ts';
import { prof } from '../support/marshal.ts';
import { noteTexts } from '../support/notes.ts';
import { examine, hasControl, rowsOf } from '../support/reading.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let folder = '';

beforeEach(() => {
  folder = temporaryFolder('load');
});

/** Writes a file into the test's folder and returns its path. */
function put(name: string, content: Uint8Array | string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** A profile of one function for 1 ms. */
function of(name: string): Uint8Array {
  return json(withFrames(code(name)));
}

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const TRACED = prof({ key: ['a.py', 1, 'traced'], cc: 1, nc: 1, tt: 0.5, ct: 0.5 });

function namesOf(profile: Profile): string[] {
  return rowsOf(profile).map(({ name }) => name);
}

async function load(paths: string | readonly string[], options?: LoadOptions): Promise<Profile> {
  const profile = await loadProfile(paths, options);
  examine(profile);
  return profile;
}

async function errorOf(paths: string | readonly string[], options?: LoadOptions): Promise<PstatError> {
  const error = await loadProfile(paths, options).then(
    () => new Error('it was read'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PstatError)) throw error;
  examine(error);
  return error;
}

describe('a file', () => {
  test('is its own source', async () => {
    const file = put('x.cpuprofile', of('f'));
    const profile = await load(file);
    expect(namesOf(profile)).toEqual(['f']);
    expect(profile.sources).toEqual([file]);
  });

  test('is recognized by its content, whatever its name', async () => {
    expect(namesOf(await load(put('notes.txt', of('f'))))).toEqual(['f']);
    expect(namesOf(await load(put('x.prof', gzipSync(of('f')))))).toEqual(['f']);
    expect(namesOf(await load(put('x.cpuprofile', TRACED)))).toEqual(['traced']);
  });

  test('may be longer than one chunk', async () => {
    const frames = Array.from({ length: 3000 }, (_, line) => code(`f${line}`, line));
    const bytes = json(withFrames(...frames));
    expect(bytes.length).toBeGreaterThan(2 ** 18);
    expect(namesOf(await load(put('large', bytes)))).toHaveLength(3000);
  });

  test('is found by a relative path', async () => {
    const file = path.relative(process.cwd(), put('x.cpuprofile', of('f')));
    expect((await load(file)).sources).toEqual([file]);
  });

  test('is found through a link', async () => {
    symlinkSync(put('x.cpuprofile', of('f')), path.join(folder, 'link'));
    expect(namesOf(await load(path.join(folder, 'link')))).toEqual(['f']);
  });

  test('that is not a profile is an error that names it, though a folder would skip it', async () => {
    const file = put('x.txt', 'hello');
    expect(await errorOf(file)).toMatchObject({ kind: 'unknown-format', source: file });
  });

  test('that is broken is an error', async () => {
    const file = put('x.cpuprofile', json(plain({ samples: 3 })));
    const error = await errorOf(file);
    expect(error).toMatchObject({ kind: 'malformed', source: file });
    expect(error.message.startsWith(`${file}: samples `)).toBe(true);
  });

  test('that is empty is an error', async () => {
    expect(await errorOf(put('x.cpuprofile', ''))).toMatchObject({ kind: 'unknown-format' });
  });

  test('that is large and of another format is an error', async () => {
    const error = await errorOf(put('x.bin', new Uint8Array(5_000_000).fill(0xfe)));
    expect(error.kind).toBe('unknown-format');
    const page = `<!DOCTYPE html>${'<p>hello</p>'.repeat(100_000)}`;
    expect((await errorOf(put('x.html', page))).message).toMatch(/web page/);
  });
});

describe('a path without a file is an error', () => {
  test('for a missing file', async () => {
    const missing = path.join(folder, 'missing.prof');
    const error = await errorOf(missing);
    expect(error).toMatchObject({ kind: 'unreadable', source: missing });
    expect(error.message).toMatch(/no such file/);
  });

  test('through a file', async () => {
    const file = put('x.prof', TRACED);
    expect(await errorOf(path.join(file, 'y.prof'))).toMatchObject({ kind: 'unreadable' });
  });

  test.each(['', '\0', 'a\0b', 'x'.repeat(300), `///${'x'.repeat(300)}`])('%j', async (name) => {
    expect(await errorOf(name)).toMatchObject({ kind: 'unreadable' });
  });

  test.each(['\u001b[31mred', 'two\nlines', '\u202etxt.exe'])('%j is made visible', async (name) => {
    expect(hasControl((await errorOf(path.join(folder, name))).message)).toBe(false);
  });

  test('for a broken link', async () => {
    symlinkSync(path.join(folder, 'gone'), path.join(folder, 'link'));
    expect(await errorOf(path.join(folder, 'link'))).toMatchObject({ kind: 'unreadable' });
  });

  test.skipIf(process.getuid?.() === 0)('for a file without read permission', async () => {
    const file = put('x.prof', TRACED);
    chmodSync(file, 0);
    expect((await errorOf(file)).message).toMatch(/permission/);
    put('inside/x.prof', TRACED);
    chmodSync(path.join(folder, 'inside'), 0);
    expect((await errorOf(path.join(folder, 'inside'))).message).toMatch(/permission/);
    chmodSync(path.join(folder, 'inside'), 0o700);
  });

  test('for no path at all', async () => {
    expect(await errorOf([])).toMatchObject({ kind: 'query' });
    expect(await loadProfiles([])).toEqual([]);
  });
});

describe('a folder', () => {
  test('is searched recursively, in order of path', async () => {
    put('b.cpuprofile', of('b'));
    put('a/z.cpuprofile', of('az'));
    put('a/deep/er/x.cpuprofile.gz', gzipSync(of('deep')));
    put('.hidden/x.cpuprofile', of('hidden'));
    const profiles = await loadProfiles([folder]);
    expect(profiles.map(namesOf)).toEqual([['hidden'], ['deep'], ['az'], ['b']]);
    expect(profiles.map(({ sources }) => path.relative(folder, sources[0] ?? ''))).toEqual([
      path.join('.hidden', 'x.cpuprofile'),
      path.join('a', 'deep', 'er', 'x.cpuprofile.gz'),
      path.join('a', 'z.cpuprofile'),
      'b.cpuprofile',
    ]);
    const merged = await load(folder);
    expect(merged.sources).toHaveLength(4);
    expect(namesOf(merged).sort()).toEqual(['az', 'b', 'deep', 'hidden']);
  });

  test('may be named with or without a trailing slash', async () => {
    put('x.cpuprofile', of('f'));
    expect(namesOf(await load(`${folder}/`))).toEqual(['f']);
    expect(namesOf(await load(folder))).toEqual(['f']);
  });

  test('gives one note for all skipped files', async () => {
    put('x.cpuprofile', of('f'));
    put('README.md', '# hello\n');
    put('sub/empty', '');
    put('sub/heap.heapprofile', json({ head: { callFrame: {}, selfSize: 0, children: [] } }));
    put('sub/large.bin', new Uint8Array(100_000).fill(0xfe));
    const profile = await load(folder);
    expect(namesOf(profile)).toEqual(['f']);
    expect(noteTexts(profile)).toHaveLength(1);
    expect(noteTexts(profile)[0]).toMatch(/^skipped 4 files /);
  });

  test('gives a note for a single skipped file', async () => {
    put('x.cpuprofile', of('f'));
    put('README.md', '# hello\n');
    expect(noteTexts(await load(folder))).toEqual([expect.stringMatching(/^skipped 1 file in .*: not a profile$/)]);
  });

  test('gives its note once after merging', async () => {
    put('x.cpuprofile', of('f'));
    put('y.cpuprofile', of('g'));
    put('README.md', '# hello\n');
    expect(noteTexts(await load(folder))).toEqual([expect.stringMatching(/skipped 1 file in .*: not a profile$/)]);
  });

  test('gives its note for the folder, not for one of its files', async () => {
    put('x.cpuprofile', of('f'));
    put('y.cpuprofile', of('g'));
    put('README.md', '# hello\n');
    expect(noteTexts(await load(folder)).join()).not.toContain('x.cpuprofile');
  });

  test('gives no note if all files are profiles', async () => {
    put('x.cpuprofile', of('f'));
    put('y.cpuprofile', of('g'));
    expect(noteTexts(await load(folder))).toEqual([]);
  });

  test.each<[string, Uint8Array]>([
    ['samples that are a number', json(plain({ samples: 3 }))],
    ['half a .cpuprofile', of('f').subarray(0, 100)],
    ['half a .prof', TRACED.subarray(0, 30)],
    ['half a gzip', gzipSync(of('f')).subarray(0, 40)],
  ])('a broken profile among sound ones is an error that names it: %s', async (_, bytes) => {
    put('a.cpuprofile', of('a'));
    put('c.cpuprofile', of('c'));
    const file = put('sub/b.prof', bytes);
    const error = await errorOf(folder);
    expect(error).toMatchObject({ kind: 'malformed', source: file });
  });

  test('is an error if none of its files is a profile', async () => {
    put('README.md', '# hello\n');
    put('sub/x', 'hello');
    const error = await errorOf(folder);
    expect(error).toMatchObject({ kind: 'unreadable', source: folder });
    expect(error.message).toMatch(/2 files/);
  });

  test('whose only file is no profile is an error that says what the file is', async () => {
    const file = put('a.cpuprofile', '');
    expect(await errorOf(folder)).toMatchObject({ source: file, fact: expect.stringMatching(/^the file is empty;/) });
  });

  test('is an error if it is empty or has only empty folders', async () => {
    expect(await errorOf(folder)).toMatchObject({ kind: 'unreadable', source: folder });
    mkdirSync(path.join(folder, 'a/b/c'), { recursive: true });
    expect((await errorOf(folder)).fact).toMatch(/^the folder has no files;/);
  });

  const sourcesOf = async (name: string) =>
    (await loadProfiles([name])).map(({ sources: [source = ''] }) => path.relative(folder, source));

  test('reads what its links to files and folders lead to', async () => {
    put('elsewhere/a.cpuprofile', of('f'));
    put('elsewhere/b/c.cpuprofile', of('f'));
    mkdirSync(path.join(folder, 'in'));
    symlinkSync(path.join(folder, 'elsewhere/a.cpuprofile'), path.join(folder, 'in/link.cpuprofile'));
    symlinkSync('../elsewhere/b', path.join(folder, 'in/latest'));
    expect(await sourcesOf(path.join(folder, 'in'))).toEqual(['in/latest/c.cpuprofile', 'in/link.cpuprofile']);
  });

  test('reads a file once that links lead to as well, under its own path', async () => {
    put('run7/x.cpuprofile', of('f'));
    put('run8/x.cpuprofile', of('f'));
    symlinkSync('run8', path.join(folder, 'latest'));
    symlinkSync('run8', path.join(folder, 'again'));
    symlinkSync('run7/x.cpuprofile', path.join(folder, 'a.cpuprofile'));
    expect(await sourcesOf(folder)).toEqual(['run7/x.cpuprofile', 'run8/x.cpuprofile']);
  });

  test('and what else is named count a file as often as it is named, with a note', async () => {
    const file = put('run/a.cpuprofile', of('f'));
    const other = put('run/b.cpuprofile', of('f'));
    symlinkSync(file, path.join(folder, 'link.cpuprofile'));
    const link = path.join(folder, 'link.cpuprofile');
    expect(noteTexts(await load([file, path.join(folder, 'run'), link]))).toEqual([
      `named more than once, and counted as often: ${file}, ${link}`,
    ]);
    expect(noteTexts(await load([file, other]))).toEqual([]);
  });

  test('does not follow links to folders above, nor links that lead nowhere, and says so', async () => {
    put('in/x.cpuprofile', of('f'));
    symlinkSync(folder, path.join(folder, 'in/circle'));
    symlinkSync('.', path.join(folder, 'in/self'));
    symlinkSync('/', path.join(folder, 'in/all'));
    symlinkSync(path.join(folder, 'gone'), path.join(folder, 'in/dangling'));
    expect(noteTexts(await load(path.join(folder, 'in')))).toEqual([
      `skipped 1 broken link, 3 links to folders above in ${path.join(folder, 'in')}`,
    ]);
  });

  test('leaves out HTML beside profiles: a report of them would count them twice', async () => {
    const profile = put('in/x.cpuprofile', of('f'));
    put('in/report.html', '<!DOCTYPE html>');
    const read = await load(path.join(folder, 'in'));
    expect([read.sources, noteTexts(read)]).toEqual([
      [profile],
      [`skipped 1 HTML report in ${path.join(folder, 'in')}`],
    ]);
  });

  test('without a readable file says what it has', async () => {
    symlinkSync(path.join(folder, 'gone'), path.join(folder, 'dangling'));
    expect((await errorOf(folder)).fact).toMatch(
      /^the folder has no file that can be read \(it has 1 broken link\); record/,
    );
    execFileSync('mkfifo', [path.join(folder, 'pipe')]);
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0x66])]), of('f'));
    expect((await errorOf(folder)).fact).toMatch(
      / \(it has 1 broken link, 1 name that is not UTF-8, 1 pipe, socket or device\); record/,
    );
  });

  test('with a broken profile is an error that names it, and all of them if there are several', async () => {
    put('a.cpuprofile', of('f'));
    const first = put('b.cpuprofile', of('f').slice(0, -20));
    put('notes.txt', 'not a profile');
    expect(await errorOf(folder)).toMatchObject({ kind: 'malformed', source: first, canSkip: true });
    const second = put('c.cpuprofile', of('f').slice(0, -30));
    const both = await errorOf(folder);
    expect(both).toMatchObject({ message: '2 of 3 files cannot be read', kind: 'malformed', canSkip: true });
    expect(both.errors.map(({ source }) => source)).toEqual([first, second]);
  });

  test('with broken profiles is read without them where skipBroken says so, with a note', async () => {
    put('a.cpuprofile', of('f'));
    put('b.cpuprofile', of('g').slice(0, -20));
    const profile = await loadProfile(folder, { skipBroken: true });
    expect(profile.sources).toEqual([path.join(folder, 'a.cpuprofile')]);
    expect(noteTexts(profile)).toEqual([
      expect.stringMatching(/^left out 1 of 2 files; it cannot be read: .*\/b\.cpuprofile: [^\n]*$/),
    ]);
  });

  test('with broken profiles alone is an error, whatever skipBroken says', async () => {
    put('a.cpuprofile', of('f').slice(0, -20));
    put('b.cpuprofile', of('g').slice(0, -20));
    await expect(loadProfile(folder, { skipBroken: true })).rejects.toMatchObject({
      message: '2 of 2 files cannot be read',
      kind: 'malformed',
      canSkip: false,
    });
  });

  test('skips sockets', async () => {
    put('x.cpuprofile', of('f'));
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(path.join(folder, 'socket'), resolve);
    });
    try {
      expect(namesOf(await load(folder))).toEqual(['f']);
    } finally {
      server.close();
    }
  });

  test('with sampled and traced profiles is an error that says why', async () => {
    put('a.cpuprofile', of('f'));
    const file = put('b.prof', TRACED);
    const error = await errorOf(folder);
    expect(error).toMatchObject({ kind: 'missing-data', source: file });
    expect(error.message).toContain('a.cpuprofile');
    expect(await loadProfiles([folder])).toHaveLength(2);
  });
});

describe('a glob', () => {
  test('finds files in order of path, in all matching folders', async () => {
    put('b.cpuprofile', of('b'));
    put('a.cpuprofile', of('a'));
    put('sub/c.cpuprofile', of('c'));
    put('sub/d.txt', 'hello');
    expect((await loadProfiles([`${folder}/*.cpuprofile`])).map(namesOf)).toEqual([['a'], ['b']]);
    expect((await loadProfiles([`${folder}/**/*.cpuprofile`])).map(namesOf)).toEqual([['a'], ['b'], ['c']]);
    expect((await loadProfiles([`${folder}/{b,sub/c}.cpuprofile`])).map(namesOf)).toEqual([['b'], ['c']]);
    expect((await loadProfiles([`${folder}/[ab].cpuprofile`])).map(namesOf)).toEqual([['a'], ['b']]);
    expect((await loadProfiles([`${folder}/?.cpuprofile`])).map(namesOf)).toEqual([['a'], ['b']]);
  });

  test('is a file name first: a file with brackets in its name wins', async () => {
    put('run1.cpuprofile', of('one'));
    put('run[1].cpuprofile', of('brackets'));
    expect(namesOf(await load(path.join(folder, 'run[1].cpuprofile')))).toEqual(['brackets']);
    put('all*.cpuprofile', of('star'));
    put('all.cpuprofile', of('all'));
    expect(namesOf(await load(path.join(folder, 'all*.cpuprofile')))).toEqual(['star']);
  });

  test('is a folder name first: a folder with brackets in its name wins', async () => {
    put('run[1]/x.cpuprofile', of('brackets'));
    put('run1/x.cpuprofile', of('one'));
    expect(namesOf(await load(path.join(folder, 'run[1]')))).toEqual(['brackets']);
  });

  test('with brackets matches if no file has that name', async () => {
    put('run1.cpuprofile', of('one'));
    expect(namesOf(await load(path.join(folder, 'run[1].cpuprofile')))).toEqual(['one']);
  });

  test('that matches nothing is an error', async () => {
    const glob = `${folder}/*.cpuprofile`;
    expect(await errorOf(glob)).toMatchObject({ kind: 'unreadable', source: glob });
  });

  test('with a NUL is an error', async () => {
    const source = `${folder}/\\x00/*.cpuprofile`;
    expect(await errorOf(`${folder}/\0/*.cpuprofile`)).toMatchObject({ kind: 'unreadable', source });
  });

  test('with a broken profile among valid ones is an error that names it', async () => {
    put('a.cpuprofile', of('a'));
    const file = put('b.cpuprofile', json(plain({ samples: 3 })));
    const error = await errorOf(`${folder}/*`);
    expect(error.kind).toBe('malformed');
    expect(path.resolve(error.source ?? '')).toBe(file);
  });

  test('that is absolute gives absolute paths', async () => {
    const file = put('a.cpuprofile', of('a'));
    expect((await load(`${folder}/*.cpuprofile`)).sources).toEqual([file]);
  });
});

describe('-', () => {
  test.each([1, 7, 100_000])('is standard input, in chunks of %d bytes', async (size) => {
    const profile = await load('-', { stdin: chunks(of('f'), size) });
    expect(namesOf(profile)).toEqual(['f']);
    expect(profile.sources).toEqual(['standard input']);
    expect(namesOf(await load('-', { stdin: chunks(gzipSync(TRACED), size) }))).toEqual(['traced']);
  });

  test('is a file of that name if there is no stream', async () => {
    const before = process.cwd();
    expect(await errorOf('-')).toMatchObject({ kind: 'unreadable', source: '-' });
    expect(process.cwd()).toBe(before);
  });

  test('keeps its place among files', async () => {
    const [a, b] = [put('a', of('a')), put('b', of('b'))];
    const profiles = await loadProfiles([b, '-', a], { stdin: chunks(of('f'), 64) });
    expect(profiles.map(namesOf)).toEqual([['b'], ['f'], ['a']]);
  });

  test.each<[string, Uint8Array, object]>([
    ['empty', new Uint8Array(), { kind: 'unknown-format' }],
    ['not a profile', Buffer.from('hello'), { kind: 'unknown-format' }],
    ['broken', json(plain({ samples: 3 })), { kind: 'malformed' }],
  ])('that is %s is an error of standard input', async (_, bytes, expected) => {
    expect(await errorOf('-', { stdin: chunks(bytes, 64) })).toMatchObject({ ...expected, source: 'standard input' });
  });

  test('that cannot be read is an error', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{"nodes":');
      throw Object.assign(new Error('EISDIR: illegal operation on a directory, read'), { code: 'EISDIR' });
    }
    expect(await errorOf('-', { stdin: failing() })).toMatchObject({ kind: 'unreadable', source: 'standard input' });
  });
});

describe('several paths', () => {
  test('are merged in the order named', async () => {
    const [a, b] = [put('a.cpuprofile', of('a')), put('b.cpuprofile', of('b'))];
    put('sub/y.cpuprofile', of('y'));
    put('sub/x.cpuprofile', of('x'));
    const sub = path.join(folder, 'sub');
    const profile = await load([b, sub, a]);
    expect(profile.sources).toEqual([b, path.join(sub, 'x.cpuprofile'), path.join(sub, 'y.cpuprofile'), a]);
    expect(namesOf(profile)).toEqual(['b', 'x', 'y', 'a']);
    expect((await loadProfiles([b, sub, a])).map(namesOf)).toEqual([['b'], ['x'], ['y'], ['a']]);
  });

  test('are added up', async () => {
    const file = put('a.cpuprofile', json(plain()));
    const once = await load(file);
    const thrice = await load([file, file, file]);
    expect(rowsOf(thrice).map(({ name, self, total }) => [name, self, total])).toEqual(
      rowsOf(once).map(({ name, self, total }) => [name, self * 3, total * 3]),
    );
    if (!('callTree' in once) || !('callTree' in thrice)) throw new TypeError('traced');
    expect(thrice).toMatchObject({
      beforeFirstSample: once.beforeFirstSample * 3,
      afterLastSample: 0,
      duration: once.duration * 3,
      timeline: null,
    });
  });

  test('are added up for traced profiles too', async () => {
    const file = put('a.prof', TRACED);
    expect(rowsOf(await load([file, file]))).toMatchObject([
      { name: 'traced', self: 1, total: 1, selfCount: 2, totalCount: 2 },
    ]);
  });

  test('with one that cannot be read give no partial result', async () => {
    const [good, missing] = [put('a.cpuprofile', of('a')), path.join(folder, 'missing')];
    expect(await errorOf([good, missing])).toMatchObject({ kind: 'unreadable', source: missing });
    expect(await errorOf([missing, good])).toMatchObject({ kind: 'unreadable', source: missing });
  });

  test('gives a note for a single skipped file', async () => {
    const [good, text] = [put('a.cpuprofile', of('a')), put('b.txt', 'hello')];
    expect(await errorOf([good, text])).toMatchObject({ kind: 'unknown-format', source: text });
  });

  test('of sampled and traced profiles are an error', async () => {
    const [a, b] = [put('a.cpuprofile', of('a')), put('b.prof', TRACED)];
    expect(await errorOf([a, b])).toMatchObject({ kind: 'missing-data' });
    expect(await errorOf([b, a])).toMatchObject({ kind: 'missing-data' });
  });
});

function gunzippedOrNot(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

describe('a large file', () => {
  const nodes = Array.from({ length: 5000 }, (_, i) => ({
    id: i + 1,
    callFrame: code(`f${i % 500}${'x'.repeat(300)}`, i % 500),
    children: i === 0 ? Array.from({ length: 4999 }, (_, child) => child + 2) : [],
  }));
  const large = json(plain({ nodes, samples: nodes.map(({ id }) => id), timeDeltas: nodes.map(() => 7) }));
  /** The profile without its source. */
  const comparable = ({ sources, ...profile }: Profile) => profile;

  test('is the same from the disk, gzipped, from a stream and from memory', async () => {
    expect(large.length).toBeGreaterThan(2_000_000);
    const whole = comparable(readProfile(large, 'memory'));
    expect(comparable(await load(put('large.cpuprofile', large)))).toEqual(whole);
    expect(comparable(await load(put('large.gz', gzipSync(large, { level: 0 }))))).toEqual(whole);
    expect(comparable(await load('-', { stdin: chunks(large, 50_000) }))).toEqual(whole);
  });

  test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['behind a byte order mark', (bytes) => Buffer.concat([Buffer.from('\ufeff'), bytes])],
    ['in wrappers', (bytes) => Buffer.concat([Buffer.from('{"result":{"profile":'), bytes, Buffer.from('}}')])],
    ['packed twice', (bytes) => gzipSync(bytes, { level: 0 })],
  ])('that only the plain reader reads, %s, is the same packed', async (_, odd) => {
    const whole = comparable(readProfile(large, 'memory'));
    expect(comparable(await load(put('odd.gz', gzipSync(odd(large), { level: 0 }))))).toEqual(whole);
  });

  describe('of any format has the same figures from the disk, from a stream and from memory:', () => {
    /** Names of which no compression makes a small file. */
    const names = Array.from(
      { length: 12_000 },
      (_, i) => `f${createHash('sha512').update(`${i}`).digest('hex').repeat(2)}`,
    );
    const nodes = [
      { id: 1, callFrame: native('(root)'), children: [2] },
      { id: 2, callFrame: code('main'), children: names.map((_, i) => i + 3) },
      ...names.map((name, i) => ({ id: i + 3, callFrame: code(name), children: [] })),
    ];
    const samples = names.map((_, i) => i + 3);
    const profile = readProfile(json(plain({ nodes, samples, timeDeltas: samples.map(() => 7) })), 'memory');
    const perf = names.map((name, i) => `node 1/1 ${i}.000000: 1000000 cpu-clock:\n\t1 ${name}+0x1 (/bin/app)\n`);
    const title = { title: 'large', heading: [], notes: [], arguments: '', requests: null, comparison: null };
    const page = { title: 'large', profile, parts: [], scripts: null, columns: new Map() };
    const html = () =>
      writeReport({ ...page, ...pageView(new Stats(profile), title) }, { start: '', script: '', style: '' });

    test.each<[string, () => Uint8Array | Promise<Uint8Array>]>([
      ...WRITABLE_FORMATS.filter(({ reader }) => reader !== undefined).map(
        ({ name, writer }): [string, () => Promise<Uint8Array>] => [
          name,
          async () => (await writer.load())([{ profile, name: 'large', labels: new Map() }], {}).bytes,
        ],
      ),
      ['perf', () => Buffer.from(perf.join('\n'))],
      ['report', () => Buffer.from(html())],
    ])('%s', async (_, write) => {
      const bytes = gunzippedOrNot(await write());
      expect(bytes.length).toBeGreaterThan(2 ** 20);
      const figures = (read: Profile) => [read.functions.length, new Stats(read).graph.sums];
      const whole = figures(readProfile(bytes, 'memory'));
      expect(figures(await loadProfile(put('large', bytes)))).toEqual(whole);
      expect(figures(await loadProfile('-', { stdin: chunks(bytes, 50_000) }))).toEqual(whole);
    });
  });

  test('that is gzipped and not a profile is skipped in a folder', async () => {
    put('log.gz', gzipSync(Buffer.alloc(2_000_000, 'a line\n'), { level: 0 }));
    put('a.cpuprofile', of('a'));
    expect(namesOf(await load(folder))).toEqual(['a']);
  });

  test.each([4, 8])('whose gzip data lacks its last %d bytes is an error', async (lost) => {
    const packed = put('cut.gz', gzipSync(large, { level: 0 }).subarray(0, -lost));
    expect((await errorOf(packed)).message).toMatch(/the gzip data is cut short/);
  });

  test.skipIf(process.platform === 'win32')('and a small one are read from a named pipe', async () => {
    for (const bytes of [large, of('f')]) {
      const pipe = path.join(folder, `pipe${bytes.length}`);
      execFileSync('mkfifo', [pipe]);
      const writing = writeFile(pipe, bytes);
      expect(comparable(await load(pipe))).toEqual(comparable(readProfile(bytes, 'memory')));
      await writing;
    }
  });

  test('reports its progress to its end', async () => {
    for (const bytes of [large, gzipSync(large, { level: 0 })]) {
      const reported: [number, number][] = [];
      await load(put('large', bytes), { onProgress: (read, total) => reported.push([read, total]) });
      expect(reported.length).toBeGreaterThan(3);
      expect(reported.at(-1)).toEqual([bytes.length, bytes.length]);
      expect(reported.map(([read]) => read)).toEqual(reported.map(([read]) => read).toSorted((a, b) => a - b));
    }
  });

  test('that is broken gives the error of the parsing reader', async () => {
    const cut = put('cut.cpuprofile', large.subarray(0, -100_000));
    expect((await errorOf(cut)).message).toMatch(/the JSON ends too early, after [\d,]+ bytes; the file was cut short/);
    const packed = put('cut.gz', gzipSync(large, { level: 0 }).subarray(0, -100_000));
    expect((await errorOf(packed)).message).toMatch(/the gzip data is cut short/);
  });

  /** A sparse file longer than V8's longest string. */
  function longerThanString(name: string, beginning: Uint8Array): string {
    const file = put(name, beginning);
    truncateSync(file, 600_000_000);
    return file;
  }

  test('longer than a string is rejected with the byte that is wrong', async () => {
    const file = longerThanString('long.cpuprofile', large.subarray(0, 1_500_000));
    expect(await errorOf(file)).toMatchObject({ kind: 'unreadable', source: file });
    expect((await errorOf(file)).fact).toMatch(/^larger than 512 MB, and at byte 15\d{5} not as V8 writes a profile/);
  });

  test('longer than a string and not a profile is recognized by its beginning', async () => {
    expect(await errorOf(longerThanString('movie', Buffer.alloc(100)))).toMatchObject({ kind: 'unknown-format' });
    const other = longerThanString('other.json', Buffer.from('\ufeff{"a":'));
    expect(await errorOf(other)).toMatchObject({ kind: 'unreadable' });
  });
});

describe('files that pstat is still writing', () => {
  const TEMPORARY = '.pstat-0123456789abcdef.tmp';

  test('are skipped in a folder', async () => {
    put('a.cpuprofile', of('a'));
    put(TEMPORARY, '{"nodes":[');
    const profile = await load(folder);
    expect([namesOf(profile), noteTexts(profile)]).toEqual([['a'], []]);
  });

  test('are not counted twice beside the finished file', async () => {
    put('a.cpuprofile', of('a'));
    put(TEMPORARY, of('a'));
    expect((await load(folder)).sources).toHaveLength(1);
  });

  test('are read if they are named', async () => {
    expect(namesOf(await load(put(TEMPORARY, of('a'))))).toEqual(['a']);
  });
});
