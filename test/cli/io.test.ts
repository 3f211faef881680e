import { expect, test } from 'vitest';
import { colorLevel, tableWidth } from '../../src/cli/io.ts';

const output = (isTTY: boolean, columns?: number) => ({
  isTTY,
  columns,
  isOpen: true,
  opensLinks: async () => false,
  write: () => {},
});
const terminal = output(true, 100);
const pipe = output(false);

test.each([
  ['auto', terminal, {}, 1],
  ['auto', pipe, {}, 0],
  ['auto', terminal, { NO_COLOR: '1' }, 0],
  ['auto', terminal, { NO_COLOR: '' }, 1],
  ['auto', terminal, { TERM: 'dumb' }, 0],
  ['auto', pipe, { FORCE_COLOR: '1' }, 1],
  ['auto', pipe, { FORCE_COLOR: '' }, 1],
  ['auto', pipe, { FORCE_COLOR: '3' }, 3],
  ['auto', terminal, { FORCE_COLOR: '0' }, 0],
  ['auto', pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, 1],
  ['always', pipe, { NO_COLOR: '1' }, 1],
  ['never', terminal, { FORCE_COLOR: '1' }, 0],
] as const)('--color %s on %o with %o gives level %i', (choice, out, env, level) => {
  expect(colorLevel(choice, out, env)).toBe(level);
});

test('the table width is COLUMNS, then that of the terminal, then unlimited', () => {
  expect(tableWidth(terminal, {})).toBe(100);
  expect(tableWidth(terminal, { COLUMNS: '60' })).toBe(60);
  expect(tableWidth(pipe, { COLUMNS: '60' })).toBe(60);
  expect(tableWidth(pipe, { COLUMNS: 'x' })).toBeNull();
  expect(tableWidth(pipe, {})).toBeNull();
});

test('a terminal of 0 columns counts as 80, and no table is narrower than words', () => {
  expect(tableWidth(output(true, 0), {})).toBe(80);
  expect(tableWidth(output(true), {})).toBe(80);
  expect(tableWidth(output(true, 3), {})).toBe(20);
  expect(tableWidth(pipe, { COLUMNS: '1' })).toBe(20);
  expect(tableWidth(output(true, 0), { COLUMNS: '0' })).toBe(80);
});
