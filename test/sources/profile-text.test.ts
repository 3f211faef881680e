/** Tests which texts a profile holds. */

import { expect, test } from 'vitest';
import { readProfile } from '../../src/index.ts';
import type { GeneratedPlace } from '../../src/model/function-table.ts';
import { ProfileTexts } from '../../src/sources/profile-text.ts';
import { json, plain } from '../support/documents.ts';

const MAP = {
  version: 3,
  sources: ['a.ts', 'b.ts'],
  sourcesContent: ['// a', null],
  names: [],
  mappings: 'AAAA',
};

const profile = readProfile(
  json(
    plain({
      pstat: {
        scripts: [
          { url: 'file:///srv/app/main.js', source: '// main' },
          { url: 'file:///srv/app/dist/a.js', sourceMap: MAP },
        ],
      },
    }),
  ),
  'test.cpuprofile',
);

test.each<[string, string | null]>([
  ['file:///srv/app/main.js', '// main'],
  ['file:///srv/app/dist/a.ts', '// a'],
  ['file:///srv/app/dist/b.ts', null],
  ['file:///srv/app/other.js', null],
])('the text of %s is %j', (file, text) => {
  expect(new ProfileTexts(profile).find(file)).toBe(text);
});

test('the text of a source is never that of generated code with its name', () => {
  const functions = { ...profile.functions, file: ['file:///srv/app/main.js'], generated: [null] };
  const texts = (generated: readonly (GeneratedPlace | null)[]) =>
    new ProfileTexts({ ...profile, functions: { ...functions, generated } }).find('file:///srv/app/main.js');
  expect(texts([null])).toBe('// main');
  expect(texts([{ file: 'file:///srv/app/main.js', line: 1, column: 1 }])).toBe(null);
});
