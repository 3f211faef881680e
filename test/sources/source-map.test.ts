import { encodedMappings, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Segment, SourceMap } from '../../src/sources/source-map.ts';

const FILE = '/srv/app/dist/app.js';

/** `AAAA` maps the start of the first generated line to the start of the first source. */
const MAP = { version: 3, sources: ['../src/app.ts'], names: [], mappings: 'AAAA' };

function fileOf(json: unknown, file = FILE, url = ''): string | undefined {
  return find(json, { file, url })?.place.file;
}

/** Finds the segment of a place; null if the map cannot be used. */
function find(json: unknown, { file = FILE, url = '', line = 0, column = 0 } = {}): Segment | null {
  const map = SourceMap.read(json, file, url);
  return map instanceof SourceMap ? map.decodeLines([line]).find(line, column) : null;
}

describe('files of sources', () => {
  test.each([
    ['a path', FILE, MAP, '/srv/app/src/app.ts'],
    ['a file URL', `file://${FILE}`, MAP, 'file:///srv/app/src/app.ts'],
    ['an address', 'https://x.org/dist/app.js', MAP, 'https://x.org/src/app.ts'],
    ['a Windows path', 'C:\\app\\dist\\app.js', MAP, 'C:\\app\\src\\app.ts'],
    ['a source root', FILE, { ...MAP, sourceRoot: '/srv', sources: ['a.ts'] }, '/srv/a.ts'],
    ['a source root with a slash', FILE, { ...MAP, sourceRoot: '../src/', sources: ['a.ts'] }, '/srv/app/src/a.ts'],
    ['CoffeeScript’s source root', FILE, { ...MAP, sourceRoot: '/', sources: ['a.coffee'] }, '/a.coffee'],
    [
      'a source root that climbs above the root',
      FILE,
      { ...MAP, sourceRoot: '../../../../../etc', sources: ['passwd'] },
      '/etc/passwd',
    ],
    ['an absolute source', FILE, { ...MAP, sources: ['/a.ts'] }, '/a.ts'],
    ['a scheme of its own', FILE, { ...MAP, sources: ['webpack://app/./src/a.ts'] }, 'webpack://app/src/a.ts'],
    ['a space and a percent sign', FILE, { ...MAP, sources: ['a b%.ts'] }, '/srv/app/dist/a b%.ts'],
  ])('are resolved against %s', (_, file, map, expected) => {
    expect(fileOf(map, file)).toBe(expected);
  });

  test('are resolved against the place of the map', () => {
    expect(fileOf(MAP, FILE, 'maps/app.js.map')).toBe('/srv/app/dist/src/app.ts');
    expect(fileOf(MAP, FILE, '/elsewhere/app.js.map')).toBe('/srv/app/src/app.ts');
  });

  test('are what trace-mapping finds', () => {
    const parts = fc.array(fc.constantFrom('..', '.', '', 'a', 'b.ts', 'c d', 'é'), { maxLength: 5 });
    const path = parts.map((each) => each.join('/'));
    const root = fc.constantFrom('file:///', 'https://x.org/', 'http://X.org:80/', 'file:///C:/', '');
    fc.assert(
      fc.property(root, path, root, path, (host, folder, sourceHost, source) => {
        const file = `${host}${folder}/app.js`;
        const name = sourceHost + source;
        const library = new TraceMap({ ...MAP, version: 3, sources: [name] }, file).resolvedSources[0] ?? '';
        fc.pre(!file.startsWith('/') && !library.endsWith('/') && name !== '');
        expect(fileOf({ ...MAP, sources: [name] }, file)).toBe(library);
      }),
    );
  });

  test('are unknown without a name', () => {
    expect(fileOf({ ...MAP, sources: [null] })).toBe(undefined);
    expect(fileOf({ ...MAP, sources: [''] })).toBe(undefined);
    expect(fileOf({ ...MAP, sources: [] })).toBe(undefined);
  });
});

