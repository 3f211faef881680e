import { expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import { rowsOfFunctions } from '../../src/compare/rows-of-functions.ts';
import { at } from '../../src/model/columns.ts';
import { tracedRun } from '../support/runs.ts';

const BEFORE = tracedRun([
  { name: 'kept', time: 10 },
  { name: 'gone', time: 10, line: 5 },
]);
const AFTER = tracedRun([
  { name: 'kept', time: 10 },
  { name: 'kept', time: 5, line: 7 },
]);

test('every function of AFTER has its own row, and a removed one is no row of it', () => {
  const comparison = compare([BEFORE], [AFTER]);
  const { functions } = AFTER.profile;
  const rows = [...rowsOfFunctions(comparison, functions, [null])];
  expect(rows.map((row, fn) => [at(functions.line, fn), comparison.rows[row]?.line])).toEqual([
    [1, 1],
    [7, 7],
  ]);
  expect(comparison.rows.filter((_, row) => !rows.includes(row)).map(({ name }) => name)).toEqual(['gone']);
});

test('files are named from the folder of the version', () => {
  const moved = tracedRun([{ name: 'kept', time: 10, file: '/srv/new/main.js' }]);
  const comparison = compare([BEFORE], [tracedRun([{ name: 'kept', time: 10, file: 'main.js' }])]);
  expect([...rowsOfFunctions(comparison, moved.profile.functions, [null])]).toEqual([-1]);
  expect(rowsOfFunctions(comparison, moved.profile.functions, [null, '/srv/new'])[0]).not.toBe(-1);
});
