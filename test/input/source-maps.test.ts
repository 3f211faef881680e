import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { loadProfile, type Profile, PstatError, type SourceMapOptions } from '../../src/index.ts';
import { APP, code, json, withFrames } from '../support/documents.ts';
import { noteTexts } from '../support/notes.ts';
import { rowsOf } from '../support/reading.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const OUTSIDE = 'outside the working directory, and not named by --source-map';

let folder = '';

beforeEach(() => {
  folder = temporaryFolder('maps');
});

/** Writes a file into the test's folder, long before the recording. */
function put(name: string, content: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  utimesSync(file, 1e9, 1e9);
  return file;
}

const NAMES = ['main', 'a', 'b'];
/** What ran: a function a line. */
const GENERATED = NAMES.map((name) => `function ${name}() {}\n`).join('');
/** Function n is on line 6 + n of main.ts. */
const MAP = { version: 3, sources: ['main.ts'], names: [], mappings: 'AAKA;AACA;AACA' };

/** A recording of the functions; V8 says that they begin at their parameters. */
function recording(change: { pstat?: unknown; frames?: ReturnType<typeof code>[] } = {}): string {
  const frames = change.frames ?? NAMES.map((name, line) => code(name, line, 9 + name.length));
  return put('run.cpuprofile', json({ ...withFrames(...frames), pstat: change.pstat }).toString());
}

async function load(profile: string, options: SourceMapOptions = {}): Promise<Profile> {
  return loadProfile(profile, { sourceMaps: { sourcePath: [folder], ...options } });
}

async function placesOf(profile: string, options?: SourceMapOptions): Promise<string[]> {
  return rowsOf(await load(profile, options)).map(({ file, line }) => `${file}:${line}`);
}

async function notesOf(profile: string, options?: SourceMapOptions): Promise<readonly string[]> {
  return noteTexts(await load(profile, options));
}

const MAPPED = ['file:///srv/app/main.ts:6', 'file:///srv/app/main.ts:7', 'file:///srv/app/main.ts:8'];
const GENERATED_PLACES = [`${APP}:1`, `${APP}:2`, `${APP}:3`];

describe('a map is found', () => {
  test('beside the generated file', async () => {
    put('main.js', GENERATED);
    put('main.js.map', JSON.stringify(MAP));
    expect(await placesOf(recording())).toEqual(MAPPED);
    expect(await notesOf(recording())).toEqual([]);
  });

  test('by its address in the generated file', async () => {
    put('main.js', `${GENERATED}//# sourceMappingURL=maps/m%20p.json\n`);
    put('maps/m p.json', JSON.stringify({ ...MAP, sources: ['../main.ts'] }));
    expect(await placesOf(recording())).toEqual(MAPPED);
  });

  test('inside the generated file', async () => {
    const base64 = Buffer.from(JSON.stringify({ ...MAP, padding: 'x'.repeat(2000) })).toString('base64');
    put('main.js', `${GENERATED}//# sourceMappingURL=data:application/json;charset=utf-8;base64,${base64}`);
    expect(await placesOf(recording())).toEqual(MAPPED);
  });

  test('inside the generated file, percent-encoded', async () => {
    put('main.js', `${GENERATED}//# sourceMappingURL=data:application/json,${encodeURIComponent(JSON.stringify(MAP))}`);
    expect(await placesOf(recording())).toEqual(MAPPED);
  });

  test('in the profile, before one on the disk', async () => {
    put('main.js', GENERATED);
    put('main.js.map', JSON.stringify({ ...MAP, sources: ['other.ts'] }));
    expect(await placesOf(recording({ pstat: { scripts: [{ url: APP, sourceMap: MAP }] } }))).toEqual(MAPPED);
  });

  test('in the profile, of a module that webpack evaluates', async () => {
    const url = 'webpack-internal:///./main.ts';
    const frames = NAMES.map((name, line) => ({ ...code(name, line, 9 + name.length), url }));
    const sourceMap = { ...MAP, sources: ['webpack://app/./main.ts?8269'] };
    expect(await placesOf(recording({ frames, pstat: { scripts: [{ url, sourceMap }] } }))).toEqual(
      [6, 7, 8].map((line) => `webpack://app/main.ts:${line}`),
    );
    expect(await notesOf(recording({ frames }))).toEqual(['places are in transpiled code: no source map of main.ts']);
  });

  test('where it is named, before one in the profile', async () => {
    put('named/main.js', GENERATED);
    put('named/main.js.map', JSON.stringify(MAP));
    const profile = recording({ pstat: { scripts: [{ url: APP, sourceMap: { ...MAP, sources: ['other.ts'] } }] } });
    for (const named of ['named', 'named/main.js.map']) {
      expect(await placesOf(profile, { named: path.join(folder, named) })).toEqual(MAPPED);
    }
  });

  test('where it is named, without the generated file', async () => {
    const named = put('named/main.js.map', JSON.stringify(MAP));
    expect(await placesOf(recording(), { named })).toEqual(MAPPED);
    expect(await placesOf(recording(), { named: path.dirname(named) })).toEqual(MAPPED);
  });

  test('by the longest end of the path that exists', async () => {
    put('main.js', 'something else');
    put('app/main.js', GENERATED);
    put('app/main.js.map', JSON.stringify(MAP));
    expect(await placesOf(recording())).toEqual(MAPPED);
  });
});

