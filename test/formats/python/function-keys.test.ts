import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pythonKeys } from '../../../src/formats/python/function-keys.ts';
import { type FunctionInfo, FunctionTableBuilder } from '../../../src/model/function-table.ts';

const JS: FunctionInfo = { kind: 'js', name: 'f', file: 'file:///app.js', line: 3, column: 7 };

function keysOf(...infos: readonly Partial<FunctionInfo>[]): string[] {
  const table = new FunctionTableBuilder();
  for (const info of infos) table.intern({ ...JS, ...info });
  return pythonKeys(table.finish()).map(({ file, line, name }) => `${file}|${line}|${name}`);
}

describe('functions of V8', () => {
  test.each<[string, Partial<FunctionInfo>, string]>([
    ['code keeps its file', {}, 'file:///app.js|3|f'],
    ['a line that is not known is 0', { line: 0, column: 0 }, 'file:///app.js|0|f'],
    ['without a name', { name: '' }, 'file:///app.js|3|(anonymous)'],
    ['Node’s own', { file: 'node:fs', name: 'readSync' }, 'node:fs|3|readSync'],
    ['native', { kind: 'native', file: '', line: 0, column: 0, name: 'writev' }, '~|0|writev'],
    ['native without a name', { kind: 'native', file: '', line: 0, column: 0, name: '' }, '~|0|(anonymous)'],
    ['native with a line', { kind: 'native', file: '', line: 5 }, '~|0|f'],
    ['the collector', { kind: 'gc', name: '(garbage collector)', file: '', line: 0 }, '~|0|(garbage collector)'],
    ['a regular expression', { kind: 'regexp', name: 'RegExp: a|b', file: '', line: 0 }, '~|0|RegExp: a|b'],
    ['eval', { kind: 'eval', file: '' }, '<eval>|3|f'],
    ['wasm', { kind: 'wasm', file: 'wasm://wasm/1', line: 1 }, 'wasm://wasm/1|1|f'],
  ])('%s', (_, info, key) => {
    expect(keysOf(info)).toEqual([key]);
  });
});

test('Python’s functions keep their keys', () => {
  const python = { kind: 'python', column: 0 } as const;
  expect(
    keysOf(
      { ...python, file: '', line: 0, name: '' },
      { kind: 'builtin', file: '~', line: 0, name: '<len>', column: 0 },
    ),
  ).toEqual(['|0|', '~|0|<len>']);
});

describe('functions of one name on one line', () => {
  test('all have their columns in the name', () => {
    expect(keysOf({ column: 7 }, { column: 90 }, { name: 'g' })).toEqual([
      'file:///app.js|3|f:7',
      'file:///app.js|3|f:90',
      'file:///app.js|3|g',
    ]);
  });

  test('have their columns in the name without a name, too', () => {
    expect(keysOf({ name: '' }, { name: '', column: 8 }, { name: '(anonymous)', column: 9 })).toEqual([
      'file:///app.js|3|(anonymous):7',
      'file:///app.js|3|(anonymous):8',
      'file:///app.js|3|(anonymous):9',
    ]);
  });

  test('are numbered where the column does not tell them apart', () => {
    expect(keysOf({ column: 0 }, { column: 0, kind: 'wasm' })).toEqual(['file:///app.js|3|f', 'file:///app.js|3|f #2']);
  });

  test('are marked as disambiguated, other functions are not', () => {
    const table = new FunctionTableBuilder();
    for (const info of [{ column: 7 }, { column: 90 }, { name: 'g' }]) table.intern({ ...JS, ...info });
    expect(pythonKeys(table.finish()).map(({ isDisambiguated }) => isDisambiguated)).toEqual([true, true, false]);
  });

  test('get no name that another function has', () => {
    expect(keysOf({ column: 7 }, { column: 90 }, { name: 'f:7' })).toEqual([
      'file:///app.js|3|f:7 #2',
      'file:///app.js|3|f:90',
      'file:///app.js|3|f:7',
    ]);
  });
});

test('no two functions have one key', () => {
  const info = fc.record({
    kind: fc.constantFrom('js', 'native', 'eval', 'gc', 'python'),
    name: fc.constantFrom('', '(anonymous)', 'f', 'f:1', 'f:1 #2', 'f #2', '<f>'),
    file: fc.constantFrom('', '~', '<eval>', 'a.js'),
    line: fc.constantFrom(0, 1),
    column: fc.constantFrom(0, 1, 2),
  });
  fc.assert(
    fc.property(fc.array(info, { maxLength: 60 }), (infos) => {
      const keys = keysOf(...(infos as FunctionInfo[]));
      expect(new Set(keys).size).toBe(keys.length);
    }),
  );
});