describe('read', () => {
  test('takes text, with the prefix of maps on servers', () => {
    expect(fileOf(`)]}'\n${JSON.stringify(MAP)}`)).toBe('/srv/app/src/app.ts');
  });

  test('takes maps with sections', () => {
    const sections = [
      { offset: { line: 0, column: 0 }, map: MAP },
      { offset: { line: 2, column: 4 }, map: { ...MAP, sources: ['../src/b.ts'] } },
    ];
    expect(find({ version: 3, sections }, { line: 2, column: 9 })?.place).toEqual({
      file: '/srv/app/src/b.ts',
      line: 1,
      column: 1,
    });
  });

  test('takes maps with sections in sections, whose places add up', () => {
    const inner = [
      { offset: { line: 0, column: 3 }, map: { ...MAP, names: ['x'], mappings: 'AAAAA' } },
      {
        offset: { line: 1, column: 4 },
        map: { ...MAP, sources: ['../src/b.ts'], names: ['y'], mappings: 'AAAAA;AACAA' },
      },
    ];
    const sections = [
      { offset: { line: 0, column: 0 }, map: { ...MAP, mappings: 'AAAA,MAAA' } },
      { offset: { line: 0, column: 2 }, map: { version: 3, sections: inner } },
    ];
    const places = [
      [0, 1],
      [0, 4],
      [0, 7],
      [1, 3],
      [1, 4],
      [2, 0],
    ].map(([line, column]) => {
      const found = find({ version: 3, sections }, { line: line ?? 0, column: column ?? 0 });
      return found && `${found.start} ${found.place.file.slice(-4)}:${found.place.line} ${found.name}`;
    });
    // The second segment of the first section lies where the next one is.
    expect(places).toEqual(['0 p.ts:1 null', '0 p.ts:1 null', '5 p.ts:1 x', null, '4 b.ts:1 y', '0 b.ts:2 y']);
  });

  const section = (map: unknown, line = 0) => ({ offset: { line, column: 0 }, map });
  test.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no mappings', { ...MAP, mappings: undefined }],
    ['mappings of other characters', { ...MAP, mappings: 'AAAA.' }],
    ['decoded mappings', { ...MAP, mappings: [[[0, 0, 0, 0]]] }],
    ['no sources', { ...MAP, sources: undefined }],
    ['a section without a map', { sections: [{ offset: { line: 0, column: 0 } }] }],
    ['a section without an offset', { sections: [{ map: MAP }] }],
    ['a section before the one before it', { sections: [section(MAP, 2), section(MAP, 1)] }],
    ['a section of a broken map in a section', { sections: [section({ sections: [section({})] })] }],
    ["the library's own fields", { _decodedMemo: {}, resolvedSources: ['/x'] }],
  ])('rejects a map with %s', (_, map) => {
    expect(SourceMap.read(map, FILE)).toBe('broken');
  });

  test.each([
    ['segments', { ...MAP, mappings: 'AAAA,'.repeat(5e6) }],
    [
      'segments in its sections',
      { sections: [0, 1, 2].map((line) => section({ ...MAP, mappings: 'A,'.repeat(2e6) }, line)) },
    ],
  ])('rejects a map with too many %s', (_, map) => {
    expect(SourceMap.read(map, FILE)).toBe('too-large');
  });

  test('takes maps of many lines, and of lines far away', () => {
    expect(find({ ...MAP, mappings: `${';'.repeat(5e6)}AAAA` }, { line: 5e6 })?.place.line).toBe(1);
    expect(find({ sections: [section(MAP, 2 ** 31)] }, { line: 0 })).toBe(null);
  });

  /** Columns of a line, each once, and what they map to. */
  const segment = fc.tuple(fc.nat(99), fc.nat(1), fc.nat(50), fc.nat(50), fc.nat(1));
  const mappedLine = fc.uniqueArray(segment, { selector: ([column]) => column, maxLength: 6 });

  test('finds what trace-mapping finds, whichever lines are decoded', () => {
    fc.assert(
      fc.property(fc.array(mappedLine, { maxLength: 6 }), fc.nat(6), fc.nat(110), (lines, line, column) => {
        const map = { ...MAP, sources: ['a.ts', 'b.ts'], names: ['x', 'y'] };
        const library = new TraceMap({ ...map, version: 3, mappings: lines }, `file://${FILE}`);
        const expected = originalPositionFor(library, { line: line + 1, column });
        const found = find({ ...map, mappings: encodedMappings(library) }, { line, column });
        expect(found?.place.file).toBe(expected.source?.replace('file://', ''));
        expect(found?.place.line ?? null).toBe(expected.line);
        expect(found?.place.column ?? null).toBe(expected.column === null ? null : expected.column + 1);
        expect(found?.name ?? null).toBe(expected.name);
      }),
    );
  });

  test('sorts the segments of a line', () => {
    // Columns 4, 0 and 2 of lines 1, 2 and 3.
    expect([0, 2, 5].map((column) => find({ ...MAP, mappings: 'IAAA,JACA,EACA' }, { column })?.place.line)).toEqual([
      2, 3, 1,
    ]);
  });

  test('sorts millions of segments of a line', () => {
    const mappings = `AAAA${',CAAC'.repeat(2e6)},H${',CAAC'.repeat(2e6)}`;
    expect(find({ ...MAP, mappings }, { column: 1_999_998 })).toMatchObject({ start: 1_999_998, place: { line: 1 } });
  });

  test('finds nothing where sources, lines or names are not in the map', () => {
    // gCAAC: source 1 of 1. D: column -1. AADA: line -1. AAAAgC: name 16 of none.
    expect(find({ ...MAP, mappings: 'ACAA' })).toBe(null);
    expect(find({ ...MAP, mappings: 'AADA' })).toBe(null);
    expect(find({ ...MAP, mappings: 'AAAAgB' })?.name).toBe(null);
    expect(find({ ...MAP, names: [42], mappings: 'AAAAA' })?.name).toBe(null);
  });

  test('never throws, whatever the mappings are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(9), fc.nat(99), (mappings, line, column) => {
        find({ ...MAP, names: ['a'], mappings }, { line, column });
      }),
    );
  });
});