describe('a map is not used', () => {
  test('if the generated file is newer than the recording', async () => {
    const file = put('main.js', GENERATED);
    put('main.js.map', JSON.stringify(MAP));
    const profile = recording();
    utimesSync(file, 2e9, 2e9);
    expect(await placesOf(profile)).toEqual(GENERATED_PLACES);
    expect(await notesOf(profile)).toEqual([
      'newer than the recording, and used if --source-map names its folder, so places are of the code that ran: main.js',
    ]);
    expect(await placesOf(profile, { named: folder })).toEqual(MAPPED);
  });

  test('if the generated file is newer than the run, however new the profile is', async () => {
    put('main.js', GENERATED);
    put('main.js.map', JSON.stringify(MAP));
    const run = (start: string) => recording({ pstat: { run: { start, elapsed: 1e6 } } });
    const written = Date.parse('2001-09-09T01:46:40Z'); // what `put` sets
    expect(await placesOf(run(new Date(written - 2000).toISOString()))).toEqual(GENERATED_PLACES);
    expect(await placesOf(run(new Date(written).toISOString()))).toEqual(MAPPED);
  });

  test.each([
    ['the functions begin elsewhere', `\n${GENERATED}`],
    ['the functions have other names', GENERATED.replace('b()', 'c()').replace('a()', 'd()')],
  ])('if %s', async (_, text) => {
    put('main.js', text);
    put('main.js.map', JSON.stringify(MAP));
    expect(await placesOf(recording())).toEqual(GENERATED_PLACES);
    expect((await notesOf(recording()))[0]).toMatch(/^changed since the recording, or of another build/);
  });

  test.each([
    ['not JSON', '{'],
    ['not a map', '{}'],
  ])('if it is %s', async (_, map) => {
    put('main.js', GENERATED);
    put('main.js.map', map);
    expect(await placesOf(recording())).toEqual(GENERATED_PLACES);
    expect(await notesOf(recording())).toEqual(['not a source map, so places are of the code that ran: main.js.map']);
  });

  test('if it is too large', async () => {
    put('main.js', GENERATED);
    put('main.js.map', JSON.stringify({ ...MAP, mappings: 'A,'.repeat(5e6) }));
    expect(await placesOf(recording())).toEqual(GENERATED_PLACES);
    expect(await notesOf(recording())).toEqual([
      'over 64 MB, or over 4 million mappings, so places are of the code that ran: main.js.map',
    ]);
  });

  test.each([
    ['https://x.org/main.js.map', 'the source map that it names is not there'],
    ['//x.org/main.js.map', 'the source map that it names is not there'],
    ['/etc/passwd', 'the source map that it names is not there'],
    ['../../none/main.js.map', 'the source map that it names is not there'],
    ['../main.js.map', OUTSIDE],
    ['data:text/html,x', 'not a source map'],
  ])('from the address %s', async (address, note) => {
    put('inside/main.js', `${GENERATED}//# sourceMappingURL=${address}\n`);
    put('main.js.map', JSON.stringify(MAP));
    const options = { sourcePath: [path.join(folder, 'inside')] };
    expect(await placesOf(recording(), options)).toEqual(GENERATED_PLACES);
    expect(await notesOf(recording(), options)).toEqual([
      expect.stringContaining(`${note}, so places are of the code`),
    ]);
  });

  test.each([
    ['behind code', `${GENERATED}const comment = "//# sourceMappingURL=none.js.map";\n`],
    ['before code', `//# sourceMappingURL=none.js.map\n${GENERATED}`.replace('\n', ' ')],
    ['that is not known', GENERATED],
  ])('from an address %s, and no note misses it', async (_, text) => {
    put('main.js', text);
    expect(await notesOf(recording())).toEqual([]);
  });

  test('from outside the folders that may be read, links included', async () => {
    const inside = path.join(folder, 'inside');
    mkdirSync(inside);
    put('main.js', GENERATED);
    put('main.js.map', JSON.stringify(MAP));
    symlinkSync(path.join(folder, 'main.js'), path.join(inside, 'main.js'));
    symlinkSync(folder, path.join(inside, 'app'));
    expect(await placesOf(recording(), { sourcePath: [inside] })).toEqual(GENERATED_PLACES);
    expect(await notesOf(recording(), { sourcePath: [inside] })).toEqual([expect.stringContaining(OUTSIDE)]);
  });

  test('from outside the folders that may be read, and a note says so only where there is a map', async () => {
    const inside = path.join(folder, 'inside');
    mkdirSync(inside);
    const url = pathToFileURL(put('main.js', GENERATED)).href;
    const frames = NAMES.map((name, line) => ({ ...code(name, line, 9 + name.length), url }));
    expect(await notesOf(recording({ frames }), { sourcePath: [inside] })).toEqual([]);
    put('main.js.map', JSON.stringify(MAP));
    expect(await notesOf(recording({ frames }), { sourcePath: [inside] })).toEqual([
      `${OUTSIDE}, so places are of the code that ran: ${path.join(realpathSync(folder), 'main.js.map')}`,
    ]);
  });

  test('of a dependency, unless it is named', async () => {
    const url = 'file:///srv/app/node_modules/x/main.js';
    put('app/node_modules/x/main.js', GENERATED);
    put('app/node_modules/x/main.js.map', JSON.stringify(MAP));
    const frames = NAMES.map((name, line) => ({ ...code(name, line, 9 + name.length), url }));
    expect(await placesOf(recording({ frames }))).toEqual([`${url}:1`, `${url}:2`, `${url}:3`]);
    const named = path.join(folder, 'app/node_modules/x');
    expect((await placesOf(recording({ frames }), { named }))[0]).toBe('file:///srv/app/node_modules/x/main.ts:6');
  });

  test('of a file that is excepted', async () => {
    put('main.js', GENERATED);
    put('main.js.map', JSON.stringify(MAP));
    expect(await placesOf(recording(), { except: new Set([APP]) })).toEqual(GENERATED_PLACES);
  });
});

