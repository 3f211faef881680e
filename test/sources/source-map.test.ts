import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SourceMap } from '../../src/sources/source-map.ts';

const FILE = '/srv/app/dist/app.js';

/** `AAAA` maps the start of the first generated line to the start of the first source. */
const MAP = { version: 3, sources: ['../src/app.ts'], names: [], mappings: 'AAAA' };

function fileOf(json: unknown, file = FILE, url = ''): string | undefined {
  return SourceMap.read(json, file, url)?.find(0, 0)?.place.file;
}

describe('files of sources', () => {
  test.each([
    ['a path', FILE, MAP, '/srv/app/src/app.ts'],
    ['a file URL', `file://${FILE}`, MAP, 'file:///srv/app/src/app.ts'],
    ['an address', 'https://x.org/dist/app.js', MAP, 'https://x.org/src/app.ts'],
    ['a Windows path', 'C:\\app\\dist\\app.js', MAP, 'C:\\app\\src\\app.ts'],
    ['a source root', FILE, { ...MAP, sourceRoot: '/root', sources: ['a.ts'] }, '/root/a.ts'],
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
    const map = SourceMap.read({ version: 3, sections }, FILE);
    expect(map?.find(2, 9)?.place).toEqual({ file: '/srv/app/src/b.ts', line: 1, column: 1 });
  });

  const manyLines = ';'.repeat(5e6);
  const manySegments = 'AAAA,'.repeat(5e6);
  test.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no mappings', { ...MAP, mappings: undefined }],
    ['decoded mappings', { ...MAP, mappings: [[[0, 0, 0, 0]]] }],
    ['no sources', { ...MAP, sources: undefined }],
    ['too many lines', { ...MAP, mappings: manyLines }],
    ['too many segments', { ...MAP, mappings: manySegments }],
    [
      'too many segments in its sections',
      {
        sections: Array.from({ length: 3 }, () => ({
          offset: { line: 0, column: 0 },
          map: { ...MAP, mappings: 'AAAA,'.repeat(2e6) },
        })),
      },
    ],
    ['a section far away', { sections: [{ offset: { line: 2 ** 31, column: 0 }, map: MAP }] }],
    ['a section in a section', { sections: [{ offset: { line: 0, column: 0 }, map: { sections: [] } }] }],
    ['a section without a map', { sections: [{ offset: { line: 0, column: 0 } }] }],
    ["the library's own fields", { _decodedMemo: {}, resolvedSources: ['/x'] }],
  ])('rejects a map with %s', (_, map) => {
    expect(SourceMap.read(map, FILE)).toBe(null);
  });

  test('finds nothing where sources, lines or names are not in the map', () => {
    // gCAAC: source 1 of 1. D: column -1. AADA: line -1. AAAAgC: name 16 of none.
    expect(SourceMap.read({ ...MAP, mappings: 'ACAA' }, FILE)?.find(0, 0)).toBe(null);
    expect(SourceMap.read({ ...MAP, mappings: 'AADA' }, FILE)?.find(0, 0)).toBe(null);
    expect(SourceMap.read({ ...MAP, mappings: 'AAAAgB' }, FILE)?.find(0, 0)?.name).toBe(null);
    expect(SourceMap.read({ ...MAP, names: [42], mappings: 'AAAAA' }, FILE)?.find(0, 0)?.name).toBe(null);
  });

  test('never throws, whatever the mappings are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(9), fc.nat(99), (mappings, line, column) => {
        SourceMap.read({ ...MAP, names: ['a'], mappings }, FILE)?.find(line, column);
      }),
    );
  });
});
