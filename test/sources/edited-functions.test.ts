import { expect, test } from 'vitest';
import type { FunctionInfo } from '../../src/model/function-table.ts';
import { EditedFunctions } from '../../src/sources/edited-functions.ts';

const TEXT = `const limit = 3;
function outer(list) {
  // a comment
  const inner = (item) => {
    return item * limit;
  };
  return list.map(inner);
}
function other() {
  return 1;
}
`;

const changed = (line: number) => new Map([['lib/a.js', new Set([line])]]);
const texts = new Map([['lib/a.js', TEXT]]);
const none = { before: new Map(), after: new Map() };

const info = (name: string, line: number, column: number, file = 'lib/a.js'): FunctionInfo => ({
  kind: 'js',
  name,
  file,
  line,
  column,
});
const OUTER = info('outer', 2, 15);
const INNER = info('inner', 4, 17);
const OTHER = info('other', 9, 15);
const MODULE = info('', 1, 1);

/** The functions that a change of a line after touches. */
const editedBy = (line: number) => {
  const edited = new EditedFunctions({ ...none, after: changed(line) }, { before: new Map(), after: texts });
  return [OUTER, INNER, OTHER, MODULE].filter((fn) => edited.has(null, fn)).map(({ name }) => name);
};

test('a line is of the innermost function around it', () => {
  expect([5, 7, 10].map(editedBy)).toEqual([['inner'], ['outer'], ['other']]);
});

test('a line outside of functions is of the module, and so is the word that begins a function', () => {
  expect(editedBy(1)).toEqual(['']);
  expect(editedBy(2)).toEqual(['outer', '']);
});

test('a comment is of no function', () => {
  expect(editedBy(3)).toEqual([]);
});

test('a removed line counts before', () => {
  const edited = new EditedFunctions({ ...none, before: changed(10) }, { before: texts, after: new Map() });
  expect(edited.has(OTHER, OTHER)).toBe(true);
  expect(edited.has(null, OTHER)).toBe(false);
  expect(edited.has(OUTER, OUTER)).toBe(false);
});

test.each([
  ['file:///srv/app/lib/a.js', true],
  ['/srv/app/lib/a.js', true],
  ['C:\\work\\lib\\a.js', true],
  ['/srv/other-lib/a.js', false],
  ['/srv/lib/b.js', false],
  ['node:fs', false],
  ['', false],
])('%s is in the diff: %s', (file, isIn) => {
  const edited = new EditedFunctions({ ...none, after: changed(10) }, { before: new Map(), after: texts });
  expect(edited.has(null, info('other', 9, 15, file))).toBe(isIn);
});

test('a function that is not at its place is not marked', () => {
  const edited = new EditedFunctions({ ...none, after: changed(10) }, { before: new Map(), after: texts });
  expect(edited.has(null, info('other', 8, 15))).toBe(false);
});