describe.each(['main.js', 'main.js.map'])('hostile files: %s is not read, and a note says so,', (hostile) => {
  /** Of the generated file and the map, the other is as it should be. */
  async function expectNote(note: string, file = hostile, options?: SourceMapOptions): Promise<void> {
    if (hostile === 'main.js') put('main.js.map', JSON.stringify(MAP));
    else put('main.js', GENERATED);
    expect(await placesOf(recording(), options)).toEqual(GENERATED_PLACES);
    expect(await notesOf(recording(), options)).toEqual([`${note}, so places are of the code that ran: ${file}`]);
  }

  test('if it has more than 64 MB', async () => {
    truncateSync(put(hostile, ''), 2 ** 30);
    await expectNote('over 64 MB, or over 4 million mappings');
  });

  test('if it is a folder', async () => {
    mkdirSync(path.join(folder, hostile));
    await expectNote('not a file');
  });

  test.skipIf(process.platform === 'win32')('if it is a named pipe', async () => {
    execFileSync('mkfifo', [path.join(folder, hostile)]);
    await expectNote('not a file');
  });

  test.skipIf(process.platform === 'win32')('if it is a device', async () => {
    symlinkSync('/dev/zero', path.join(folder, hostile));
    await expectNote('not a file', 'zero', { sourcePath: [folder, '/dev'] });
  });

  test.skipIf(process.platform !== 'linux')('if it cannot be read', async () => {
    // A regular file whose bytes the superuser cannot read, either.
    symlinkSync('/proc/self/mem', path.join(folder, hostile));
    await expectNote('cannot be read', 'mem', { sourcePath: [folder, '/proc/self'] });
  });
});

test('no other map is used in place of a named one that is not read', async () => {
  truncateSync(put('named/main.js.map', ''), 2 ** 30);
  const named = path.join(folder, 'named/main.js.map');
  const profile = recording({ pstat: { scripts: [{ url: APP, sourceMap: MAP }] } });
  expect(await placesOf(profile, { named })).toEqual(GENERATED_PLACES);
  expect(await notesOf(profile, { named })).toEqual([expect.stringMatching(/^over 64 MB.*: main\.js\.map$/)]);
});

describe('hostile files', () => {
  test('that are binary are not generated files', async () => {
    put('main.js', '\0'.repeat(4096));
    put('main.js.map', JSON.stringify(MAP));
    expect(await placesOf(recording())).toEqual(GENERATED_PLACES);
  });

  test('have their control characters escaped in notes', async () => {
    put('main\x1b[31m.js', GENERATED);
    put('main\x1b[31m.js.map', '{');
    const url = 'file:///srv/app/main%1b[31m.js';
    const frames = NAMES.map((name, line) => ({ ...code(name, line, 9 + name.length), url }));
    expect((await notesOf(recording({ frames })))[0]).toContain('main\\x1b[31m.js.map');
  });

  test.each([
    ['scripts', 'x'],
    ['scripts', [null, 1, {}, { url: 1 }, { url: APP, sourceMap: 7 }]],
    ['scripts', {}],
  ])('with a wrong value of pstat.%s are read', async (key, value) => {
    expect(await placesOf(recording({ pstat: { [key]: value } }))).toEqual(GENERATED_PLACES);
  });
});

