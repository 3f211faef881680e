/** Tests interning: functions are equal if kind, name, file, line and column are. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { at } from '../../src/model/columns.ts';
import { type FunctionInfo, FunctionTableBuilder, functionAt } from '../../src/model/function-table.ts';

const F: FunctionInfo = { kind: 'js', name: 'f', file: 'app.js', line: 3, column: 5 };

/** Texts that could make keys collide, and any others. */
const text = fc.oneof(
  fc.constantFrom('', 'a', 'aa', 'a a', '1', ' ', '\0', '__proto__'),
  fc.string({ unit: 'binary' }),
);
const functions: fc.Arbitrary<FunctionInfo> = fc.record({
  kind: fc.constantFrom('js', 'native', 'idle', 'python'),
  name: text,
  file: text,
  line: fc.constantFrom(0, 1, 11),
  column: fc.constantFrom(0, 1, 11),
});

test('interning an equal function returns the same row', () => {
  const builder = new FunctionTableBuilder();
  expect([builder.intern(F), builder.intern({ ...F }), builder.length]).toEqual([0, 0, 1]);
});

test.each<[string, FunctionInfo]>([
  ['kind', { ...F, kind: 'eval' }],
  ['name', { ...F, name: 'g' }],
  ['file', { ...F, file: 'lib.js' }],
  ['line', { ...F, line: 4 }],
  ['column', { ...F, column: 6 }],
])('functions with a different %s are different', (_, other) => {
  const builder = new FunctionTableBuilder();
  expect([builder.intern(F), builder.intern(other)]).toEqual([0, 1]);
});

test('keys of names and files do not collide', () => {
  const builder = new FunctionTableBuilder();
  const pairs = [
    ['ab', ''],
    ['a', 'b'],
    ['', 'ab'],
    ['a 1 a', 'b'],
    ['a', ' 1 ab'],
  ] as const;
  const rows = pairs.map(([file, name]) => builder.intern({ ...F, file, name }));
  expect(rows).toEqual([0, 1, 2, 3, 4]);
});

test('rows are unique and in order of first appearance', () => {
  fc.assert(
    fc.property(fc.array(functions, { maxLength: 30, size: 'max' }), (infos) => {
      const builder = new FunctionTableBuilder();
      const rows = infos.map((info) => builder.intern(info));
      const table = builder.finish();
      expect(rows.map((row) => functionAt(table, row))).toEqual(infos);
      const distinct = [...new Set(infos.map((info) => JSON.stringify(Object.entries(info).sort())))];
      expect(table.length).toBe(distinct.length);
      expect([...new Set(rows)]).toEqual([...Array(table.length).keys()]);
    }),
  );
});

test('functionAt throws RangeError outside the table', () => {
  const builder = new FunctionTableBuilder();
  builder.intern(F);
  const table = builder.finish();
  for (const index of [-1, 1, 0.5, Number.NaN]) {
    expect(() => functionAt(table, index)).toThrow(RangeError);
    expect(() => at(table.name, index)).toThrow(RangeError);
  }
});