test('functions that become one are merged, and so are their call nodes', async () => {
  put('main.js', 'function a() {} function a() {}\n');
  put('main.js.map', JSON.stringify({ ...MAP, mappings: 'AAAA,gBAAA' }));
  const profile = await load(recording({ frames: [code('a', 0, 10), code('a', 0, 26)] }));
  if (!('callTree' in profile)) throw new Error('no stacks');
  expect(rowsOf(profile).map(({ selfCount }) => selfCount)).toEqual([2]);
  expect(profile.callTree.length).toBe(2);
  expect([...(profile.timeline?.node ?? [])]).toEqual([1, 1]);
});

test('the code of a module is at the start of its source; that of a bundle has none', async () => {
  put('main.js', GENERATED);
  put('main.js.map', JSON.stringify(MAP));
  const frames = [code('', 0, 0), code('a', 1, 10)];
  expect((await placesOf(recording({ frames })))[0]).toBe('file:///srv/app/main.ts:1');
  put('main.js.map', JSON.stringify({ ...MAP, sources: ['main.ts', 'b.ts'] }));
  expect((await placesOf(recording({ frames })))[0]).toBe(`${APP}:1`);
});

test('a function of whose head only the parameters are mapped is at their place, and one of a helper stays', async () => {
  put('main.js', '_secret = function _secret(rounds) {};\nhelper = function helper(rounds) {};\n');
  // Of `rounds` in line 1, and of the brace in line 2.
  put('main.js.map', JSON.stringify({ ...MAP, mappings: '2BAsEG;uCAGA' }));
  const frames = [code('_secret', 0, 26), code('helper', 1, 24)];
  expect(await placesOf(recording({ frames }))).toEqual(['file:///srv/app/main.ts:71', `${APP}:2`]);
});

test('a function that is a property has the names of its object and of the property, as far as the map has them', async () => {
  put('main.js', 't.circle=function(){};\n'.repeat(4));
  const mappings = 'AAAAA,EAAAC;AACAD;AACA,EAAAC;AACA,EAAA';
  put('main.js.map', JSON.stringify({ ...MAP, names: ['Areas', 'circle'], mappings }));
  const frames = NAMES.concat('').map((_, line) => code('t.circle', line, 17));
  const names = rowsOf(await load(recording({ frames }))).map(({ name }) => name);
  expect(names).toEqual(['Areas.circle', 'Areas.circle', 'circle', 't.circle']);
});

test('a name in a map that is no identifier is not used', async () => {
  put('main.js', 'x={a(){}, b(){}}\n');
  put('main.js.map', JSON.stringify({ ...MAP, names: ['area', '"area"'], mappings: 'GAAAA,QACAC' }));
  const frames = [code('a', 0, 4), code('b', 0, 11)];
  expect(rowsOf(await load(recording({ frames }))).map(({ name }) => name)).toEqual(['area', 'b']);
});

describe('places in transpiled code without a map are noted', () => {
  const note = 'places are in transpiled code: no source map of main.ts';
  const url = 'file:///srv/app/main.ts';

  test('if several functions are on one long line', async () => {
    const frames = NAMES.map((name, i) => ({ ...code(name, 1, 400 + 200 * i), url }));
    expect(await notesOf(recording({ frames }))).toEqual([note]);
  });

  test('if the names of TypeScript functions are on other lines', async () => {
    put('main.ts', `\n\n\n${GENERATED}`);
    const frames = NAMES.map((name, line) => ({ ...code(name, line, 9 + name.length), url }));
    expect(await notesOf(recording({ frames }))).toEqual([note]);
  });

  test('but not if types were stripped in place', async () => {
    put('main.ts', GENERATED);
    const frames = NAMES.map((name, line) => ({ ...code(name, line, 9 + name.length), url }));
    expect(await notesOf(recording({ frames }))).toEqual([]);
  });
});

test('a named map that does not exist is an error, and one that maps nothing is noted', async () => {
  await expect(load(recording(), { named: path.join(folder, 'none') })).rejects.toBeInstanceOf(PstatError);
  expect(await notesOf(recording(), { named: put('x/other.js.map', '{}') })).toEqual([
    'the named source map is of no file in the profile',
  ]);
});
